//! The executor contract over HTTP, version 1: `belljar executor`.
//!
//! For fronts that run elsewhere, for example in a cloud that can't hold the interpreter. It is the
//! interface `executor` of `wit/`, word for word in JSON: names have underscores for hyphens,
//! variants are objects with one member, flags are arrays of names, byte strings are base64
//! (RFC 4648, with padding). Absent options are left out; on the way in, `null` counts as absent.
//!
//! Every request needs `Authorization: Bearer <token>`; without the right one the answer is 401
//! `unauthorized`. The server speaks HTTP/1.1 without TLS: put it behind a proxy, or on a private
//! network.
//!
//! # `POST /v1/execute`
//!
//! Takes a `program` as `application/json`, at most 4 MiB:
//!
//! ```json
//! {
//!   "script": "def main(numbers):\n    return sum(numbers)",
//!   "mode": "function",
//!   "input": "[1, 2, 3]",
//!   "stdin": "",
//!   "args": [],
//!   "env": [["NAME", "value"]],
//!   "limits": {"timeout_ms": 1000, "fuel": 1000000, "memory_bytes": 268435456, "output_bytes": 4096},
//!   "seed": 7,
//!   "request_id": "7f3c"
//! }
//! ```
//!
//! `script` and `mode` (`function` or `program`) are needed, the rest is optional. `input` is JSON
//! *text*, so that numbers stay exact. A member that is not named here is refused.
//!
//! A run that took place, however it ended, is 200 with an `outcome`. Its `completion` is one of
//! `{"value": "<JSON text>"}`, `{"exited": 0}` and `{"fault": {…}}`:
//!
//! ```json
//! {"outcome": {
//!   "completion": {"fault": {"kind": "exception", "message": "…", "traceback": "…", "line": 2}},
//!   "stdout": "aGVsbG8K", "stderr": "", "truncated": ["stdout"],
//!   "usage": {"duration_us": 412, "fuel": 1234567, "memory_bytes": 91226112, "memory_pages": 1392}
//! }}
//! ```
//!
//! A program that never ran is answered with a `rejection`:
//!
//! | `rejection` | status |
//! |---|---|
//! | `{"invalid_limit": {"limit": "fuel", "requested": 9, "maximum": 5}}` | 422 |
//! | `{"overloaded": {"retry_after_ms": 1000}}` | 503, with `Retry-After` in seconds |
//! | `{"unavailable": "reason"}` | 503 |
//! | `{"internal": "reason"}` | 500 |
//!
//! A client that closes the connection cancels its execution.
//!
//! # `GET /v1/describe`
//!
//! 200 with `runtime-info`, or 503 with a `rejection`:
//!
//! ```json
//! {"runtime_info": {
//!   "python_version": "3.15.0", "edition": "full",
//!   "packages": [{"name": "numpy", "version": "2.5.0"}],
//!   "default_limits": {"timeout_ms": 30000, "fuel": 1, "memory_bytes": 1, "output_bytes": 1},
//!   "maximum_limits": {"timeout_ms": 30000, "fuel": 1, "memory_bytes": 1, "output_bytes": 1},
//!   "result_bytes": 4194304, "meter": "belljar-1",
//!   "features": ["cancel", "seed"], "isolation": ["worker-process", "seccomp"]
//! }}
//! ```
//!
//! # Errors of the protocol
//!
//! What is not a request of the protocol is answered like every error of Belljar:
//! `{"error": "…", "error_type": "…", "request_id": "…"}`, with 400 `invalid_request`, 401
//! `unauthorized`, 404 `not_found`, 405 `method_not_allowed`, 408 `request_timeout`, 413
//! `request_too_large` or 431 `headers_too_large`. Every answer has `X-Request-Id`.
//!
//! # Versions
//!
//! `/v1` only ever gains members in answers: clients ignore what they do not know. Anything else
//! makes a `/v2` beside it.

mod program;
mod reply;
mod token;

pub use token::{Token, TokenError};

use crate::Executor;
use crate::serve::{Answer, Call, Description, ErrorType, Handler, Metered, Payload, error, json};
use hyper::header::{ALLOW, AUTHORIZATION, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
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
        Reply::of(self.executor.execute(program, call).await)
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

    async fn handle(&self, request: Request<Payload>, call: &Arc<Call>) -> Answer {
        let refuse = |error_type, message: &str| error(error_type, message, &call.request_id);
        if !self.token.is_shown_in(request.headers().get(AUTHORIZATION)) {
            let message = "authorization: expected `Bearer` with this executor's token";
            let mut answer = refuse(ErrorType::Unauthorized, message);
            let challenge = HeaderValue::from_static("Bearer");
            answer.headers_mut().insert(WWW_AUTHENTICATE, challenge);
            return answer;
        }
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
