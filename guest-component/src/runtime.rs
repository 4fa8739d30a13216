//! The executor's description of itself, as bodies.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::body::MAX_BODY_BYTES;
use crate::contract::caps::SCRIPT_BYTES;
use crate::contract::{LimitValues, PackageVersion, RuntimeInfo};
use crate::http::Response;

/// `GET /runtime`.
pub(crate) fn describe(info: &RuntimeInfo) -> Response {
    let body = Runtime {
        python_version: &info.python_version,
        edition: &info.edition,
        packages: Packages(&info.packages),
        limits: Limits {
            default: info.default_limits,
            maximum: info.maximum_limits,
        },
        script_bytes: SCRIPT_BYTES,
        request_bytes: MAX_BODY_BYTES,
        result_bytes: info.result_bytes,
        meter: &info.meter,
        features: &info.features,
    };
    Response::json(200, 1024 + 40 * info.packages.len(), &body)
}

/// `GET /readyz`, of an executor that answers.
pub(crate) fn ready(info: &RuntimeInfo) -> Response {
    Response::json(
        200,
        256,
        &Ready {
            status: "ready",
            isolation: &info.isolation,
        },
    )
}

/// `GET /healthz`.
pub(crate) fn alive() -> Response {
    Response::empty(200).with_body("application/json", br#"{"status":"ok"}"#.as_slice())
}

#[derive(serde::Serialize)]
struct Runtime<'a> {
    python_version: &'a str,
    edition: &'a str,
    packages: Packages<'a>,
    limits: Limits,
    script_bytes: usize,
    request_bytes: usize,
    result_bytes: u64,
    meter: &'a str,
    features: &'a [String],
}

#[derive(serde::Serialize)]
struct Limits {
    default: LimitValues,
    maximum: LimitValues,
}

/// Packages as an object: from name to version.
struct Packages<'a>(&'a [PackageVersion]);

impl Serialize for Packages<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for package in self.0 {
            map.serialize_entry(&package.name, &package.version)?;
        }
        map.end()
    }
}

#[derive(serde::Serialize)]
struct Ready<'a> {
    status: &'static str,
    isolation: &'a [String],
}
