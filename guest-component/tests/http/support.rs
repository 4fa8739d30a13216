//! A fake executor, a request to write down in one line, and an answer to ask questions of.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use belljar_front::contract::{
    Completion, Fault, FaultKind, LimitValues, Outcome, PackageVersion, Program, Rejection,
    RuntimeInfo, Truncated, Usage,
};
use belljar_front::{Body, BodyError, Event, Host, Job, Request, Response, Tail, handle};
use serde_json::Value;

use crate::description::conformance;

/// An executor that gives every program the same outcome and remembers what it was asked to run.
pub(crate) struct Fake {
    outcome: Result<Outcome, Rejection>,
    info: Result<RuntimeInfo, Rejection>,
    variables: BTreeMap<&'static str, &'static str>,
    random: Cell<u64>,
    events: RefCell<VecDeque<Result<Vec<Event>, Rejection>>>,
    pub(crate) jobs: RefCell<Vec<Job>>,
    pub(crate) log: RefCell<Vec<String>>,
}

impl Fake {
    pub(crate) fn giving(completion: Completion) -> Self {
        Self::giving_outcome(outcome(completion))
    }

    pub(crate) fn giving_outcome(outcome: Outcome) -> Self {
        Self {
            outcome: Ok(outcome),
            info: Ok(info()),
            variables: BTreeMap::new(),
            random: Cell::new(0),
            events: RefCell::default(),
            jobs: RefCell::default(),
            log: RefCell::default(),
        }
    }

    /// An executor that takes nothing, for this reason.
    pub(crate) fn rejecting(rejection: &Rejection) -> Self {
        let (outcome, info) = (Err(rejection.clone()), Err(rejection.clone()));
        Self {
            outcome,
            info,
            ..Self::default()
        }
    }

    pub(crate) fn with_variable(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.insert(name, value);
        self
    }

    /// An executor that streams these, one at a time.
    pub(crate) fn streaming(events: impl IntoIterator<Item = Result<Event, Rejection>>) -> Self {
        Self::streaming_few(
            events
                .into_iter()
                .map(|event| event.map(|event| vec![event])),
        )
    }

    /// An executor that streams these, a few at a time.
    pub(crate) fn streaming_few(
        events: impl IntoIterator<Item = Result<Vec<Event>, Rejection>>,
    ) -> Self {
        let fake = Self::default();
        fake.events.borrow_mut().extend(events);
        fake
    }

    /// All of an answer, its events as they come.
    pub(crate) fn all_of(&self, answer: Answer) -> String {
        self.pieces_of(answer).concat()
    }

    /// The same, as it comes.
    pub(crate) fn pieces_of(&self, answer: Answer) -> Vec<String> {
        let text = |bytes| String::from_utf8(bytes).expect("every body is UTF-8");
        let mut tail = answer.response.tail;
        let mut pieces = vec![text(answer.response.body.into_owned())];
        while let Some(written) = &mut tail {
            let mut bytes = Vec::new();
            let goes_on = written.write_next(self, &mut bytes);
            if !goes_on.expect("memory takes every write") {
                tail = None;
            }
            pieces.push(text(bytes));
        }
        pieces
    }

    pub(crate) fn programs_run(&self) -> usize {
        self.jobs.borrow().len()
    }

    pub(crate) fn last_program(&self) -> Program {
        self.last_job().program
    }

    pub(crate) fn last_job(&self) -> Job {
        self.jobs
            .borrow()
            .last()
            .expect("a program was run")
            .clone()
    }
}

impl Default for Fake {
    fn default() -> Self {
        Self::giving(Completion::value("null".to_owned()))
    }
}

impl Host for Fake {
    fn execute(&self, job: Job) -> Result<Outcome, Rejection> {
        self.jobs.borrow_mut().push(job);
        self.outcome.clone()
    }

    fn start(&self, job: Job) -> Option<Job> {
        if self.events.borrow().is_empty() {
            return Some(job);
        }
        self.jobs.borrow_mut().push(job);
        None
    }

    fn next(&self) -> Result<Vec<Event>, Rejection> {
        let next = self.events.borrow_mut().pop_front();
        next.expect("no one asks after the end")
    }

    fn describe(&self) -> Result<RuntimeInfo, Rejection> {
        self.info.clone()
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).map(ToString::to_string)
    }

    fn random(&self) -> u64 {
        self.random.set(self.random.get() + 1);
        self.random.get()
    }

    fn log(&self, line: &str) {
        self.log.borrow_mut().push(line.to_owned());
    }
}

