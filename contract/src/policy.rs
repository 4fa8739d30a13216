//! The limits that an executor grants: defaults, maxima, and the refusal of more.

use crate::{Limit, LimitValues, Limits};
use core::fmt;
use core::time::Duration;
use serde::{Deserialize, Serialize};

/// The limits of an executor: the default of each, and the most a program may ask for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LimitPolicy {
    /// The limits of a program that asks for none. A default above the maximum counts as the
    /// maximum. What is above the maximum counts as the maximum.
    pub default: LimitValues,
    /// The most it may ask for.
    pub maximum: LimitValues,
}

impl LimitPolicy {
    /// The widest that the sandbox supports: for a person's own scripts, not for strangers'.
    #[must_use]
    pub fn widest() -> Self {
        Self {
            default: LimitValues::default(),
            maximum: LimitValues::each(|limit| limit.facts().widest),
        }
    }

    /// The limits of one execution.
    ///
    /// # Errors
    ///
    /// When more than a maximum is asked for, or nothing at all.
    pub fn resolve(&self, asked: &Limits) -> Result<LimitValues, InvalidLimit> {
        LimitValues::try_each(|limit| {
            let maximum = self.maximum.get(limit);
            match asked.get(limit) {
                None => Ok(self.default.get(limit).min(maximum)),
                Some(requested) if requested == 0 || requested > maximum => Err(InvalidLimit {
                    limit,
                    requested,
                    maximum,
                }),
                Some(requested) => Ok(requested),
            }
        })
    }
}

impl LimitValues {
    /// The time of an execution.
    #[must_use]
    pub const fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms)
    }
}

/// A limit outside of what may be asked for: more than the maximum, or zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvalidLimit {
    /// The limit that was asked for.
    pub limit: Limit,
    /// The value that was asked for.
    pub requested: u64,
    /// The most that may be.
    pub maximum: u64,
}

impl InvalidLimit {
    /// Nothing, which is no limit anywhere.
    pub(crate) const fn zero(limit: Limit) -> Self {
        Self {
            limit,
            requested: 0,
            maximum: limit.facts().widest,
        }
    }
}

impl fmt::Display for InvalidLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            limit,
            requested,
            maximum,
        } = self;
        match requested {
            0 => write!(f, "limits.{limit}: expected a positive integer, found 0"),
            _ => write!(
                f,
                "limits.{limit}: expected at most {maximum}, the maximum here, found {requested}"
            ),
        }
    }
}

impl core::error::Error for InvalidLimit {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn what_is_not_asked_for_has_its_default_and_never_more_than_the_maximum() {
        let limits = LimitPolicy::default().resolve(&Limits::default()).unwrap();
        assert_eq!(limits, LimitValues::default());
        let policy = LimitPolicy {
            default: LimitValues::each(|_| 10),
            maximum: LimitValues {
                output_bytes: 5,
                ..LimitValues::each(|_| 100)
            },
        };
        let asked = Limits {
            timeout_ms: Some(7),
            memory_bytes: Some(100),
            ..Limits::default()
        };
        let expected = LimitValues {
            timeout_ms: 7,
            memory_bytes: 100,
            output_bytes: 5,
            ..policy.default
        };
        assert_eq!(policy.resolve(&asked), Ok(expected));
    }

    #[test]
    fn only_less_than_the_maximum_may_be_asked_for() {
        for (limit, requested, problem) in [
            (
                Limit::TimeoutMs,
                30_001,
                "limits.timeout_ms: expected at most 30000, the maximum here, found 30001",
            ),
            (
                Limit::Fuel,
                0,
                "limits.fuel: expected a positive integer, found 0",
            ),
        ] {
            let mut asked = Limits::default();
            asked.set(limit, Some(requested));
            let refused = LimitPolicy::default().resolve(&asked).unwrap_err();
            assert_eq!(refused.to_string(), problem);
        }
    }
}
