//! Answers that come while a script runs.

use std::time::Duration;

use belljar_front::Event;
use belljar_front::contract::{Completion, DisplayItem, FaultKind, Outcome, Rejection};
use serde_json::Value;

use crate::support::{Answer, Call, Fake, fault, outcome};

fn ask(path: &str, fake: &Fake) -> Answer {
    Call::post(path, r#"{"script": "x"}"#)
        .header("accept", "text/event-stream, application/json;q=0.9")
        .sent_to(fake)
}

/// The events of an answer: their names and data.
fn events(text: &str) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for event in text.split_terminator("\n\n") {
        let mut lines = event.lines();
        let name = lines.next().and_then(|line| line.strip_prefix("event: "));
        let data: Vec<_> = lines
            .map(|line| line.strip_prefix("data: ").expect("data"))
            .collect();
        let data = serde_json::from_str(&data.join("\n")).expect("JSON");
        found.push((name.expect("a name").to_owned(), data));
    }
    found
}

fn finished(completion: Completion) -> Result<Event, Rejection> {
    Ok(Event::Finished(outcome(completion)))
}

#[test]
fn events_come_as_they_happen_and_the_plain_answer_at_the_end() {
    let item = DisplayItem {
        mime: "text/html".to_owned(),
        data: b"<b>".to_vec(),
        alt: Some("b".to_owned()),
    };
    let result = Outcome {
        stdout: b"a\nb".to_vec(),
        display: vec![item.clone()],
        ..outcome(Completion::value("[1,\r\n2]".to_owned()))
    };
    let fake = Fake::streaming([
        Ok(Event::Stdout(b"a\n".to_vec())),
        Ok(Event::Display(item)),
        Ok(Event::Stderr(b"warned".to_vec())),
        Ok(Event::Stdout(b"b".to_vec())),
        Ok(Event::Finished(result.clone())),
    ]);
    let answer = ask("/execute", &fake);
    assert_eq!(answer.response.status, 200);
    assert_eq!(answer.header("content-type"), Some("text/event-stream"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let pieces = fake.pieces_of(answer);
    assert_eq!(events(&pieces[1]).len(), 1, "the first at once");
    let found = events(&pieces.concat());
    let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["stdout", "display", "stderr", "stdout", "result"]);
    assert_eq!(
        (&found[0].1, &found[2].1),
        (&"a\n".into(), &"warned".into())
    );
    let plain = Call::post("/execute", r#"{"script": "x"}"#).sent_to(&Fake::giving_outcome(result));
    assert_eq!(found[4].1, plain.json());
    assert_eq!(found[1].1, plain.json()["display"][0]);
}

#[test]
fn characters_are_whole() {
    let euro = "\u{20ac}".as_bytes();
    let fake = Fake::streaming([
        Ok(Event::Stdout(euro[..1].to_vec())),
        Ok(Event::Stderr(euro[..2].to_vec())),
        Ok(Event::Stdout(euro[1..].to_vec())),
        finished(Completion::Exited(0)),
    ]);
    let found = events(&fake.all_of(ask("/run", &fake)));
    let told: Vec<_> = found
        .iter()
        .map(|(name, data)| (name.as_str(), data))
        .collect();
    assert_eq!(told[0], ("stdout", &"\u{20ac}".into()));
    assert_eq!(told[1], ("stderr", &"\u{fffd}".into()), "cut off for good");
    assert_eq!(told[2].0, "result");
}

#[test]
fn silence_is_a_comment() {
    let fake = Fake::streaming_few([
        Ok(Vec::new()),
        Ok(vec![Event::Stdout(b"x".to_vec())]),
        Ok(Vec::new()),
        finished(Completion::Exited(0)).map(|event| vec![event]),
    ]);
    let all = fake.all_of(ask("/run", &fake));
    assert!(
        all.starts_with(":\n\nevent: stdout\ndata: \"x\"\n\n:\n\nevent: result\n"),
        "{all}"
    );
}

#[test]
fn a_failed_script_is_told_at_the_end() {
    let fake = Fake::streaming([
        Ok(Event::Stdout(b"x".to_vec())),
        finished(Completion::Fault(fault(FaultKind::Timeout, "too long"))),
    ]);
    let found = events(&fake.all_of(ask("/run", &fake)));
    assert_eq!(found[1].1["error_type"], "timeout");
}

#[test]
fn what_never_ran_is_answered_as_ever() {
    let busy = Rejection::Overloaded {
        retry_after: Duration::from_millis(1),
    };
    let fake = Fake::streaming([Err(busy)]);
    let answer = ask("/run", &fake);
    answer.error(503, "overloaded");
    assert!(answer.response.tail.is_none());
    Call::post("/run", "{")
        .header("accept", "text/event-stream")
        .send()
        .error(400, "invalid_request");
}

#[test]
fn what_breaks_off_is_told_without_details() {
    let fake = Fake::streaming([
        Ok(Event::Stdout(b"x".to_vec())),
        Err(Rejection::Internal("secret".to_owned())),
    ]);
    let all = fake.all_of(ask("/run", &fake));
    assert_eq!(events(&all)[1].1["error_type"], "internal");
    assert!(!all.contains("secret"));
    let other_mode = Fake::streaming([finished(Completion::value("1".to_owned()))]);
    let found = events(&other_mode.all_of(ask("/run", &other_mode)));
    assert_eq!(found[0].1["error_type"], "crashed");
}

#[test]
fn an_executor_that_does_not_stream_gives_one_event() {
    let fake = Fake::giving(Completion::Exited(3));
    let answer = ask("/run", &fake);
    let pieces = fake.pieces_of(answer);
    assert_eq!(pieces.len(), 2);
    let found = events(&pieces.concat());
    assert_eq!(
        (found[0].0.as_str(), &found[0].1["exit_code"]),
        ("result", &3.into())
    );
    assert_eq!(fake.programs_run(), 1);
}
