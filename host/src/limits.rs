//! The limits of an execution, their defaults and their maxima.

use std::fmt;
use std::time::Duration;

/// The longest script, in bytes of UTF-8.
pub const SCRIPT_BYTES: usize = 100 << 10;

/// The largest result, in bytes of JSON.
pub const RESULT_BYTES: usize = 4 << 20;

/// The largest fault that a script may report, in bytes of JSON: its message and traceback. The
/// harness cuts them far below. (In memory they are no longer than this: JSON has no escape that is
/// shorter than its character.)
pub(crate) const FAULT_BYTES: usize = 1 << 20;

/// The most items that a script may display.
pub const DISPLAY_ITEMS: usize = 32;

/// The largest of them, in bytes: its media type, its words and its data.
pub const DISPLAY_ITEM_BYTES: usize = 2 << 20;

/// All of them together, in bytes.
pub const DISPLAY_BYTES: usize = 4 << 20;

/// The name of a limit: the same in requests, configuration, errors and documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Wall-clock time, in milliseconds.
    TimeoutMs,
    /// Instructions, in units of fuel.
    Fuel,
    /// Linear memory, in bytes.
    MemoryBytes,
    /// Each of stdout and stderr, in bytes.
    OutputBytes,
}

impl Limit {
    /// Every limit.
    pub const ALL: [Self; 4] = [
        Self::TimeoutMs,
        Self::Fuel,
        Self::MemoryBytes,
        Self::OutputBytes,
    ];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::TimeoutMs => "timeout_ms",
            Self::Fuel => "fuel",
            Self::MemoryBytes => "memory_bytes",
            Self::OutputBytes => "output_bytes",
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Limits asked for; `None` means the default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// Wall-clock time, in milliseconds; also passes while the script sleeps.
    pub timeout_ms: Option<u64>,
    /// Instructions, in units of fuel: the same number on every machine.
    pub fuel: Option<u64>,
    /// Linear memory in bytes, the snapshot's own included.
    pub memory_bytes: Option<u64>,
    /// Each of stdout and stderr, in bytes.
    pub output_bytes: Option<u64>,
}

/// A full set of limits: those of one execution, or the maxima of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EffectiveLimits {
    /// Wall-clock time, in milliseconds.
    pub timeout_ms: u64,
    /// Instructions, in units of fuel.
    pub fuel: u64,
    /// Linear memory, in bytes.
    pub memory_bytes: u64,
    /// Each of stdout and stderr, in bytes.
    pub output_bytes: u64,
}

impl EffectiveLimits {
    /// The value of a limit.
    pub fn get(&self, limit: Limit) -> u64 {
        match limit {
            Limit::TimeoutMs => self.timeout_ms,
            Limit::Fuel => self.fuel,
            Limit::MemoryBytes => self.memory_bytes,
            Limit::OutputBytes => self.output_bytes,
        }
    }

    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms)
    }
}

impl Default for EffectiveLimits {
    /// What a script gets that asks for nothing.
    fn default() -> Self {
        Self {
            // Long enough for any lesson or tool call, short enough to notice.
            timeout_ms: 30_000,
            // More than the kind of work that uses it fastest can use before the timeout, on a
            // machine that is three times as fast as that of docs/limits.md: so it is time that
            // ends CPU-bound Python, and fuel only what a clock does not see.
            fuel: 3_000_000_000_000,
            // The snapshot, of which most is packages that a script does not import, and room for data
            // frames of some ten million cells.
            memory_bytes: 768 << 20,
            output_bytes: 1 << 20,
        }
    }
}

/// The limits of a Belljar: the default of each, and the most a program may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Maxima {
    /// What a program gets that asks for nothing. Never more than the maximum.
    pub default: EffectiveLimits,
    /// The most it may ask for.
    pub maximum: EffectiveLimits,
}

impl Default for Maxima {
    /// The defaults are the maxima: a request may only ask for less.
    fn default() -> Self {
        Self {
            default: EffectiveLimits::default(),
            maximum: EffectiveLimits::default(),
        }
    }
}

impl Maxima {
    /// The widest that the sandbox supports: for a person's own scripts, not for strangers'.
    pub fn widest() -> Self {
        Self {
            default: EffectiveLimits::default(),
            maximum: EffectiveLimits {
                timeout_ms: 24 * 3600 * 1000,
                fuel: i64::MAX as u64,
                memory_bytes: belljar_engine::settings::MAX_MEMORY_BYTES as u64,
                output_bytes: 256 << 20,
            },
        }
    }

    /// The limits of one execution.
    pub(crate) fn resolve(&self, asked: &Limits) -> Result<EffectiveLimits, LimitError> {
        let one = |limit: Limit, asked: Option<u64>| {
            let maximum = self.maximum.get(limit);
            match asked {
                None => Ok(self.default.get(limit).min(maximum)),
                Some(value) if value > maximum => Err(LimitError::TooHigh {
                    limit,
                    value,
                    maximum,
                }),
                Some(0) => Err(LimitError::Zero(limit)),
                Some(value) => Ok(value),
            }
        };
        Ok(EffectiveLimits {
            timeout_ms: one(Limit::TimeoutMs, asked.timeout_ms)?,
            fuel: one(Limit::Fuel, asked.fuel)?,
            memory_bytes: one(Limit::MemoryBytes, asked.memory_bytes)?,
            output_bytes: one(Limit::OutputBytes, asked.output_bytes)?,
        })
    }
}

/// A limit outside of what may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// More than the maximum.
    #[error("limits.{limit}: {value} is over the maximum of {maximum}")]
    TooHigh {
        /// Which limit.
        limit: Limit,
        /// What was asked for.
        value: u64,
        /// The most that may be.
        maximum: u64,
    },
    /// Nothing at all.
    #[error("limits.{0}: expected a positive number, found 0")]
    Zero(
        /// Which limit.
        Limit,
    ),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_asked_for_has_its_default() {
        let limits = Maxima::default().resolve(&Limits::default()).unwrap();
        assert_eq!(limits, EffectiveLimits::default());
    }

    #[test]
    fn only_less_than_the_maximum_may_be_asked_for() {
        let asked = Limits {
            timeout_ms: Some(30_001),
            ..Limits::default()
        };
        let error = Maxima::default().resolve(&asked).unwrap_err();
        assert_eq!(
            error.to_string(),
            "limits.timeout_ms: 30001 is over the maximum of 30000"
        );
        let asked = Limits {
            fuel: Some(0),
            ..Limits::default()
        };
        let error = Maxima::default().resolve(&asked).unwrap_err();
        assert_eq!(
            error.to_string(),
            "limits.fuel: expected a positive number, found 0"
        );
        let asked = Limits {
            memory_bytes: Some(1 << 28),
            ..Limits::default()
        };
        assert_eq!(
            Maxima::default().resolve(&asked).unwrap().memory_bytes,
            1 << 28
        );
    }
}
