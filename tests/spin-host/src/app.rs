//! The application: a fresh instance of a component for each request.

use crate::instance::{Environment, Instance};
use crate::manifest::{Manifest, Route, expand};
use crate::{compose, engine, instance};
use anyhow::{Context, Result, bail};
use http_body_util::{BodyExt, Empty};
use hyper::{Request, Response, StatusCode};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::oneshot;
use wasmtime::component::Linker;
use wasmtime::{Engine, Store};
use wasmtime_wasi_http::p2::bindings::ProxyPre;
use wasmtime_wasi_http::p2::bindings::http::types::Scheme;
use wasmtime_wasi_http::{WasiBody, WasiHttpView};

/// A loaded application.
pub(crate) struct App {
    engine: Engine,
    components: BTreeMap<String, Served>,
    /// Paths, the longest first, whether they stand for everything below, and their components.
    routes: Vec<(String, bool, String)>,
    /// The most bytes of memory for the memories of an instance each: `SPIN_MAX_INSTANCE_MEMORY`.
    memory_bytes: usize,
}

struct Served {
    proxy: ProxyPre<Instance>,
    environment: Arc<Environment>,
}

impl App {
    /// Composes, compiles and links every component.
    pub(crate) fn load(
        manifest: &Manifest,
        given: &BTreeMap<String, String>,
        exceptions: bool,
    ) -> Result<Self> {
        let engine = engine::engine(exceptions)?;
        let mut linker = Linker::new(&engine);
        instance::link(&mut linker).map_err(|error| anyhow::anyhow!("linking: {error:#}"))?;
        let values = manifest.variables(given)?;
        let mut components = BTreeMap::new();
        for (id, component) in &manifest.component {
            let wasm = compose::compose(manifest, id, component)?;
            let compiled = engine::compile(&engine, id, &wasm)?;
            let proxy = linker
                .instantiate_pre(&compiled)
                .and_then(ProxyPre::new)
                .map_err(|error| anyhow::anyhow!("linking {id}: {error:#}"))?;
            let mut variables = BTreeMap::new();
            for (name, template) in &component.variables {
                variables.insert(name.clone(), expand(template, &values)?);
            }
            let hosts = component.allowed_outbound_hosts.iter();
            let hosts = hosts.map(|host| expand(host, &values));
            let environment = Environment {
                component: id.clone(),
                variables,
                allowed_hosts: hosts.collect::<Result<_>>()?,
            };
            components.insert(
                id.clone(),
                Served {
                    proxy,
                    environment: Arc::new(environment),
                },
            );
        }
        let memory_bytes = match std::env::var("SPIN_MAX_INSTANCE_MEMORY") {
            Ok(bytes) => bytes.parse().context("SPIN_MAX_INSTANCE_MEMORY")?,
            Err(_) => usize::MAX,
        };
        Ok(Self {
            engine,
            routes: routes(manifest, &components)?,
            components,
            memory_bytes,
        })
    }

    /// The component for a path.
    pub(crate) fn route(&self, path: &str) -> Option<&str> {
        let found = self.routes.iter().find(|(prefix, below, _)| {
            let rest = path.strip_prefix(prefix.as_str());
            rest.is_some_and(|rest| rest.is_empty() || (*below && rest.starts_with('/')))
                || (prefix.is_empty() && path == "/")
        });
        found.map(|(_, _, component)| component.as_str())
    }

    /// `true` if there is such a component, for local service chaining.
    pub(crate) fn has(&self, component: &str) -> bool {
        self.components.contains_key(component)
    }

    /// Has a fresh instance of a component answer a request. One that traps before it has answered
    /// is a 500 without a body.
    pub(crate) async fn call(
        self: &Arc<Self>,
        component: &str,
        request: Request<WasiBody>,
    ) -> Response<WasiBody> {
        match self.try_call(component, request).await {
            Ok(response) => response,
            Err(error) => {
                eprintln!("{component}: {error:#}");
                empty(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }

    async fn try_call(
        self: &Arc<Self>,
        component: &str,
        request: Request<WasiBody>,
    ) -> wasmtime::Result<Response<WasiBody>> {
        let served = self
            .components
            .get(component)
            .ok_or_else(|| wasmtime::Error::msg("there is no such component"))?;
        let environment = Arc::clone(&served.environment);
        let instance = Instance::new(Arc::clone(self), environment, self.memory_bytes);
        let mut store = Store::new(&self.engine, instance);
        store.limiter(|instance| &mut instance.limits);
        // Spin advances the epoch for deadlines that only its own hosts set.
        store.set_epoch_deadline(u64::MAX / 2);
        let (sender, receiver) = oneshot::channel();
        let mut http = store.data_mut().http();
        let incoming = http.new_incoming_request(Scheme::Http, request)?;
        let out = http.new_response_outparam(sender)?;
        let proxy = served.proxy.clone();
        // Goes on while the answer's body is sent.
        let guest = tokio::spawn(async move {
            let proxy = proxy.instantiate_async(&mut store).await?;
            let handler = proxy.wasi_http_incoming_handler();
            handler.call_handle(&mut store, incoming, out).await
        });
        match receiver.await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(code)) => Err(wasmtime::Error::msg(format!("it answered {code:?}"))),
            Err(_) => {
                guest.await??;
                Err(wasmtime::Error::msg("it ended without an answer"))
            }
        }
    }
}

/// An answer without a body.
pub(crate) fn empty(status: StatusCode) -> Response<WasiBody> {
    let body = Empty::new().map_err(|never| match never {});
    let mut response = Response::new(body.boxed_unsync());
    *response.status_mut() = status;
    response
}

fn routes(
    manifest: &Manifest,
    components: &BTreeMap<String, Served>,
) -> Result<Vec<(String, bool, String)>> {
    let mut routes = Vec::new();
    for trigger in &manifest.trigger.http {
        let component = &trigger.component;
        if !components.contains_key(component) {
            bail!("a trigger names the component {component}, which is not there");
        }
        match &trigger.route {
            Route::Path(path) => {
                let below = path.strip_suffix("/...");
                let prefix = below.unwrap_or(path).to_owned();
                routes.push((prefix, below.is_some(), component.clone()));
            }
            Route::Private { private: true } => {}
            Route::Private { private: false } => bail!("route: private is true or left out"),
        }
    }
    routes.sort_by_key(|(prefix, _, _)| std::cmp::Reverse(prefix.len()));
    Ok(routes)
}
