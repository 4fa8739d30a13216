//! The exported contract: every call is one request.

use crate::bindings::exports::belljar::sandbox::executor::Guest;
use crate::http::{self, Request, Response};
use belljar_executor_protocol::types::{
    Completion, Fault, FaultKind, Outcome, OutputStreams, Program, Rejection, RuntimeInfo, Usage,
};
use belljar_executor_protocol::{DESCRIBE_PATH, EXECUTE_PATH, program, reply};
use std::time::Duration;

/// How long a program may take that names no timeout: above every executor's default.
const RUN_TIMEOUT: Duration = Duration::from_secs(60);

/// Time that an answer may take beyond what the program may: waiting for a place, the way here.
const SPARE: Duration = Duration::from_secs(30);

/// How long an executor may take to describe itself. It may have to be loaded first.
const DESCRIBE_TIMEOUT: Duration = Duration::from_secs(10);

struct Executor;

crate::bindings::export!(Executor with_types_in crate::bindings);

impl Guest for Executor {
    fn execute(program: Program) -> Result<Outcome, Rejection> {
        let timeout = program.limits.timeout_ms.map(Duration::from_millis);
        let timeout = timeout.unwrap_or(RUN_TIMEOUT).saturating_add(SPARE);
        let request_id = program.request_id.clone();
        let body = program::encode(program);
        let response = ask(EXECUTE_PATH, Some(&body), request_id, timeout)?;
        // An instance that trapped leaves nothing but this behind.
        if response.status == 500 && response.body.is_empty() {
            return Ok(trapped());
        }
        reply::decode_outcome(&response.body).unwrap_or_else(|| Err(unexpected(&response)))
    }

    fn describe() -> Result<RuntimeInfo, Rejection> {
        let response = ask(DESCRIBE_PATH, None, None, DESCRIBE_TIMEOUT)?;
        reply::decode_info(&response.body).unwrap_or_else(|| Err(unexpected(&response)))
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

/// The sandbox trapped and took its whole instance with it. There is no telling why; where a
/// sandbox's limits are enforced inside of it, what is left is nearly always its stack.
fn trapped() -> Outcome {
    Outcome {
        completion: Completion::Fault(Fault {
            kind: FaultKind::Crashed,
            message:
                "The sandbox crashed: it trapped. Most likely something recurses or nests too \
                      deeply for its stack, whose size is fixed; on engines without exceptions, a \
                      limit may have been reached"
                    .to_owned(),
            traceback: None,
            line: None,
            column: None,
            exit_code: None,
        }),
        stdout: Vec::new(),
        stderr: Vec::new(),
        display: Vec::new(),
        truncated: OutputStreams::empty(),
        usage: Usage {
            duration_us: 0,
            fuel: 0,
            memory_bytes: 0,
            memory_pages: 0,
        },
    }
}
