//! The executor and the configuration, as the front imports them.

use super::instance::Instance;
use super::running::{Next, Running};
use crate::serve::config::LimitValues;
use crate::serve::describe::Description;
use crate::{
    Completion, DisplayItem, Event, Executor, Fault, FaultKind, Limit, LimitError, Limits, Outcome,
    Program, Rejection, Usage,
};
use belljar::sandbox::{executor, streaming, types};
use fermyon::spin::variables;

/// What `wasmtime::component::bindgen!` makes of the contract.
mod generated {
    wasmtime::component::bindgen!({
        path: "../wit",
        inline: r#"
            package belljar:host;

            world imports {
                import belljar:sandbox/executor@0.1.0;
                import belljar:sandbox/streaming@0.1.0;
                import fermyon:spin/variables@2.0.0;
            }

            package fermyon:spin@2.0.0 {
                interface variables {
                    get: func(name: string) -> result<string, error>;
                    variant error {
                        invalid-name(string),
                        undefined(string),
                        provider(string),
                        other(string),
                    }
                }
            }
        "#,
        imports: {
            "belljar:sandbox/executor@0.1.0": async,
            "belljar:sandbox/streaming@0.1.0": async,
        },
        require_store_data_send: true,
    });
}

pub(super) use generated::Imports;
use generated::{belljar, fermyon};

impl<E: Executor> executor::Host for Instance<E> {
    async fn execute(
        &mut self,
        program: types::Program,
    ) -> Result<types::Outcome, types::Rejection> {
        let executor = &self.shared.executor;
        let ended = executor.execute(program.into(), &self.call, None).await;
        self.told(ended)
    }

    async fn describe(&mut self) -> Result<types::RuntimeInfo, types::Rejection> {
        let status = self.shared.executor.executor().status();
        if status.workers == 0 {
            let reason = "no worker is up".to_owned();
            return Err(types::Rejection::Unavailable(reason));
        }
        Ok(runtime_info(&self.shared.description, status.isolation))
    }
}

impl<E: Executor> streaming::Host for Instance<E> {
    async fn start(&mut self, program: types::Program) {
        self.running = Some(Running::start(&self.shared, &self.call, program.into()));
    }

    async fn next(&mut self) -> Result<Vec<streaming::Event>, types::Rejection> {
        let Some(running) = &mut self.running else {
            let reason = "the front asks for events where there are none".to_owned();
            return Err(types::Rejection::Internal(reason));
        };
        match running.next().await {
            Next::Events(events) => {
                self.effort.earn(events.iter().map(Event::cost).sum());
                Ok(events.into_iter().map(Into::into).collect())
            }
            Next::Ended(ended) => {
                self.running = None;
                Ok(vec![streaming::Event::Finished(self.told(ended)?)])
            }
        }
    }
}

impl From<Event> for streaming::Event {
    fn from(event: Event) -> Self {
        match event {
            Event::Stdout(bytes) => Self::Stdout(bytes),
            Event::Stderr(bytes) => Self::Stderr(bytes),
            Event::Display(item) => Self::Display(item.into()),
        }
    }
}

impl<E: Executor> types::Host for Instance<E> {}

impl<E> Instance<E> {
    /// What became of a program, in the contract's terms.
    fn told(&self, ended: Result<Outcome, Rejection>) -> Result<types::Outcome, types::Rejection> {
        let outcome = ended?;
        if let Completion::Fault(fault) = &outcome.completion
            && fault.kind == FaultKind::Internal
        {
            return Err(types::Rejection::Internal(fault.message.clone()));
        }
        self.effort.earn(outcome.bytes());
        Ok(outcome.into())
    }
}

impl<E: Executor> variables::Host for Instance<E> {
    fn get(&mut self, name: String) -> Result<String, variables::Error> {
        match name.as_str() {
            "cors_allow_origins" if !self.shared.cors_allow_origins.is_empty() => {
                Ok(self.shared.cors_allow_origins.clone())
            }
            "frame_ancestors" => Ok(self.shared.frame_ancestors.clone()),
            _ => Err(variables::Error::Undefined(name)),
        }
    }
}

impl From<types::Program> for Program {
    fn from(program: types::Program) -> Self {
        let types::Program {
            script,
            mode,
            input,
            stdin,
            args,
            env,
            limits,
            seed,
            display,
            // The call knows it: the front got it from us.
            request_id: _,
        } = program;
        let mut converted = match mode {
            types::Mode::Function => Self::function(script),
            types::Mode::Program => Self::program(script),
        };
        // The contract: ignored in program mode.
        if let (Some(input), types::Mode::Function) = (input, mode) {
            converted = converted.input(input);
        }
        if let Some(seed) = seed {
            converted = converted.seed(seed);
        }
        let limits = Limits {
            timeout_ms: limits.timeout_ms,
            fuel: limits.fuel,
            memory_bytes: limits.memory_bytes,
            output_bytes: limits.output_bytes,
        };
        converted
            .stdin(stdin)
            .args(args)
            .env(env)
            .limits(limits)
            .display(display)
    }
}

