//! The limits in the configuration file: read strictly, each with its default.

use belljar_contract::{Limit, LimitPolicy, LimitValues};
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What scripts may use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// For a request that asks for nothing. What is above the maximum counts as the maximum.
    #[serde(deserialize_with = "values")]
    pub default: LimitValues,
    /// The most that a request may ask for.
    #[serde(deserialize_with = "values")]
    pub maximum: LimitValues,
}

impl From<Limits> for LimitPolicy {
    fn from(limits: Limits) -> Self {
        let Limits { default, maximum } = limits;
        Self {
            default: LimitValues::each(|limit| default.get(limit).min(maximum.get(limit))),
            maximum,
        }
    }
}

/// The name of a limit; an error here has its place in the file.
struct Key(Limit);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let unknown = || de::Error::unknown_field(&name, &Limit::NAMES);
        Limit::named(&name).map(Self).ok_or_else(unknown)
    }
}

/// Values for some limits; the others have their defaults.
fn values<'de, D: Deserializer<'de>>(deserializer: D) -> Result<LimitValues, D::Error> {
    struct Values;

    impl<'de> Visitor<'de> for Values {
        type Value = LimitValues;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a table of limits")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<LimitValues, A::Error> {
            let mut values = LimitValues::default();
            while let Some(Key(limit)) = map.next_key()? {
                values.set(limit, map.next_value()?);
            }
            Ok(values)
        }
    }

    deserializer.deserialize_map(Values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_has_its_default_and_what_is_unknown_is_named() {
        let limits: Limits = toml::from_str("[maximum]\ntimeout_ms = 10").unwrap();
        let policy = LimitPolicy::from(limits);
        assert_eq!(policy.maximum.timeout_ms, 10);
        assert_eq!(policy.default.timeout_ms, 10, "never more than the maximum");
        assert_eq!(policy.maximum.fuel, Limit::Fuel.facts().default);
        let error = toml::from_str::<Limits>("[default]\nfuels = 1").unwrap_err();
        let text = error.to_string();
        assert!(text.contains("unknown field `fuels`"), "{text}");
        assert!(text.contains("line 2"), "{text}");
    }
}
