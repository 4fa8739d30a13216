//! Accepting connections, and no longer accepting them.

use super::Handler;
use super::answer;
use super::budget::Budget;
use super::call::new_id;
use super::client::client_of;
use super::connections::Connections;
use super::hosts::AllowedHosts;
use super::phase::{Ending, Phase, Shared};
use super::service::{Context, Service};
use super::socket::Socket;
use super::turns::Turns;
use super::wire::{Timeouts, Wire};
use crate::serve::config::Http;
use crate::serve::metrics::Metrics;
use hyper::header::HeaderName;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpSocket, TcpStream, lookup_host};
use tokio::sync::watch;
use wasmtime_wasi_http::io::TokioIo;

/// The most headers of a request.
const MAX_HEADERS: usize = 100;

/// The most that is read from a connection at once, and gathered for it to be written: more than a head
/// may have by default, and not much when every connection has it.
const READ_BYTES: usize = 64 << 10;

/// What the kernel keeps of a connection each way, in bytes; it takes twice as much for it. By default
/// that grows to 4 MiB and more for whoever does not read, which no budget knows of. 128 KiB are enough
/// for a megabyte a second around the world.
const KERNEL_BYTES: u32 = 128 << 10;

/// Connections that the kernel has ready for us at most, as the standard library has it.
const BACKLOG: u32 = 1024;

/// Connections over the limit that are told so at the same time. Further ones are just closed.
const MAX_REFUSALS: usize = 64;

/// The same while the server stops: whoever asks then is to be told.
const MAX_LAST_REFUSALS: usize = 4096;

/// How long to wait when the system has no more sockets for us.
const EXHAUSTED_PAUSE: Duration = Duration::from_millis(50);

/// What a server is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Requests are answered.
    Serving,
    /// What runs is finished; everything else is refused.
    Stopping,
}

/// A bound socket.
#[derive(Debug)]
pub(crate) struct Listener {
    socket: TcpListener,
    address: SocketAddr,
}

impl Listener {
    /// Binds `host:port`.
    pub(crate) async fn bind(address: &str) -> io::Result<Self> {
        let mut failed = io::ErrorKind::InvalidInput.into();
        for address in lookup_host(address).await? {
            match listen(address) {
                Ok(socket) => {
                    let address = socket.local_addr()?;
                    return Ok(Self { socket, address });
                }
                Err(error) => failed = error,
            }
        }
        Err(failed)
    }

    /// Where it listens: with the real port.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Accepts connections for as long as the future is polled.
    pub(crate) async fn serve<H: Handler>(
        &self,
        handler: H,
        http: &Http,
        shares: Shares,
        metrics: Arc<Metrics>,
        stage: watch::Receiver<Stage>,
    ) {
        let client_header = http.client_header.as_ref();
        let client_header = client_header.and_then(|name| HeaderName::try_from(name).ok());
        let connections = Connections::new(http.max_connections, client_header.is_some());
        let hosts = AllowedHosts::new(&http.allowed_hosts, self.address.ip());
        let Shares { budget, turns } = shares;
        let context = Arc::new(Context {
            handler,
            client_header,
            // The configuration was checked: there is no name that is not one.
            hosts: hosts.unwrap_or(AllowedHosts::Loopback),
            budget,
            turns,
            http: http.clone(),
            metrics,
            stage,
        });
        let refusals = Arc::new(());
        loop {
            let (stream, peer) = match self.socket.accept().await {
                Ok(accepted) => accepted,
                Err(error) => {
                    accept_failed(&error).await;
                    continue;
                }
            };
            // Answers are written in one piece: waiting for more only delays them.
            let _ = stream.set_nodelay(true);
            let client = client_of(peer.ip());
            let shared = Arc::new(Shared::default());
            // It waits for its client from now on.
            shared.set(Phase::Idle);
            let stage = *context.stage.borrow();
            let place = match stage {
                Stage::Serving => connections.admit(&client, &shared),
                Stage::Stopping => None,
            };
            if let Some((place, displaces)) = place {
                if displaces {
                    context.metrics.displaced_connection();
                }
                let open = context.metrics.connection();
                let context = Arc::clone(&context);
                tokio::spawn(async move {
                    converse(stream, client.into(), shared, context).await;
                    drop((open, place));
                });
                continue;
            }
            let most = match stage {
                Stage::Serving => MAX_REFUSALS,
                Stage::Stopping => MAX_LAST_REFUSALS,
            };
            if Arc::strong_count(&refusals) <= most {
                let permit = Arc::clone(&refusals);
                let context = Arc::clone(&context);
                let refused = context.metrics.refused_connection();
                tokio::spawn(async move {
                    refuse(stream, stage, &context).await;
                    drop((permit, refused));
                });
            }
        }
    }
}

