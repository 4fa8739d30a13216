//! What is done for every request, whoever handles it.

use super::answer::{self, Answer};
use super::body::{BodyError, collect};
use super::budget::{Budget, SMALL_BYTES};
use super::call::{Call, new_id, sane_id};
use super::client::named_client;
use super::content::Content;
use super::hosts::AllowedHosts;
use super::listener::Stage;
use super::phase::{Ending as ConnectionEnding, Phase, Shared};
use super::socket::Client;
use super::turns::Turns;
use super::{Handler, Payload};
use crate::serve::config::Http;
use crate::serve::metrics::Metrics;
use belljar_contract::ErrorType;
use hyper::Request;
use hyper::body::{Body, Incoming};
use hyper::header::{EXPECT, HeaderName, HeaderValue};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll};
use std::time::Instant;
use tokio::sync::watch;

/// The header that carries a request's id, both ways.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest target of a request, in bytes: routes need a few dozen.
const TARGET_BYTES: usize = 8 << 10;

/// The most of a path that is logged.
const LOGGED_PATH_BYTES: usize = 128;

/// What all connections of a listener share.
#[derive(Debug)]
pub(super) struct Context<H> {
    pub(super) handler: H,
    pub(super) http: Http,
    pub(super) client_header: Option<HeaderName>,
    pub(super) hosts: AllowedHosts,
    pub(super) budget: Budget,
    pub(super) turns: Turns,
    pub(super) metrics: Arc<Metrics>,
    pub(super) stage: watch::Receiver<Stage>,
}

/// Answers the requests of one connection.
pub(super) struct Service<H> {
    pub(super) context: Arc<Context<H>>,
    pub(super) shared: Arc<Shared>,
    pub(super) client: Client,
    /// Who is connected, as [`client_of`](super::client::client_of) has it.
    pub(super) peer: Arc<str>,
}

/// There is nobody to answer. Ends the connection.
#[derive(Debug, thiserror::Error)]
#[error("the client has left")]
pub(super) struct Left;

impl<H> Clone for Service<H> {
    fn clone(&self) -> Self {
        Self {
            context: Arc::clone(&self.context),
            shared: Arc::clone(&self.shared),
            client: self.client.clone(),
            peer: Arc::clone(&self.peer),
        }
    }
}

impl<H: Handler> Service<H> {
    /// Answers one request. Dropped when hyper notices that the client goes away, and ended when
    /// we do.
    pub(super) async fn call(self, mut request: Request<Incoming>) -> Result<Answer, Left> {
        let call = Arc::new(self.begin(&mut request));
        let mut line = AccessLine::new(
            &request,
            Arc::clone(&call),
            Arc::clone(&self.context.metrics),
        );
        let has_body = !request.body().is_end_stream();
        let mut body_bytes = 0;
        let answer = match self.prepare(request, &call).await {
            Ok(mut request) => {
                // Whoever handles it makes something of its bytes, which is not smaller.
                let _held = request.body_mut().reservation.take();
                body_bytes = request.body().bytes.len();
                let turn = self.context.turns.part(&call.client, body_bytes);
                let handled = turn.all(self.context.handler.handle(request, &call));
                tokio::select! {
                    biased;
                    answer = handled => Ok(answer),
                    () = self.client.left() => return Err(Left),
                }
            }
            Err(refusal) => {
                if has_body && self.shared.ending() != Some(ConnectionEnding::Displaced) {
                    self.shared.linger();
                }
                Err(refusal)
            }
        };
        let mut answer = match answer.and_then(|answer| self.keep(answer, &call)) {
            Ok(answer) => answer,
            Err(Refusal::Answer(answer)) => *answer,
            Err(Refusal::Error(error_type, message)) => {
                answer::error(error_type, &message, &call.request_id)
            }
        };
        if let Ok(id) = HeaderValue::from_str(&call.request_id) {
            answer.headers_mut().entry(REQUEST_ID).or_insert(id);
        }
        let status = answer.status().as_u16();
        if let Content::Live { ending, turn, .. } = answer.body_mut() {
            *turn = Some(self.context.turns.part(&call.client, body_bytes));
            let (shared, client) = (Arc::clone(&self.shared), self.client.clone());
            *ending = Some(Ending {
                line,
                shared,
                status,
                left: Box::pin(async move { client.left().await }),
            });
        } else {
            line.end(status);
            answer.body_mut().goes_out(&self.shared);
        }
        Ok(answer)
    }

    /// Gives the request its id, and finds out who asks.
    fn begin(&self, request: &mut Request<Incoming>) -> Call {
        let headers = request.headers_mut();
        let mut given = headers.get_all(&REQUEST_ID).iter();
        let id = match (given.next(), given.next()) {
            (Some(id), None) => sane_id(id.as_bytes()).map(ToOwned::to_owned),
            _ => None,
        };
        let id = id.unwrap_or_else(|| {
            let id = new_id();
            if let Ok(value) = HeaderValue::from_str(&id) {
                headers.insert(REQUEST_ID, value);
            }
            id
        });
        let named = self.context.client_header.as_ref();
        let named = named.and_then(|name| named_client(headers, name));
        Call::new(id, named.unwrap_or_else(|| self.peer.to_string()))
    }

