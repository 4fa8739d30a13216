//! The child's start and end.

use super::confine::{self, Confinement};
use super::frame::{self, FrameBuffer, FrameError};
use super::protocol::{REQUEST_BYTES, Ready, Request, Response, Start};
use super::serve::{Inbox, Server};
use crate::heap;
use crate::{Belljar, LimitPolicy, LimitValues};
use std::convert::Infallible;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::ExitCode;
use std::sync::Arc;

/// What a worker's threads need of the stack. Scripts run on stacks of their own: this is for what
/// surrounds them.
const THREAD_STACK_BYTES: usize = 1 << 20;

/// Why a worker could not start.
#[derive(Debug, thiserror::Error)]
pub(super) enum StartError {
    #[error("standard input is not the socket of a server: {0}")]
    Socket(#[source] io::Error),
    #[error("the server sent {0}")]
    Frame(#[from] FrameError),
    #[error("the server sent another message than the first one")]
    Order,
    #[error("the server went away")]
    Alone,
    #[error(transparent)]
    Belljar(#[from] crate::Error),
    #[error("could not start a thread: {0}")]
    Thread(#[source] io::Error),
}

/// Runs a worker until its parent closes the connection, which is standard input.
///
/// This is the hidden command `belljar worker`; a [`Pool`](crate::pool::Pool) starts it.
pub fn main() -> ExitCode {
    confine::at_birth();
    heap::give_back_large_blocks();
    let error = match run() {
        Ok(never) => match never {},
        Err(StartError::Alone) => return ExitCode::SUCCESS,
        Err(error) => error,
    };
    // The parent logs it if it can still be told; otherwise a person started this by hand.
    let reason = error.to_string();
    let told = connection().and_then(|mut stream| {
        let frame = frame::encode(&Response::Failed { reason: &reason }).unwrap_or_default();
        stream.write_all(&frame)
    });
    if told.is_err() {
        eprintln!("belljar worker: {reason}");
    }
    ExitCode::from(2)
}

/// The connection to the parent.
fn connection() -> io::Result<UnixStream> {
    let stdin: OwnedFd = io::stdin().as_fd().try_clone_to_owned()?;
    let stream = UnixStream::from(stdin);
    stream.peer_addr()?;
    Ok(stream)
}

fn run() -> Result<Infallible, StartError> {
    let mut stream = connection().map_err(StartError::Socket)?;
    let mut buffer = FrameBuffer::new(REQUEST_BYTES);
    let first = loop {
        if let Some(message) = buffer.next()? {
            break message.to_vec();
        }
        let space = buffer.space();
        let count = stream.read(space).map_err(StartError::Socket)?;
        if count == 0 {
            return Err(StartError::Alone);
        }
        buffer.filled(count);
    };
    let Request::Start(start) = postcard::from_bytes(&first).map_err(FrameError::from)? else {
        return Err(StartError::Order);
    };
    serve(&start, stream, buffer)
}

fn serve(
    start: &Start<'_>,
    stream: UnixStream,
    buffer: FrameBuffer,
) -> Result<Infallible, StartError> {
    let policy = LimitPolicy {
        default: LimitValues::from_array(start.default),
        maximum: LimitValues::from_array(start.maximum),
    };
    let mut confinement = Confinement::begin(start);
    let belljar = Belljar::builder()
        .image(start.image)
        .sandboxes(start.sandboxes.saturating_add(start.parked))
        .limit_policy(policy)
        .build()?;
    // Makes the kernel read nothing more from files: what is mapped stays.
    confinement.close_files();

    let pagemap_scan = belljar.info().pagemap_scan;
    let outbox = stream.try_clone().map_err(StartError::Socket)?;
    let files = (stream.as_raw_fd(), outbox.as_raw_fd());
    let inbox = Inbox { stream, buffer };
    // One more than there are sandboxes: somebody can always read.
    let runners = start.sandboxes as usize + start.parked as usize + 1;
    let server = Arc::new(Server::new(belljar, inbox, outbox, runners, start.cores));
    let held = server.hold();
    for index in 0..runners {
        let server = Arc::clone(&server);
        spawn(format!("belljar-{index}"), move || server.run(index))?;
    }
    let teller = Arc::clone(&server);
    spawn("belljar-tell".to_owned(), move || teller.tell())?;
    let Confinement {
        active, missing, ..
    } = confinement.complete(start, &policy, files);
    server.say(&Response::Ready(Ready {
        isolation: active,
        missing,
        pagemap_scan,
    }));
    // All is confined: now they may read.
    drop(held);
    server.relieve_leaders()
}

fn spawn(name: String, work: impl FnOnce() + Send + 'static) -> Result<(), StartError> {
    std::thread::Builder::new()
        .name(name)
        .stack_size(THREAD_STACK_BYTES)
        .spawn(work)
        .map(drop)
        .map_err(StartError::Thread)
}
