//! Scripts that made the server say that it is at fault.

use super::{Attack, Field, From, Malice};

pub(super) const ATTACKS: &[Attack] = &[Attack::new("faults of scripts", faults)];

pub(super) const SCRIPTS: &[Malice] = &[
    Malice {
        name: "a script of no-break spaces",
        script: "\u{a0}\u{a0}",
        timeout_ms: 2_000,
    },
    Malice {
        name: "a script of next lines",
        script: "\u{85}",
        timeout_ms: 2_000,
    },
    Malice {
        name: "a script of em spaces",
        script: "\u{2003}\n\u{2003}",
        timeout_ms: 2_000,
    },
    Malice {
        name: "a script of ideographic spaces",
        script: "\u{3000}",
        timeout_ms: 2_000,
    },
    Malice {
        name: "two items of two megabytes of NUL",
        script: r#"
import _host
for _ in range(2): _host.call(b"\x04" + bytes([10]) + (0).to_bytes(4, "little") + b"text/plain" + bytes((2 << 20) - 64))"#,
        timeout_ms: 5_000,
    },
    Malice {
        name: "streams of a megabyte of NUL",
        script: r"
import os
for stream in 1, 2:
    for _ in range(16): os.write(stream, bytes(65_536))",
        timeout_ms: 5_000,
    },
    Malice {
        name: "the forged answer of the other mode",
        script: r#"
import _host, os
_host.call(b"\x01" + b"1")
os._exit(0)"#,
        timeout_ms: 2_000,
    },
    Malice {
        name: "a forged answer that is no JSON",
        script: r#"
import _host, os
_host.call(b"\x02" + b"}")
os._exit(0)"#,
        timeout_ms: 2_000,
    },
    Malice {
        name: "a forged answer of nothing",
        script: r#"
import _host, os
for forged in b"", b"\x00", b"\x03", b"\xff" * 9, b"\x02{}", b"\x02[]", b"\x02null":
    try: _host.call(forged)
    except BaseException: pass
os._exit(0)"#,
        timeout_ms: 2_000,
    },
];

fn faults(field: &Field<'_>) {
    field.each(4, |number| {
        for script in SCRIPTS {
            field.ask(From::One, number, &script.request());
            field.ask(From::One, number, &script.streamed());
        }
        // The other mode's answer in function mode.
        let body = serde_json::json!({
            "script": "import _host, os\n_host.call(b'\\x03' + (7).to_bytes(4, 'little'))\n\
                       os._exit(0)\ndef main(): pass",
        });
        let request = crate::neighbours::post("/execute", "*/*", &body.to_string());
        field.ask(From::One, number, &request);
    });
}