pub(crate) fn outcome(completion: Completion) -> Outcome {
    Outcome {
        completion,
        stdout: Vec::new(),
        stderr: Vec::new(),
        display: Vec::new(),
        truncated: Truncated::default(),
        usage: Usage {
            duration: Duration::from_micros(114),
            fuel: 20,
            memory_bytes: 131_072,
        },
    }
}

pub(crate) fn fault(kind: FaultKind, message: &str) -> Fault {
    Fault::new(kind, message)
}

fn info() -> RuntimeInfo {
    let limits = LimitValues {
        fuel: 9_000,
        ..LimitValues::default()
    };
    let package = |name: &str, version: &str| PackageVersion {
        name: name.to_owned(),
        version: version.to_owned(),
    };
    RuntimeInfo {
        python_version: "3.15.0".to_owned(),
        edition: "full".to_owned(),
        packages: vec![package("numpy", "2.5.0"), package("pandas", "3.0.0")],
        default_limits: LimitValues {
            timeout_ms: 10_000,
            ..limits
        },
        maximum_limits: limits,
        result_bytes: 4 << 20,
        meter: "fake-1".to_owned(),
        features: vec!["seed".to_owned()],
        isolation: vec!["seccomp".to_owned()],
    }
}

/// A request being put together.
pub(crate) struct Call {
    method: String,
    path: String,
    headers: Vec<(String, Vec<u8>)>,
    pieces: Vec<Result<Vec<u8>, BodyError>>,
}

impl Call {
    pub(crate) fn new(method: &str, path: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            pieces: Vec::new(),
        }
    }

    pub(crate) fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    /// A request as any HTTP library sends it.
    pub(crate) fn post(path: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::new("POST", path)
            .header("content-type", "application/json")
            .piece(body)
    }

    pub(crate) fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers
            .push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    pub(crate) fn piece(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.pieces.push(Ok(bytes.into()));
        self
    }

    pub(crate) fn broken_off(mut self) -> Self {
        self.pieces.push(Err(BodyError));
        self
    }

    /// Sends it, and checks the answer against the OpenAPI document.
    pub(crate) fn sent_to(self, fake: &Fake) -> Answer {
        let (method, path) = (self.method.clone(), self.path.clone());
        let answer = self.sent_to_unchecked(fake);
        conformance(&method, &path, &answer.response);
        answer
    }

    /// Sends it, and leaves all checks to the test.
    pub(crate) fn sent_to_unchecked(self, fake: &Fake) -> Answer {
        let request = Request::new(self.method, &self.path, self.headers);
        let mut body = Pieces {
            pieces: self.pieces.into_iter(),
            read: 0,
        };
        let mut response = handle(&request, &mut body, fake);
        // A long answer is written later. Here there is memory for it.
        if let Some(length) = response.tail.as_ref().and_then(Tail::length) {
            let mut text = Vec::new();
            let mut tail = response.tail.take().expect("it has a length");
            let goes_on = tail.write_next(fake, &mut text);
            assert!(!goes_on.expect("memory takes every write"));
            assert_eq!(text.len(), length);
            response.body = text.into();
        }
        Answer {
            response,
            pieces_read: body.read,
        }
    }

    /// Sends it where nothing depends on the executor.
    pub(crate) fn send(self) -> Answer {
        self.sent_to(&Fake::default())
    }
}

struct Pieces {
    pieces: std::vec::IntoIter<Result<Vec<u8>, BodyError>>,
    read: usize,
}

impl Body for Pieces {
    fn read(&mut self) -> Result<Option<Vec<u8>>, BodyError> {
        self.read += 1;
        self.pieces.next().transpose()
    }
}

/// An answer, and how much of the request was read for it.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) response: Response,
    pub(crate) pieces_read: usize,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.response.body).expect("every body is UTF-8")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(self.text()).expect("the body is JSON")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.response.header(name)
    }

    /// Checks status and type of an error, and gives its message.
    pub(crate) fn error(&self, status: u16, error_type: &str) -> String {
        let body = self.json();
        assert_eq!(
            (self.response.status, &body["error_type"]),
            (status, &error_type.into())
        );
        body["error"]
            .as_str()
            .expect("an error has a message")
            .to_owned()
    }
}
