//! A client that tells the server nothing about being a test: it has an address of its own, keeps
//! a connection open, and may behave badly at any moment.
//!
//! [`Client`] is an address that requests come from, [`Connection`] what it opens, and [`Answer`]
//! what it gets; a [`Caller`] asks one thing after another. Other than [`crate::http`], nothing here panics about what a server does: a load
//! counts what goes wrong.

mod answer;
mod caller;
mod connection;

pub use answer::{Answer, Event};
pub use caller::Caller;
pub use connection::{Connection, Trouble};

use crate::http::Server;
use socket2::{Domain, Socket, Type};
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// The longest that a client waits for a connection: on one machine it is there at once, or the
/// queue of connections is full.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// An address that requests come from, and the server that they go to.
#[derive(Debug, Clone, Copy)]
pub struct Client {
    source: Ipv4Addr,
    server: SocketAddr,
}

impl Client {
    /// The client of this number, each at an address of its own: 127.1.0.0 and up. The whole of
    /// 127.0.0.0/8 is this machine, and a server can't tell it from as many machines.
    pub fn new(server: &Server, number: u16) -> Self {
        let [high, low] = number.to_be_bytes();
        Self {
            source: Ipv4Addr::new(127, 1, high, low),
            server: server.socket_address(),
        }
    }

    /// Opens a connection, whose reads wait for at most `patience`.
    ///
    /// # Errors
    ///
    /// As the system's: no more ports or descriptors, or the server refuses.
    pub fn connect(&self, patience: Duration) -> io::Result<Connection> {
        let stream = self.dial()?;
        stream.set_read_timeout(Some(patience))?;
        stream.set_write_timeout(Some(patience))?;
        // A request goes out when it is written, as every client's does.
        stream.set_nodelay(true)?;
        Ok(Connection::new(stream))
    }

    fn dial(&self) -> io::Result<TcpStream> {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.bind(&SocketAddr::new(IpAddr::V4(self.source), 0).into())?;
        socket.connect_timeout(&self.server.into(), CONNECT_TIMEOUT)?;
        Ok(socket.into())
    }
}