/// What the clients of a server share beside its connections.
#[derive(Debug)]
pub(crate) struct Shares {
    /// The memory of bodies and answers.
    pub(crate) budget: Budget,
    /// The time that long requests take.
    pub(crate) turns: Turns,
}

/// Listens at an address. What is set here holds for all connections.
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    }?;
    // A server that is started anew need not wait for connections of the last one to be forgotten.
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(KERNEL_BYTES)?;
    socket.set_recv_buffer_size(KERNEL_BYTES)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves one connection to its end.
async fn converse<H: Handler>(
    stream: TcpStream,
    client: Arc<str>,
    shared: Arc<Shared>,
    context: Arc<Context<H>>,
) {
    let mut stage = context.stage.clone();
    let socket = Socket::new(stream);
    let service = Service {
        context: Arc::clone(&context),
        shared: Arc::clone(&shared),
        client: socket.client(),
        peer: Arc::clone(&client),
    };
    let wire = wire(socket, &shared, &context);
    let connection = http1::Builder::new()
        // The wire's timeouts tell waiting for a request from waiting for the rest of one.
        .header_read_timeout(None)
        .max_headers(MAX_HEADERS)
        .max_header_size(context.http.header_bytes as usize)
        .max_buf_size(READ_BYTES.max(context.http.header_bytes as usize))
        .serve_connection(
            TokioIo::new(wire),
            service_fn(move |request| {
                // Now, not when it is first polled: hyper reads on in between.
                service.shared.set(Phase::Busy);
                service.clone().call(request)
            }),
        );
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = ending(&mut stage, &shared) => {
            // Where nothing is owed, the wire ends it, with a last look at what has come and a word to
            // whoever has not been answered yet.
            if matches!(shared.phase(), Phase::Body | Phase::Busy | Phase::Answering) {
                connection.as_mut().graceful_shutdown();
            }
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%client, %error, "connection ended");
    }
}

/// Waits until a connection is to end.
async fn ending(stage: &mut watch::Receiver<Stage>, shared: &Shared) {
    tokio::select! {
        () = stopping(stage) => shared.end(Ending::Stopping),
        _ = shared.ended() => {}
    }
}

/// Waits for the end of serving.
async fn stopping(stage: &mut watch::Receiver<Stage>) {
    // An error means that nobody is left who could stop us, and nobody to serve: the same.
    drop(stage.wait_for(|stage| *stage == Stage::Stopping).await);
}

fn wire<H>(stream: Socket, shared: &Arc<Shared>, context: &Context<H>) -> Wire {
    let http = &context.http;
    let timeouts = Timeouts {
        header: http.header_timeout(),
        write: http.write_timeout(),
        idle: http.idle_timeout(),
    };
    let metrics = Arc::clone(&context.metrics);
    Wire::new(
        stream,
        Arc::clone(shared),
        metrics,
        timeouts,
        http.header_bytes,
    )
}

/// Tells a client that there is no place for it.
async fn refuse<H>(stream: TcpStream, stage: Stage, context: &Context<H>) {
    let ending = match stage {
        Stage::Serving => Ending::Displaced,
        Stage::Stopping => Ending::Stopping,
    };
    let (error_type, message) = ending.told();
    let shared = Arc::new(Shared::default());
    shared.set(Phase::Busy);
    shared.linger();
    let mut wire = wire(Socket::new(stream), &shared, context);
    if wire
        .write_all(&answer::raw(error_type, message, &new_id()))
        .await
        .is_ok()
    {
        let _ = wire.shutdown().await;
    }
}

async fn accept_failed(error: &io::Error) {
    match error.kind() {
        // The client's doing, and it is gone.
        io::ErrorKind::ConnectionAborted
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionRefused
        | io::ErrorKind::Interrupted => {}
        _ => {
            tracing::error!(%error, "could not accept a connection");
            tokio::time::sleep(EXHAUSTED_PAUSE).await;
        }
    }
}
