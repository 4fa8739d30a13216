//! Outcomes that no sandbox in its right mind would give: a script that takes its interpreter apart
//! writes them as it likes, and the front tells them all the same.

use belljar_front::Event;
use belljar_front::contract::{
    Completion, DisplayItem, Fault, FaultKind, Outcome, Truncated, Usage,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::Value;
use std::time::Duration;

use crate::support::{Call, Fake, fault, outcome};

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        vec(any::<u8>(), 0..200),
        // What becomes six times as long.
        vec(0_u8..32, 0..200),
        Just(b"{\"a\": [1e999, \"\\u0000\"]}".to_vec()),
    ]
}

fn text() -> impl Strategy<Value = String> {
    bytes().prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

fn item() -> impl Strategy<Value = DisplayItem> {
    let mime = prop_oneof![
        Just("application/json".to_owned()),
        Just("text/plain".to_owned()),
        Just("image/png".to_owned()),
        Just("a/b+json".to_owned()),
        text(),
    ];
    let parts = (mime, bytes(), option::of(text()));
    parts.prop_map(|(mime, data, alt)| DisplayItem { mime, data, alt })
}

fn completion() -> impl Strategy<Value = Completion> {
    let kinds = [
        FaultKind::Exception,
        FaultKind::Crashed,
        FaultKind::SyntaxError,
    ];
    let numbers = (
        any::<Option<u32>>(),
        any::<Option<u32>>(),
        any::<Option<i32>>(),
    );
    let fault = (0..kinds.len(), text(), option::of(text()), numbers);
    prop_oneof![
        text().prop_map(Completion::value),
        any::<i32>().prop_map(Completion::Exited),
        fault.prop_map(
            move |(kind, message, traceback, (line, column, exit_code))| {
                Completion::Fault(Fault {
                    kind: kinds[kind],
                    message,
                    traceback,
                    line,
                    column,
                    exit_code,
                })
            }
        ),
    ]
}

fn forged() -> impl Strategy<Value = Outcome> {
    let usage = (any::<u64>(), any::<u64>(), any::<u64>());
    let output = (bytes(), bytes(), vec(item(), 0..4), any::<u8>());
    (completion(), output, usage).prop_map(|(completion, output, usage)| {
        let (stdout, stderr, display, truncated) = output;
        Outcome {
            completion,
            stdout,
            stderr,
            display,
            truncated: Truncated {
                stdout: truncated & 1 != 0,
                stderr: truncated & 2 != 0,
                display: truncated & 4 != 0,
            },
            usage: Usage {
                duration: Duration::from_micros(usage.0),
                fuel: usage.1,
                memory_bytes: usage.2,
            },
        }
    })
}

proptest! {
    /// Whatever it is, the answer is 200 or the script's own fault, it is JSON, and it is the same
    /// when it is streamed.
    #[test]
    fn whatever_a_script_forges_is_told(outcome in forged(), is_run in any::<bool>()) {
        let path = if is_run { "/run" } else { "/execute" };
        let body = r#"{"script": "x"}"#;
        // Unchecked: `serde_json::Value`, which the checker takes, has no 1e999.
        let fake = Fake::giving_outcome(outcome.clone());
        let plain = Call::post(path, body).sent_to_unchecked(&fake);
        let text = plain.text().to_owned();
        prop_assert!(matches!(plain.response.status, 200 | 400), "{text}");
        let is_json = serde_json::from_str::<serde::de::IgnoredAny>(&text);
        prop_assert!(is_json.is_ok(), "{text}");
        prop_assert!(fake.log.borrow().is_empty());

        let fake = Fake::streaming([Ok(Event::Finished(outcome))]);
        let call = Call::post(path, body).header("accept", "text/event-stream");
        let streamed = fake.all_of(call.sent_to_unchecked(&fake));
        let data = streamed.replace("event: result\ndata: ", "").replace("\ndata: ", "\n");
        let same = text.replace('\r', "\n");
        prop_assert_eq!(data.trim_end(), same.trim_end());
    }
}

/// The length of everything: far longer than what is kept of an answer, and short enough for a
/// build that is not optimised. The real lengths are tested with a real server.
const LONG: usize = 1 << 17;

/// Much of everything, all of which becomes longer.
fn long(completion: Completion) -> Outcome {
    let item = DisplayItem {
        mime: "text/plain".to_owned(),
        data: vec![0; 2 * LONG],
        alt: None,
    };
    Outcome {
        stdout: vec![1; LONG],
        stderr: vec![0xff; LONG],
        display: vec![item.clone(), item],
        ..outcome(completion)
    }
}

#[test]
fn long_answers_are_told_whole() {
    let long_fault = Fault {
        traceback: Some("\u{2}".repeat(LONG)),
        ..fault(FaultKind::Exception, &"\u{3}".repeat(LONG))
    };
    let result = format!("\"{}\"", "r".repeat(4 * LONG));
    for (path, completion, status) in [
        ("/execute", Completion::value(result), 200),
        ("/run", Completion::Exited(7), 200),
        ("/run", Completion::Fault(long_fault), 400),
    ] {
        let fake = Fake::giving_outcome(long(completion));
        let answer = Call::post(path, r#"{"script": "x"}"#).sent_to_unchecked(&fake);
        assert_eq!(answer.response.status, status);
        assert_eq!(answer.header("content-type"), Some("application/json"));
        let body = answer.json();
        let length = |value: &Value| value.as_str().map_or(0, |text| text.chars().count());
        assert_eq!(length(&body["stdout"]), LONG);
        assert_eq!(body["stderr"], "\u{fffd}".repeat(LONG));
        for item in 0..2 {
            assert_eq!(body["display"][item]["data"], "\0".repeat(2 * LONG));
        }
        match status {
            400 => assert_eq!(length(&body["traceback"]), LONG),
            _ if path == "/run" => assert_eq!(body["exit_code"], 7),
            _ => assert_eq!(length(&body["result"]), 4 * LONG),
        }
    }
}

/// Writes, and remembers the largest piece.
struct Pieces(usize);

impl std::io::Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 = self.0.max(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_long_answer_is_written_in_pieces() {
    let outcome = long(Completion::Exited(0));
    let request = belljar_front::Request::new(
        "POST",
        "/run",
        vec![("content-type".to_owned(), b"application/json".to_vec())],
    );
    struct Script(bool);
    impl belljar_front::Body for Script {
        fn read(&mut self) -> Result<Option<Vec<u8>>, belljar_front::BodyError> {
            let first = !std::mem::replace(&mut self.0, true);
            Ok(first.then(|| br#"{"script": "x"}"#.to_vec()))
        }
    }
    let fake = Fake::giving_outcome(outcome);
    let response = belljar_front::handle(&request, &mut Script(false), &fake);
    assert!(response.body.is_empty(), "nothing of it is kept");
    let mut tail = response.tail.expect("it is written later");
    assert!(tail.length().is_some_and(|length| length > 32 * LONG));
    let mut pieces = Pieces(0);
    assert!(!tail.write_next(&fake, &mut pieces).expect("it takes all"));
    assert!(pieces.0 <= LONG / 2, "{} bytes at once", pieces.0);
}
