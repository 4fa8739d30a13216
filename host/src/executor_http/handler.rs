//! The handler of the executor protocol.

use crate::http::{Answer, Call, Handler, Payload, error, json};
use crate::metered::Metered;
use belljar_contract::protocol::{BODY_BYTES, DESCRIBE_PATH, EXECUTE_PATH, Reply, program};
use belljar_contract::{ErrorType, Refusal, Rejection};
use belljar_pool::Executor;
use hyper::header::{ALLOW, HeaderValue, RETRY_AFTER};
use hyper::{Method, Request, StatusCode};
use std::sync::Arc;

/// The handler of the executor protocol.
#[derive(Debug)]
pub(crate) struct ExecutorHttp<E> {
    executor: Metered<E>,
}

impl<E: Executor> ExecutorHttp<E> {
    pub(crate) fn new(executor: Metered<E>) -> Self {
        Self { executor }
    }

    async fn execute(&self, body: &[u8], call: &Call) -> Reply {
        let program = match program::decode(body) {
            // Its name for the request is for the client's logs: the header is what ours have.
            Ok((program, _)) => program,
            Err(problem) => return Reply::Rejection(Refusal::Invalid(problem).into()),
        };
        Reply::of(self.executor.execute(program, call, None).await)
    }
}

impl<E: Executor> Handler for ExecutorHttp<E> {
    const BODY_BYTES: usize = BODY_BYTES;

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
            Reply::describing(self.executor.describe())
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