impl From<Outcome> for types::Outcome {
    fn from(outcome: Outcome) -> Self {
        let Outcome {
            completion,
            stdout,
            stderr,
            display,
            truncated,
            usage,
        } = outcome;
        let mut streams = types::OutputStreams::empty();
        if truncated.stdout {
            streams |= types::OutputStreams::STDOUT;
        }
        if truncated.stderr {
            streams |= types::OutputStreams::STDERR;
        }
        if truncated.display {
            streams |= types::OutputStreams::DISPLAY;
        }
        Self {
            completion: match completion {
                Completion::Value(value) => {
                    types::Completion::Value(Box::<str>::from(value).into())
                }
                Completion::Exited(code) => types::Completion::Exited(code),
                Completion::Fault(fault) => types::Completion::Fault(fault.into()),
            },
            stdout,
            stderr,
            display: display.into_iter().map(Into::into).collect(),
            truncated: streams,
            usage: usage.into(),
        }
    }
}

impl From<DisplayItem> for types::DisplayItem {
    fn from(item: DisplayItem) -> Self {
        let DisplayItem { mime, data, alt } = item;
        Self { mime, data, alt }
    }
}

impl From<Usage> for types::Usage {
    fn from(usage: Usage) -> Self {
        Self {
            duration_us: u64::try_from(usage.duration.as_micros()).unwrap_or(u64::MAX),
            fuel: usage.fuel,
            memory_bytes: usage.memory_bytes,
            memory_pages: usage.memory_pages(),
        }
    }
}

impl From<Fault> for types::Fault {
    fn from(fault: Fault) -> Self {
        let Fault {
            kind,
            message,
            traceback,
            line,
            column,
            exit_code,
        } = fault;
        Self {
            kind: kind.into(),
            message,
            traceback,
            line,
            column,
            exit_code,
        }
    }
}

impl From<FaultKind> for types::FaultKind {
    fn from(kind: FaultKind) -> Self {
        match kind {
            FaultKind::SyntaxError => Self::SyntaxError,
            FaultKind::MissingMain => Self::MissingMain,
            FaultKind::Exception => Self::Exception,
            FaultKind::Exit => Self::Exit,
            FaultKind::NotSerializable => Self::NotSerializable,
            FaultKind::FuelExhausted => Self::FuelExhausted,
            FaultKind::Timeout => Self::Timeout,
            FaultKind::MemoryExceeded => Self::MemoryExceeded,
            FaultKind::OutputExceeded => Self::OutputExceeded,
            FaultKind::ResultTooLarge => Self::ResultTooLarge,
            FaultKind::StackOverflow => Self::StackOverflow,
            FaultKind::Cancelled => Self::Cancelled,
            // An internal fault is a rejection in the contract: see `execute`.
            FaultKind::Crashed | FaultKind::Internal => Self::Crashed,
        }
    }
}

impl From<Rejection> for types::Rejection {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::InvalidLimit(LimitError::TooHigh {
                limit,
                value,
                maximum,
            }) => Self::InvalidLimit(types::InvalidLimit {
                limit: limit.into(),
                requested: value,
                maximum,
            }),
            // The front refuses zero, which is all that is too low for the contract.
            Rejection::InvalidLimit(error @ LimitError::Zero(_)) => {
                Self::Internal(error.to_string())
            }
            Rejection::InvalidProgram(reason) => Self::Internal(reason),
            Rejection::Overloaded { retry_after } => Self::Overloaded(types::Overload {
                retry_after_ms: u32::try_from(retry_after.as_millis()).unwrap_or(u32::MAX),
            }),
            Rejection::Unavailable(reason) => Self::Unavailable(reason),
        }
    }
}

impl From<Limit> for types::Limit {
    fn from(limit: Limit) -> Self {
        match limit {
            Limit::TimeoutMs => Self::TimeoutMs,
            Limit::Fuel => Self::Fuel,
            Limit::MemoryBytes => Self::MemoryBytes,
            Limit::OutputBytes => Self::OutputBytes,
        }
    }
}

impl From<LimitValues> for types::LimitValues {
    fn from(limits: LimitValues) -> Self {
        let LimitValues {
            timeout_ms,
            fuel,
            memory_bytes,
            output_bytes,
        } = limits;
        Self {
            timeout_ms,
            fuel,
            memory_bytes,
            output_bytes,
        }
    }
}

fn runtime_info(description: &Description, isolation: Vec<String>) -> types::RuntimeInfo {
    let packages = description
        .packages
        .iter()
        .map(|package| types::PackageVersion {
            name: package.name.clone(),
            version: package.version.clone(),
        });
    types::RuntimeInfo {
        python_version: description.python_version.clone(),
        edition: description.edition.to_owned(),
        packages: packages.collect(),
        default_limits: description.default_limits.into(),
        maximum_limits: description.maximum_limits.into(),
        result_bytes: description.result_bytes,
        meter: description.meter.to_owned(),
        features: description
            .features
            .iter()
            .map(ToString::to_string)
            .collect(),
        isolation,
    }
}
