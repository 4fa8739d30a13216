//! The description of the API: `assets/openapi.json` with this executor's limits filled in.

use crate::contract::{LimitValues, RuntimeInfo};
use crate::http::Response;

const TEMPLATE: &str = include_str!("../assets/openapi.json");

/// `GET /openapi.json`. Without an executor to ask, limits are as wide as their type.
pub(crate) fn document(info: Option<&RuntimeInfo>) -> Response {
    let widest = LimitValues {
        timeout_ms: u64::MAX,
        fuel: u64::MAX,
        memory_bytes: u64::MAX,
        output_bytes: u64::MAX,
    };
    let maximum = info.map_or(widest, |info| info.maximum_limits);
    let values = [
        ("\"{maximum.timeout_ms}\"", maximum.timeout_ms),
        ("\"{maximum.fuel}\"", maximum.fuel),
        ("\"{maximum.memory_bytes}\"", maximum.memory_bytes),
        ("\"{maximum.output_bytes}\"", maximum.output_bytes),
    ];
    let mut text = TEMPLATE.to_owned();
    for (placeholder, value) in values {
        text = text.replace(placeholder, &value.to_string());
    }
    Response::empty(200).with_body("application/json", text.into_bytes())
}
