//! The HTTP front: a Spin component, a fresh instance of it for every request.
//!
//! [`component`] finds, compiles and caches it, [`engine`] has the settings it runs with,
//! [`instance`] is what a request's instance is given: `wasi:http` and, through [`imports`], the
//! executor and its configuration. [`Front`] puts a request in and takes an answer out.

mod component;
mod engine;
mod imports;
mod instance;
mod live;
mod running;

pub(crate) use component::{Compiled, FrontError};

use super::config::Config;
use super::describe::Description;
use super::http::{Answer, Call, Content, ErrorType, Handler, Payload, error};
use super::metered::Metered;
use super::metrics::Metrics;
use crate::Executor;
use engine::Ticker;
use http_body_util::{BodyExt, Full, Limited};
use hyper::Request;
use hyper::header::{ACCEPT, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue};
use instance::{Instance, Shared};
use live::{Guest, Live};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use wasmtime::component::Linker;
use wasmtime::{Engine, Store};
use wasmtime_wasi_http::WasiHttpView;
use wasmtime_wasi_http::p2::bindings::ProxyPre;
use wasmtime_wasi_http::p2::bindings::http::types::Scheme;

/// The most of an answer that is taken from the front: the largest result and two full streams,
/// with room for their JSON escapes.
const ANSWER_BYTES: usize = 64 << 20;

/// Time that a request may take beyond what scripts may.
const SPARE: Duration = Duration::from_secs(60);

/// The front's component, ready to be instantiated.
pub(crate) struct Front<E: Executor> {
    engine: Engine,
    component: ProxyPre<Instance<E>>,
    shared: Arc<Shared<E>>,
    metrics: Arc<Metrics>,
    timeout: Duration,
    _ticker: Ticker,
}

/// Why a front gave no answer.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0:#}")]
    Trapped(wasmtime::Error),
    #[error("it ended without an answer")]
    Silent,
    #[error("it answered with an error: {0}")]
    Refused(String),
    #[error("its answer broke off: {0}")]
    BrokenOff(String),
    #[error("it took longer than {} s", .0.as_secs())]
    TimedOut(Duration),
}

impl<E: Executor> Front<E> {
    /// Links a compiled component with what it imports.
    pub(crate) fn new(
        compiled: Compiled,
        config: &Config,
        executor: Metered<E>,
        description: Description,
        metrics: Arc<Metrics>,
    ) -> Result<Self, FrontError> {
        let Compiled { engine, component } = compiled;
        let mut linker = Linker::new(&engine);
        let component = instance::link(&mut linker)
            .and_then(|()| linker.instantiate_pre(&component))
            .and_then(ProxyPre::new)
            .map_err(FrontError::Link)?;
        let ticker = Ticker::start(engine.clone()).map_err(FrontError::Ticker)?;
        Ok(Self {
            engine,
            component,
            shared: Arc::new(Shared {
                executor,
                description,
                cors_allow_origins: config.front.cors_allow_origins.join(","),
                frame_ancestors: config.front.frame_ancestors.join(" "),
            }),
            metrics,
            timeout: timeout(config),
            _ticker: ticker,
        })
    }

    /// Has a fresh instance answer a request.
    async fn answer(
        &self,
        request: Request<Full<hyper::body::Bytes>>,
        call: &Arc<Call>,
    ) -> Result<Answer, Failure> {
        let instance = Instance::new(Arc::clone(&self.shared), Arc::clone(call));
        let mut store = Store::new(&self.engine, instance);
        engine::limit(&mut store);
        let (sender, receiver) = oneshot::channel();
        let mut http = store.data_mut().http();
        let incoming = http
            .new_incoming_request(Scheme::Http, request)
            .map_err(Failure::Trapped)?;
        let out = http
            .new_response_outparam(sender)
            .map_err(Failure::Trapped)?;
        // The store moves in and is dropped with the instance's end, and with it the sender: so
        // that an instance that ends without an answer ends the waiting for one.
        let guest = async move {
            let proxy = self.component.instantiate_async(&mut store).await?;
            let handler = proxy.wasi_http_incoming_handler();
            handler.call_handle(&mut store, incoming, out).await
        };
        let answer = async move {
            let response = receiver.await.map_err(|_| Failure::Silent)?;
            let response = response.map_err(|code| Failure::Refused(code.to_string()))?;
            let (parts, body) = response.into_parts();
            let body = Limited::new(body, ANSWER_BYTES).collect().await;
            let body = body.map_err(|error| Failure::BrokenOff(error.to_string()))?;
            Ok(Answer::from_parts(parts, Content::whole(body.to_bytes())))
        };
        let (guest, answer) = tokio::join!(guest, answer);
        guest.map_err(Failure::Trapped)?;
        answer
    }

