//! Accepting connections, and no longer accepting them.

use super::Handler;
use super::answer::{self, ErrorType};
use super::call::new_id;
use super::service::{Context, Service};
use super::socket::Socket;
use super::wire::{Phase, Shared, Timeouts, Wire};
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
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use wasmtime_wasi_http::io::TokioIo;

/// The most headers of a request.
const MAX_HEADERS: usize = 100;

/// The most that is read from a connection at once: a body of the largest size in few pieces.
const READ_BYTES: usize = 256 << 10;

/// Connections over the limit that are told so at the same time. Further ones are just closed.
const MAX_REFUSALS: u32 = 64;

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
        let socket = TcpListener::bind(address).await?;
        let address = socket.local_addr()?;
        Ok(Self { socket, address })
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
        metrics: Arc<Metrics>,
        stage: watch::Receiver<Stage>,
    ) {
        let client_header = http.client_header.as_ref();
        let context = Arc::new(Context {
            handler,
            client_header: client_header.and_then(|name| HeaderName::try_from(name).ok()),
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
            let stage = *context.stage.borrow();
            let limit = i64::from(context.http.max_connections);
            if stage == Stage::Serving && context.metrics.open_connections() < limit {
                let open = context.metrics.connection();
                let context = Arc::clone(&context);
                tokio::spawn(async move {
                    converse(stream, peer, context).await;
                    drop(open);
                });
            } else if Arc::strong_count(&refusals) <= MAX_REFUSALS as usize {
                let permit = Arc::clone(&refusals);
                let context = Arc::clone(&context);
                tokio::spawn(async move {
                    refuse(stream, stage, &context).await;
                    drop(permit);
                });
            }
        }
    }
}

/// Serves one connection to its end.
async fn converse<H: Handler>(stream: TcpStream, peer: SocketAddr, context: Arc<Context<H>>) {
    let mut stage = context.stage.clone();
    let shared = Arc::new(Shared::default());
    let socket = Socket::new(stream);
    let service = Service {
        context: Arc::clone(&context),
        shared: Arc::clone(&shared),
        client: socket.client(),
        peer: peer.ip(),
    };
    let wire = wire(socket, &shared, &context);
    let connection = http1::Builder::new()
        // The wire's timeouts tell waiting for a request from waiting for the rest of one.
        .header_read_timeout(None)
        .max_headers(MAX_HEADERS)
        .max_header_size(context.http.header_bytes as usize)
        .max_buf_size(READ_BYTES)
        .serve_connection(
            TokioIo::new(wire),
            service_fn(move |request| service.clone().call(request)),
        );
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stopping(&mut stage) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "connection ended");
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
    let (error_type, message) = match stage {
        Stage::Serving => (
            ErrorType::Overloaded,
            "too many connections; try again in 1 s",
        ),
        Stage::Stopping => (ErrorType::Unavailable, "the server is stopping"),
    };
    context.metrics.refused_connection();
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
