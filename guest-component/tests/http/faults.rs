//! Answers to a script that gave no answer, or that no sandbox took.

use std::time::Duration;

use belljar_front::MAX_BODY_BYTES;
use belljar_front::contract::caps::SCRIPT_BYTES;
use belljar_front::contract::{
    Completion, Fault, FaultKind, InvalidLimit, Limit, Outcome, Refusal, Rejection, Truncated,
};
use serde_json::json;

use crate::support::{Answer, Call, Fake, fault, outcome};

fn execute(fake: &Fake) -> Answer {
    Call::post("/execute", r#"{"script": "x"}"#)
        .header("x-request-id", "id-1")
        .sent_to(fake)
}

#[test]
fn every_kind_of_fault_is_a_400_with_its_type() {
    for kind in FaultKind::ALL {
        // Ours come as a rejection.
        if kind == FaultKind::Internal {
            continue;
        }
        let name = kind.name();
        let fake = Fake::giving(Completion::Fault(fault(kind, "what happened")));
        assert_eq!(execute(&fake).error(400, name), "what happened");
        let program = Call::post("/run", r#"{"script": "x"}"#).sent_to(&fake);
        assert_eq!(program.error(400, name), "what happened");
    }
}

#[test]
fn every_error_has_the_keys_of_a_scripts_own() {
    let unavailable = Fake::rejecting(&Rejection::Unavailable("why".to_owned()));
    let overloaded = Fake::rejecting(&Rejection::Overloaded {
        retry_after: Duration::ZERO,
    });
    let broken = Fake::rejecting(&Rejection::Internal("why".to_owned()));
    let invalid = Fake::rejecting(&Rejection::Refused(Refusal::Invalid("why".to_owned())));
    let fine = Fake::default();
    let post = |body: &str| Call::post("/execute", body);
    let long = format!(r#"{{"script": "{}"}}"#, "x".repeat(SCRIPT_BYTES + 1));
    let huge = " ".repeat(MAX_BODY_BYTES + 1);
    let script = r#"{"script": "x"}"#;
    for (call, fake, status, error_type) in [
        (post("{"), &fine, 400, "invalid_request"),
        (post("{}"), &fine, 400, "missing_script"),
        (post(&long), &fine, 413, "script_too_large"),
        (post(&huge), &fine, 413, "request_too_large"),
        (
            Call::new("POST", "/execute"),
            &fine,
            415,
            "unsupported_media_type",
        ),
        (Call::get("/nowhere"), &fine, 404, "not_found"),
        (Call::get("/execute"), &fine, 405, "method_not_allowed"),
        (post(script), &invalid, 400, "invalid_request"),
        (post(script), &unavailable, 503, "unavailable"),
        (post(script), &overloaded, 503, "overloaded"),
        (post(script), &broken, 500, "internal"),
    ] {
        let answer = call.header("x-request-id", "id-1").sent_to(fake);
        let message = answer.error(status, error_type);
        assert_eq!(
            answer.json(),
            json!({
                "error": message,
                "error_type": error_type,
                "stdout": "",
                "stderr": "",
                "request_id": "id-1",
            })
        );
    }
}

#[test]
fn a_fault_says_only_what_is_known() {
    let fault = fault(
        FaultKind::MissingMain,
        "Script must contain a 'def main()' function",
    );
    assert_eq!(
        execute(&Fake::giving(Completion::Fault(fault))).text(),
        concat!(
            r#"{"error":"Script must contain a 'def main()' function","#,
            r#""error_type":"missing_main","stdout":"","stderr":"","request_id":"id-1","#,
            r#""usage":{"duration_ms":0.114,"fuel":20,"memory_bytes":131072,"memory_pages":2},"#,
            r#""truncated":[]}"#
        )
    );
}

#[test]
fn a_fault_says_all_that_is_known() {
    let fault = Fault {
        traceback: Some("File \"script.py\", line 2".to_owned()),
        line: Some(2),
        column: Some(5),
        exit_code: Some(3),
        ..fault(FaultKind::Exit, "the script ended itself")
    };
    let answer = execute(&Fake::giving_outcome(Outcome {
        stdout: b"so far".to_vec(),
        stderr: b"\xff".to_vec(),
        truncated: Truncated {
            stdout: true,
            ..Truncated::default()
        },
        ..outcome(Completion::Fault(fault))
    }));
    assert_eq!(
        answer.json(),
        json!({
            "error": "the script ended itself",
            "error_type": "exit",
            "traceback": "File \"script.py\", line 2",
            "line": 2,
            "column": 5,
            "exit_code": 3,
            "stdout": "so far",
            "stderr": "\u{fffd}",
            "request_id": "id-1",
            "usage":
                { "duration_ms": 0.114, "fuel": 20, "memory_bytes": 131_072, "memory_pages": 2 },
            "truncated": ["stdout"],
        })
    );
}

#[test]
fn a_limit_over_the_maximum_is_named_with_it() {
    for limit in Limit::ALL {
        let rejection = Rejection::InvalidLimit(InvalidLimit {
            limit,
            requested: 31_000,
            maximum: 30_000,
        });
        let error = execute(&Fake::rejecting(&rejection)).error(400, "invalid_request");
        assert_eq!(
            error,
            format!("limits.{limit}: expected at most 30000, the maximum here, found 31000")
        );
    }
}

#[test]
fn a_full_queue_says_when_to_come_back_in_whole_seconds() {
    for (retry_after_ms, seconds) in [(0, "1"), (1, "1"), (1000, "1"), (1001, "2"), (4200, "5")] {
        let rejection = Rejection::Overloaded {
            retry_after: Duration::from_millis(retry_after_ms),
        };
        let answer = execute(&Fake::rejecting(&rejection));
        let error = answer.error(503, "overloaded");
        assert_eq!(
            error,
            format!("every sandbox is busy; try again in {seconds} s")
        );
        assert_eq!(answer.header("retry-after"), Some(seconds));
    }
}

#[test]
fn reasons_are_for_the_log_and_the_client_gets_the_requests_id() {
    for (rejection, status, error_type) in [
        (
            Rejection::Unavailable("no route to 10.0.0.7".to_owned()),
            503,
            "unavailable",
        ),
        (
            Rejection::Internal("no route to 10.0.0.7".to_owned()),
            500,
            "internal",
        ),
    ] {
        let fake = Fake::rejecting(&rejection);
        for call in [
            Call::post("/execute", r#"{"script": "x"}"#),
            Call::post("/run", r#"{"script": "x"}"#),
            Call::get("/runtime"),
            Call::get("/readyz"),
        ] {
            let answer = call.header("x-request-id", "id-1").sent_to(&fake);
            answer.error(status, error_type);
            assert_eq!(answer.json()["request_id"], "id-1");
            let retry = (status == 503).then_some("1");
            assert_eq!(answer.header("retry-after"), retry);
            assert!(!answer.text().contains("10.0.0.7"));
            let log = fake.log.borrow_mut().pop().expect("a line in the log");
            assert!(log.starts_with("request id-1: ") && log.ends_with("no route to 10.0.0.7"));
        }
    }
}

#[test]
fn nothing_of_a_script_is_logged() {
    let fake = Fake::giving(Completion::Fault(fault(FaultKind::Exception, "secret")));
    Call::post("/execute", r#"{"script": "secret"}"#).sent_to(&fake);
    Call::post("/execute", r#"{"script": "secret", "secret": 1}"#).sent_to(&fake);
    assert!(fake.log.borrow().is_empty());
}
