//! The front at work: a request in, an answer out.

use super::component::{Compiled, FrontError};
use super::effort::Effort;
use super::engine;
use super::failure::Failure;
use super::instance::Instance;
use super::link::link;
use super::live::{Guest, Live, Written};
use super::said::Said;
use super::shared::Shared;
use super::tick::Ticker;
use crate::config::Config;
use crate::http::{Answer, Call, Content, Handler, Payload, error};
use crate::metered::Metered;
use crate::metrics::Metrics;
use belljar_contract::ErrorType;
use belljar_pool::Executor;
use http_body_util::Full;
use hyper::Request;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderMap, HeaderValue};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use wasmtime::component::Linker;
use wasmtime::{Engine, Store};
use wasmtime_wasi_http::WasiHttpView;
use wasmtime_wasi_http::p2::bindings::ProxyPre;
use wasmtime_wasi_http::p2::bindings::http::types::Scheme;

/// The longest answer that is kept whole: any ordinary one, and the page's files. A longer one comes
/// while it is written, as fast as its client takes it, and is never in our memory.
const WHOLE_BYTES: usize = 256 << 10;

/// The most of an answer that is taken from a front that does not say how long it is.
const ANSWER_BYTES: usize = 1 << 20;

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

impl<E: Executor> Front<E> {
    /// Links a compiled component with what it imports.
    pub(crate) fn new(
        compiled: Compiled,
        config: &Config,
        executor: Metered<E>,
        metrics: Arc<Metrics>,
    ) -> Result<Self, FrontError> {
        let Compiled { engine, component } = compiled;
        let mut linker = Linker::new(&engine);
        let component = link(&mut linker)
            .and_then(|()| linker.instantiate_pre(&component))
            .and_then(ProxyPre::new)
            .map_err(FrontError::Link)?;
        let ticker = Ticker::start(engine.clone()).map_err(FrontError::Ticker)?;
        Ok(Self {
            engine,
            component,
            shared: Arc::new(Shared {
                executor,
                cors_allow_origins: config.front.cors_allow_origins.join(","),
                frame_ancestors: config.front.frame_ancestors.join(" "),
            }),
            metrics,
            timeout: timeout(config),
            _ticker: ticker,
        })
    }

    /// Has a fresh instance answer a request. Of an answer that is live this is the head: the
    /// instance lives on in its body.
    async fn answer(
        &self,
        request: Request<Full<hyper::body::Bytes>>,
        call: &Arc<Call>,
        said: &Arc<Said>,
    ) -> Result<Answer, Failure> {
        let effort = Effort::new();
        let (shared, call) = (Arc::clone(&self.shared), Arc::clone(call));
        let instance = Instance::new(shared, call, Arc::clone(&effort), Arc::clone(said));
        let mut store = Store::new(&self.engine, instance);
        engine::limit(&mut store, Arc::clone(&effort));
        let (sender, mut receiver) = oneshot::channel();
        let mut http = store.data_mut().http();
        let incoming = http
            .new_incoming_request(Scheme::Http, request)
            .map_err(Failure::Trapped)?;
        let out = http
            .new_response_outparam(sender)
            .map_err(Failure::Trapped)?;
        let component = self.component.clone();
        // The store moves in and is dropped with the instance's end, and with it the sender: so
        // that an instance that ends without an answer ends the waiting for one.
        let mut guest = Guest::new(effort, async move {
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
        let written = Written::new(guest, body);
        let content = if is_live(&parts.headers) {
            Content::live(Live::new(written, self.timeout, Arc::clone(said)))
        } else {
            Content::whole(written.collect(ANSWER_BYTES).await?)
        };
        Ok(Answer::from_parts(parts, content))
    }
}

/// Whether an answer with these headers comes while it is written.
fn is_live(headers: &HeaderMap) -> bool {
    const EVENTS: &[u8] = b"text/event-stream";
    let length = headers.get(CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let kind = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    length.is_some_and(|length| length > WHOLE_BYTES)
        || kind.is_some_and(|kind| kind.starts_with(EVENTS))
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
        let said = Said::new(call);
        let answered = tokio::time::timeout(self.timeout, self.answer(request, call, &said)).await;
        let failure = match answered {
            Ok(Ok(answer)) => return answer,
            Ok(Err(failure)) => failure,
            Err(_) => Failure::TimedOut(self.timeout),
        };
        self.metrics.front_failed();
        said.failed(&failure);
        let message = "internal error; the request id helps to find it in the log";
        error(ErrorType::INTERNAL, message, &call.request_id)
    }
}
