//! Attacks on the limit of time: calls of the host that take long, in a row without an end, or that
//! go on when nobody waits for them any more. Their worker was taken for stuck and ended.

use super::{Attack, Field, From, Malice};
use std::time::Duration;

pub(super) const ATTACKS: &[Attack] = &[
    Attack::new("calls of the host without an end", |field| {
        field.each(8, |number| {
            for script in SCRIPTS {
                field.ask(From::One, number, &script.request());
            }
        });
    })
    .at_least_ms(3000),
    Attack::new("the same by clients that go", |field| {
        leave(field, From::One)
    })
    .at_least_ms(4000),
    Attack::new("the same from many addresses", |field| {
        leave(field, From::Many);
    })
    .again()
    .at_least_ms(4000),
];

pub(super) const SCRIPTS: &[Malice] = &[
    Malice {
        name: "reads of the archive of the library, 64 MiB each",
        script: "
import os
f = os.open('/usr/local/lib/python315.zip', os.O_RDONLY)
while True: os.pread(f, 1 << 26, 0)",
        timeout_ms: 300,
    },
    Malice {
        name: "the same into buffers without an end",
        script: "
import os
f = os.open('/usr/local/lib/python315.zip', os.O_RDONLY)
buffers = [bytearray(1 << 16)] * 1000
while True:
    os.lseek(f, 0, 0)
    os.readv(f, buffers)",
        timeout_ms: 300,
    },
    Malice {
        name: "random bytes without an end",
        script: "
import os
while True: os.urandom(1 << 26)",
        timeout_ms: 300,
    },
    Malice {
        name: "output that nobody keeps",
        script: "
import os
b = bytes(1 << 26)
while True:
    try: os.write(2, b)
    except BaseException: pass",
        timeout_ms: 300,
    },
    Malice {
        name: "output in ten thousand pieces at once",
        script: "
import os
b = [b'x'] * 1000
while True:
    try: os.writev(1, b)
    except BaseException: pass",
        timeout_ms: 300,
    },
    Malice {
        name: "sleeps of no time",
        script: "
import time
while True: time.sleep(0)",
        timeout_ms: 300,
    },
    Malice {
        name: "waits for many things at once, none of which comes",
        script: "
import select
p = select.poll()
for n in range(3): p.register(n)
while True:
    try: p.poll(0)
    except BaseException: pass",
        timeout_ms: 300,
    },
    Malice {
        name: "frames of megabytes through the door",
        script: r#"
import _host
b = b"\x04" + bytes(64 << 20)
while True:
    try: _host.call(b)
    except BaseException: pass"#,
        timeout_ms: 300,
    },
    Malice {
        name: "names of files that are not there",
        script: "
import os
name = '/' + 'x' * 4000
while True:
    try: os.stat(name)
    except BaseException: pass",
        timeout_ms: 300,
    },
];

/// Sixteen that close their connection while their script is in a call.
fn leave(field: &Field<'_>, from: From) {
    field.each(16, |number| {
        let script = &SCRIPTS[usize::from(number) % 3];
        if let Some(mut connection) = field.connect(from, number) {
            // Whatever becomes of it.
            let _ = connection.send(&script.request());
            field.wait(Duration::from_millis(200));
        }
        field.wait(Duration::from_millis(20));
    });
}
