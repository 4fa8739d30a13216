//! The errors of the HTTP API: the one table of them.

use crate::FaultKind;
use core::fmt;

/// Makes the type of the errors from their table.
macro_rules! error_types {
    ($(#[doc = $doc:literal] $error:ident = $name:literal, $status:literal;)+) => {
        /// The name of an error, as `error_type` in a body.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ErrorType {
            $(#[doc = $doc] $error,)+
            /// The script ran, or was about to, and gave no answer.
            Fault(FaultKind),
        }

        impl ErrorType {
            const OF_REQUESTS: [Self; [$($name),+].len()] = [$(Self::$error),+];

            /// The name in `error_type`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$error => $name,)+
                    Self::Fault(kind) => kind.name(),
                }
            }

            /// The status of an answer with this error.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self {
                    $(Self::$error => $status,)+
                    Self::Fault(kind) => kind.status(),
                }
            }

            /// One line for people.
            #[must_use]
            pub const fn help(self) -> &'static str {
                match self {
                    $(Self::$error => $doc,)+
                    Self::Fault(kind) => kind.help(),
                }
                .trim_ascii()
            }
        }
    };
}

error_types! {
    /// The request, its body or a field of it, is not what the route takes.
    InvalidRequest = "invalid_request", 400;
    /// There is no script, or nothing in it but white space.
    MissingScript = "missing_script", 400;
    /// The bearer token of the executor protocol is missing or wrong.
    Unauthorized = "unauthorized", 401;
    /// No such path.
    NotFound = "not_found", 404;
    /// The path does not take this method.
    MethodNotAllowed = "method_not_allowed", 405;
    /// The request did not arrive in time.
    RequestTimeout = "request_timeout", 408;
    /// The script is too long.
    ScriptTooLarge = "script_too_large", 413;
    /// The body is longer than what the route takes.
    RequestTooLarge = "request_too_large", 413;
    /// The request's target is too long.
    UriTooLong = "uri_too_long", 414;
    /// The body is not `application/json`, or is compressed.
    UnsupportedMediaType = "unsupported_media_type", 415;
    /// An expectation that is not `100-continue`.
    ExpectationFailed = "expectation_failed", 417;
    /// The request is for a server of another name.
    HostNotAllowed = "host_not_allowed", 421;
    /// The request's head is too long.
    HeadersTooLarge = "headers_too_large", 431;
    /// The body is coded for its transfer in a way that is not undone here.
    UnsupportedTransferCoding = "unsupported_transfer_coding", 501;
    /// Every sandbox is busy and the queue is full, or too much of the client is in memory.
    Overloaded = "overloaded", 503;
    /// Scripts can't be run at the moment, for example because the server is stopping.
    Unavailable = "unavailable", 503;
}

impl ErrorType {
    /// A fault of ours.
    pub const INTERNAL: Self = Self::Fault(FaultKind::Internal);

    /// Every error.
    pub fn all() -> impl Iterator<Item = Self> {
        let faults = FaultKind::ALL.into_iter().map(Self::Fault);
        Self::OF_REQUESTS.into_iter().chain(faults)
    }
}

impl fmt::Display for ErrorType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn a_name_means_one_error() {
        let mut names: Vec<&str> = ErrorType::all().map(ErrorType::name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(ErrorType::all().all(|error| error.help().ends_with('.')));
    }
}
