//! From the outcome of a run to the body that tells it.

use std::io;

use crate::contract::{Body, Completion, Mode, Outcome};
use crate::http::Response;
use crate::written::{Counter, Tail};

/// The most of a script's that is kept as a body: as JSON at most six times as much. What is longer is
/// written as it is sent.
const KEPT_BYTES: usize = 64 * 1024;

/// Room for everything in a body but what is the script's.
const BODY_OVERHEAD: usize = 256;

/// An outcome to be told, and the name of its request.
#[derive(Clone, Debug)]
pub struct Answer {
    outcome: Outcome,
    request_id: String,
}

impl Answer {
    /// The answer that tells an outcome of a program of this mode. Only a script that broke out of its
    /// interpreter could make its sandbox say what makes no sense.
    pub(crate) fn new(mode: Mode, mut outcome: Outcome, request_id: String) -> Self {
        let nonsense = match (mode, &outcome.completion) {
            (Mode::Function, Completion::Exited(_)) => {
                Some("the sandbox gave an exit status instead of a result")
            }
            (Mode::Program, Completion::Value(_)) => {
                Some("the sandbox gave a result instead of an exit status")
            }
            _ => None,
        };
        if let Some(message) = nonsense {
            outcome.completion = Completion::nonsense(message);
        }
        Self {
            outcome,
            request_id,
        }
    }

    /// Its status, where there is nothing before it.
    fn status(&self) -> u16 {
        match &self.outcome.completion {
            Completion::Value(_) | Completion::Exited(_) => 200,
            Completion::Fault(fault) => fault.kind.status(),
        }
    }

    /// Writes it as JSON, never more at a time than a piece of it.
    pub(crate) fn write(&self, out: impl io::Write) -> io::Result<()> {
        // A body is made of strings and numbers: all that can fail is the writing.
        let body = Body::new(&self.outcome, Some(&self.request_id));
        Ok(serde_json::to_writer(out, &body)?)
    }

    /// It as a response.
    pub(crate) fn into_response(self) -> Response {
        let (status, size) = (self.status(), self.outcome.bytes());
        if size <= KEPT_BYTES {
            let mut text = Vec::with_capacity(BODY_OVERHEAD + size + size / 3);
            self.write(&mut text).expect("memory takes every write");
            return Response::empty(status).with_body("application/json", text);
        }
        let mut counter = Counter::default();
        self.write(&mut counter)
            .expect("counting takes every write");
        let mut response = Response::empty(status).with_header("content-type", "application/json");
        response.tail = Some(Tail::Answer(Box::new(self), counter.0));
        response
    }
}
