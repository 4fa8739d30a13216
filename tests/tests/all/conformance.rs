//! The cases of `tests/conformance`, through every executor there is.

use belljar::{Body, ErrorType, Limit};
use belljar_tests::conformance::{Answer, Case, Mode, Request, refusal};
use belljar_tests::{Cli, shared};
use std::io::Write;

fn report(cases: usize, problems: &[String]) {
    assert!(cases >= 40, "only {cases} cases were found");
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn every_case_holds_in_the_library() {
    let cases = Case::all();
    let problems: Vec<String> = cases
        .iter()
        .flat_map(|case| case.problems(&execute(case)))
        .collect();
    report(cases.len(), &problems);
}

fn execute(case: &Case) -> Answer {
    match shared().execute(&case.program()) {
        Ok(outcome) => Answer {
            status: match outcome.completion {
                belljar::Completion::Fault(_) => 400,
                _ => 200,
            },
            body: serde_json::to_string(&Body::new(&outcome, None)).unwrap(),
        },
        Err(error) => refusal(&error),
    }
}

#[test]
fn every_case_holds_on_the_command_line() {
    let cases = Case::all();
    let mut problems = Vec::new();
    for case in &cases {
        if can_be_typed(&case.request) {
            problems.extend(run(case));
        }
    }
    report(cases.len(), &problems);
}

/// NUL cannot be in an argument of a process at all, nor `=` in a variable's name, which is not empty.
fn can_be_typed(request: &Request) -> bool {
    let has_nul = |text: &String| text.contains('\0');
    let mut texts = request.env.values().chain(&request.args);
    let mut names = request.env.keys();
    !texts.any(has_nul) && names.all(|name| !name.is_empty() && !name.contains(['=', '\0']))
}

fn run(case: &Case) -> Vec<String> {
    let mut script = tempfile::NamedTempFile::new().unwrap();
    script.write_all(case.script.as_bytes()).unwrap();
    let request = &case.request;
    let mut args = vec!["run".to_owned(), script.path().display().to_string()];
    let mut option = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            args.extend([format!("--{name}"), value]);
        }
    };
    option(
        "input",
        request.input.as_ref().map(|json| json.get().into()),
    );
    option("seed", request.seed.map(|seed| seed.to_string()));
    for limit in Limit::ALL {
        let value = request.limits.get(limit).map(|value| value.to_string());
        option(&limit.name().replace('_', "-"), value);
    }
    for arg in &request.args {
        option("arg", Some(arg.clone()));
    }
    for (name, value) in &request.env {
        option("env", Some(format!("{name}={value}")));
    }
    option("stdin", request.stdin.as_ref().map(|_| "-".to_owned()));
    if request.mode == Mode::Program {
        args.push("--program".to_owned());
    }
    let finished = Cli::new(args)
        .stdin(request.stdin.clone().unwrap_or_default())
        .run();
    let status = match finished.status {
        // Refused before it ran, with the body that says so.
        Some(2) if !finished.stdout.is_empty() => {
            let name = finished.json()["error_type"].clone();
            ErrorType::all()
                .find(|error| name == error.name())
                .map_or(0, ErrorType::status)
        }
        Some(0) => 200,
        // A program's exit code is an answer, too.
        Some(1) if finished.stdout.contains("\"error_type\"") => 400,
        Some(1) => 200,
        _ => return vec![format!("{}: {finished:?}", case.name)],
    };
    case.problems(&Answer {
        status,
        body: finished.stdout,
    })
}
