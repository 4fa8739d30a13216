//! How an executor describes itself.

use crate::types::{LimitValues, PackageVersion, RuntimeInfo};
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct InfoBody {
    python_version: String,
    edition: String,
    packages: Vec<PackageBody>,
    default_limits: LimitsBody,
    maximum_limits: LimitsBody,
    result_bytes: u64,
    meter: String,
    features: Vec<String>,
    isolation: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct PackageBody {
    name: String,
    version: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct LimitsBody {
    timeout_ms: u64,
    fuel: u64,
    memory_bytes: u64,
    output_bytes: u64,
}

impl From<LimitValues> for LimitsBody {
    fn from(limits: LimitValues) -> Self {
        Self {
            timeout_ms: limits.timeout_ms,
            fuel: limits.fuel,
            memory_bytes: limits.memory_bytes,
            output_bytes: limits.output_bytes,
        }
    }
}

impl From<LimitsBody> for LimitValues {
    fn from(limits: LimitsBody) -> Self {
        Self {
            timeout_ms: limits.timeout_ms,
            fuel: limits.fuel,
            memory_bytes: limits.memory_bytes,
            output_bytes: limits.output_bytes,
        }
    }
}

impl From<RuntimeInfo> for InfoBody {
    fn from(info: RuntimeInfo) -> Self {
        let package = |package: PackageVersion| PackageBody {
            name: package.name,
            version: package.version,
        };
        Self {
            python_version: info.python_version,
            edition: info.edition,
            packages: info.packages.into_iter().map(package).collect(),
            default_limits: info.default_limits.into(),
            maximum_limits: info.maximum_limits.into(),
            result_bytes: info.result_bytes,
            meter: info.meter,
            features: info.features,
            isolation: info.isolation,
        }
    }
}

impl From<InfoBody> for RuntimeInfo {
    fn from(info: InfoBody) -> Self {
        let package = |package: PackageBody| PackageVersion {
            name: package.name,
            version: package.version,
        };
        Self {
            python_version: info.python_version,
            edition: info.edition,
            packages: info.packages.into_iter().map(package).collect(),
            default_limits: info.default_limits.into(),
            maximum_limits: info.maximum_limits.into(),
            result_bytes: info.result_bytes,
            meter: info.meter,
            features: info.features,
            isolation: info.isolation,
        }
    }
}
