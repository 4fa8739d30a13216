//! The hostile scripts of the other tests, with residents.

use crate::length::length;
use crate::stand::Siege;
use belljar_tests::attacks::{Field, From};
use belljar_tests::client::Answer;
use belljar_tests::conformance::Case;
use belljar_tests::neighbours::post;
use belljar_tests::{Hostile, endless, http};
use serde_json::{Value, json};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// The number of them that run at once.
const AT_ONCE: u16 = 4;

/// From one to the next but for so many: those beside each other are of a kind, and the short suite
/// has time for some of each. A prime that is not the number of them reaches all.
const STEP: usize = 37;

/// The time that the short suite takes for them.
const LEAST: Duration = Duration::from_secs(5);

/// A request, and what is wrong with its answer.
type Turn = (Vec<u8>, Box<dyn Fn(&Answer) -> Vec<String> + Send + Sync>);

#[test]
fn hostile_scripts() {
    let turns = Hostile::all().map(|hostile| -> Turn {
        let request = post("/execute", "application/json", &body_of(hostile));
        (
            request,
            Box::new(|answer| hostile.judge(&as_http(answer)).err().into_iter().collect()),
        )
    });
    stand_through_all("hostile scripts", turns.collect());
}

#[test]
fn the_cases_of_conformance() {
    let turns = Case::all().into_iter().map(|case| -> Turn {
        let (route, body) = case.request.to_http(&case.script);
        let request = post(route, "application/json", &body);
        (
            request,
            Box::new(move |answer| {
                let (status, body) = (answer.status, answer.text().into_owned());
                case.problems(&belljar_tests::conformance::Answer { status, body })
            }),
        )
    });
    stand_through_all("the cases of conformance", turns.collect());
}

#[test]
fn endless_scripts() {
    let turns = endless::scripts().map(|(name, script)| -> Turn {
        let body = json!({ "script": script, "limits": { "timeout_ms": 500 } });
        let request = post("/execute", "application/json", &body.to_string());
        (
            request,
            Box::new(move |answer| {
                let ended = answer.status == 400;
                let what = (!ended).then(|| format!("{name}: {}", answer.summary()));
                what.into_iter().collect()
            }),
        )
    });
    stand_through_all("endless scripts", turns.collect());
}

/// An attack with the time that a server grants by default.
fn body_of(hostile: &Hostile) -> String {
    let mut body: Value = serde_json::from_str(&hostile.body()).expect("JSON");
    let asked = body["limits"]["timeout_ms"].as_u64().unwrap_or(u64::MAX);
    body["limits"]["timeout_ms"] = json!(asked.min(30_000));
    body.to_string()
}

/// Each of them once at least, or in the short suite as many as there is time for.
fn stand_through_all(name: &str, turns: Vec<Turn>) {
    assert!(!turns.len().is_multiple_of(STEP), "choose another step");
    let problems = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    let run = |field: &Field<'_>| {
        field.each(AT_ONCE, |number| {
            let turn = next.fetch_add(1, Ordering::Relaxed) * STEP % turns.len();
            let (request, judge) = &turns[turn];
            // One whose script did not end before the attack did has no answer.
            if let Some(answer) = field.ask(From::One, number, request)
                && answer.status != 503
            {
                let mut problems = problems.lock().expect("no panic in it");
                problems.extend(judge(&answer));
            }
        });
    };
    let siege = Siege {
        name,
        least: LEAST,
        options: &[],
        kills_workers: false,
        run: &run,
        enough: &|| !length().whole || next.load(Ordering::Relaxed) > turns.len(),
        judge: &|| problems.lock().expect("no panic in it").clone(),
    };
    siege
        .stand()
        .unwrap_or_else(|problems| panic!("{problems}"));
    let (had, all) = (next.into_inner(), turns.len());
    eprintln!("  {had} turns of {all} scripts");
    assert!(
        had >= all || !length().whole,
        "only {had} of {all} had a turn"
    );
}

fn as_http(answer: &Answer) -> http::Response {
    http::Response {
        status: answer.status,
        headers: Vec::new(),
        body: answer.text().into_owned(),
    }
}
