//! Every error a client can meet, by its public name and status.

use std::borrow::Cow;

use serde::Serialize;

use crate::contract::{FaultKind, Limit, Rejection};
use crate::host::Host;
use crate::http::Response;

/// What went wrong, as `error_type` in the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorType {
    /// The body is not the JSON that the route takes.
    InvalidRequest,
    /// There is no script, or nothing in it.
    MissingScript,
    /// The script is longer than [`crate::MAX_SCRIPT_BYTES`].
    ScriptTooLarge,
    /// The body is longer than [`crate::MAX_BODY_BYTES`].
    RequestTooLarge,
    /// No such path.
    NotFound,
    /// The path doesn't take this method.
    MethodNotAllowed,
    /// The body is not `application/json`, or is compressed.
    UnsupportedMediaType,
    /// The script ran, or was about to, and gave no answer.
    Script(FaultKind),
    /// Every sandbox is busy and the queue is full.
    Overloaded,
    /// The executor can't be reached, or is starting or stopping.
    Unavailable,
    /// Our fault.
    Internal,
}

impl ErrorType {
    /// Every type there is.
    pub const ALL: [Self; 23] = [
        Self::InvalidRequest,
        Self::MissingScript,
        Self::ScriptTooLarge,
        Self::RequestTooLarge,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::UnsupportedMediaType,
        Self::Script(FaultKind::SyntaxError),
        Self::Script(FaultKind::MissingMain),
        Self::Script(FaultKind::Exception),
        Self::Script(FaultKind::Exit),
        Self::Script(FaultKind::NotSerializable),
        Self::Script(FaultKind::FuelExhausted),
        Self::Script(FaultKind::Timeout),
        Self::Script(FaultKind::MemoryExceeded),
        Self::Script(FaultKind::OutputExceeded),
        Self::Script(FaultKind::ResultTooLarge),
        Self::Script(FaultKind::StackOverflow),
        Self::Script(FaultKind::Crashed),
        Self::Script(FaultKind::Cancelled),
        Self::Overloaded,
        Self::Unavailable,
        Self::Internal,
    ];

    /// The name in `error_type`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::MissingScript => "missing_script",
            Self::ScriptTooLarge => "script_too_large",
            Self::RequestTooLarge => "request_too_large",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::Script(kind) => match kind {
                FaultKind::SyntaxError => "syntax_error",
                FaultKind::MissingMain => "missing_main",
                FaultKind::Exception => "exception",
                FaultKind::Exit => "exit",
                FaultKind::NotSerializable => "not_serializable",
                FaultKind::FuelExhausted => "fuel_exhausted",
                FaultKind::Timeout => "timeout",
                FaultKind::MemoryExceeded => "memory_exceeded",
                FaultKind::OutputExceeded => "output_exceeded",
                FaultKind::ResultTooLarge => "result_too_large",
                FaultKind::StackOverflow => "stack_overflow",
                FaultKind::Crashed => "crashed",
                FaultKind::Cancelled => "cancelled",
            },
            Self::Overloaded => "overloaded",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }

    /// The status of an answer with this error.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidRequest | Self::MissingScript | Self::Script(_) => 400,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::ScriptTooLarge | Self::RequestTooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::Internal => 500,
            Self::Overloaded | Self::Unavailable => 503,
        }
    }
}

/// An answer that isn't about a run: the request was refused, or nothing could run it.
#[derive(Debug)]
pub(crate) struct ApiError {
    pub(crate) error_type: ErrorType,
    pub(crate) message: Cow<'static, str>,
    header: Option<(&'static str, Cow<'static, str>)>,
}

impl ApiError {
    pub(crate) fn new(error_type: ErrorType, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            error_type,
            message: message.into(),
            header: None,
        }
    }

    /// The request's body, or a field of it, is not what the route takes.
    pub(crate) fn invalid(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorType::InvalidRequest, message)
    }

    pub(crate) fn with_header(
        mut self,
        name: &'static str,
        value: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.header = Some((name, value.into()));
        self
    }

    /// A fault of ours: what happened is for the operator, the client gets the request's id.
    pub(crate) fn internal(host: &impl Host, request_id: &str, what: &str) -> Self {
        host.log(&format!("request {request_id}: internal error: {what}"));
        Self::new(
            ErrorType::Internal,
            "internal error; the request id helps to find it in the log",
        )
    }

    /// The executor didn't take the program, or doesn't answer.
    pub(crate) fn rejected(host: &impl Host, request_id: &str, rejection: &Rejection) -> Self {
        match rejection {
            Rejection::InvalidLimit(limit) => Self::invalid(format!(
                "limits.{}: expected at most {}, the maximum of this server, found {}",
                limit_name(limit.limit),
                limit.maximum,
                limit.requested
            )),
            Rejection::Overloaded(overload) => {
                // The header counts in seconds; rounded down, clients would come back too early.
                let seconds = overload.retry_after_ms.div_ceil(1000).max(1);
                let message = format!("every sandbox is busy; try again in {seconds} s");
                Self::new(ErrorType::Overloaded, message)
                    .with_header("retry-after", seconds.to_string())
            }
            Rejection::Unavailable(reason) => {
                host.log(&format!(
                    "request {request_id}: executor unavailable: {reason}"
                ));
                let message = "scripts can't be run at the moment; try again in 1 s; \
                               the request id helps to find the reason in the log";
                Self::new(ErrorType::Unavailable, message).with_header("retry-after", "1")
            }
            Rejection::Internal(reason) => Self::internal(host, request_id, reason),
        }
    }

    pub(crate) fn into_response(self, request_id: &str) -> Response {
        let status = self.error_type.status();
        // Clients of earlier services of this kind read the output of every 400.
        let no_output = (status == 400).then_some("");
        let body = ErrorBody {
            error: &self.message,
            error_type: self.error_type.name(),
            stdout: no_output,
            stderr: no_output,
            request_id: (status >= 500).then_some(request_id),
        };
        let mut response = Response::json(status, self.message.len() + 128, &body);
        response.headers.extend(self.header);
        response
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
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
}

/// A limit's name in JSON.
pub(crate) const fn limit_name(limit: Limit) -> &'static str {
    match limit {
        Limit::TimeoutMs => "timeout_ms",
        Limit::Fuel => "fuel",
        Limit::MemoryBytes => "memory_bytes",
        Limit::OutputBytes => "output_bytes",
    }
}
