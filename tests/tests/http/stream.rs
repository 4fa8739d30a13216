//! Tests of the events that come while a script runs.

use crate::events::{Stream, can_stream};
use crate::server;
use serde_json::json;
use std::time::Duration;

#[test]
fn output_comes_long_before_the_end() {
    if !can_stream() {
        return;
    }
    // Far longer than a busy machine keeps this test from looking.
    let script = "import time\nprint('first')\ntime.sleep(6)\nprint('last')";
    let told = Stream::ask(&server(), "/run", &json!({ "script": script })).events();
    let names: Vec<&str> = told.iter().map(|each| each.name.as_str()).collect();
    assert_eq!(names, ["stdout", "stdout", "result"], "{told:?}");
    assert_eq!(
        (&told[0].data, &told[1].data),
        (&json!("first\n"), &json!("last\n"))
    );
    let ahead = told[2].after.saturating_sub(told[0].after);
    assert!(ahead > Duration::from_secs(1), "{ahead:?}");
}

#[test]
fn the_last_event_is_the_plain_answer() {
    if !can_stream() {
        return;
    }
    let server = server();
    let script = "import sys\ndef main():\n    print('out'); print('err', file=sys.stderr); display([1]); \
                  print('more'); return {'a': 1}";
    let body = json!({ "script": script, "seed": 1 });
    let told = Stream::ask(&server, "/execute", &body).events();
    let plain = server.json("/execute", &body.to_string()).value();
    let mut result = told.last().expect("a result").data.clone();
    result["usage"]["duration_ms"] = plain["usage"]["duration_ms"].clone();
    assert_eq!(result, plain);
    // In the order in which they happened.
    let names: Vec<&str> = told.iter().map(|each| each.name.as_str()).collect();
    assert_eq!(names, ["stdout", "stderr", "display", "stdout", "result"]);
    let texts = [&told[0].data, &told[1].data, &told[3].data];
    assert_eq!(texts, ["out\n", "err\n", "more\n"]);
    assert_eq!(told[2].data, plain["display"][0]);
}

#[test]
fn characters_and_order_survive() {
    if !can_stream() {
        return;
    }
    let script = "import sys, time\nfor byte in 'ä€😀'.encode():\n    sys.stdout.buffer.write(bytes([byte])); \
                  sys.stdout.flush(); time.sleep(0.03)\nfor i in range(5000): print(i)";
    let told = Stream::ask(&server(), "/run", &json!({ "script": script })).events();
    let result = &told.last().expect("a result").data;
    let text: String = told
        .iter()
        .filter(|each| each.name == "stdout")
        .filter_map(|each| each.data.as_str())
        .collect();
    assert_eq!(json!(text), result["stdout"]);
    assert!(text.starts_with("ä€😀0\n1\n"), "{text}");
    assert!(!text.contains('\u{fffd}'));
    // Collected for a moment: how many there are depends on the machine, but not one for each line.
    assert!(told.len() < 2500, "{} events", told.len());
}

#[test]
fn a_limit_ends_it_with_what_was_kept() {
    if !can_stream() {
        return;
    }
    for (limits, error_type) in [
        (json!({ "output_bytes": 1000 }), "output_exceeded"),
        (
            json!({ "timeout_ms": 300, "output_bytes": 1 << 20 }),
            "timeout",
        ),
    ] {
        let script = "import time\nprint('x' * 600)\nprint('y' * 600)\ntime.sleep(9)";
        let body = json!({ "script": script, "limits": limits });
        let told = Stream::ask(&server(), "/run", &body).events();
        let last = told.last().expect("a result");
        assert_eq!(
            (last.name.as_str(), &last.data["error_type"]),
            ("result", &json!(error_type))
        );
        let text: String = told
            .iter()
            .filter(|each| each.name == "stdout")
            .filter_map(|each| each.data.as_str())
            .collect();
        assert_eq!(json!(text), last.data["stdout"]);
    }
}

#[test]
fn what_is_refused_is_refused_as_ever() {
    let server = server();
    let mut stream = Stream::ask(&server, "/run", &json!({ "script": "" }));
    while stream.more() {}
    assert!(
        stream.text().starts_with("HTTP/1.1 400 "),
        "{}",
        stream.text()
    );
    assert!(stream.text().contains("missing_script"));
}
