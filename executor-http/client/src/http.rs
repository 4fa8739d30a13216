//! One HTTP request and its answer.

use std::time::Duration;
use wasi::http::outgoing_handler;
use wasi::http::types::{
    ErrorCode, Fields, IncomingResponse, Method, OutgoingBody, OutgoingRequest, RequestOptions,
    Scheme,
};
use wasi::io::streams::StreamError;

/// The time that connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The time for which an answer that has begun may pause.
const PAUSE_TIMEOUT: Duration = Duration::from_secs(10);

/// Most bytes taken from a stream, and given to one, at once; the latter is the most that
/// `blocking-write-and-flush` takes.
const READ_BYTES: u64 = 64 * 1024;
const WRITE_BYTES: usize = 4096;

/// The largest answer: the largest result and two full streams, in JSON.
const ANSWER_BYTES: usize = 64 << 20;

/// A request, and the address to which it goes.
pub(crate) struct Request<'a> {
    /// `http://host:port`
    pub(crate) url: &'a str,
    pub(crate) path: &'a str,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    /// None for `GET`, else what to `POST`.
    pub(crate) body: Option<&'a [u8]>,
    /// The time that the answer may take to begin.
    pub(crate) timeout: Duration,
}

/// The answer to a request.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// Sends a request and waits for its answer; the error says why there is none.
pub(crate) fn send(request: Request<'_>) -> Result<Response, String> {
    let (scheme, authority) = split(request.url)?;
    let fields = Fields::from_list(&request.headers)
        .map_err(|error| format!("the headers can't be sent: {error}"))?;
    let outgoing = OutgoingRequest::new(fields);
    let method = if request.body.is_some() {
        Method::Post
    } else {
        Method::Get
    };
    let set = outgoing
        .set_method(&method)
        .and(outgoing.set_scheme(Some(&scheme)))
        .and(outgoing.set_authority(Some(authority)))
        .and(outgoing.set_path_with_query(Some(request.path)));
    set.map_err(|()| format!("executor_url: {authority} is no host"))?;
    let options = RequestOptions::new();
    // A host that knows none of these has its own.
    let _ = options.set_connect_timeout(Some(nanoseconds(CONNECT_TIMEOUT)));
    let _ = options.set_first_byte_timeout(Some(nanoseconds(request.timeout)));
    let _ = options.set_between_bytes_timeout(Some(nanoseconds(PAUSE_TIMEOUT)));

    let body = outgoing
        .body()
        .map_err(|()| "no body can be sent".to_owned())?;
    let pending = outgoing_handler::handle(outgoing, Some(options)).map_err(describe)?;
    write(&body, request.body.unwrap_or_default())?;
    OutgoingBody::finish(body, None).map_err(describe)?;
    let pollable = pending.subscribe();
    pollable.block();
    drop(pollable);
    let response = match pending.get() {
        Some(Ok(Ok(response))) => response,
        Some(Ok(Err(code))) => return Err(describe(code)),
        Some(Err(())) | None => return Err("the host gave no answer".to_owned()),
    };
    Ok(Response {
        status: response.status(),
        body: read(&response)?,
    })
}

/// `http://host:port` in its parts.
fn split(url: &str) -> Result<(Scheme, &str), String> {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let scheme = match scheme {
        "http" => Scheme::Http,
        "https" => Scheme::Https,
        _ => {
            return Err(format!(
                "executor_url: expected http://… or https://…, found {url}"
            ));
        }
    };
    let authority = rest.trim_end_matches('/');
    if authority.is_empty() || authority.contains('/') {
        return Err(format!("executor_url: expected no path, found {url}"));
    }
    Ok((scheme, authority))
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

fn describe(code: ErrorCode) -> String {
    format!("{code:?}")
}

fn write(body: &OutgoingBody, bytes: &[u8]) -> Result<(), String> {
    let stream = body
        .write()
        .map_err(|()| "no body can be sent".to_owned())?;
    for piece in bytes.chunks(WRITE_BYTES) {
        // A server may answer before it has read everything.
        match stream.blocking_write_and_flush(piece) {
            Ok(()) => {}
            Err(StreamError::Closed) => break,
            Err(StreamError::LastOperationFailed(error)) => {
                return Err(format!("sending broke off: {}", error.to_debug_string()));
            }
        }
    }
    Ok(())
}

fn read(response: &IncomingResponse) -> Result<Vec<u8>, String> {
    let body = response
        .consume()
        .map_err(|()| "it has no body".to_owned())?;
    let stream = body.stream().map_err(|()| "it has no body".to_owned())?;
    let mut bytes = Vec::new();
    loop {
        match stream.blocking_read(READ_BYTES) {
            Ok(piece) => bytes.extend_from_slice(&piece),
            Err(StreamError::Closed) => return Ok(bytes),
            Err(StreamError::LastOperationFailed(error)) => {
                return Err(format!("its answer broke off: {}", error.to_debug_string()));
            }
        }
        if bytes.len() > ANSWER_BYTES {
            return Err(format!("its answer has more than {ANSWER_BYTES} bytes"));
        }
    }
}
