//! The executor contract over HTTP: `belljar executor`.
#![doc = include_str!("../../../docs/executor-protocol.md")]

mod program;
mod reply;
mod token;

pub use token::{Token, TokenError};

use crate::Executor;
use crate::serve::{Answer, Call, Description, ErrorType, Handler, Metered, Payload, error, json};
use hyper::header::{ALLOW, AUTHORIZATION, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use hyper::http::request::Parts;
use hyper::{Method, Request};
use reply::Reply;
use std::sync::Arc;

/// The handler of the executor protocol.
#[derive(Debug)]
pub(crate) struct ExecutorHttp<E> {
    executor: Metered<E>,
    description: Description,
    token: Token,
}

impl<E: Executor> ExecutorHttp<E> {
    pub(crate) fn new(executor: Metered<E>, description: Description, token: Token) -> Self {
        Self {
            executor,
            description,
            token,
        }
    }

    async fn execute(&self, body: &[u8], call: &Call) -> Reply {
        let program = match program::decode(body) {
            Ok(program) => program,
            Err(problem) => return Reply::Invalid(problem),
        };
        Reply::of(self.executor.execute(program, call, None).await)
    }

    fn describe(&self) -> Reply {
        let status = self.executor.executor().status();
        if status.workers == 0 {
            return Reply::unavailable("no worker is up");
        }
        Reply::describe(&self.description, &status.isolation)
    }
}

impl<E: Executor> Handler for ExecutorHttp<E> {
    /// A program of the largest size, all of it escaped.
    const BODY_BYTES: usize = 4 << 20;

    /// Whoever does not show the token is not listened to.
    fn refuse(&self, head: &Parts, call: &Call) -> Option<Answer> {
        if self.token.is_shown_in(head.headers.get(AUTHORIZATION)) {
            return None;
        }
        let message = "authorization: expected `Bearer` with this executor's token";
        let mut answer = error(ErrorType::Unauthorized, message, &call.request_id);
        let challenge = HeaderValue::from_static("Bearer");
        answer.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        Some(answer)
    }

    async fn handle(&self, request: Request<Payload>, call: &Arc<Call>) -> Answer {
        let refuse = |error_type, message: &str| error(error_type, message, &call.request_id);
        let (path, method) = (request.uri().path(), request.method());
        let allowed = match path {
            "/v1/execute" => Method::POST,
            "/v1/describe" => Method::GET,
            _ => {
                let message = "no such path: there are /v1/execute and /v1/describe";
                return refuse(ErrorType::NotFound, message);
            }
        };
        if *method != allowed {
            let mut answer = refuse(ErrorType::MethodNotAllowed, &format!("expected {allowed}"));
            if let Ok(allowed) = HeaderValue::from_str(allowed.as_str()) {
                answer.headers_mut().insert(ALLOW, allowed);
            }
            return answer;
        }
        if request.body().too_large {
            let message = format!("request body: expected at most {} bytes", Self::BODY_BYTES);
            return refuse(ErrorType::RequestTooLarge, &message);
        }
        let reply = if allowed == Method::POST {
            self.execute(&request.body().bytes, call).await
        } else {
            self.describe()
        };
        if let Reply::Invalid(problem) = &reply {
            return refuse(ErrorType::InvalidRequest, problem);
        }
        let mut answer = json(reply.status(), &reply);
        if let Some(seconds) = reply.retry_after() {
            answer.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        answer
    }
}
