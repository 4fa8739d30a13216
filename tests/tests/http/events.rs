//! Answers that are read while they come.

use crate::server;
use belljar_tests::http::Server;
use serde_json::Value;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// An answer that is being read.
pub(crate) struct Stream {
    pub(crate) connection: TcpStream,
    bytes: Vec<u8>,
    began: Instant,
}

/// An event, and when it came.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) name: String,
    pub(crate) data: Value,
    pub(crate) after: Duration,
}

impl Stream {
    pub(crate) fn ask(server: &Server, route: &str, body: &Value) -> Self {
        let mut connection = server.connect();
        connection
            .set_read_timeout(Some(Duration::from_secs(60)))
            .expect("a timeout");
        let body = body.to_string();
        let head = format!(
            "POST {route} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Accept: text/event-stream\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        connection
            .write_all((head + &body).as_bytes())
            .expect("it is sent");
        let bytes = Vec::new();
        let began = Instant::now();
        Self {
            connection,
            bytes,
            began,
        }
    }

    /// Reads more; false at the end.
    pub(crate) fn more(&mut self) -> bool {
        let mut bytes = [0; 1 << 16];
        let count = read(&mut self.connection, &mut bytes);
        self.bytes.extend_from_slice(&bytes[..count]);
        count > 0
    }

    /// The text that came so far.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// All events, parsed only when all are there: for answers that are long.
    pub(crate) fn events_at_end(mut self) -> Vec<(String, Value)> {
        while self.more() {}
        parse(&self.bytes)
    }

    /// All events, with the time at which each was there.
    pub(crate) fn events(mut self) -> Vec<Told> {
        let mut told: Vec<Told> = Vec::new();
        loop {
            let goes_on = self.more();
            let after = self.began.elapsed();
            let found = parse(&self.bytes);
            let new = found.into_iter().skip(told.len());
            told.extend(new.map(|(name, data)| Told { name, data, after }));
            if !goes_on {
                return told;
            }
        }
    }
}

/// Reads what comes next; nothing at the end. A pause of the whole process interrupts a read that
/// has a time limit.
pub(crate) fn read(connection: &mut TcpStream, bytes: &mut [u8]) -> usize {
    loop {
        match connection.read(bytes) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            read => return read.expect("more, or the end"),
        }
    }
}

/// The events that are whole.
fn parse(bytes: &[u8]) -> Vec<(String, Value)> {
    let body = dechunked(bytes);
    let whole = body.windows(2).rposition(|pair| pair == b"\n\n");
    let body = std::str::from_utf8(&body[..whole.map_or(0, |at| at + 2)]).expect("UTF-8");
    body.split_terminator("\n\n")
        // A comment says that the script still runs.
        .filter(|event| !event.starts_with(':'))
        .map(|event| {
            let (name, data) = event.split_once('\n').expect("two lines");
            let name = name.strip_prefix("event: ").expect("a name");
            let data = data.strip_prefix("data: ").expect("data");
            (name.to_owned(), serde_json::from_str(data).expect("JSON"))
        })
        .collect()
}

/// The content of an answer's whole chunks.
fn dechunked(bytes: &[u8]) -> Vec<u8> {
    let line_end = |bytes: &[u8], end: &[u8]| bytes.windows(end.len()).position(|at| at == end);
    let Some(head) = line_end(bytes, b"\r\n\r\n") else {
        return Vec::new();
    };
    let (mut rest, mut body) = (&bytes[head + 4..], Vec::new());
    while let Some(end) = line_end(rest, b"\r\n") {
        let size = std::str::from_utf8(&rest[..end]).expect("a size");
        let size = usize::from_str_radix(size, 16).expect("a size");
        let Some(chunk) = rest.get(end + 2..end + 2 + size + 2) else {
            break;
        };
        body.extend_from_slice(&chunk[..size]);
        rest = &rest[end + 2 + size + 2..];
    }
    body
}

/// `true` if the executor behind the server can stream: one elsewhere may leave it out, and says
/// so.
pub(crate) fn can_stream() -> bool {
    let runtime = server().get("/runtime").value();
    let features = runtime["features"].as_array().expect("a list of features");
    let can = features.iter().any(|feature| feature == "stream");
    assert!(can || crate::is_remote(), "our own server can");
    can
}
