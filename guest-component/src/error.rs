//! Answers that are not about a run.

use std::borrow::Cow;

use crate::contract::{ErrorBody, ErrorType, Refusal, Rejection};
use crate::host::Host;
use crate::http::Response;

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
            ErrorType::INTERNAL,
            "internal error; the request id helps to find it in the log",
        )
    }

    /// The executor didn't take the program, or doesn't answer.
    pub(crate) fn rejected(host: &impl Host, request_id: &str, rejection: &Rejection) -> Self {
        let error = match rejection {
            Rejection::InvalidLimit(limit) => Self::invalid(limit.to_string()),
            Rejection::Refused(refusal) => refusal.clone().into(),
            Rejection::Overloaded { .. } => {
                let seconds = rejection.retry_after_seconds().unwrap_or(1);
                let message = format!("every sandbox is busy; try again in {seconds} s");
                Self::new(ErrorType::Overloaded, message)
            }
            Rejection::Unavailable(reason) => {
                host.log(&format!(
                    "request {request_id}: executor unavailable: {reason}"
                ));
                let message = "scripts can't be run at the moment; try again in 1 s; \
                               the request id helps to find the reason in the log";
                Self::new(ErrorType::Unavailable, message)
            }
            Rejection::Internal(reason) => Self::internal(host, request_id, reason),
        };
        match rejection.retry_after_seconds() {
            Some(seconds) => error.with_header("retry-after", seconds.to_string()),
            None => error,
        }
    }

    pub(crate) fn into_response(self, request_id: &str) -> Response {
        let body = ErrorBody::new(self.error_type, &self.message, Some(request_id));
        let mut response =
            Response::json(self.error_type.status(), self.message.len() + 192, &body);
        response.headers.extend(self.header);
        response
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.error_type(), refusal.to_string())
    }
}
