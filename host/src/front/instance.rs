//! What the instance for one request is given.

use super::effort::Effort;
use super::running::Running;
use super::said::Said;
use super::shared::Shared;
use crate::http::Call;
use belljar_pool::Executor;
use hyper::body::Bytes;
use hyper::header::{self, HeaderName};
use std::sync::Arc;
use tokio::io::AsyncWrite;
use wasmtime::component::ResourceTable;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::p2::bindings::http::types as http_types;
use wasmtime_wasi_http::{
    Error, RequestOptions, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView,
};

/// The state of one instance.
pub(super) struct Instance<E> {
    pub(super) shared: Arc<Shared<E>>,
    pub(super) call: Arc<Call>,
    /// The program whose events are asked for.
    pub(super) running: Option<Running>,
    /// What it has computed.
    pub(super) effort: Arc<Effort>,
    table: ResourceTable,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    hooks: Hooks,
}

impl<E> Instance<E> {
    pub(super) fn new(
        shared: Arc<Shared<E>>,
        call: Arc<Call>,
        effort: Arc<Effort>,
        said: Arc<Said>,
    ) -> Self {
        // Nothing but clocks, random numbers, and standard error for the log.
        let stderr = Stderr(said);
        Self {
            shared,
            call,
            running: None,
            effort,
            table: ResourceTable::new(),
            wasi: WasiCtx::builder().stderr(stderr).build(),
            http: WasiHttpCtx::new(),
            hooks: Hooks,
        }
    }
}

impl<E: Executor> WasiView for Instance<E> {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.wasi,
            table: &mut self.table,
        }
    }
}

impl<E: Executor> WasiHttpView for Instance<E> {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView {
            hooks: &mut self.hooks,
            table: &mut self.table,
            ctx: &mut self.http,
        }
    }
}

/// What `wasi:http` asks of its host.
struct Hooks;

impl WasiHttpHooks for Hooks {
    /// Headers that belong to the connection, which is not the front's. The default does the same
    /// by allocating a closure for every header of every request.
    fn is_forbidden_header(&mut self, name: &HeaderName) -> bool {
        [
            header::CONNECTION,
            header::HOST,
            header::PROXY_AUTHENTICATE,
            header::PROXY_AUTHORIZATION,
            header::TRANSFER_ENCODING,
            header::UPGRADE,
        ]
        .contains(name)
            || matches!(
                name.as_str(),
                "keep-alive" | "proxy-connection" | "http2-settings"
            )
    }

    /// A front asks nobody but its executor.
    fn send_request(
        &mut self,
        _request: hyper::Request<WasiBody>,
        _options: Option<RequestOptions>,
        _sent: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Result<Sent, Error>> + Send> {
        Box::new(async { Err(Error::HttpRequestDenied) })
    }

    fn p2_error_from_hyper(&mut self, _error: &hyper::Error) -> http_types::ErrorCode {
        http_types::ErrorCode::HttpProtocolError
    }
}

/// An outgoing request that was answered, and what is left to wait for.
type Sent = (
    hyper::Response<WasiBody>,
    Box<dyn Future<Output = Result<(), Error>> + Send>,
);

/// The front's standard error: for the operator, in our log.
#[derive(Clone)]
struct Stderr(Arc<Said>);

/// The most of standard error that is taken at once.
const STDERR_BYTES: usize = 8 << 10;

impl IsTerminal for Stderr {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Stderr {
    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }

    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        // Only for WASI 0.3, which the front does not speak.
        Box::new(tokio::io::sink())
    }
}

impl OutputStream for Stderr {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.0.add(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(STDERR_BYTES)
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for Stderr {
    async fn ready(&mut self) {}
}
