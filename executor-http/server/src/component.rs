//! The component's edge: `wasi:http` on one side, the imported executor on the other.

use crate::bindings::belljar::sandbox::executor;
use belljar_contract::protocol::{BODY_BYTES, DESCRIBE_PATH, EXECUTE_PATH, Reply, program};
use belljar_contract::{ErrorBody, ErrorType, Outcome, Rejection, RuntimeInfo};
use spin_sdk::http::{
    Fields, IncomingRequest, Method, OutgoingBody, OutgoingResponse, ResponseOutparam,
};
use spin_sdk::http_component;
use wasi::io::streams::{OutputStream, StreamError};

/// Most bytes taken from the host at once.
const READ_BYTES: u64 = 64 * 1024;

/// A status, a body, and the method that would have been right where that was the problem.
struct Answer {
    status: u16,
    body: Vec<u8>,
    allow: Option<&'static str>,
}

// Not `async`: an instance serves one request, so there is nothing to do while a stream blocks.
#[http_component]
fn serve(request: IncomingRequest, out: ResponseOutparam) {
    let path = request.path_with_query().unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default();
    let answer = match (path, request.method()) {
        (EXECUTE_PATH, Method::Post) => match read(&request) {
            Ok(body) => execute(&body),
            Err(answer) => answer,
        },
        (DESCRIBE_PATH, Method::Get) => answer(&Reply::describing(describe())),
        (EXECUTE_PATH, _) => not_allowed("POST"),
        (DESCRIBE_PATH, _) => not_allowed("GET"),
        _ => error(
            ErrorType::NotFound,
            "no such path: there are /v1/execute and /v1/describe",
        ),
    };
    send(answer, out);
}

fn execute(body: &[u8]) -> Answer {
    let run = |program| -> Result<Outcome, Rejection> { Ok(executor::execute(&program)?.into()) };
    let (program, request_id) = match program::decode(body) {
        Ok(decoded) => decoded,
        Err(problem) => return error(ErrorType::InvalidRequest, &problem),
    };
    // What the executor refused would be a fault of ours.
    match program.check() {
        Ok(()) => answer(&Reply::of(run((program, request_id).into()))),
        Err(refusal) => error(refusal.error_type(), &refusal.to_string()),
    }
}

fn describe() -> Result<RuntimeInfo, Rejection> {
    Ok(executor::describe()?.into())
}

fn answer(reply: &Reply) -> Answer {
    Answer {
        status: reply.status(),
        body: reply.encode(),
        allow: None,
    }
}

fn not_allowed(allow: &'static str) -> Answer {
    Answer {
        allow: Some(allow),
        ..error(ErrorType::MethodNotAllowed, &format!("expected {allow}"))
    }
}

fn error(error_type: ErrorType, message: &str) -> Answer {
    let body = ErrorBody::new(error_type, message, None);
    Answer {
        status: error_type.status(),
        body: body.encode(),
        allow: None,
    }
}

fn read(request: &IncomingRequest) -> Result<Vec<u8>, Answer> {
    let broken = || error(ErrorType::InvalidRequest, "request body: it broke off");
    let body = request.consume().map_err(|()| broken())?;
    let stream = body.stream().map_err(|()| broken())?;
    let mut bytes = Vec::new();
    loop {
        match stream.blocking_read(READ_BYTES) {
            Ok(piece) => bytes.extend_from_slice(&piece),
            Err(StreamError::Closed) => return Ok(bytes),
            Err(StreamError::LastOperationFailed(_)) => return Err(broken()),
        }
        if bytes.len() > BODY_BYTES {
            let message = format!("request body: expected at most {BODY_BYTES} bytes");
            return Err(error(ErrorType::RequestTooLarge, &message));
        }
    }
}

fn send(answer: Answer, out: ResponseOutparam) {
    let length = answer.body.len().to_string();
    let mut headers = vec![
        ("content-type".to_owned(), b"application/json".to_vec()),
        ("content-length".to_owned(), length.into_bytes()),
    ];
    if let Some(method) = answer.allow {
        headers.push(("allow".to_owned(), method.as_bytes().to_vec()));
    }
    let fields = Fields::from_list(&headers).expect("our headers are well-formed");
    let outgoing = OutgoingResponse::new(fields);
    outgoing
        .set_status_code(answer.status)
        .expect("our status codes are in range");
    let body = outgoing.body().expect("the body is taken once");
    out.set(outgoing);
    let stream = body.write().expect("the stream is taken once");
    // Broken off means that the client went away: there is no one left to tell.
    let _ = write(&stream, &answer.body);
    drop(stream);
    let _ = OutgoingBody::finish(body, None);
}

fn write(stream: &OutputStream, mut bytes: &[u8]) -> Result<(), StreamError> {
    while !bytes.is_empty() {
        let room = usize::try_from(stream.check_write()?).unwrap_or(usize::MAX);
        if room == 0 {
            stream.subscribe().block();
            continue;
        }
        let (piece, rest) = bytes.split_at(room.min(bytes.len()));
        stream.write(piece)?;
        bytes = rest;
    }
    Ok(())
}
