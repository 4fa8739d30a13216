//! Attacks on answers that come while the script runs: events without number, and clients that
//! don't read them.

use super::{Attack, Field, From, Malice};
use std::time::Duration;

pub(super) const ATTACKS: &[Attack] = &[
    Attack::new("sixteen streams of single bytes", |field| {
        chatter(field, From::One);
    })
    .at_least_ms(4000),
    Attack::new("single bytes, from many addresses", |field| {
        chatter(field, From::Many);
    })
    .again()
    .at_least_ms(4000),
    Attack::new("streams that nobody reads", |field| {
        field.each(16, |number| unread(field, From::Many, number));
    })
    .at_least_ms(4000),
    Attack::new("streams that are read a byte at a time", slowly)
        .again()
        .at_least_ms(3000),
];

pub(super) const SCRIPTS: &[Malice] = &[
    Malice {
        name: "single bytes, in turn to both streams",
        script: "
import os
while True: os.write(1, b'x'); os.write(2, b'y')",
        timeout_ms: 4_000,
    },
    Malice {
        name: "flushed characters, as fast as Python can",
        script: "
while True: print('x', end='', flush=True)",
        timeout_ms: 4_000,
    },
    Malice {
        name: "empty writes",
        script: "
import os
while True: os.write(1, b'')",
        timeout_ms: 2_000,
    },
    Malice {
        name: "halves of characters in turn with items to be seen",
        script: "
import os
for n in range(100_000):
    os.write(1, bytes([0xf0])); os.write(2, bytes([0x9f]))
    display(n)",
        timeout_ms: 4_000,
    },
];

fn chatter(field: &Field<'_>, from: From) {
    field.each(16, |number| {
        let script = &SCRIPTS[usize::from(number) % SCRIPTS.len()];
        field.ask(from, number, &script.streamed());
    });
}

/// Asks for a stream and does not look at it.
fn unread(field: &Field<'_>, from: From, number: u16) {
    let Some(mut connection) = field.connect(from, number) else {
        field.wait(Duration::from_millis(20));
        return;
    };
    let _ = connection.send(&SCRIPTS[0].streamed());
    field.wait(Duration::from_secs(60));
}

fn slowly(field: &Field<'_>) {
    use std::io::Read;
    field.each(16, |number| {
        let Some(mut connection) = field.connect(From::One, number) else {
            field.wait(Duration::from_millis(20));
            return;
        };
        let _ = connection.send(&SCRIPTS[1].streamed());
        let mut byte = [0];
        while field.goes_on()
            && connection
                .stream()
                .read(&mut byte)
                .is_ok_and(|count| count > 0)
        {
            field.wait(Duration::from_millis(5));
        }
    });
}
