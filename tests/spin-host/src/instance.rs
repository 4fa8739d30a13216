//! An instance of a component, and everything that it is given.

use crate::app::App;
use crate::outbound;
use std::collections::BTreeMap;
use std::sync::Arc;
use wasmtime::component::{HasSelf, Linker, ResourceTable};
use wasmtime::{StoreLimits, StoreLimitsBuilder};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::p2::bindings::http::types as http_types;
use wasmtime_wasi_http::{
    Error, RequestOptions, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView,
};

/// Spin's variables, as components import them.
mod generated {
    wasmtime::component::bindgen!({
        inline: r#"
            package belljar:spin-host;

            world imports {
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
        require_store_data_send: true,
    });
}

use generated::fermyon::spin::variables;

/// The configuration of a component.
#[derive(Debug)]
pub(crate) struct Environment {
    pub(crate) component: String,
    pub(crate) variables: BTreeMap<String, String>,
    pub(crate) allowed_hosts: Vec<String>,
}

/// The state of one instance.
pub(crate) struct Instance {
    pub(crate) limits: StoreLimits,
    environment: Arc<Environment>,
    table: ResourceTable,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    hooks: Hooks,
}

impl Instance {
    pub(crate) fn new(app: Arc<App>, environment: Arc<Environment>, memory_bytes: usize) -> Self {
        Self {
            limits: StoreLimitsBuilder::new().memory_size(memory_bytes).build(),
            table: ResourceTable::new(),
            wasi: WasiCtx::builder().inherit_stderr().build(),
            http: WasiHttpCtx::new(),
            hooks: Hooks {
                app,
                environment: Arc::clone(&environment),
            },
            environment,
        }
    }
}

/// Gives a linker what Spin gives, as far as our components import it.
pub(crate) fn link(linker: &mut Linker<Instance>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_async(linker)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(linker)?;
    generated::Imports::add_to_linker::<_, HasSelf<_>>(linker, |instance| instance)
}

impl variables::Host for Instance {
    fn get(&mut self, name: String) -> Result<String, variables::Error> {
        match self.environment.variables.get(&name) {
            Some(value) => Ok(value.clone()),
            None => Err(variables::Error::Undefined(name)),
        }
    }
}

impl WasiView for Instance {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

impl WasiHttpView for Instance {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView {
            hooks: &mut self.hooks,
            table: &mut self.table,
            ctx: &mut self.http,
        }
    }
}

/// The host's answers to what `wasi:http` asks of it.
struct Hooks {
    app: Arc<App>,
    environment: Arc<Environment>,
}

/// An outgoing request that was answered, and what is left to wait for.
type Sent = (
    hyper::Response<WasiBody>,
    Box<dyn Future<Output = Result<(), Error>> + Send>,
);

impl WasiHttpHooks for Hooks {
    fn send_request(
        &mut self,
        request: hyper::Request<WasiBody>,
        _options: Option<RequestOptions>,
        _sent: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Result<Sent, Error>> + Send> {
        let (app, environment) = (Arc::clone(&self.app), Arc::clone(&self.environment));
        Box::new(async move {
            let response = outbound::send(&app, &environment, request).await?;
            let done: Box<dyn Future<Output = Result<(), Error>> + Send> =
                Box::new(async { Ok(()) });
            Ok((response, done))
        })
    }

    fn p2_error_from_hyper(&mut self, _error: &hyper::Error) -> http_types::ErrorCode {
        http_types::ErrorCode::HttpProtocolError
    }
}
