//! The description of the API: `assets/openapi.json` with the contract's limits, and this executor's
//! maxima, filled in.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::contract::{Limit, RuntimeInfo};
use crate::http::Response;

const TEMPLATE: &str = include_str!("../assets/openapi.json");

/// `GET /openapi.json`. Without an executor to ask, limits are as wide as their type.
pub(crate) fn document(info: Option<&RuntimeInfo>) -> Response {
    let asked = Properties(|limit: Limit| Property {
        description: Some(format!("{}.", limit.facts().help)),
        maximum: Some(info.map_or(u64::MAX, |info| info.maximum_limits.get(limit))),
        ..Property::default()
    });
    let values = Properties(|_| Property::default());
    let text = TEMPLATE
        .replace("\"{limits}\"", &json(&asked))
        .replace("\"{limits.values}\"", &json(&values))
        .replace("\"{limits.names}\"", &json(&Limit::NAMES));
    Response::empty(200).with_body("application/json", text.into_bytes())
}

/// Strings and numbers always have a JSON form.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// A schema for each limit, by its name.
struct Properties<F>(F);

impl<F: Fn(Limit) -> Property> Serialize for Properties<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(Limit::ALL.len()))?;
        for limit in Limit::ALL {
            map.serialize_entry(limit.name(), &self.0(limit))?;
        }
        map.end()
    }
}

/// The schema of a number that is at least one.
#[derive(Serialize)]
struct Property {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(rename = "type")]
    type_name: &'static str,
    minimum: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum: Option<u64>,
}

impl Default for Property {
    fn default() -> Self {
        Self {
            description: None,
            type_name: "integer",
            minimum: 1,
            maximum: None,
        }
    }
}
