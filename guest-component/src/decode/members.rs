//! A JSON object cut into its members, whose values stay raw text.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::value::Value;
use crate::contract::Refusal;
use crate::contract::caps::ITEMS;
use crate::error::ApiError;

/// The members of an object in order, each name once.
pub(super) struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Members<'a> {
    /// The members of a request body. It is the one place where syntax errors come up: every part
    /// of a body that got through here is well-formed JSON.
    pub(super) fn of_body(body: &'a str) -> Result<Self, ApiError> {
        if body.trim_ascii_start().starts_with('{') {
            let members: Self = serde_json::from_str(body).map_err(|error| syntax(&error))?;
            return members.each_once("");
        }
        if body.trim_ascii().is_empty() {
            return Err(ApiError::invalid(
                "request body: expected a JSON object, found nothing",
            ));
        }
        let other: &RawValue = serde_json::from_str(body).map_err(|error| syntax(&error))?;
        Err(Value::new(&"request body", other).mismatch("a JSON object"))
    }

    /// The members of a value inside a body.
    pub(super) fn of_value(path: &str, object: &'a RawValue) -> Result<Self, ApiError> {
        // Well-formed, so all that can fail is a name with half a surrogate pair.
        let members: Self =
            serde_json::from_str(object.get()).map_err(|_| Refusal::lone_surrogate(&path))?;
        members.each_once(path)
    }

    fn each_once(self, path: &str) -> Result<Self, ApiError> {
        if self.0.len() > ITEMS {
            let path = if path.is_empty() {
                "request body"
            } else {
                path
            };
            return Err(ApiError::invalid(format!(
                "{path}: expected at most {ITEMS} members, found more"
            )));
        }
        let mut names: Vec<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        let twice = names
            .windows(2)
            .find_map(|pair| (pair[0] == pair[1]).then_some(pair[0]));
        match twice {
            None => Ok(self),
            Some(name) if path.is_empty() => Err(ApiError::invalid(format!(
                "request body: field {} is given more than once",
                Refusal::quoted(name)
            ))),
            Some(name) => Err(ApiError::invalid(format!(
                "{path}: {} is given more than once",
                Refusal::quoted(name)
            ))),
        }
    }
}

fn syntax(error: &serde_json::Error) -> ApiError {
    // The message of serde_json ends in "at line 1 column 2".
    ApiError::invalid(format!("request body: not valid JSON: {error}"))
}

impl<'a> IntoIterator for Members<'a> {
    type Item = (String, &'a RawValue);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Vec<(String, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::with_capacity(4);
                // One more shows that there are too many; the rest is only read.
                while members.len() <= ITEMS
                    && let Some(member) = map.next_entry()?
                {
                    members.push(member);
                }
                if members.len() > ITEMS {
                    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                }
                Ok(members)
            }
        }

        deserializer.deserialize_map(Object).map(Self)
    }
}
