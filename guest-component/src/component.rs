//! The component's edge: `wasi:http` on one side, the imported executor on the other.

use std::io::{self, BufWriter, Write};

use spin_sdk::http::{Fields, IncomingRequest, OutgoingBody, OutgoingResponse, ResponseOutparam};
use spin_sdk::http_component;
use wasi::io::streams::{InputStream, OutputStream, StreamError};

use crate::bindings::belljar::sandbox::executor;
#[cfg(feature = "streaming")]
use crate::bindings::belljar::sandbox::streaming;
use crate::bindings::belljar::sandbox::types;
use crate::body::BodyError;
use crate::contract::{Outcome, Rejection, RuntimeInfo};
use crate::host::{Event, Host, Job};
use crate::http::{Body, Request, Response};
use crate::written::Tail;

/// Most bytes taken from the host at once: any ordinary request.
const READ_BYTES: u64 = 64 * 1024;

/// Most bytes of a long answer that are collected before they are given to the host.
const WRITE_BYTES: usize = 64 * 1024;

// Not `async`: an instance serves one request, so there is nothing to do while a stream blocks.
#[http_component]
fn serve(incoming: IncomingRequest, out: ResponseOutparam) {
    let request = Request::new(
        incoming.method().to_string(),
        &incoming.path_with_query().unwrap_or_default(),
        incoming.headers().entries(),
    );
    let mut body = IncomingBytes {
        request: incoming,
        open: None,
    };
    let response = crate::handle(&request, &mut body, &Imports);
    send(response, out, &request);
}

/// The host, by the component's imports.
struct Imports;

impl Host for Imports {
    fn execute(&self, job: Job) -> Result<Outcome, Rejection> {
        Ok(executor::execute(&program(job))?.into())
    }

    #[cfg(not(feature = "streaming"))]
    fn start(&self, job: Job) -> Option<Job> {
        Some(job)
    }

    #[cfg(not(feature = "streaming"))]
    fn next(&self) -> Result<Vec<Event>, Rejection> {
        let reason = "nothing was started";
        Err(Rejection::Internal(reason.to_owned()))
    }

    #[cfg(feature = "streaming")]
    fn start(&self, job: Job) -> Option<Job> {
        streaming::start(&program(job));
        None
    }

    #[cfg(feature = "streaming")]
    fn next(&self) -> Result<Vec<Event>, Rejection> {
        let events = streaming::next()?.into_iter().map(|event| match event {
            streaming::Event::Stdout(bytes) => Event::Stdout(bytes),
            streaming::Event::Stderr(bytes) => Event::Stderr(bytes),
            streaming::Event::Display(item) => Event::Display(item.into()),
            streaming::Event::Finished(outcome) => Event::Finished(outcome.into()),
        });
        Ok(events.collect())
    }

    fn describe(&self) -> Result<RuntimeInfo, Rejection> {
        Ok(executor::describe()?.into())
    }

    fn variable(&self, name: &str) -> Option<String> {
        // A host that doesn't know the variable says so with an error.
        spin_sdk::variables::get(name).ok()
    }

    fn random(&self) -> u64 {
        wasi::random::random::get_random_u64()
    }

    fn log(&self, line: &str) {
        eprintln!("{line}");
    }
}

/// A program as the contract of `wit/` has it.
fn program(job: Job) -> types::Program {
    (job.program, Some(job.request_id)).into()
}

/// The request's body: opened when it is first read, since most routes never do.
struct IncomingBytes {
    request: IncomingRequest,
    open: Option<Box<dyn Body>>,
}

impl Body for IncomingBytes {
    fn read(&mut self) -> Result<Option<Vec<u8>>, BodyError> {
        let body = match self.open.take() {
            Some(body) => body,
            None => Box::new(open(&self.request)?),
        };
        self.open.insert(body).read()
    }
}

/// A stream and what it belongs to. Fields drop in this order, as `wasi:http` demands.
struct OpenBody<B> {
    stream: InputStream,
    _owner: B,
}

/// Spin's SDK doesn't export the type of the body, hence `impl`.
fn open(request: &IncomingRequest) -> Result<impl Body + use<>, BodyError> {
    let body = request.consume().map_err(|()| BodyError)?;
    let stream = body.stream().map_err(|()| BodyError)?;
    Ok(OpenBody {
        stream,
        _owner: body,
    })
}

impl<B> Body for OpenBody<B> {
    fn read(&mut self) -> Result<Option<Vec<u8>>, BodyError> {
        match self.stream.blocking_read(READ_BYTES) {
            Ok(piece) => Ok(Some(piece)),
            Err(StreamError::Closed) => Ok(None),
            Err(StreamError::LastOperationFailed(_)) => Err(BodyError),
        }
    }
}

fn send(response: Response, out: ResponseOutparam, request: &Request) {
    let mut headers: Vec<(String, Vec<u8>)> = Vec::with_capacity(response.headers.len() + 1);
    for (name, value) in response.headers {
        headers.push((name.to_owned(), value.into_owned().into_bytes()));
    }
    // A host may hold us to the length we declare, also for HEAD, whose body never comes.
    let length = match &response.tail {
        Some(tail) => tail.length(),
        None => Some(response.body.len()),
    };
    let has_length = !matches!(response.status, 204 | 304) && !request.is_head();
    if let Some(length) = length.filter(|_| has_length) {
        headers.push(("content-length".to_owned(), length.to_string().into_bytes()));
    }
    let outgoing = OutgoingResponse::new(
        Fields::from_list(&headers).expect("our headers are well-formed and not reserved"),
    );
    outgoing
        .set_status_code(response.status)
        .expect("our status codes are in range");
    let body = outgoing.body().expect("the body is taken once");
    // The head goes first: the host takes a body's bytes as it sends them.
    out.set(outgoing);
    if !response.body.is_empty() || response.tail.is_some() {
        let mut stream = Sink(body.write().expect("the stream is taken once"));
        // An error means that the client went away: there is no one left to tell.
        let _ = match response.tail {
            Some(tail) => write(tail, stream),
            None => stream.write_all(&response.body),
        };
    }
    let _ = OutgoingBody::finish(body, None);
}

/// Writes the rest of an answer, what comes of it when it comes.
fn write(mut tail: Tail, stream: Sink) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(WRITE_BYTES, stream);
    while tail.write_next(&Imports, &mut out)? {
        out.flush()?;
    }
    out.flush()
}

/// The body of an answer, which takes as much as its client does.
struct Sink(OutputStream);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            let room = self.0.check_write().map_err(broken)?;
            let room = usize::try_from(room).unwrap_or(usize::MAX);
            if room > 0 || bytes.is_empty() {
                let count = room.min(bytes.len());
                self.0.write(&bytes[..count]).map_err(broken)?;
                return Ok(count);
            }
            self.0.subscribe().block();
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn broken(_: StreamError) -> io::Error {
    io::ErrorKind::BrokenPipe.into()
}
