use super::*;
use crate::{FaultKind, Limit, LimitValues, PackageVersion, Refusal};
use alloc::borrow::ToOwned;
use std::format;

fn outcome(completion: Completion) -> Outcome {
    Outcome {
        stdout: b"\xff\n".to_vec(),
        display: [DisplayItem {
            mime: "text/html".to_owned(),
            data: b"<b>".to_vec(),
            alt: None,
        }]
        .to_vec(),
        truncated: Truncated {
            stdout: true,
            ..Truncated::default()
        },
        usage: Usage {
            duration: Duration::from_micros(412),
            fuel: 3,
            memory_bytes: 65_536,
        },
        ..Outcome::bare(completion)
    }
}

#[test]
fn outcomes_have_the_documented_form_and_come_back() {
    let reply = Reply::of(Ok(outcome(Completion::value("[1e400]".to_owned()))));
    let json = reply.encode();
    let expected = r#"{"outcome":{"completion":{"value":"[1e400]"},"stdout":"/wo=","stderr":"","display":[{"mime":"text/html","data":"PGI+"}],"truncated":["stdout"],"usage":{"duration_us":412,"fuel":3,"memory_bytes":65536,"memory_pages":1}}}"#;
    assert_eq!(str::from_utf8(&json).unwrap(), expected);
    assert_eq!(reply.status(), 200);
    assert_eq!(Reply::decode(&json), Some(reply));
}

#[test]
fn every_fault_comes_back_and_ours_as_a_rejection() {
    for kind in FaultKind::ALL {
        let fault = Fault {
            line: Some(2),
            exit_code: Some(-1),
            ..Fault::new(kind, "m")
        };
        let reply = Reply::of(Ok(outcome(Completion::Fault(fault))));
        let json = reply.encode();
        if kind == FaultKind::Internal {
            let expected = Reply::Rejection(Rejection::Internal("m".to_owned()));
            assert_eq!(Reply::decode(&json), Some(expected));
        } else {
            let text = str::from_utf8(&json).unwrap();
            let expected =
                format!(r#"{{"fault":{{"kind":"{kind}","message":"m","line":2,"exit_code":-1}}}}"#);
            assert!(text.contains(&expected), "{text}");
            assert_eq!(Reply::decode(&json), Some(reply));
        }
    }
}

#[test]
fn rejections_have_their_statuses_and_come_back() {
    let too_high = InvalidLimit {
        limit: Limit::Fuel,
        requested: 9,
        maximum: 5,
    };
    let overloaded = Rejection::Overloaded {
        retry_after: Duration::from_millis(1200),
    };
    assert_eq!(overloaded.retry_after_seconds(), Some(2));
    for (rejection, status, expected) in [
        (
            Rejection::InvalidLimit(too_high),
            422,
            r#"{"invalid_limit":{"limit":"fuel","requested":9,"maximum":5}}"#,
        ),
        (overloaded, 503, r#"{"overloaded":{"retry_after_ms":1200}}"#),
        (
            Rejection::Unavailable("r".to_owned()),
            503,
            r#"{"unavailable":"r"}"#,
        ),
        (
            Rejection::Internal("r".to_owned()),
            500,
            r#"{"internal":"r"}"#,
        ),
    ] {
        let reply = Reply::of(Err(rejection));
        assert_eq!(reply.status(), status);
        let json = reply.encode();
        let expected = format!(r#"{{"rejection":{expected}}}"#);
        assert_eq!(str::from_utf8(&json).unwrap(), expected);
        assert_eq!(Reply::decode(&json), Some(reply));
    }
    for (refusal, status) in [
        (Refusal::BlankScript, 400),
        (Refusal::ScriptTooLarge(None), 413),
    ] {
        let refused = Reply::of(Err(refusal.into()));
        assert_eq!(refused.status(), status);
    }
}

#[test]
fn a_description_comes_back_without_what_the_protocol_cannot() {
    let mut info = RuntimeInfo {
        python_version: "3.15.0".to_owned(),
        edition: "full".to_owned(),
        packages: [PackageVersion {
            name: "numpy".to_owned(),
            version: "2.5.0".to_owned(),
        }]
        .to_vec(),
        default_limits: LimitValues::default(),
        maximum_limits: LimitValues::default(),
        result_bytes: 4 << 20,
        meter: "m".to_owned(),
        features: ["seed".to_owned(), "stream".to_owned()].to_vec(),
        isolation: Vec::new(),
    };
    let json = Reply::describing(Ok(info.clone())).encode();
    info.features.pop();
    assert_eq!(Reply::decode(&json), Some(Reply::RuntimeInfo(info)));
}

#[test]
fn other_bodies_are_none_and_members_of_later_versions_are_ignored() {
    let json = br#"{"rejection": {"unavailable": "r"}, "novelty": 1}"#;
    assert!(Reply::decode(json).is_none(), "one member says which it is");
    for other in [&b""[..], b"<html>", br#"{"outcome": {}}"#] {
        assert!(Reply::decode(other).is_none());
    }
    let json = br#"{"outcome":{"completion":{"exited":0},"stdout":"","stderr":"","truncated":[],
        "usage":{"duration_us":0,"fuel":0,"memory_bytes":0,"novelty":1},"novelty":1}}"#;
    let expected = Reply::Outcome(Outcome::bare(Completion::Exited(0)));
    assert_eq!(Reply::decode(json), Some(expected));
}
