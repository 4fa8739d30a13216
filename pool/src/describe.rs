//! The description of a pool, for fronts here and elsewhere.

use belljar_contract::caps::RESULT_BYTES;
use belljar_contract::{LimitPolicy, PackageVersion, RuntimeInfo};
use belljar_python_runtime::ImageManifest;

/// The features of this executor beyond the least.
const FEATURES: [&str; 4] = ["cancel", "display", "seed", "stream"];

/// The description of an executor with this image and these limits, whose workers are so protected.
pub(crate) fn describe(
    image: &ImageManifest,
    policy: &LimitPolicy,
    isolation: Vec<String>,
) -> RuntimeInfo {
    let packages = image.packages.iter().map(|(name, version)| PackageVersion {
        name: name.clone(),
        version: version.clone(),
    });
    RuntimeInfo {
        python_version: image.python.clone(),
        edition: "full".to_owned(),
        packages: packages.collect(),
        default_limits: policy.default,
        maximum_limits: policy.maximum,
        result_bytes: RESULT_BYTES as u64,
        meter: image.meter.clone(),
        features: FEATURES.map(str::to_owned).to_vec(),
        isolation,
    }
}
