//! Accepting connections, and no longer accepting them.

use super::budget::Budget;
use super::client::client_of;
use super::connection::{converse, refuse};
use super::connections::Connections;
use super::gate::Gate;
use super::gates::{KnownExpectation, ShortTarget, WhileServing};
use super::handler::Handler;
use super::phase::{Phase, Shared};
use super::service::Context;
use super::stage::Stage;
use super::turns::Turns;
use crate::config::Http;
use crate::hosts::AllowedHosts;
use crate::metrics::Metrics;
use hyper::header::HeaderName;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, lookup_host};
use tokio::sync::watch;

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
        site: Site<H>,
        http: &Http,
        shares: Shares,
        metrics: Arc<Metrics>,
        stage: watch::Receiver<Stage>,
    ) {
        let client_header = http.client_header.as_ref();
        let client_header = client_header.and_then(|name| HeaderName::try_from(name).ok());
        let connections = Connections::new(http.max_connections, client_header.is_some());
        let hosts = AllowedHosts::new(&http.allowed_hosts, self.address.ip());
        // The configuration was checked: there is no name that is not one.
        let hosts = hosts.unwrap_or(AllowedHosts::Loopback);
        let mut gates: Vec<Box<dyn Gate>> = vec![
            Box::new(WhileServing(stage.clone())),
            Box::new(ShortTarget),
            Box::new(hosts),
            Box::new(KnownExpectation),
        ];
        gates.extend(site.gates);
        let Shares { budget, turns } = shares;
        let context = Arc::new(Context {
            handler: site.handler,
            client_header,
            gates,
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

/// What a server answers requests by.
#[derive(Debug)]
pub(crate) struct Site<H> {
    /// Who answers them.
    pub(crate) handler: H,
    /// What they have to pass first, beside what is the same for all servers.
    pub(crate) gates: Vec<Box<dyn Gate>>,
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
