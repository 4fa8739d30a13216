//! The limits of an execution: the one table of them.

use crate::{FaultKind, caps};
use core::fmt;
use serde::{Deserialize, Serialize};

/// The unit of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Milliseconds of wall-clock time.
    Milliseconds,
    /// Units of the cost model.
    Fuel,
    /// Bytes.
    Bytes,
}

impl Unit {
    /// The placeholder of a value on the command line.
    #[must_use]
    pub const fn placeholder(self) -> &'static str {
        match self {
            Self::Milliseconds => "MS",
            Self::Fuel => "UNITS",
            Self::Bytes => "BYTES",
        }
    }
}

/// A row of the table of limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitFacts {
    /// The name: the same in requests, on the command line, in configuration, errors and metrics.
    pub name: &'static str,
    /// The unit of its value.
    pub unit: Unit,
    /// The help text: one line for people that says what is bounded.
    pub help: &'static str,
    /// The value for a script that asks for none, and the maximum of a server that is told nothing else.
    pub default: u64,
    /// The most that the sandbox supports at all.
    pub widest: u64,
    /// The fault of a script that reaches it.
    pub fault: FaultKind,
}

/// Makes the types of the limits from their table.
macro_rules! limits {
    ($(
        $(#[doc = $doc:literal])+
        $limit:ident = $field:ident, $unit:expr, $help:literal, default $default:expr, widest $widest:expr, $fault:expr;
    )+) => {
        /// One of the limits.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Limit {
            $($(#[doc = $doc])+ $limit,)+
        }

        impl Limit {
            /// Every limit.
            pub const ALL: [Self; [$(stringify!($field)),+].len()] = [$(Self::$limit),+];

            /// The row of the table for this limit.
            #[must_use]
            pub const fn facts(self) -> LimitFacts {
                match self {
                    $(Self::$limit => LimitFacts {
                        name: stringify!($field),
                        unit: $unit,
                        help: $help,
                        default: $default,
                        widest: $widest,
                        fault: $fault,
                    },)+
                }
            }
        }

        /// The limits that a program asks for; `None` means the default.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Limits {
            $($(#[doc = $doc])+ #[serde(skip_serializing_if = "Option::is_none")] pub $field: Option<u64>,)+
        }

        impl Limits {
            /// The value that is asked for, if any.
            #[must_use]
            pub const fn get(&self, limit: Limit) -> Option<u64> {
                match limit {
                    $(Limit::$limit => self.$field,)+
                }
            }

            /// Asks for a value of a limit.
            pub const fn set(&mut self, limit: Limit, value: Option<u64>) {
                match limit {
                    $(Limit::$limit => self.$field = value,)+
                }
            }
        }

        /// A value for every limit: those of one execution, the defaults or the maxima of a server.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub struct LimitValues {
            $($(#[doc = $doc])+ pub $field: u64,)+
        }

        impl LimitValues {
            /// The value of a limit.
            #[must_use]
            pub const fn get(&self, limit: Limit) -> u64 {
                match limit {
                    $(Limit::$limit => self.$field,)+
                }
            }

            /// Gives a limit another value.
            pub const fn set(&mut self, limit: Limit, value: u64) {
                match limit {
                    $(Limit::$limit => self.$field = value,)+
                }
            }

            /// The values that `value` gives for each limit.
            ///
            /// # Errors
            ///
            /// The first that `value` has.
            pub fn try_each<E>(mut value: impl FnMut(Limit) -> Result<u64, E>) -> Result<Self, E> {
                Ok(Self { $($field: value(Limit::$limit)?,)+ })
            }
        }
    };
}

limits! {
    /// Wall-clock time, in milliseconds; it also passes while the script sleeps.
    TimeoutMs = timeout_ms, Unit::Milliseconds,
        "Wall-clock time in milliseconds, sleeping included",
        // Long enough for any lesson or tool call, short enough to notice.
        default 30_000,
        widest 24 * 3600 * 1000,
        FaultKind::Timeout;
    /// Instructions, in units of fuel: the same number on every machine.
    Fuel = fuel, Unit::Fuel,
        "Work of the interpreter, in units of fuel",
        // More than the kind of work that uses it fastest can use before the timeout, on a machine
        // that is three times as fast as that of docs/limits.md: so it is time that ends CPU-bound
        // Python, and fuel only what a clock does not see.
        default 3_000_000_000_000,
        widest i64::MAX as u64,
        FaultKind::FuelExhausted;
    /// Linear memory in bytes, the interpreter's own included.
    MemoryBytes = memory_bytes, Unit::Bytes,
        "Linear memory in bytes, the interpreter's own 337 MiB included",
        // The snapshot, of which most is packages that a script does not import, and room for data
        // frames of some ten million cells.
        default 768 << 20,
        widest caps::MEMORY_BYTES,
        FaultKind::MemoryExceeded;
    /// Each of stdout and stderr, in bytes.
    OutputBytes = output_bytes, Unit::Bytes,
        "Output in bytes, for stdout and stderr each",
        default 1 << 20,
        widest 256 << 20,
        FaultKind::OutputExceeded;
}

impl Limit {
    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.facts().name
    }

    /// The limit of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|limit| limit.name() == name)
    }

    /// The names of all limits.
    pub const NAMES: [&'static str; Self::ALL.len()] = {
        let mut names = [""; Self::ALL.len()];
        let mut at = 0;
        while at < names.len() {
            names[at] = Self::ALL[at].name();
            at += 1;
        }
        names
    };
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Limits {
    /// Its values in the order of [`Limit::ALL`].
    #[must_use]
    pub fn to_array(&self) -> [Option<u64>; Limit::ALL.len()] {
        Limit::ALL.map(|limit| self.get(limit))
    }

    /// The limits of values in the order of [`Limit::ALL`].
    #[must_use]
    pub fn from_array(values: [Option<u64>; Limit::ALL.len()]) -> Self {
        let mut limits = Self::default();
        for (limit, value) in Limit::ALL.into_iter().zip(values) {
            limits.set(limit, value);
        }
        limits
    }
}

impl LimitValues {
    /// The values that `value` gives for each limit.
    #[must_use]
    pub fn each(mut value: impl FnMut(Limit) -> u64) -> Self {
        let each = Self::try_each(|limit| Ok::<_, core::convert::Infallible>(value(limit)));
        let Ok(values) = each;
        values
    }

    /// Its values in the order of [`Limit::ALL`].
    #[must_use]
    pub fn to_array(&self) -> [u64; Limit::ALL.len()] {
        Limit::ALL.map(|limit| self.get(limit))
    }

    /// The limits of values in the order of [`Limit::ALL`].
    #[must_use]
    pub fn from_array(values: [u64; Limit::ALL.len()]) -> Self {
        Self::each(|limit| values[limit as usize])
    }
}

impl Default for LimitValues {
    /// The limits of a script that asks for none.
    fn default() -> Self {
        Self::each(|limit| limit.facts().default)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_has_the_same_name_everywhere() {
        for limit in Limit::ALL {
            let json = serde_json::to_value(limit).unwrap();
            assert_eq!(json, limit.name());
            assert_eq!(Limit::named(limit.name()), Some(limit));
            let mut limits = Limits::default();
            limits.set(limit, Some(7));
            let json = serde_json::to_value(limits).unwrap();
            assert_eq!(json, serde_json::json!({ limit.name(): 7 }));
        }
        assert_eq!(Limit::named("colour"), None);
    }

    #[test]
    fn values_keep_their_places() {
        let numbers = Limit::ALL.map(|limit| limit as u64);
        let values = LimitValues::from_array(numbers);
        assert_eq!(values.to_array(), numbers);
        let asked = Limit::ALL.map(|limit| (limit != Limit::Fuel).then_some(limit as u64));
        let limits = Limits::from_array(asked);
        assert_eq!(limits.to_array(), asked);
        for limit in Limit::ALL {
            assert_eq!(values.get(limit), limit as u64);
            assert_eq!(limits.get(limit).is_none(), limit == Limit::Fuel);
        }
    }

    #[test]
    fn defaults_are_within_what_is_supported() {
        for limit in Limit::ALL {
            let facts = limit.facts();
            assert!((1..=facts.widest).contains(&facts.default), "{limit}");
        }
    }

    #[test]
    fn the_help_says_what_the_interpreter_has() {
        let expected = std::format!("own {} MiB", caps::INTERPRETER_MIB);
        let help = Limit::MemoryBytes.facts().help;
        assert!(help.contains(&expected), "{help}");
    }
}
