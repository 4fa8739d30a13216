//! The exported contract: every call is one request.

use crate::bindings::exports::belljar::sandbox::executor::Guest;
use crate::http::{self, Request, Response};
use belljar_contract::protocol::{DESCRIBE_PATH, EXECUTE_PATH, Reply, program};
use belljar_contract::{Completion, Outcome, Rejection, RuntimeInfo};
use belljar_executor_protocol::types;
use std::time::Duration;

/// The time that a program may take which names no timeout: above every executor's default.
const RUN_TIMEOUT: Duration = Duration::from_secs(60);

/// Time that an answer may take beyond what the program may: waiting for a place, the way here.
const SPARE: Duration = Duration::from_secs(30);

/// The time that an executor may take to describe itself. It may have to be loaded first.
const DESCRIBE_TIMEOUT: Duration = Duration::from_secs(10);

/// The message about a sandbox that trapped: it took its whole instance with it. There is no telling
/// why; where a sandbox's limits are enforced inside of it, what is left is nearly always its stack.
const TRAPPED: &str = "The sandbox crashed: it trapped. Most likely something recurses or nests too \
                       deeply for its stack, whose size is fixed; on engines without exceptions, a \
                       limit may have been reached";

struct Executor;

crate::bindings::export!(Executor with_types_in crate::bindings);

impl Guest for Executor {
    fn execute(program: types::Program) -> Result<types::Outcome, types::Rejection> {
        Ok(execute(program)?.into())
    }

    fn describe() -> Result<types::RuntimeInfo, types::Rejection> {
        Ok(describe()?.into())
    }
}

fn execute(mut program: types::Program) -> Result<Outcome, Rejection> {
    let timeout = program.limits.timeout_ms.map(Duration::from_millis);
    let timeout = timeout.unwrap_or(RUN_TIMEOUT).saturating_add(SPARE);
    let request_id = program.request_id.take();
    let body = program::encode(program.into(), request_id.clone());
    let response = ask(EXECUTE_PATH, Some(&body), request_id, timeout)?;
    // An instance that trapped leaves nothing but this behind.
    if response.status == 500 && response.body.is_empty() {
        return Ok(Outcome::bare(Completion::nonsense(TRAPPED)));
    }
    match Reply::decode(&response.body) {
        Some(Reply::Outcome(outcome)) => Ok(outcome),
        Some(Reply::Rejection(rejection)) => Err(rejection),
        Some(Reply::RuntimeInfo(_)) | None => Err(unexpected(&response)),
    }
}

fn describe() -> Result<RuntimeInfo, Rejection> {
    let response = ask(DESCRIBE_PATH, None, None, DESCRIBE_TIMEOUT)?;
    match Reply::decode(&response.body) {
        Some(Reply::RuntimeInfo(info)) => Ok(info),
        Some(Reply::Rejection(rejection)) => Err(rejection),
        Some(Reply::Outcome(_)) | None => Err(unexpected(&response)),
    }
}

fn ask(
    path: &str,
    body: Option<&[u8]>,
    request_id: Option<String>,
    timeout: Duration,
) -> Result<Response, Rejection> {
    // What was read from a file still has the end of its line.
    let variable = |name: &str| {
        spin_sdk::variables::get(name)
            .ok()
            .map(|one| one.trim().to_owned())
            .filter(|one| !one.is_empty())
    };
    let Some(url) = variable("executor_url") else {
        let reason = "the variable executor_url is not set: http://host:port of the executor";
        return Err(Rejection::Unavailable(reason.to_owned()));
    };
    let mut headers = Vec::new();
    if let Some(body) = body {
        headers.push(("content-type".to_owned(), b"application/json".to_vec()));
        headers.push((
            "content-length".to_owned(),
            body.len().to_string().into_bytes(),
        ));
    }
    if let Some(token) = variable("executor_token") {
        headers.push((
            "authorization".to_owned(),
            format!("Bearer {token}").into_bytes(),
        ));
    }
    if let Some(id) = request_id {
        headers.push(("x-request-id".to_owned(), id.into_bytes()));
    }
    let request = Request {
        url: &url,
        path,
        headers,
        body,
        timeout,
    };
    http::send(request)
        .map_err(|reason| Rejection::Unavailable(format!("the executor at {url}: {reason}")))
}

/// An answer that is none of the protocol's.
fn unexpected(response: &Response) -> Rejection {
    match response.status {
        401 => {
            Rejection::Unavailable("the executor refused the token in executor_token".to_owned())
        }
        // What the executor takes for no request of the protocol is a fault of ours.
        400 | 404 | 405 | 413 => {
            let text = String::from_utf8_lossy(&response.body);
            Rejection::Internal(format!("the executor answered {}: {text}", response.status))
        }
        status => Rejection::Unavailable(format!("the executor answered with status {status}")),
    }
}
