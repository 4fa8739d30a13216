//! The forms that a request may have: media type, size, coding, JSON.

use belljar_front::MAX_BODY_BYTES;
use belljar_front::contract::Mode;

use crate::support::{Call, Fake};

const SCRIPT: &str = r#"{"script": "def main(): return 1"}"#;

#[test]
fn a_script_reaches_the_executor_in_the_mode_of_its_route() {
    for (path, mode) in [("/execute", Mode::Function), ("/run", Mode::Program)] {
        let fake = Fake::default();
        Call::post(path, SCRIPT)
            .header("x-request-id", "abc")
            .sent_to(&fake);
        let program = fake.last_program();
        assert_eq!(program.mode, mode);
        assert_eq!(program.script, "def main(): return 1");
        assert_eq!(fake.last_job().request_id, "abc");
    }
}

#[test]
fn a_refused_request_never_reaches_the_executor() {
    let fake = Fake::default();
    let answer = Call::post(
        "/execute",
        r#"{"script": "x", "limits": {"timeout_ms": "abc"}}"#,
    )
    .sent_to(&fake);
    assert_eq!(
        answer.error(400, "invalid_request"),
        r#"limits.timeout_ms: expected a positive integer, found "abc""#
    );
    assert_eq!(fake.programs_run(), 0);
    assert_eq!(
        (&answer.json()["stdout"], &answer.json()["stderr"]),
        (&"".into(), &"".into())
    );
}

#[test]
fn a_missing_script_has_its_own_type() {
    let error = Call::post("/execute", "{}")
        .send()
        .error(400, "missing_script");
    assert_eq!(error, "script: expected Python source, found none");
}

#[test]
fn a_script_over_100_kib_is_too_large() {
    let body = format!(r#"{{"script": "{}"}}"#, "#".repeat(101 * 1024));
    let error = Call::post("/run", body)
        .send()
        .error(413, "script_too_large");
    assert!(
        error.starts_with("script: expected at most 102400 bytes"),
        "{error}"
    );
}

#[test]
fn a_body_must_say_that_it_is_json() {
    for (media_type, found) in [
        (Some("text/plain"), "\"text/plain\""),
        (
            Some("application/json; charset=latin1"),
            "\"application/json; charset=latin1\"",
        ),
        (None, "none"),
    ] {
        let call = Call::new("POST", "/execute").piece(SCRIPT);
        let call = media_type
            .into_iter()
            .fold(call, |call, value| call.header("content-type", value));
        let answer = call.send();
        assert_eq!(
            answer.error(415, "unsupported_media_type"),
            format!("content-type: expected application/json, found {found}")
        );
        assert_eq!(answer.header("accept-post"), Some("application/json"));
        assert_eq!(answer.pieces_read, 0);
    }
    let twice = Call::post("/execute", SCRIPT)
        .header("content-type", "application/json")
        .send();
    twice.error(415, "unsupported_media_type");
}

#[test]
fn a_charset_is_welcome_if_it_is_utf_8() {
    let answer = Call::new("POST", "/execute")
        .header("Content-Type", "application/json; charset=UTF-8")
        .piece(SCRIPT)
        .send();
    assert_eq!(answer.response.status, 200);
}

#[test]
fn a_compressed_body_is_refused_and_told_why() {
    let answer = Call::post("/execute", SCRIPT)
        .header("content-encoding", "gzip")
        .send();
    assert_eq!(
        answer.error(415, "unsupported_media_type"),
        "content-encoding: expected a body that is not compressed, found \"gzip\""
    );
    assert_eq!(answer.header("accept-encoding"), Some("identity"));
    let identity = Call::post("/execute", SCRIPT)
        .header("content-encoding", "identity")
        .send();
    assert_eq!(identity.response.status, 200);
}

#[test]
fn a_body_may_come_in_pieces_that_split_characters() {
    let fake = Fake::default();
    let body = r##"{"script": "# é€😀"}"##.as_bytes();
    let call = body
        .iter()
        .fold(Call::post("/execute", ""), |call, byte| call.piece([*byte]));
    assert_eq!(call.sent_to(&fake).response.status, 200);
    assert_eq!(fake.last_program().script, "# é€😀");
}

#[test]
fn a_body_over_1_mib_is_not_read_to_its_end() {
    let quarter = vec![b' '; MAX_BODY_BYTES / 4];
    let call = (0..8).fold(Call::post("/execute", ""), |call, _| {
        call.piece(quarter.clone())
    });
    let answer = call.send();
    let error = answer.error(413, "request_too_large");
    assert_eq!(
        error,
        "request body: expected at most 1048576 bytes, found more"
    );
    assert_eq!(
        answer.pieces_read, 6,
        "the empty piece, four that fit, and the one too much"
    );
}

#[test]
fn a_body_that_declares_over_1_mib_is_not_read_at_all() {
    let length = (MAX_BODY_BYTES + 1).to_string();
    let answer = Call::post("/execute", SCRIPT)
        .header("content-length", length)
        .send();
    answer.error(413, "request_too_large");
    assert_eq!(answer.pieces_read, 0);
}

#[test]
fn a_body_of_exactly_1_mib_is_read() {
    let mut body = SCRIPT.as_bytes().to_vec();
    body.resize(MAX_BODY_BYTES, b' ');
    let length = body.len().to_string();
    let answer = Call::post("/execute", body)
        .header("content-length", length)
        .send();
    assert_eq!(answer.response.status, 200);
}

#[test]
fn a_body_must_be_utf_8() {
    let error = Call::post("/execute", b"{\"script\": \"\xff\"}")
        .send()
        .error(400, "invalid_request");
    assert_eq!(error, "request body: not UTF-8 at byte 12");
}

#[test]
fn a_body_that_breaks_off_is_the_clients_mistake() {
    let error = Call::post("/execute", "{")
        .broken_off()
        .send()
        .error(400, "invalid_request");
    assert_eq!(error, "request body: ended before its end");
}

#[test]
fn broken_json_is_told_by_line_and_column() {
    let error = Call::post("/execute", "{\"script\":\n")
        .send()
        .error(400, "invalid_request");
    assert_eq!(
        error,
        "request body: not valid JSON: EOF while parsing a value at line 2 column 0"
    );
}
