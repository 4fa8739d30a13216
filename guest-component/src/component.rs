//! The component's edge: `wasi:http` on one side, the imported executor on the other.

use spin_sdk::http::{Fields, IncomingRequest, OutgoingBody, OutgoingResponse, ResponseOutparam};
use spin_sdk::http_component;
use wasi::io::streams::{InputStream, OutputStream, StreamError};

use crate::bindings::belljar::sandbox::executor;
#[cfg(feature = "streaming")]
use crate::bindings::belljar::sandbox::streaming;
use crate::body::BodyError;
use crate::contract::{Outcome, Program, Rejection, RuntimeInfo};
use crate::host::{Event, Host};
use crate::http::{Body, Request, Response};

/// Most bytes taken from the host at once: any ordinary request.
const READ_BYTES: u64 = 64 * 1024;

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
    fn execute(&self, program: &Program) -> Result<Outcome, Rejection> {
        executor::execute(program)
    }

    #[cfg(not(feature = "streaming"))]
    fn start(&self, _program: &Program) -> bool {
        false
    }

    #[cfg(not(feature = "streaming"))]
    fn next(&self) -> Result<Event, Rejection> {
        let reason = "nothing was started";
        Err(Rejection::Internal(reason.to_owned()))
    }

    #[cfg(feature = "streaming")]
    fn start(&self, program: &Program) -> bool {
        streaming::start(program);
        true
    }

    #[cfg(feature = "streaming")]
    fn next(&self) -> Result<Event, Rejection> {
        Ok(match streaming::next()? {
            streaming::Event::Stdout(bytes) => Event::Stdout(bytes),
            streaming::Event::Stderr(bytes) => Event::Stderr(bytes),
            streaming::Event::Display(item) => Event::Display(item),
            streaming::Event::Finished(outcome) => Event::Finished(outcome),
        })
    }

    fn describe(&self) -> Result<RuntimeInfo, Rejection> {
        executor::describe()
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
    let has_length = response.events.is_none() && !matches!(response.status, 204 | 304);
    if has_length && !request.is_head() {
        headers.push((
            "content-length".to_owned(),
            response.body.len().to_string().into_bytes(),
        ));
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
    // An event may have no text yet: a character that has only begun.
    if !response.body.is_empty() || response.events.is_some() {
        let stream = body.write().expect("the stream is taken once");
        // Broken off means that the client went away: there is no one left to tell.
        let mut sent = write(&stream, &response.body);
        if let Some(mut events) = response.events {
            while sent.is_ok()
                && let Some(text) = events.next(&Imports)
            {
                sent = write(&stream, &text);
            }
        }
    }
    let _ = OutgoingBody::finish(body, None);
}

fn write(stream: &OutputStream, mut bytes: &[u8]) -> Result<(), StreamError> {
    while !bytes.is_empty() {
        let room = usize::try_from(stream.check_write()?).unwrap_or(usize::MAX);
        if room == 0 {
            stream.subscribe().block();
            continue;
        }
        let (piece, rest) = bytes.split_at(room.min(bytes.len()));
        stream.write(piece)?;
        bytes = rest;
    }
    Ok(())
}
