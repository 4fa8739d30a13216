//! What comes back from a script that gave no answer, or that no sandbox took.

use belljar_front::contract::{
    Completion, Fault, FaultKind, InvalidLimit, Limit, Outcome, OutputStreams, Overload, Rejection,
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
    let kinds = [
        (FaultKind::SyntaxError, "syntax_error"),
        (FaultKind::MissingMain, "missing_main"),
        (FaultKind::Exception, "exception"),
        (FaultKind::Exit, "exit"),
        (FaultKind::NotSerializable, "not_serializable"),
        (FaultKind::FuelExhausted, "fuel_exhausted"),
        (FaultKind::Timeout, "timeout"),
        (FaultKind::MemoryExceeded, "memory_exceeded"),
        (FaultKind::OutputExceeded, "output_exceeded"),
        (FaultKind::ResultTooLarge, "result_too_large"),
        (FaultKind::StackOverflow, "stack_overflow"),
        (FaultKind::Crashed, "crashed"),
        (FaultKind::Cancelled, "cancelled"),
    ];
    for (kind, name) in kinds {
        let fake = Fake::giving(Completion::Fault(fault(kind, "what happened")));
        assert_eq!(execute(&fake).error(400, name), "what happened");
        let program = Call::post("/run", r#"{"script": "x"}"#).sent_to(&fake);
        assert_eq!(program.error(400, name), "what happened");
    }
}

#[test]
fn the_names_are_those_of_the_contract() {
    let wit = include_str!("../../../wit/types.wit");
    for error_type in belljar_front::ErrorType::ALL {
        if let belljar_front::ErrorType::Script(_) = error_type {
            let case = format!("\n        {},\n", error_type.name().replace('_', "-"));
            assert!(wit.contains(&case), "{}", error_type.name());
        }
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
            r#""error_type":"missing_main","stdout":"","stderr":"","#,
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
        truncated: OutputStreams::STDOUT,
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
            "usage":
                { "duration_ms": 0.114, "fuel": 20, "memory_bytes": 131_072, "memory_pages": 2 },
            "truncated": ["stdout"],
        })
    );
}

#[test]
fn a_limit_over_the_maximum_is_named_with_it() {
    for (limit, name) in [
        (Limit::TimeoutMs, "timeout_ms"),
        (Limit::Fuel, "fuel"),
        (Limit::MemoryBytes, "memory_bytes"),
        (Limit::OutputBytes, "output_bytes"),
    ] {
        let rejection = Rejection::InvalidLimit(InvalidLimit {
            limit,
            requested: 31_000,
            maximum: 30_000,
        });
        let error = execute(&Fake::rejecting(&rejection)).error(400, "invalid_request");
        assert_eq!(
            error,
            format!(
                "limits.{name}: expected at most 30000, the maximum of this server, found 31000"
            )
        );
    }
}

#[test]
fn a_full_queue_says_when_to_come_back_in_whole_seconds() {
    for (retry_after_ms, seconds) in [(0, "1"), (1, "1"), (1000, "1"), (1001, "2"), (4200, "5")] {
        let rejection = Rejection::Overloaded(Overload { retry_after_ms });
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
