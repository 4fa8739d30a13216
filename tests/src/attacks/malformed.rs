//! Requests that are none.

use super::{Attack, Field, From};

pub(super) const ATTACKS: &[Attack] = &[
    Attack::new("requests that are none", |field| {
        field.each(16, |number| nonsense(field, number));
    }),
    Attack::new("small requests without a pause", |field| {
        let many = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(200);
        field.each(8, |number| {
            field.ask(From::One, number, many.as_bytes());
        });
    }),
];

/// Each as one attacker sends it, ended by the attacker.
fn nonsense(field: &Field<'_>, number: u16) {
    let long = format!(
        "GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "x".repeat(40_000)
    );
    let heads = "X: y\r\n".repeat(4000);
    let many = format!("GET / HTTP/1.1\r\nHost: localhost\r\n{heads}\r\n");
    let requests: [&[u8]; 12] = [
        b"\r\n\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/1.1\nHost: localhost\n\n",
        b"GET / HTTP/1.1\r\nHost: attacker.example\r\n\r\n",
        b"POST /run HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"POST /run HTTP/1.1\r\nHost: localhost\r\nExpect: something\r\nContent-Length: 2\r\n\r\n{}",
        b"POST /run HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        b"POST /run HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n",
        b"GET /\x1b[31m\xe2\x80\xae HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: \x9b31m\r\n\r\n",
        long.as_bytes(),
        many.as_bytes(),
    ];
    for request in requests {
        if let Some(mut connection) = field.connect(From::One, number) {
            let _ = connection.send(request);
            let _ = connection.finish();
            field.hold(&mut connection);
        }
    }
}
