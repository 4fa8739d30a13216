//! The cases of `tests/conformance`, through every executor there is.

use belljar::Body;
use belljar_tests::conformance::{Answer, Case, Mode, refusal};
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
            body: serde_json::to_string(&Body::of(&outcome)).unwrap(),
        },
        Err(error) => refusal(&error),
    }
}

#[test]
fn every_case_holds_on_the_command_line() {
    let cases = Case::all();
    let mut problems = Vec::new();
    for case in &cases {
        // NUL cannot be in an argument of a process at all, nor `=` in a variable's name.
        let speakable = case.request.args.iter().all(|arg| !arg.contains('\0'))
            && case.request.env.keys().all(|name| !name.contains('='));
        if speakable {
            problems.extend(run(case));
        }
    }
    report(cases.len(), &problems);
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
    for (name, limit) in [
        ("timeout-ms", request.limits.timeout_ms),
        ("fuel", request.limits.fuel),
        ("memory-bytes", request.limits.memory_bytes),
        ("output-bytes", request.limits.output_bytes),
    ] {
        option(name, limit.map(|limit| limit.to_string()));
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
        // Refused before it ran: the line on stderr takes the place of a body.
        Some(2) => {
            let clear =
                finished.stderr.starts_with("belljar: ") && finished.stderr.lines().count() == 1;
            return if case.status() != 200 && clear {
                Vec::new()
            } else {
                vec![format!("{}: {finished:?}", case.name)]
            };
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
