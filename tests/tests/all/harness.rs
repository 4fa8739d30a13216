//! The harness's own unit tests, inside the sandbox they are about.

use belljar_tests::program;
use serde_json::{Map, Value};
use std::fs;
use std::path::Path;

/// Runs `run_modules` of the harness's test runner with sources from standard input.
const RUNNER: &str = r#"
import json, sys

sources = json.loads(sys.stdin.read())
runner = {"__name__": "runner"}
exec(compile(sources.pop("run"), "<run>", "exec"), runner)
passed, failed, report = runner["run_modules"](sources)
print("\n".join(report))
sys.exit(1 if failed else 0)
"#;

#[test]
fn the_harness_passes_its_own_tests_inside_the_sandbox() {
    let sources = sources();
    let tests: usize = sources
        .values()
        .filter_map(Value::as_str)
        .map(|source| source.matches("\ndef test_").count())
        .sum();
    let run = program(RUNNER)
        .stdin(Value::Object(sources).to_string())
        .generously()
        .run();
    assert!(run.fault_if_any().is_none(), "{:?}", run.outcome());
    let report = run.stdout();
    let summary = report.lines().last().unwrap_or_default();
    assert_eq!(
        summary,
        format!("{tests} passed, 0 failed"),
        "{report}\n{}",
        run.stderr()
    );
    assert!(!report.contains("skipped"), "{report}");
}

/// As `_read_sources` of the runner: the package, the test modules and what they share.
fn sources() -> Map<String, Value> {
    let harness = Path::new(env!("CARGO_MANIFEST_DIR")).join("../python-runtime/harness");
    let mut sources = Map::new();
    for (folder, prefix) in [("belljar", "belljar."), ("tests", "")] {
        for entry in fs::read_dir(harness.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let (Some("py"), Some(stem)) = (
                path.extension().and_then(|extension| extension.to_str()),
                path.file_stem().and_then(|stem| stem.to_str()),
            ) else {
                continue;
            };
            let name = match stem {
                "__init__" => "belljar".to_owned(),
                stem => format!("{prefix}{stem}"),
            };
            sources.insert(name, fs::read_to_string(&path).unwrap().into());
        }
    }
    sources
}
