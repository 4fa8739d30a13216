//! The kinds of faults: the one table of them.

use core::fmt;
use serde::{Deserialize, Serialize};

/// Makes the type of the kinds from their table.
macro_rules! kinds {
    ($(#[doc = $doc:literal] $kind:ident = $name:literal, $reporter:ident;)+) => {
        /// The kinds of faults; their names are the API's `error_type`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum FaultKind {
            $(#[doc = $doc] $kind,)+
        }

        impl FaultKind {
            /// Every kind.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$kind),+];

            /// The name on the wire.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                }
            }

            /// One line for people.
            #[must_use]
            pub const fn help(self) -> &'static str {
                match self {
                    $(Self::$kind => $doc,)+
                }
                .trim_ascii()
            }

            const fn reporter(self) -> Reporter {
                match self {
                    $(Self::$kind => Reporter::$reporter,)+
                }
            }
        }
    };
}

/// The side that finds a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reporter {
    /// The harness, inside of the sandbox: what the script did.
    Harness,
    /// The code around the sandbox, and nobody else: a script that reports such a fault has forged
    /// it.
    Host,
}

kinds! {
    /// The script is not valid Python.
    SyntaxError = "syntax_error", Harness;
    /// The script defines no `main`.
    MissingMain = "missing_main", Harness;
    /// The script raised an exception.
    Exception = "exception", Harness;
    /// The script exited in function mode.
    Exit = "exit", Harness;
    /// The value that `main` returned has no JSON form.
    NotSerializable = "not_serializable", Harness;
    /// The instruction limit was reached.
    FuelExhausted = "fuel_exhausted", Host;
    /// The time limit was reached.
    Timeout = "timeout", Host;
    /// The memory limit was reached.
    MemoryExceeded = "memory_exceeded", Host;
    /// A stream reached the output limit.
    OutputExceeded = "output_exceeded", Host;
    /// The result is larger than the limit.
    ResultTooLarge = "result_too_large", Host;
    /// The native stack was used up.
    StackOverflow = "stack_overflow", Host;
    /// Whoever asked no longer wants the answer.
    Cancelled = "cancelled", Host;
    /// The sandbox failed in another way.
    Crashed = "crashed", Host;
    /// Our own code failed.
    Internal = "internal", Host;
}

impl FaultKind {
    /// The HTTP status of an answer with a fault of this kind: it is the script's, unless it is ours.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Internal => 500,
            _ => 400,
        }
    }

    /// `true` if the harness may report it. All other kinds only the code around the sandbox can
    /// know.
    #[must_use]
    pub const fn is_reported(self) -> bool {
        matches!(self.reporter(), Reporter::Harness)
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_has_the_same_name_in_json() {
        for kind in FaultKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
            assert!(kind.help().ends_with('.'), "{kind}");
        }
    }
}
