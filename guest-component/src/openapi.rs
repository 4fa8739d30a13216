//! The description of the API: `assets/openapi.json` with this executor's limits filled in.

use crate::contract::{Limit, RuntimeInfo};
use crate::http::Response;

const TEMPLATE: &str = include_str!("../assets/openapi.json");

/// `GET /openapi.json`. Without an executor to ask, limits are as wide as their type.
pub(crate) fn document(info: Option<&RuntimeInfo>) -> Response {
    let mut text = TEMPLATE.to_owned();
    for limit in Limit::ALL {
        let maximum = info.map_or(u64::MAX, |info| info.maximum_limits.get(limit));
        let placeholder = format!("\"{{maximum.{limit}}}\"");
        text = text.replace(&placeholder, &maximum.to_string());
    }
    Response::empty(200).with_body("application/json", text.into_bytes())
}
