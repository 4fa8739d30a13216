//! Conversions to and from the types that are generated from `wit/`.

/// Writes the conversions between this crate's types and those that a generator of bindings made of
/// `wit/types.wit`, of which it takes the path: `adapt_wit!(crate::bindings::belljar::sandbox::types)`.
///
/// Generators make other types in every crate, all of the same shape. What the contract of `wit/` has
/// not, is told as it says there: a fault of ours is a crash, and so should be told as a rejection
/// before ([`Outcome::of_script`](crate::Outcome::of_script)).
#[macro_export]
macro_rules! adapt_wit {
    ($($types:tt)+) => {
        const _: () = {
            use $crate as contract;
            use $crate::__private::{Box, String, Vec};
            use $($types)+ as wit;

            /// A program with the name that its request has for the caller.
            impl From<(contract::Program, Option<String>)> for wit::Program {
                fn from((program, request_id): (contract::Program, Option<String>)) -> Self {
                    let text = |bytes: Vec<u8>| {
                        String::from_utf8(bytes).unwrap_or_else(|error| {
                            String::from_utf8_lossy(error.as_bytes()).into_owned()
                        })
                    };
                    Self {
                        script: program.script,
                        mode: match program.mode {
                            contract::Mode::Function => wit::Mode::Function,
                            contract::Mode::Program => wit::Mode::Program,
                        },
                        input: program.input,
                        stdin: text(program.stdin),
                        args: program.args,
                        env: program.env,
                        limits: wit::Limits {
                            timeout_ms: program.limits.timeout_ms,
                            fuel: program.limits.fuel,
                            memory_bytes: program.limits.memory_bytes,
                            output_bytes: program.limits.output_bytes,
                        },
                        seed: program.seed,
                        display: program.display,
                        request_id,
                    }
                }
            }

            impl From<wit::Program> for contract::Program {
                fn from(program: wit::Program) -> Self {
                    Self {
                        mode: match program.mode {
                            wit::Mode::Function => contract::Mode::Function,
                            wit::Mode::Program => contract::Mode::Program,
                        },
                        script: program.script,
                        input: program.input,
                        stdin: program.stdin.into_bytes(),
                        args: program.args,
                        env: program.env,
                        limits: contract::Limits {
                            timeout_ms: program.limits.timeout_ms,
                            fuel: program.limits.fuel,
                            memory_bytes: program.limits.memory_bytes,
                            output_bytes: program.limits.output_bytes,
                        },
                        seed: program.seed,
                        display: program.display,
                    }
                }
            }

            impl From<contract::Outcome> for wit::Outcome {
                fn from(outcome: contract::Outcome) -> Self {
                    let flag = |is_cut, flag| match is_cut {
                        true => flag,
                        false => wit::OutputStreams::empty(),
                    };
                    Self {
                        completion: match outcome.completion {
                            contract::Completion::Value(json) => {
                                wit::Completion::Value(Box::<str>::from(json).into())
                            }
                            contract::Completion::Exited(code) => wit::Completion::Exited(code),
                            contract::Completion::Fault(fault) => {
                                wit::Completion::Fault(fault.into())
                            }
                        },
                        stdout: outcome.stdout,
                        stderr: outcome.stderr,
                        display: outcome.display.into_iter().map(Into::into).collect(),
                        truncated: flag(outcome.truncated.stdout, wit::OutputStreams::STDOUT)
                            | flag(outcome.truncated.stderr, wit::OutputStreams::STDERR)
                            | flag(outcome.truncated.display, wit::OutputStreams::DISPLAY),
                        usage: wit::Usage {
                            duration_us: outcome.usage.duration_us(),
                            fuel: outcome.usage.fuel,
                            memory_bytes: outcome.usage.memory_bytes,
                            memory_pages: outcome.usage.memory_pages(),
                        },
                    }
                }
            }

            impl From<wit::Outcome> for contract::Outcome {
                fn from(outcome: wit::Outcome) -> Self {
                    let truncated = outcome.truncated;
                    Self {
                        completion: match outcome.completion {
                            wit::Completion::Value(text) => contract::Completion::value(text),
                            wit::Completion::Exited(code) => contract::Completion::Exited(code),
                            wit::Completion::Fault(fault) => {
                                contract::Completion::Fault(fault.into())
                            }
                        },
                        stdout: outcome.stdout,
                        stderr: outcome.stderr,
                        display: outcome.display.into_iter().map(Into::into).collect(),
                        truncated: contract::Truncated {
                            stdout: truncated.contains(wit::OutputStreams::STDOUT),
                            stderr: truncated.contains(wit::OutputStreams::STDERR),
                            display: truncated.contains(wit::OutputStreams::DISPLAY),
                        },
                        usage: contract::Usage {
                            duration: ::core::time::Duration::from_micros(
                                outcome.usage.duration_us,
                            ),
                            fuel: outcome.usage.fuel,
                            memory_bytes: outcome.usage.memory_bytes,
                        },
                    }
                }
            }

            impl From<contract::DisplayItem> for wit::DisplayItem {
                fn from(item: contract::DisplayItem) -> Self {
                    let contract::DisplayItem { mime, data, alt } = item;
                    Self { mime, data, alt }
                }
            }

            impl From<wit::DisplayItem> for contract::DisplayItem {
                fn from(item: wit::DisplayItem) -> Self {
                    let wit::DisplayItem { mime, data, alt } = item;
                    Self { mime, data, alt }
                }
            }

            impl From<contract::Fault> for wit::Fault {
                fn from(fault: contract::Fault) -> Self {
                    Self {
                        kind: fault.kind.into(),
                        message: fault.message,
                        traceback: fault.traceback,
                        line: fault.line,
                        column: fault.column,
                        exit_code: fault.exit_code,
                    }
                }
            }

            impl From<wit::Fault> for contract::Fault {
                fn from(fault: wit::Fault) -> Self {
                    Self {
                        kind: fault.kind.into(),
                        message: fault.message,
                        traceback: fault.traceback,
                        line: fault.line,
                        column: fault.column,
                        exit_code: fault.exit_code,
                    }
                }
            }

            impl From<contract::FaultKind> for wit::FaultKind {
                fn from(kind: contract::FaultKind) -> Self {
                    use contract::FaultKind as Kind;
                    match kind {
                        Kind::SyntaxError => Self::SyntaxError,
                        Kind::MissingMain => Self::MissingMain,
                        Kind::Exception => Self::Exception,
                        Kind::Exit => Self::Exit,
                        Kind::NotSerializable => Self::NotSerializable,
                        Kind::FuelExhausted => Self::FuelExhausted,
                        Kind::Timeout => Self::Timeout,
                        Kind::MemoryExceeded => Self::MemoryExceeded,
                        Kind::OutputExceeded => Self::OutputExceeded,
                        Kind::ResultTooLarge => Self::ResultTooLarge,
                        Kind::StackOverflow => Self::StackOverflow,
                        Kind::Cancelled => Self::Cancelled,
                        Kind::Crashed | Kind::Internal => Self::Crashed,
                    }
                }
            }

            impl From<wit::FaultKind> for contract::FaultKind {
                fn from(kind: wit::FaultKind) -> Self {
                    use wit::FaultKind as Kind;
                    match kind {
                        Kind::SyntaxError => Self::SyntaxError,
                        Kind::MissingMain => Self::MissingMain,
                        Kind::Exception => Self::Exception,
                        Kind::Exit => Self::Exit,
                        Kind::NotSerializable => Self::NotSerializable,
                        Kind::FuelExhausted => Self::FuelExhausted,
                        Kind::Timeout => Self::Timeout,
                        Kind::MemoryExceeded => Self::MemoryExceeded,
                        Kind::OutputExceeded => Self::OutputExceeded,
                        Kind::ResultTooLarge => Self::ResultTooLarge,
                        Kind::StackOverflow => Self::StackOverflow,
                        Kind::Cancelled => Self::Cancelled,
                        Kind::Crashed => Self::Crashed,
                    }
                }
            }

            impl From<contract::Rejection> for wit::Rejection {
                fn from(rejection: contract::Rejection) -> Self {
                    match rejection {
                        contract::Rejection::InvalidLimit(limit) => {
                            Self::InvalidLimit(wit::InvalidLimit {
                                limit: match limit.limit {
                                    contract::Limit::TimeoutMs => wit::Limit::TimeoutMs,
                                    contract::Limit::Fuel => wit::Limit::Fuel,
                                    contract::Limit::MemoryBytes => wit::Limit::MemoryBytes,
                                    contract::Limit::OutputBytes => wit::Limit::OutputBytes,
                                },
                                requested: limit.requested,
                                maximum: limit.maximum,
                            })
                        }
                        contract::Rejection::Overloaded { retry_after } => {
                            let ms = u32::try_from(retry_after.as_millis()).unwrap_or(u32::MAX);
                            Self::Overloaded(wit::Overload { retry_after_ms: ms })
                        }
                        contract::Rejection::Unavailable(reason) => Self::Unavailable(reason),
                        // The front should have refused it.
                        contract::Rejection::Refused(refusal) => {
                            Self::Internal($crate::__private::ToString::to_string(&refusal))
                        }
                        contract::Rejection::Internal(reason) => Self::Internal(reason),
                    }
                }
            }

            impl From<wit::Rejection> for contract::Rejection {
                fn from(rejection: wit::Rejection) -> Self {
                    match rejection {
                        wit::Rejection::InvalidLimit(limit) => {
                            Self::InvalidLimit(contract::InvalidLimit {
                                limit: match limit.limit {
                                    wit::Limit::TimeoutMs => contract::Limit::TimeoutMs,
                                    wit::Limit::Fuel => contract::Limit::Fuel,
                                    wit::Limit::MemoryBytes => contract::Limit::MemoryBytes,
                                    wit::Limit::OutputBytes => contract::Limit::OutputBytes,
                                },
                                requested: limit.requested,
                                maximum: limit.maximum,
                            })
                        }
                        wit::Rejection::Overloaded(overload) => Self::Overloaded {
                            retry_after: ::core::time::Duration::from_millis(
                                overload.retry_after_ms.into(),
                            ),
                        },
                        wit::Rejection::Unavailable(reason) => Self::Unavailable(reason),
                        wit::Rejection::Internal(reason) => Self::Internal(reason),
                    }
                }
            }

            impl From<contract::RuntimeInfo> for wit::RuntimeInfo {
                fn from(info: contract::RuntimeInfo) -> Self {
                    let package = |package: contract::PackageVersion| wit::PackageVersion {
                        name: package.name,
                        version: package.version,
                    };
                    Self {
                        python_version: info.python_version,
                        edition: info.edition,
                        packages: info.packages.into_iter().map(package).collect(),
                        default_limits: info.default_limits.into(),
                        maximum_limits: info.maximum_limits.into(),
                        result_bytes: info.result_bytes,
                        meter: info.meter,
                        features: info.features,
                        isolation: info.isolation,
                    }
                }
            }

            impl From<wit::RuntimeInfo> for contract::RuntimeInfo {
                fn from(info: wit::RuntimeInfo) -> Self {
                    let package = |package: wit::PackageVersion| contract::PackageVersion {
                        name: package.name,
                        version: package.version,
                    };
                    Self {
                        python_version: info.python_version,
                        edition: info.edition,
                        packages: info.packages.into_iter().map(package).collect(),
                        default_limits: info.default_limits.into(),
                        maximum_limits: info.maximum_limits.into(),
                        result_bytes: info.result_bytes,
                        meter: info.meter,
                        features: info.features,
                        isolation: info.isolation,
                    }
                }
            }

            impl From<contract::LimitValues> for wit::LimitValues {
                fn from(values: contract::LimitValues) -> Self {
                    Self {
                        timeout_ms: values.timeout_ms,
                        fuel: values.fuel,
                        memory_bytes: values.memory_bytes,
                        output_bytes: values.output_bytes,
                    }
                }
            }

            impl From<wit::LimitValues> for contract::LimitValues {
                fn from(values: wit::LimitValues) -> Self {
                    Self {
                        timeout_ms: values.timeout_ms,
                        fuel: values.fuel,
                        memory_bytes: values.memory_bytes,
                        output_bytes: values.output_bytes,
                    }
                }
            }
        };
    };
}
