//! The service's answers about itself.

use std::time::Duration;

use belljar_front::contract::{LimitValues, Rejection};
use serde_json::json;

use crate::support::{Call, Fake};

#[test]
fn the_runtime_is_described() {
    let mut limits = serde_json::to_value(LimitValues::default()).expect("numbers");
    limits["fuel"] = json!(9_000);
    let mut default = limits.clone();
    default["timeout_ms"] = json!(10_000);
    assert_eq!(
        Call::get("/runtime").send().json(),
        json!({
            "python_version": "3.15.0",
            "edition": "full",
            "packages": { "numpy": "2.5.0", "pandas": "3.0.0" },
            "limits": { "default": default, "maximum": limits },
            "script_bytes": 102_400,
            "request_bytes": 1_048_576,
            "result_bytes": 4_194_304,
            "meter": "fake-1",
            "features": ["seed"],
        })
    );
}

#[test]
fn the_service_is_alive_whatever_its_executor_does() {
    let fake = Fake::rejecting(&Rejection::Unavailable("gone".to_owned()));
    let answer = Call::get("/healthz").sent_to(&fake);
    assert_eq!(
        (answer.response.status, answer.json()),
        (200, json!({ "status": "ok" }))
    );
}

#[test]
fn it_is_ready_while_its_executor_answers() {
    let answer = Call::get("/readyz").send();
    assert_eq!(answer.response.status, 200);
    assert_eq!(
        answer.json(),
        json!({ "status": "ready", "isolation": ["seccomp"] })
    );

    let gone = Fake::rejecting(&Rejection::Unavailable("gone".to_owned()));
    Call::get("/readyz")
        .sent_to(&gone)
        .error(503, "unavailable");
    let busy = Fake::rejecting(&Rejection::Overloaded {
        retry_after: Duration::from_millis(500),
    });
    Call::get("/readyz").sent_to(&busy).error(503, "overloaded");
}
