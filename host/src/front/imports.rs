//! The executor and the configuration, as the front imports them.

use super::instance::Instance;
use super::running::{Next, Running};
use belljar::sandbox::{executor, streaming, types};
use belljar_contract::{Outcome, Rejection};
use belljar_pool::{Event, Executor};
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
        Ok(self.shared.executor.describe()?.into())
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
                Ok(events.into_iter().filter_map(of_event).collect())
            }
            Next::Ended(ended) => {
                self.running = None;
                Ok(vec![streaming::Event::Finished(self.told(ended)?)])
            }
        }
    }
}

/// An event in the contract's terms, which have none for the start.
fn of_event(event: Event) -> Option<streaming::Event> {
    Some(match event {
        Event::Started => return None,
        Event::Stdout(bytes) => streaming::Event::Stdout(bytes),
        Event::Stderr(bytes) => streaming::Event::Stderr(bytes),
        Event::Display(item) => streaming::Event::Display(item.into()),
    })
}

impl<E: Executor> types::Host for Instance<E> {}

impl<E> Instance<E> {
    /// What became of a program, in the contract's terms.
    fn told(&self, ended: Result<Outcome, Rejection>) -> Result<types::Outcome, types::Rejection> {
        let outcome = ended.and_then(Outcome::of_script)?;
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

belljar_contract::adapt_wit!(self::generated::belljar::sandbox::types);
