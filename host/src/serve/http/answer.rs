//! Answers that the host makes itself: the shape is that of the front's errors.

use super::content::Content;
use hyper::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use hyper::{Response, StatusCode};
use serde::Serialize;

/// An answer.
pub(crate) type Answer = Response<Content>;

/// Errors that a front never sees, or can no longer report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ErrorType {
    /// Not HTTP, or not as the protocol asks for it.
    InvalidRequest,
    /// The bearer token is missing or wrong.
    Unauthorized,
    /// No such path.
    NotFound,
    /// The path does not take this method.
    MethodNotAllowed,
    /// The request did not arrive in time.
    RequestTimeout,
    /// The body is longer than what the handler takes.
    RequestTooLarge,
    /// The request's target is too long.
    UriTooLong,
    /// The request's head is too long.
    HeadersTooLarge,
    /// An expectation that is not `100-continue`.
    ExpectationFailed,
    /// For a server of another name.
    HostNotAllowed,
    /// The body is coded for its transfer in a way that is not undone here.
    UnsupportedCoding,
    /// Too many connections, or too much in memory.
    Overloaded,
    /// The server is stopping.
    Unavailable,
    /// Our fault.
    Internal,
}

impl ErrorType {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::Unauthorized => "unauthorized",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::RequestTimeout => "request_timeout",
            Self::RequestTooLarge => "request_too_large",
            Self::UriTooLong => "uri_too_long",
            Self::HeadersTooLarge => "headers_too_large",
            Self::ExpectationFailed => "expectation_failed",
            Self::HostNotAllowed => "host_not_allowed",
            Self::UnsupportedCoding => "unsupported_transfer_coding",
            Self::Overloaded => "overloaded",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }

    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::InvalidRequest => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::RequestTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UriTooLong => StatusCode::URI_TOO_LONG,
            Self::HeadersTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::ExpectationFailed => StatusCode::EXPECTATION_FAILED,
            Self::HostNotAllowed => StatusCode::MISDIRECTED_REQUEST,
            Self::UnsupportedCoding => StatusCode::NOT_IMPLEMENTED,
            Self::Overloaded | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The error that hyper reports with this status, when it cannot read a request.
    fn of_hyper(status: u16) -> Self {
        match status {
            414 => Self::UriTooLong,
            431 => Self::HeadersTooLarge,
            _ => Self::InvalidRequest,
        }
    }

    /// Whether the connection is of no more use, or had better not be used again.
    fn ends_connection(self) -> bool {
        matches!(
            self,
            Self::RequestTimeout | Self::HeadersTooLarge | Self::Overloaded | Self::Unavailable
        )
    }
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
    let mut answer = json(error_type.status(), &body(error_type, message, request_id));
    let headers = answer.headers_mut();
    if error_type.ends_connection() {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    if error_type.status() == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    answer
}

/// The same as bytes, for a connection on which there is no request to answer. Gives the status,
/// too.
pub(super) fn raw(error_type: ErrorType, message: &str, request_id: &str) -> Vec<u8> {
    let text = serde_json::to_string(&body(error_type, message, request_id)).unwrap_or_default();
    let status = error_type.status();
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
    let status = bytes.get(9..12).and_then(|code| str::from_utf8(code).ok());
    let error_type = ErrorType::of_hyper(status.and_then(|code| code.parse().ok()).unwrap_or(400));
    let message = match error_type {
        ErrorType::UriTooLong => "request target: too long".to_owned(),
        ErrorType::HeadersTooLarge => format!(
            "request head: expected at most {header_bytes} bytes and 100 headers, found more"
        ),
        _ => "request: expected HTTP/1.1, found something else".to_owned(),
    };
    (error_type, message)
}

fn body<'a>(error_type: ErrorType, message: &'a str, request_id: &'a str) -> ErrorBody<'a> {
    // Clients of earlier services of this kind read the output of every 400.
    let no_output = (error_type.status() == StatusCode::BAD_REQUEST).then_some("");
    ErrorBody {
        error: message,
        error_type: error_type.name(),
        stdout: no_output,
        stderr: no_output,
        request_id,
    }
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    error: &'a str,
    error_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    stdout: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stderr: Option<&'static str>,
    request_id: &'a str,
}
