//! What is done for every request, whoever handles it.

use super::access::AccessLine;
use super::answer::Answer;
use super::body::{BodyError, collect};
use super::budget::{Budget, SMALL_BYTES};
use super::call::{Call, new_id, sane_id};
use super::client::named_client;
use super::content::{Content, Ending};
use super::gate::{Gate, Refusal};
use super::handler::{Handler, Payload};
use super::phase::{Ending as ConnectionEnding, Shared};
use super::socket::{Client, Left};
use super::stage::Stage;
use super::turns::Turns;
use crate::config::Http;
use crate::metrics::Metrics;
use belljar_contract::ErrorType;
use hyper::Request;
use hyper::body::{Body, Incoming};
use hyper::header::{HeaderName, HeaderValue};
use std::sync::Arc;
use tokio::sync::watch;

/// The header that carries a request's id, both ways.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What all connections of a listener share.
#[derive(Debug)]
pub(super) struct Context<H> {
    pub(super) handler: H,
    pub(super) http: Http,
    pub(super) client_header: Option<HeaderName>,
    /// What every request has to pass, in order.
    pub(super) gates: Vec<Box<dyn Gate>>,
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
            Err(refusal) => refusal.into_answer(&call),
        };
        if let Ok(id) = HeaderValue::from_str(&call.request_id) {
            answer.headers_mut().entry(REQUEST_ID).or_insert(id);
        }
        let status = answer.status().as_u16();
        if let Content::Live { ending, turn, .. } = answer.body_mut() {
            *turn = Some(self.context.turns.part(&call.client, body_bytes));
            let (shared, client) = (Arc::clone(&self.shared), self.client.clone());
            let left = Box::pin(async move { client.left().await });
            *ending = Some(Ending::new(line, status, shared, left));
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

    /// Has a request pass the gates, and reads its body.
    async fn prepare(
        &self,
        request: Request<Incoming>,
        call: &Call,
    ) -> Result<Request<Payload>, Refusal> {
        let refuse = |error_type, message: String| Err(Refusal::Error(error_type, message));
        let (parts, body) = request.into_parts();
        for gate in &self.context.gates {
            gate.check(&parts, call)?;
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

/// What is said to a client when the memory that there is for it is used up.
const NO_MEMORY: &str = "too much of what you sent, and have not taken yet, is in memory; \
                         try again in 1 s";
