//! The gates that every server has.

use super::call::Call;
use super::gate::{Gate, Refusal};
use super::stage::Stage;
use crate::hosts::AllowedHosts;
use belljar_contract::ErrorType;
use hyper::header::EXPECT;
use hyper::http::request::Parts;
use tokio::sync::watch;

/// The longest target of a request, in bytes: routes need a few dozen.
const TARGET_BYTES: usize = 8 << 10;

/// Lets nobody in while the server stops.
#[derive(Debug)]
pub(super) struct WhileServing(pub(super) watch::Receiver<Stage>);

impl Gate for WhileServing {
    fn check(&self, _head: &Parts, _call: &Call) -> Result<(), Refusal> {
        match *self.0.borrow() {
            Stage::Serving => Ok(()),
            Stage::Stopping => refuse(ErrorType::Unavailable, "the server is stopping".to_owned()),
        }
    }
}

/// Lets in requests with targets of a reasonable length.
#[derive(Debug)]
pub(super) struct ShortTarget;

impl Gate for ShortTarget {
    fn check(&self, head: &Parts, _call: &Call) -> Result<(), Refusal> {
        let target = head.uri.path_and_query();
        if target.map_or(0, |target| target.as_str().len()) <= TARGET_BYTES {
            return Ok(());
        }
        let message = format!("request target: expected at most {TARGET_BYTES} bytes");
        refuse(ErrorType::UriTooLong, message)
    }
}

/// Lets in requests that are for this server, by the names that it answers to.
impl Gate for AllowedHosts {
    fn check(&self, head: &Parts, _call: &Call) -> Result<(), Refusal> {
        self.allow(head)
            .map_err(|(error_type, message)| Refusal::Error(error_type, message))
    }
}

/// Lets in requests that expect nothing which there is not.
///
/// RFC 9110, 10.1.1: there is one expectation; what else a client expects it will not get.
#[derive(Debug)]
pub(super) struct KnownExpectation;

impl Gate for KnownExpectation {
    fn check(&self, head: &Parts, _call: &Call) -> Result<(), Refusal> {
        let mut expectations = head.headers.get_all(EXPECT).iter();
        if expectations.all(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue")) {
            return Ok(());
        }
        let message = "expect: expected `100-continue` if anything".to_owned();
        refuse(ErrorType::ExpectationFailed, message)
    }
}

fn refuse(error_type: ErrorType, message: String) -> Result<(), Refusal> {
    Err(Refusal::Error(error_type, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::Request;

    /// The status that a gate answers a request for this target with.
    fn status(gate: &dyn Gate, target: &str, expectation: Option<&str>) -> u16 {
        let mut request = Request::builder().uri(target);
        if let Some(expectation) = expectation {
            request = request.header(EXPECT, expectation);
        }
        let (head, ()) = request.body(()).unwrap().into_parts();
        let call = Call::new("id".to_owned(), "client".to_owned());
        match gate.check(&head, &call) {
            Ok(()) => 200,
            Err(refusal) => refusal.into_answer(&call).status().as_u16(),
        }
    }

    #[test]
    fn a_server_that_stops_lets_nobody_in() {
        let (stage, watched) = watch::channel(Stage::Serving);
        let gate = WhileServing(watched);
        assert_eq!(status(&gate, "/", None), 200);
        stage.send_replace(Stage::Stopping);
        assert_eq!(status(&gate, "/", None), 503);
    }

    #[test]
    fn targets_have_an_end() {
        let target = |bytes: usize| format!("/{}", "x".repeat(bytes - 1));
        assert_eq!(status(&ShortTarget, &target(TARGET_BYTES), None), 200);
        assert_eq!(status(&ShortTarget, &target(TARGET_BYTES + 1), None), 414);
    }

    #[test]
    fn there_is_one_expectation() {
        for (expectation, expected) in [
            (None, 200),
            (Some("100-continue"), 200),
            (Some("100-Continue"), 200),
            (Some("200-ok"), 417),
            (Some("100-continue, x"), 417),
        ] {
            let found = status(&KnownExpectation, "/", expectation);
            assert_eq!(found, expected, "{expectation:?}");
        }
    }

    #[test]
    fn names_are_those_of_the_server() {
        let gate = AllowedHosts::Loopback;
        assert_eq!(status(&gate, "http://evil.example/", None), 400, "no host");
        assert_eq!(status(&AllowedHosts::Any, "/", None), 400, "none at all");
    }
}
