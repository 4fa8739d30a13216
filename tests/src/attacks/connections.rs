//! Attacks on connections: all that there may be, and nothing sent on them.

use super::{Attack, Field, From, give_way};
use crate::client::Connection;
use std::thread;
use std::time::Duration;

/// As many as the server takes by default, and some.
const COUNT: u16 = 1104;

/// They are opened side by side.
const PARTS: u16 = 8;

pub(super) const ATTACKS: &[Attack] = &[
    Attack::new("idle connections, each of which was used", |field| {
        fill(
            field,
            From::One,
            Some(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        );
    })
    .at_least_ms(3000),
    Attack::new("the same from many addresses", |field| {
        fill(
            field,
            From::Many,
            Some(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        );
    })
    .at_least_ms(3000)
    .again(),
    Attack::new("connections on which nothing comes", |field| {
        fill(field, From::One, None);
    })
    .at_least_ms(3000)
    .again(),
    Attack::new("the beginnings of heads", |field| {
        fill(
            field,
            From::Many,
            Some(b"POST /run HTTP/1.1\r\nHost: localhost\r\nX-Slow: "),
        );
    })
    .at_least_ms(3000),
];

/// Keeps as many connections as there can be, and opens another for each that is closed.
fn fill(field: &Field<'_>, from: From, first: Option<&[u8]>) {
    thread::scope(|scope| {
        for part in 0..PARTS {
            scope.spawn(move || fill_part(field, from, first, part));
        }
    });
}

fn fill_part(field: &Field<'_>, from: From, first: Option<&[u8]>, part: u16) {
    give_way();
    let mut held: Vec<Connection> = Vec::new();
    let mut next = part;
    while field.goes_on() {
        while held.len() < usize::from(COUNT / PARTS) && field.goes_on() {
            let Some(mut connection) = field.connect(from, next) else {
                break;
            };
            next = next.wrapping_add(PARTS);
            if let Some(first) = first {
                // Whether it is read shows in what it keeps out.
                let _ = connection.send(first);
            }
            held.push(connection);
        }
        field.wait(Duration::from_millis(100));
        held.retain(is_open);
    }
}

/// `true` if the server has kept it open. What came on it is read, as a client would.
fn is_open(connection: &Connection) -> bool {
    use std::io::{ErrorKind, Read};
    let mut stream = connection.stream();
    let mut bytes = [0; 4096];
    if stream.set_nonblocking(true).is_err() {
        return false;
    }
    loop {
        match stream.read(&mut bytes) {
            Ok(0) => return false,
            Ok(_) => {}
            Err(error) => return error.kind() == ErrorKind::WouldBlock,
        }
    }
}
