//! One connection, from its first byte to its last.

use super::answer;
use super::call::new_id;
use super::handler::Handler;
use super::phase::{Ending, Phase, Shared};
use super::service::{Context, Service};
use super::socket::Socket;
use super::stage::Stage;
use super::wire::{Timeouts, Wire};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use std::pin::pin;
use std::sync::Arc;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::watch;
use wasmtime_wasi_http::io::TokioIo;

/// The most headers of a request.
const MAX_HEADERS: usize = 100;

/// The most that is read from a connection at once, and gathered for it to be written: more than a head
/// may have by default, and not much when every connection has it.
const READ_BYTES: usize = 64 << 10;

/// Serves one connection to its end.
pub(super) async fn converse<H: Handler>(
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

fn wire<H>(stream: Socket, shared: &Arc<Shared>, context: &Context<H>) -> Wire<Socket> {
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
pub(super) async fn refuse<H>(stream: TcpStream, stage: Stage, context: &Context<H>) {
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