    /// Has a fresh instance answer a request for events: returns with the head of the answer, and
    /// the instance lives on in its body.
    async fn answer_live(
        &self,
        request: Request<Full<hyper::body::Bytes>>,
        call: &Arc<Call>,
    ) -> Result<Answer, Failure> {
        let instance = Instance::new(Arc::clone(&self.shared), Arc::clone(call));
        let mut store = Store::new(&self.engine, instance);
        engine::limit(&mut store);
        let (sender, mut receiver) = oneshot::channel();
        let mut http = store.data_mut().http();
        let incoming = http
            .new_incoming_request(Scheme::Http, request)
            .map_err(Failure::Trapped)?;
        let out = http
            .new_response_outparam(sender)
            .map_err(Failure::Trapped)?;
        let component = self.component.clone();
        let mut guest: Guest = Box::pin(async move {
            let proxy = component.instantiate_async(&mut store).await?;
            let handler = proxy.wasi_http_incoming_handler();
            handler.call_handle(&mut store, incoming, out).await
        });
        let (head, guest) = tokio::select! {
            biased;
            head = &mut receiver => (head, Some(guest)),
            ended = &mut guest => {
                ended.map_err(Failure::Trapped)?;
                (receiver.await, None)
            }
        };
        let head = head.map_err(|_| Failure::Silent)?;
        let response = head.map_err(|code| Failure::Refused(code.to_string()))?;
        let (parts, body) = response.into_parts();
        let live = Live::new(guest, body, self.timeout);
        if is_event_stream(&parts.headers, &CONTENT_TYPE) {
            return Ok(Answer::from_parts(parts, Content::live(live)));
        }
        let body = Limited::new(live, ANSWER_BYTES).collect().await;
        let body = body.map_err(|error| Failure::BrokenOff(error.to_string()))?;
        Ok(Answer::from_parts(parts, Content::whole(body.to_bytes())))
    }
}

/// Whether a header speaks of server-sent events. What it means exactly is the front's business.
fn is_event_stream(headers: &HeaderMap, name: &HeaderName) -> bool {
    const EVENTS: &[u8] = b"text/event-stream";
    headers.get_all(name).iter().any(|value| {
        let mut windows = value.as_bytes().windows(EVENTS.len());
        windows.any(|window| window.eq_ignore_ascii_case(EVENTS))
    })
}

/// When a request has hung: its script has waited as long as it may, and run as long as it may.
fn timeout(config: &Config) -> Duration {
    let (waiting, running) = (
        config.pool.queue_timeout_ms,
        config.limits.maximum.timeout_ms,
    );
    Duration::from_millis(waiting.saturating_add(running)).saturating_add(SPARE)
}

impl<E: Executor> Handler for Front<E> {
    /// The front refuses what is over 1 MiB itself; this is enough for it to see that.
    const BODY_BYTES: usize = (1 << 20) + 1;

    async fn handle(&self, request: Request<Payload>, call: &Arc<Call>) -> Answer {
        let mut request = request.map(|payload| Full::new(payload.bytes));
        // HTTP/1.0 may lack it, `wasi:http` may not; the front never looks.
        let host = HeaderValue::from_static("localhost");
        request.headers_mut().entry(HOST).or_insert(host);
        let answered = if is_event_stream(request.headers(), &ACCEPT) {
            tokio::time::timeout(self.timeout, self.answer_live(request, call)).await
        } else {
            tokio::time::timeout(self.timeout, self.answer(request, call)).await
        };
        let failure = match answered {
            Ok(Ok(answer)) => return answer,
            Ok(Err(failure)) => failure,
            Err(_) => Failure::TimedOut(self.timeout),
        };
        self.metrics.front_failed();
        tracing::error!(request_id = call.request_id, %failure, "the front failed");
        let message = "internal error; the request id helps to find it in the log";
        error(ErrorType::Internal, message, &call.request_id)
    }
}
