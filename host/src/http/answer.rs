//! Answers that the host makes itself: the shape is that of the front's errors.

use super::content::Content;
use belljar_contract::ErrorBody;
use belljar_contract::ErrorType;
use hyper::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use hyper::{Response, StatusCode};
use serde::Serialize;

/// An answer.
pub(crate) type Answer = Response<Content>;

/// The status of an answer with this error.
fn status(error_type: ErrorType) -> StatusCode {
    StatusCode::from_u16(error_type.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The error that hyper reports with this status, when it cannot read a request.
fn of_hyper(status: u16) -> ErrorType {
    match status {
        414 => ErrorType::UriTooLong,
        431 => ErrorType::HeadersTooLarge,
        _ => ErrorType::InvalidRequest,
    }
}

/// Whether the connection is of no more use, or had better not be used again.
fn ends_connection(error_type: ErrorType) -> bool {
    matches!(
        error_type,
        ErrorType::RequestTimeout
            | ErrorType::HeadersTooLarge
            | ErrorType::Overloaded
            | ErrorType::Unavailable
    )
}

/// An answer with a JSON body.
pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Answer {
    // A body of strings and numbers always has a JSON form; an empty one is better than a panic.
    let text = serde_json::to_vec(value).unwrap_or_default();
    let mut answer = Response::new(Content::whole(text));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// An error of the host.
pub(crate) fn error(error_type: ErrorType, message: &str, request_id: &str) -> Answer {
    let mut answer = json(
        status(error_type),
        &ErrorBody::new(error_type, message, Some(request_id)),
    );
    let headers = answer.headers_mut();
    if ends_connection(error_type) {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    if status(error_type) == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    answer
}

/// The same as bytes, for a connection on which there is no request to answer. Gives the status,
/// too.
pub(super) fn raw(error_type: ErrorType, message: &str, request_id: &str) -> Vec<u8> {
    let body = ErrorBody::new(error_type, message, Some(request_id));
    let text = serde_json::to_string(&body).unwrap_or_default();
    let status = status(error_type);
    let retry = if status == StatusCode::SERVICE_UNAVAILABLE {
        "retry-after: 1\r\n"
    } else {
        ""
    };
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         cache-control: no-store\r\nx-request-id: {request_id}\r\n{retry}connection: close\r\n\r\n{text}",
        text.len()
    )
    .into_bytes()
}

/// What to say instead of hyper's bare answer `bytes` to something that is not a request.
pub(super) fn instead_of(bytes: &[u8], header_bytes: u32) -> (ErrorType, String) {
    let code = bytes.get(9..12).and_then(|code| str::from_utf8(code).ok());
    let error_type = of_hyper(code.and_then(|code| code.parse().ok()).unwrap_or(400));
    let message = match error_type {
        ErrorType::UriTooLong => "request target: too long".to_owned(),
        ErrorType::HeadersTooLarge => format!(
            "request head: expected at most {header_bytes} bytes and 100 headers, found more"
        ),
        _ => "request: expected HTTP/1.1, found something else".to_owned(),
    };
    (error_type, message)
}
