//! Attacks with what a script tells while it runs: word without number or end.

use super::{Attack, From, Malice};

pub(super) const ATTACKS: &[Attack] = &[Attack::new("items without number", |field| {
    field.each(12, |number| {
        for script in SCRIPTS {
            if number.is_multiple_of(2) {
                field.ask(From::Many, number, &script.streamed());
            } else {
                field.ask(From::One, number, &script.request());
            }
        }
    });
})
.at_least_ms(3000)];

pub(super) const SCRIPTS: &[Malice] = &[
    Malice {
        name: "millions of empty items",
        script: r#"
import _host
item = b"\x04" + bytes([10]) + (0).to_bytes(4, "little") + b"text/plain"
while True: _host.call(item)"#,
        timeout_ms: 1_000,
    },
    Malice {
        name: "word without end that there was more",
        script: r#"
import _host
while True: _host.call(b"\x05")"#,
        timeout_ms: 1_000,
    },
    Malice {
        name: "frames of one byte",
        script: r#"
import _host
while True:
    for kind in range(256):
        if kind not in (1, 2, 3): _host.call(bytes([kind]))"#,
        timeout_ms: 1_000,
    },
    Malice {
        name: "answers without number",
        script: r#"
import _host
while True: _host.call(b"\x03" + bytes(4))"#,
        timeout_ms: 1_000,
    },
];
