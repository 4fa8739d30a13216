//! What is done for every request, whoever handles it.

use super::answer::{self, Answer, ErrorType};
use super::body::{BodyError, collect};
use super::call::{Call, new_id, sane_id};
use super::content::Content;
use super::listener::Stage;
use super::peer::client_name;
use super::socket::Client;
use super::wire::{Phase, Shared};
use super::{Handler, Payload};
use crate::serve::config::Http;
use crate::serve::metrics::Metrics;
use hyper::body::{Body, Incoming};
use hyper::header::{HOST, HeaderName, HeaderValue};
use hyper::{Request, Version};
use std::net::IpAddr;
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
    pub(super) metrics: Arc<Metrics>,
    pub(super) stage: watch::Receiver<Stage>,
}

/// Answers the requests of one connection.
pub(super) struct Service<H> {
    pub(super) context: Arc<Context<H>>,
    pub(super) shared: Arc<Shared>,
    pub(super) client: Client,
    pub(super) peer: IpAddr,
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
            peer: self.peer,
        }
    }
}

impl<H: Handler> Service<H> {
    /// Answers one request. Dropped when hyper notices that the client goes away, and ended when
    /// we do.
    pub(super) async fn call(self, mut request: Request<Incoming>) -> Result<Answer, Left> {
        self.shared.set(Phase::Busy);
        let call = Arc::new(self.begin(&mut request));
        let mut line = AccessLine::new(
            &request,
            Arc::clone(&call),
            Arc::clone(&self.context.metrics),
        );
        let has_body = !request.body().is_end_stream();
        let answer = match self.prepare(request).await {
            Ok(request) => tokio::select! {
                biased;
                answer = self.context.handler.handle(request, &call) => Ok(answer),
                () = self.client.left() => return Err(Left),
            },
            Err(error) => Err(error),
        };
        let mut answer = match answer {
            Ok(answer) => answer,
            Err((error_type, message)) => {
                if has_body {
                    self.shared.linger();
                }
                answer::error(error_type, &message, &call.request_id)
            }
        };
        if let Ok(id) = HeaderValue::from_str(&call.request_id) {
            answer.headers_mut().entry(REQUEST_ID).or_insert(id);
        }
        let status = answer.status().as_u16();
        if let Content::Live { ending, .. } = answer.body_mut() {
            let (shared, client) = (Arc::clone(&self.shared), self.client.clone());
            *ending = Some(Ending {
                line,
                shared,
                status,
                left: Box::pin(async move { client.left().await }),
            });
        } else {
            line.end(status);
            self.shared.set(Phase::Answering);
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
        let named = self.context.client_header.as_ref().and_then(|name| {
            let value = headers.get_all(name).iter().next_back()?.to_str().ok()?;
            let client = value.rsplit(',').next()?.trim();
            (1..=LOGGED_PATH_BYTES)
                .contains(&client.len())
                .then(|| client.to_owned())
        });
        Call::new(id, named.unwrap_or_else(|| client_name(self.peer)))
    }

    /// Checks what is the same for all handlers, and reads the body.
    async fn prepare(
        &self,
        request: Request<Incoming>,
    ) -> Result<Request<Payload>, (ErrorType, String)> {
        if *self.context.stage.borrow() != Stage::Serving {
            return Err((ErrorType::Unavailable, "the server is stopping".to_owned()));
        }
        let target = request
            .uri()
            .path_and_query()
            .map_or(0, |target| target.as_str().len());
        if target > TARGET_BYTES {
            let message = format!("request target: expected at most {TARGET_BYTES} bytes");
            return Err((ErrorType::UriTooLong, message));
        }
        check_host(&request)?;
        let (parts, body) = request.into_parts();
        let timeout = self.context.http.body_timeout();
        let payload = match collect(body, H::BODY_BYTES, timeout).await {
            Ok(payload) => payload,
            Err(BodyError::Timeout) => {
                let message = format!("request body: expected within {} ms", timeout.as_millis());
                return Err((ErrorType::RequestTimeout, message));
            }
            Err(BodyError::Broken) => {
                let message = "request body: ended before its end, or its chunks are malformed";
                return Err((ErrorType::InvalidRequest, message.to_owned()));
            }
        };
        if payload.too_large {
            self.shared.linger();
        }
        Ok(Request::from_parts(parts, payload))
    }
}

/// RFC 9112, 3.2: a request of HTTP/1.1 has exactly one `Host`, or the server answers 400.
fn check_host(request: &Request<Incoming>) -> Result<(), (ErrorType, String)> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let (first, second) = (hosts.next(), hosts.next());
    let is_old = request.version() == Version::HTTP_10;
    match (first, second) {
        (Some(host), None) if host.to_str().is_ok() => Ok(()),
        (None, None) if is_old => Ok(()),
        _ => {
            let message = "host: expected exactly one header of this name".to_owned();
            Err((ErrorType::InvalidRequest, message))
        }
    }
}

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
        // Paths are ASCII without control characters: hyper refuses others. The query is left out:
        // no route takes one, so what it says is nobody's business.
        let path = request.uri().path();
        Self {
            call,
            metrics,
            method: request.method().clone(),
            path: path.get(..LOGGED_PATH_BYTES).unwrap_or(path).to_owned(),
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
