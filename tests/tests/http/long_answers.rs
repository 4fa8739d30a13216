//! The longest answers that a script can cause: a byte of output can become six of JSON, and the
//! front has little memory.

use crate::events::{Stream, can_stream};
use crate::server;
use serde_json::{Value, json};

/// Everything as long as it may be, and of control characters.
const LONGEST: &str = r#"
import sys, _host
def main():
    for _ in range(2):
        _host.call(b"\x04" + bytes([10]) + bytes(4) + b"text/plain" + bytes((2 << 20) - 10))
    sys.stdout.write("\x01" * (1 << 20))
    sys.stderr.write("\x02" * (1 << 20))
    return "r" * ((4 << 20) - 2)
"#;

fn assert_whole(answer: &Value) {
    let length = |value: &Value| value.as_str().map_or(0, str::len);
    assert_eq!(length(&answer["stdout"]), 1 << 20);
    assert_eq!(length(&answer["stderr"]), 1 << 20);
    assert_eq!(length(&answer["result"]), (4 << 20) - 2);
    for item in 0..2 {
        assert_eq!(answer["display"][item]["data"], "\0".repeat((2 << 20) - 10));
    }
}

#[test]
fn the_longest_answer_is_whole() {
    let answer = server().json("/execute", &json!({ "script": LONGEST }).to_string());
    assert_eq!(
        answer.status,
        200,
        "{}",
        &answer.body[..answer.body.len().min(500)]
    );
    let length = answer.header("content-length").map(str::to_owned);
    assert_eq!(length, Some(answer.body.len().to_string()));
    assert_whole(&answer.value());
}

#[test]
fn the_longest_answer_is_whole_when_it_is_streamed() {
    if !can_stream() {
        return;
    }
    let told = Stream::ask(&server(), "/execute", &json!({ "script": LONGEST })).events_at_end();
    assert_whole(&told.last().expect("a result").1);
    let shown: Vec<_> = told.iter().filter(|(name, _)| name == "display").collect();
    assert_eq!(shown.len(), 2);
    let written = told.iter().filter(|(name, _)| name == "stdout");
    let written = written.map(|(_, data)| data.as_str().map_or(0, str::len));
    assert_eq!(written.sum::<usize>(), 1 << 20);
}
