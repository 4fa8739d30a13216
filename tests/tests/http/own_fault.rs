//! Errors for which only a script itself can be blamed have a name, and are never a 500.

use crate::{server, skips_as_remote};
use belljar_tests::script;
use serde_json::{Value, json};

/// The characters that Unicode calls white space.
fn white_space() -> impl Iterator<Item = char> {
    ('\0'..=char::MAX).filter(|character| character.is_whitespace())
}

#[test]
fn a_script_of_white_space_is_none() {
    let server = server();
    let mut scripts: Vec<String> = white_space().map(String::from).collect();
    assert!(scripts.len() >= 25, "{scripts:?}");
    scripts.push(white_space().collect());
    for text in scripts {
        for route in ["/execute", "/run"] {
            let answer = server.json(route, &json!({ "script": text }).to_string());
            answer.refuses(400, "missing_script", "white space");
        }
        // The library means the same by it.
        let program = script(text.as_str()).build();
        let refused = belljar_tests::shared().execute(&program);
        assert!(
            matches!(
                refused,
                Err(belljar::Error::Refused(belljar::Refusal::BlankScript))
            ),
            "{text:?}: {refused:?}"
        );
    }
}

#[test]
fn what_only_looks_like_nothing_is_not_python() {
    let server = server();
    for text in [
        "\u{200b}", "\u{2060}", "\u{180e}", "\0", "\u{7f}", "\u{a0}1",
    ] {
        let answer = server.json("/execute", &json!({ "script": text }).to_string());
        answer.refuses(400, "syntax_error", "");
        let answer = server.json("/run", &json!({ "script": text }).to_string());
        assert_eq!(answer.status, 200, "{text:?}: {}", answer.body);
        assert_eq!(answer.value()["exit_code"], 1, "{text:?}");
    }
    // A byte order mark is no part of the script.
    let answer = server.json("/execute", &json!({ "script": "\u{feff}" }).to_string());
    answer.refuses(400, "missing_main", "");
}

/// A script that gives an answer of its own, and takes the harness's door away.
fn forged(answer: &str) -> String {
    format!(
        "
import _host, _reactor
_host.call({answer})
_reactor._belljar_turn.__globals__['door'].call = lambda _: b''
def main(): pass"
    )
}

#[test]
fn a_forged_answer_is_the_scripts_own_fault() {
    // Other editions have their harness elsewhere.
    if skips_as_remote() {
        return;
    }
    let server = server();
    let deep = "b'\\x01' + b'[' * 200_000 + b']' * 200_000";
    // What is handed over, and what it comes to on `/execute` and on `/run`: the result or the exit
    // code if it is one that the route has, else the name of the fault.
    let crashed = || (json!("crashed"), json!("crashed"));
    for (answer, (execute, run)) in [
        ("b'\\x011'", (json!({"result": 1}), json!("crashed"))),
        ("b'\\x037'", (json!("crashed"), json!({"exit_code": 7}))),
        ("b'\\x03-1'", (json!("crashed"), json!({"exit_code": -1}))),
        ("b'\\x03' + b'9' * 100", crashed()),
        ("b'\\x03'", crashed()),
        ("b'\\x01'", crashed()),
        ("b'\\x01NaN'", crashed()),
        ("b'\\x01[1, Infinity]'", crashed()),
        ("b'\\x01{\"a\": 1, }'", crashed()),
        ("b'\\x01\"\\\\ud800\"'", crashed()),
        ("b'\\x01\"\\\\udc00\\\\ud800\"'", crashed()),
        ("b'\\x01\"\\xff\"'", crashed()),
        ("b'\\x01\"\\xed\\xa0\\x80\"'", crashed()),
        ("b'\\x01\"\\x00\"'", crashed()),
        ("b'\\x02'", crashed()),
        ("b'\\x02null'", crashed()),
        (
            "b'\\x02{\"kind\": \"internal\", \"message\": \"m\"}'",
            crashed(),
        ),
        (
            "b'\\x02{\"kind\": \"timeout\", \"message\": \"m\"}'",
            crashed(),
        ),
        (
            "b'\\x02{\"kind\": \"cancelled\", \"message\": \"m\"}'",
            crashed(),
        ),
        (
            "b'\\x02{\"kind\": \"no such\", \"message\": \"m\"}'",
            crashed(),
        ),
        ("b'\\x02{\"kind\": \"exception\"}'", crashed()),
        (
            "b'\\x02{\"kind\": \"exception\", \"message\": \"m\", \"line\": 99999999999}'",
            crashed(),
        ),
        (
            "b'\\x02{\"kind\": \"exception\", \"message\": \"\\\\ud800\"}'",
            crashed(),
        ),
        (
            "b'\\x02{\"kind\": \"exception\", \"message\": \"m\", \"more\": ' + b'[' * 500_000",
            crashed(),
        ),
        (
            "b'\\x02{\"kind\": \"exception\", \"message\": \"m\"}'",
            (json!("exception"), json!("exception")),
        ),
        (deep, (json!({}), json!("crashed"))),
        (
            "b'\\x011e99999999999999999999'",
            (json!({}), json!("crashed")),
        ),
    ] {
        for (route, expected) in [("/execute", execute), ("/run", run)] {
            let body = json!({"script": forged(answer)}).to_string();
            let found = server.json(route, &body);
            let judge = format!(
                "{answer} on {route}: {}",
                &found.body[..found.body.len().min(500)]
            );
            match &expected {
                Value::String(kind) => {
                    assert_eq!(found.status, 400, "{judge}");
                    assert_eq!(found.value()["error_type"], kind.as_str(), "{judge}");
                }
                fields => {
                    assert_eq!(found.status, 200, "{judge}");
                    for (name, value) in fields.as_object().expect("fields") {
                        assert_eq!(&found.value()[name], value, "{judge}");
                    }
                }
            }
        }
    }
}
