use super::*;

fn outcome(completion: Completion) -> Outcome {
    Outcome {
        completion,
        stdout: b"\xff\n".to_vec(),
        stderr: Vec::new(),
        display: vec![DisplayItem {
            mime: "text/html".to_owned(),
            data: b"<b>".to_vec(),
            alt: None,
        }],
        truncated: OutputStreams::STDOUT,
        usage: Usage {
            duration_us: 412,
            fuel: 3,
            memory_bytes: 65_536,
            memory_pages: 1,
        },
    }
}

#[test]
fn outcomes_have_the_documented_form_and_come_back() {
    let (status, json) = encode_outcome(Ok(outcome(Completion::Value("[1e400]".to_owned()))));
    assert_eq!(status, 200);
    let expected = r#"{"outcome":{"completion":{"value":"[1e400]"},"stdout":"/wo=","stderr":"","display":[{"mime":"text/html","data":"PGI+"}],"truncated":["stdout"],"usage":{"duration_us":412,"fuel":3,"memory_bytes":65536,"memory_pages":1}}}"#;
    assert_eq!(String::from_utf8(json.clone()).unwrap(), expected);
    let back = decode_outcome(&json).unwrap();
    assert_eq!(back, Ok(outcome(Completion::Value("[1e400]".to_owned()))));
}

#[test]
fn every_fault_comes_back() {
    for (kind, name) in KINDS {
        let fault = Completion::Fault(Fault {
            kind,
            message: "m".to_owned(),
            traceback: None,
            line: Some(2),
            column: None,
            exit_code: Some(-1),
        });
        let (_, json) = encode_outcome(Ok(outcome(fault.clone())));
        assert!(String::from_utf8_lossy(&json).contains(&format!("\"kind\":\"{name}\"")));
        assert_eq!(decode_outcome(&json).unwrap().unwrap().completion, fault);
    }
}

#[test]
fn rejections_have_their_statuses_and_come_back() {
    let invalid = Rejection::InvalidLimit(InvalidLimit {
        limit: Limit::Fuel,
        requested: 9,
        maximum: 5,
    });
    let overloaded = Rejection::Overloaded(Overload {
        retry_after_ms: 1200,
    });
    for (rejection, expected) in [
        (invalid, 422),
        (overloaded, 503),
        (Rejection::Unavailable("r".to_owned()), 503),
        (Rejection::Internal("r".to_owned()), 500),
    ] {
        let (status, json) = encode_outcome(Err(rejection.clone()));
        assert_eq!(status, expected);
        assert_eq!(decode_outcome(&json), Some(Err(rejection)));
    }
}

#[test]
fn members_that_are_not_known_are_ignored_and_other_bodies_are_none() {
    let json = br#"{"rejection": {"unavailable": "r"}, "novelty": 1}"#;
    assert!(
        decode_outcome(json).is_none(),
        "one member says which it is"
    );
    assert!(decode_outcome(b"").is_none());
    assert!(decode_info(b"<html>").is_none());
    assert!(decode_info(br#"{"outcome": {}}"#).is_none());
}
