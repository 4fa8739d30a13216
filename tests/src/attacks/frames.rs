//! Attacks on the frames between a worker and the server: an answer that is too large for one, once
//! the worker has written it down. The whole worker ended by it, with everything that ran there.

use super::{Attack, Field, From, Malice};

pub(super) const ATTACKS: &[Attack] = &[
    Attack::new("answers that grow when they are decoded", |field| {
        grow(field, From::One);
    })
    .at_least_ms(2500),
    Attack::new("answers that grow, from many addresses", |field| {
        grow(field, From::Many);
    })
    .again()
    .at_least_ms(2500),
];

pub(super) const SCRIPTS: &[Malice] = &[
    Malice {
        // Each byte of `alt` is three once it is text.
        name: "two items whose words triple",
        script: r#"
import _host
n = (2 << 20) - 20
item = b"\x04" + bytes([10]) + n.to_bytes(4, "little") + b"text/plain" + b"\xff" * n
_host.call(item)
_host.call(item)"#,
        timeout_ms: 5_000,
    },
    Malice {
        name: "many items whose words triple",
        script: r#"
import _host
n = (130 << 10) - 20
item = b"\x04" + bytes([10]) + n.to_bytes(4, "little") + b"text/plain" + b"\xff" * n
for _ in range(32): _host.call(item)"#,
        timeout_ms: 5_000,
    },
    Malice {
        name: "everything at its limit, of bytes that are no text",
        script: r#"
import os, _host
n = (2 << 20) - 64
item = b"\x04" + bytes([10]) + (0).to_bytes(4, "little") + b"text/plain" + b"\xff" * n
_host.call(item)
_host.call(item)
for stream in 1, 2:
    for _ in range(16): os.write(stream, b"\xff" * 65000)
_host.call(b"\x03" + b"\xff" * (4 << 20))"#,
        timeout_ms: 5_000,
    },
    Malice {
        name: "a fault with a message of megabytes of no text",
        script: r#"
import _host
_host.call(b"\x02" + b"\xff" * (4 << 20))"#,
        timeout_ms: 5_000,
    },
];

fn grow(field: &Field<'_>, from: From) {
    field.each(4, |number| {
        for script in SCRIPTS {
            field.ask(from, number, &script.request());
        }
    });
}