    /// Checks what is the same for all handlers, and reads the body.
    async fn prepare(
        &self,
        request: Request<Incoming>,
        call: &Call,
    ) -> Result<Request<Payload>, Refusal> {
        let refuse = |error_type, message: String| Err(Refusal::Error(error_type, message));
        if *self.context.stage.borrow() != Stage::Serving {
            return refuse(ErrorType::Unavailable, "the server is stopping".to_owned());
        }
        let target = request
            .uri()
            .path_and_query()
            .map_or(0, |target| target.as_str().len());
        if target > TARGET_BYTES {
            let message = format!("request target: expected at most {TARGET_BYTES} bytes");
            return refuse(ErrorType::UriTooLong, message);
        }
        if let Err((error_type, message)) = self.context.hosts.check(&request) {
            return refuse(error_type, message);
        }
        // RFC 9110, 10.1.1: there is one expectation; what else a client expects it will not get.
        let mut expectations = request.headers().get_all(EXPECT).iter();
        if !expectations.all(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue")) {
            let message = "expect: expected `100-continue` if anything".to_owned();
            return refuse(ErrorType::ExpectationFailed, message);
        }
        let (parts, body) = request.into_parts();
        if let Some(answer) = self.context.handler.refuse(&parts, call) {
            return Err(Refusal::Answer(Box::new(answer)));
        }
        let timeout = self.context.http.body_timeout();
        let reserve = |bytes| self.context.budget.reserve(&call.client, bytes);
        let collected = collect(body, H::BODY_BYTES, timeout, &self.shared, reserve).await;
        let payload = match collected {
            Ok(payload) => payload,
            Err(BodyError::Timeout) => {
                let message = format!("request body: expected within {} ms", timeout.as_millis());
                return refuse(ErrorType::RequestTimeout, message);
            }
            Err(BodyError::Broken) => {
                let message = "request body: ended before its end, or its chunks are malformed";
                return refuse(ErrorType::InvalidRequest, message.to_owned());
            }
            Err(BodyError::NoMemory) => return refuse(ErrorType::Overloaded, NO_MEMORY.to_owned()),
            Err(BodyError::Displaced) => {
                let (error_type, message) = ConnectionEnding::Displaced.told();
                return refuse(error_type, message.to_owned());
            }
        };
        if payload.too_large {
            self.shared.linger();
        }
        Ok(Request::from_parts(parts, payload))
    }

    /// Reserves the memory that an answer takes until the client has taken it.
    fn keep(&self, mut answer: Answer, call: &Call) -> Result<Answer, Refusal> {
        let bytes = answer.body().memory(answer.headers());
        if bytes > SMALL_BYTES {
            let reserved = self.context.budget.reserve(&call.client, bytes);
            let refused = |_| Refusal::Error(ErrorType::Overloaded, NO_MEMORY.to_owned());
            answer.body_mut().keep(reserved.map_err(refused)?);
        }
        Ok(answer)
    }
}

/// Why a request gets no answer of its handler's.
enum Refusal {
    Error(ErrorType, String),
    /// The handler's own, to the head alone.
    Answer(Box<Answer>),
}

/// What is said to a client when the memory that there is for it is used up.
const NO_MEMORY: &str = "too much of what you sent, and have not taken yet, is in memory; \
                         try again in 1 s";

/// What is left to be done when an answer that came as it was made is out.
pub(crate) struct Ending {
    line: AccessLine,
    shared: Arc<Shared>,
    status: u16,
    left: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Ending {
    /// Whether the client is gone, so that the end is not worth waiting for.
    pub(super) fn poll_left(&mut self, cx: &mut task::Context<'_>) -> Poll<Left> {
        self.left.as_mut().poll(cx).map(|()| Left)
    }

    /// All of the answer is made.
    pub(super) fn reached(mut self) {
        self.line.end(self.status);
        self.shared.set(Phase::Answering);
    }
}

/// The line about a request in the log, and its place in the metrics. Written also if the client
/// goes away, with status 499.
struct AccessLine {
    call: Arc<Call>,
    metrics: Arc<Metrics>,
    method: hyper::Method,
    path: String,
    start: Instant,
    ended: bool,
}

/// What the log says of a client that did not wait, after nginx.
const CLIENT_CLOSED: u16 = 499;

impl AccessLine {
    fn new(request: &Request<Incoming>, call: Arc<Call>, metrics: Arc<Metrics>) -> Self {
        // Paths are UTF-8 without ASCII's control characters: hyper refuses others. The query is left
        // out: no route takes one, so what it says is nobody's business.
        let path = request.uri().path();
        Self {
            call,
            metrics,
            method: request.method().clone(),
            path: path[..path.floor_char_boundary(LOGGED_PATH_BYTES)].to_owned(),
            start: Instant::now(),
            ended: false,
        }
    }

    fn end(&mut self, status: u16) {
        self.ended = true;
        let elapsed = self.start.elapsed();
        self.metrics.answered(status, Some(elapsed));
        tracing::info!(
            target: "belljar::access",
            method = %self.method,
            path = self.path,
            status,
            duration_ms = (elapsed.as_secs_f64() * 1e6).round() / 1e3,
            request_id = self.call.request_id,
            outcome = self.call.outcome().unwrap_or("none"),
            "request"
        );
    }
}

impl Drop for AccessLine {
    fn drop(&mut self) {
        if !self.ended {
            self.end(CLIENT_CLOSED);
        }
    }
}
