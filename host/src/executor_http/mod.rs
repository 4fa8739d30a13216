//! The executor contract over HTTP: `belljar executor`.
#![doc = include_str!("../../../docs/executor-protocol.md")]

mod token;

pub use token::{Token, TokenError};

use crate::serve::{Answer, Call, Handler, Metered, Payload, error, json};
use belljar_contract::RuntimeInfo;
use belljar_contract::protocol::{BODY_BYTES, DESCRIBE_PATH, EXECUTE_PATH, Reply, program};
use belljar_contract::{ErrorType, Refusal, Rejection};
use belljar_pool::Executor;
use hyper::header::{ALLOW, AUTHORIZATION, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use hyper::http::request::Parts;
use hyper::{Method, Request, StatusCode};
use std::sync::Arc;

/// The handler of the executor protocol.
#[derive(Debug)]
pub(crate) struct ExecutorHttp<E> {
    executor: Metered<E>,
    description: RuntimeInfo,
    token: Token,
}

impl<E: Executor> ExecutorHttp<E> {
    pub(crate) fn new(executor: Metered<E>, description: RuntimeInfo, token: Token) -> Self {
        Self {
            executor,
            description,
            token,
        }
    }

    async fn execute(&self, body: &[u8], call: &Call) -> Reply {
        let program = match program::decode(body) {
            // Its name for the request is for the client's logs: the header is what ours have.
            Ok((program, _)) => program,
            Err(problem) => return Reply::Rejection(Refusal::Invalid(problem).into()),
        };
        Reply::of(self.executor.execute(program, call, None).await)
    }

    fn describe(&self) -> Reply {
        let status = self.executor.executor().status();
        if status.workers == 0 {
            let reason = "no worker is up".to_owned();
            return Reply::Rejection(Rejection::Unavailable(reason));
        }
        Reply::describing(Ok(RuntimeInfo {
            isolation: status.isolation,
            ..self.description.clone()
        }))
    }
}

impl<E: Executor> Handler for ExecutorHttp<E> {
    const BODY_BYTES: usize = BODY_BYTES;

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
            EXECUTE_PATH => Method::POST,
            DESCRIBE_PATH => Method::GET,
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
        let retry_after = match &reply {
            Reply::Rejection(Rejection::Refused(refusal)) => {
                return refuse(refusal.error_type(), &refusal.to_string());
            }
            Reply::Rejection(rejection) => rejection.retry_after_seconds(),
            Reply::Outcome(_) | Reply::RuntimeInfo(_) => None,
        };
        let status = StatusCode::from_u16(reply.status());
        let mut answer = json(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), &reply);
        if let Some(seconds) = retry_after {
            answer.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        answer
    }
}
