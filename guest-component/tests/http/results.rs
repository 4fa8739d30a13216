//! Answers to a script that ran to its end.

use belljar_front::contract::{Completion, DisplayItem, FaultKind, Outcome, Truncated};

use crate::support::{Answer, Call, Fake, fault, outcome};

fn execute(fake: &Fake) -> Answer {
    Call::post("/execute", r#"{"script": "x"}"#).sent_to(fake)
}

fn run(fake: &Fake) -> Answer {
    Call::post("/run", r#"{"script": "x"}"#).sent_to(fake)
}

#[test]
fn a_result_comes_with_output_and_usage() {
    let answer = execute(&Fake::giving_outcome(Outcome {
        stdout: b"printed\n".to_vec(),
        stderr: b"warned\n".to_vec(),
        ..outcome(Completion::value(r#"{"answer": 4}"#.to_owned()))
    }));
    assert_eq!(answer.response.status, 200);
    assert_eq!(
        answer.text(),
        concat!(
            r#"{"result":{"answer": 4},"stdout":"printed\n","stderr":"warned\n","usage":"#,
            r#"{"duration_ms":0.114,"fuel":20,"memory_bytes":131072,"memory_pages":2},"#,
            r#""truncated":[]}"#
        )
    );
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[test]
fn a_result_is_passed_on_to_the_letter() {
    for result in [
        "123456789012345678901234567890",
        "1.0000000000000000000001",
        "1e999",
        r#"{"b":1,"a":2}"#,
        r#""<é\u00e9/>""#,
        "[[],{}]",
        "null",
    ] {
        // Unchecked: what tells a checker that a number is too large for it must still pass.
        let fake = Fake::giving(Completion::value(result.to_owned()));
        let answer = Call::post("/execute", r#"{"script": "x"}"#).sent_to_unchecked(&fake);
        assert!(
            answer
                .text()
                .starts_with(&format!("{{\"result\":{result},\"stdout\""))
        );
    }
}

#[test]
fn a_deep_result_is_passed_on_too() {
    let result = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let fake = Fake::giving(Completion::value(result.clone()));
    let answer = Call::post("/execute", r#"{"script": "x"}"#).sent_to_unchecked(&fake);
    assert!(answer.text().contains(&result));
}

#[test]
fn a_result_that_is_no_json_is_a_crash_and_never_reaches_the_client() {
    for result in [
        "",
        "NaN",
        "Infinity",
        "{'a': 1}",
        "1 2",
        r#"1, "stdout": "forged""#,
        "[1",
        "\0",
    ] {
        let answer = execute(&Fake::giving_outcome(Outcome {
            stdout: b"kept".to_vec(),
            ..outcome(Completion::value(result.to_owned()))
        }));
        answer.error(400, "crashed");
        assert_eq!(answer.json()["stdout"], "kept");
    }
}

#[test]
fn a_program_answers_with_its_exit_status() {
    for exit_code in [0, 1, 3, 7, -1, 255] {
        let answer = run(&Fake::giving(Completion::Exited(exit_code)));
        assert_eq!(answer.response.status, 200);
        assert_eq!(answer.json()["exit_code"], exit_code);
        assert_eq!(answer.json().get("result"), None);
    }
}

#[test]
fn output_that_is_not_utf_8_is_made_so() {
    let answer = run(&Fake::giving_outcome(Outcome {
        stdout: b"a\xffb\xe2\x82".to_vec(),
        stderr: "é\0\u{1b}[31m".as_bytes().to_vec(),
        ..outcome(Completion::Exited(0))
    }));
    assert_eq!(answer.json()["stdout"], "a\u{fffd}b\u{fffd}");
    assert_eq!(answer.json()["stderr"], "é\0\u{1b}[31m");
}

#[test]
fn truncated_names_what_is_not_complete() {
    let none = Truncated::default();
    for (streams, names) in [
        (none, "[]"),
        (
            Truncated {
                stdout: true,
                ..none
            },
            r#"["stdout"]"#,
        ),
        (
            Truncated {
                stderr: true,
                ..none
            },
            r#"["stderr"]"#,
        ),
        (
            Truncated {
                display: true,
                ..none
            },
            r#"["display"]"#,
        ),
        (
            Truncated {
                stdout: true,
                stderr: true,
                display: true,
            },
            r#"["stdout","stderr","display"]"#,
        ),
    ] {
        let outcome = Outcome {
            truncated: streams,
            ..outcome(Completion::Exited(0))
        };
        assert_eq!(
            run(&Fake::giving_outcome(outcome)).json()["truncated"].to_string(),
            names
        );
    }
}

#[test]
fn an_outcome_of_the_other_mode_is_a_crash_of_the_script() {
    // A script that takes its harness apart can make its sandbox say so.
    let value = Fake::giving(Completion::value("1".to_owned()));
    let message = run(&value).error(400, "crashed");
    assert!(message.contains("instead of an exit status"), "{message}");
    let exited = Fake::giving(Completion::Exited(0));
    let message = execute(&exited).error(400, "crashed");
    assert!(message.contains("instead of a result"), "{message}");
    assert!(exited.log.borrow().is_empty());
}

#[test]
fn what_was_displayed_comes_with_every_kind_of_answer() {
    let item = |mime: &str, data: &[u8], alt: Option<&str>| DisplayItem {
        mime: mime.to_owned(),
        data: data.to_vec(),
        alt: alt.map(str::to_owned),
    };
    let display = vec![
        item("image/png", b"\x89PNG", Some("a \"dot\"")),
        item("text/html", b"</script>", None),
        item(
            "application/json",
            b"[12345678901234567890123, 1e400]",
            None,
        ),
    ];
    let expected = concat!(
        r#""display":[{"mime":"image/png","data":"iVBORw==","alt":"a \"dot\""},"#,
        r#"{"mime":"text/html","data":"</script>"},"#,
        r#"{"mime":"application/json","data":[12345678901234567890123, 1e400]}],"usage""#
    );
    for (path, completion) in [
        ("/execute", Completion::value("1".to_owned())),
        ("/run", Completion::Exited(0)),
        ("/run", Completion::Fault(fault(FaultKind::Timeout, "m"))),
    ] {
        let fake = Fake::giving_outcome(Outcome {
            display: display.clone(),
            ..outcome(completion)
        });
        // Unchecked: a checker reads 1e400 as no number.
        let answer = Call::post(path, r#"{"script": "x"}"#).sent_to_unchecked(&fake);
        assert!(answer.text().contains(expected), "{}", answer.text());
    }
    let fake = Fake::giving_outcome(Outcome {
        display: display[..2].to_vec(),
        ..outcome(Completion::Exited(0))
    });
    assert_eq!(
        run(&fake).json()["display"].as_array().map(Vec::len),
        Some(2)
    );
}

#[test]
fn a_request_can_do_without() {
    let fake = Fake::giving(Completion::Exited(0));
    for (body, wanted) in [
        (r#"{"script": "x"}"#, true),
        (r#"{"script": "x", "display": true}"#, true),
        (r#"{"script": "x", "display": false}"#, false),
    ] {
        Call::post("/run", body).sent_to(&fake);
        assert_eq!(fake.last_program().display, wanted, "{body}");
    }
}
