//! `belljar run` and its options, and what it says when it is used wrongly.

use belljar::Limit;
use belljar_tests::{Cli, script};
use serde_json::json;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const GOOD: &str = "def main():\n    return 1\n";

/// A directory with one script in it.
fn with_script(content: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a script.py");
    fs::write(&path, content).unwrap();
    (directory, path)
}

fn run_file(content: impl AsRef<[u8]>) -> belljar_tests::Finished {
    let (_directory, path) = with_script(content);
    Cli::new(["run".as_ref(), path.as_os_str()]).run()
}

#[test]
fn a_result_is_status_0_a_fault_status_1() {
    run_file(GOOD).exits_with(0);
    run_file("def main(): 1/0").exits_with(1);
    run_file("not python").exits_with(1);
}

#[test]
fn the_answer_is_one_line_of_json_with_every_key_of_the_contract() {
    let finished = run_file("def main():\n    print('out')\n    return [1]").exits_with(0);
    assert_eq!(finished.stdout.lines().count(), 1, "{finished:?}");
    assert_eq!(finished.stderr, "");
    let body = finished.json();
    let keys: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["result", "stderr", "stdout", "truncated", "usage"]);
    let usage = &body["usage"];
    assert!(usage["duration_ms"].as_f64().unwrap() > 0.0);
    assert!(usage["fuel"].as_u64().unwrap() > 0);
    let pages = usage["memory_pages"].as_u64().unwrap();
    assert_eq!(usage["memory_bytes"].as_u64().unwrap(), pages * 65_536);
}

#[test]
fn it_answers_quickly_with_a_warm_cache() {
    let fastest = (0..5)
        .map(|_| run_file(GOOD).exits_with(0).elapsed)
        .min()
        .unwrap();
    assert!(fastest < Duration::from_millis(300), "{fastest:?}");
}

#[test]
fn the_library_and_the_command_line_give_the_same_body() {
    let source = "import random\ndef main(x):\n    print(random.random())\n    return [x, 0.1]";
    let of_library = script(source).seed(4).input(&json!({"k": 1})).run().body();
    let of_cli = Cli::run_script(source, &["--seed", "4", "--input", "{\"k\":1}"]);
    let without_time = |body: &str| {
        let mut body: serde_json::Value = serde_json::from_str(body).unwrap();
        body["usage"]["duration_ms"].take();
        body
    };
    assert_eq!(without_time(&of_library), without_time(&of_cli.stdout));
}

#[test]
fn options_reach_the_script() {
    let source = "
import os, sys
def main(input):
    return [input, sys.argv[1:], os.environ['A'], os.environ['B'], sys.stdin.read()]";
    let (directory, path) = with_script(source);
    let stdin = directory.path().join("data");
    fs::write(&stdin, "data").unwrap();
    let body = Cli::new(["run", path.to_str().unwrap(), "--input", "{\"n\": [1]}"])
        .args(["--arg", "-x", "--arg", "", "--arg", "--program"])
        .args(["--env", "A=1=2", "--env", "B="])
        .args(["--stdin", stdin.to_str().unwrap()])
        .run()
        .exits_with(0)
        .json();
    let expected = json!([{"n": [1]}, ["-x", "", "--program"], "1=2", "", "data"]);
    assert_eq!(body["result"], expected);
}

#[test]
fn limits_reach_the_script() {
    let endless = "def main():\n    while True: print('x')";
    // Each with the others out of reach: what is met first would depend on the machine.
    let large = [
        ("--timeout-ms", "300000"),
        ("--fuel", "9000000000000000000"),
        ("--output-bytes", "200000000"),
    ];
    for (option, value, kind) in [
        ("--timeout-ms", "100", "timeout"),
        ("--fuel", "5000000", "fuel_exhausted"),
        ("--output-bytes", "10", "output_exceeded"),
    ] {
        let others = large.iter().filter(|(other, _)| *other != option);
        let others = others.flat_map(|(other, value)| [*other, *value]);
        let args: Vec<&str> = [option, value].into_iter().chain(others).collect();
        let body = Cli::run_script(endless, &args).exits_with(1).json();
        assert_eq!(body["error_type"], kind);
    }
    let hungry = "def main(): return len(bytes(200_000_000))";
    let body = Cli::run_script(hungry, &["--memory-bytes", "400000000"])
        .exits_with(1)
        .json();
    assert_eq!(body["error_type"], "memory_exceeded");
}

#[test]
fn help_has_examples() {
    for args in [&["run", "--help"][..], &["run", "-h"], &["help", "run"]] {
        let help = Cli::new(args).run().exits_with(0).stdout;
        assert!(help.contains("Examples:"), "{help}");
        assert!(help.contains("belljar run examples/hello.py"), "{help}");
        assert!(help.contains("--timeout-ms"), "{help}");
    }
    let help = Cli::new(["--help"]).run().exits_with(0).stdout;
    assert!(help.contains("run") && help.contains("runtime"), "{help}");
    let version = Cli::new(["--version"]).run().exits_with(0).stdout;
    assert!(version.starts_with("belljar "), "{version}");
}

#[test]
fn the_answer_has_no_colours_when_it_is_not_on_a_terminal() {
    let finished = run_file("def main(): 1/0").exits_with(1);
    assert!(!finished.stdout.contains('\x1b') && !finished.stderr.contains('\x1b'));
}

#[test]
fn a_file_that_does_not_exist_is_refused() {
    Cli::new(["run", "/no/such/script.py"])
        .run()
        .refuses("/no/such/script.py");
    Cli::new(["run", ""]).run().exits_with(2);
    let (_directory, path) = with_script(GOOD);
    Cli::new(["run", path.to_str().unwrap(), "--stdin", "/no/such/data"])
        .run()
        .refuses("/no/such/data");
}

#[test]
fn a_directory_is_refused() {
    Cli::new(["run", "/tmp"]).run().refuses("is a directory");
}

#[test]
fn a_file_that_is_not_utf8_is_refused() {
    let refuses = |finished: belljar_tests::Finished, position: &str| {
        let problem = format!("script: not UTF-8 at byte {position}");
        finished.refuses_script("invalid_request", &problem);
    };
    refuses(run_file(b"def main():\n    return '\xe9'\n"), "24");
    refuses(run_file([0xff, 0xfe, b'a', 0]), "0");
    refuses(Cli::new(["run", "-"]).stdin(b"\xff".to_vec()).run(), "0");
}

#[test]
fn a_script_of_101_kib_is_refused_and_one_of_100_is_not() {
    let script = |length: usize| {
        let mut script = GOOD.to_owned() + "#";
        script.push_str(&"x".repeat(length - script.len()));
        script
    };
    run_file(script(100 << 10)).exits_with(0);
    let refuses = |finished: belljar_tests::Finished, found: &str| {
        let problem = format!("script: expected at most 102400 bytes of UTF-8, found {found}");
        finished.refuses_script("script_too_large", &problem);
    };
    refuses(run_file(script((100 << 10) + 1)), "102401");
    refuses(run_file(script(101 << 10)), "103424");
    refuses(Cli::run_script(&script(101 << 10), &[]), "more");
    // What never ends is not read to its end.
    refuses(Cli::new(["run", "/dev/zero"]).run(), "more");
}

#[test]
fn an_empty_script_is_refused() {
    for script in ["", "\n  \n"] {
        run_file(script).refuses_script("missing_script", "nothing but white space");
    }
}

#[test]
fn input_that_is_not_json_is_refused() {
    for input in ["", "{", "nope", "[1,]", "{'a': 1}", "NaN"] {
        Cli::run_script(GOOD, &["--input", input])
            .refuses_script("invalid_request", "input: not valid JSON");
    }
}

#[test]
fn limits_out_of_range_are_refused() {
    for limit in Limit::ALL {
        let option = &*format!("--{}", limit.name().replace('_', "-"));
        let most = u64::MAX.to_string();
        for (value, problem) in [("0", "a positive integer"), (&most, "at most ")] {
            let problem = format!("limits.{limit}: expected {problem}");
            Cli::run_script(GOOD, &[option, value]).refuses_script("invalid_request", &problem);
        }
        for wrong in ["-1", "many", "1.5", "", "18446744073709551616"] {
            let finished = Cli::run_script(GOOD, &[option, wrong]).exits_with(2);
            assert!(finished.stderr.starts_with("error: "), "{finished:?}");
            assert_eq!(finished.stdout, "");
        }
    }
}

#[test]
fn wrong_usage_is_status_2() {
    for args in [
        &[][..],
        &["run"],
        &["walk"],
        &["run", "a.py", "b.py"],
        &["run", "-", "--unknown"],
        &["run", "-", "--env", "NOEQUALS"],
        &["run", "-", "--env", "=value"],
        &["run", "-", "--program", "--input", "1"],
        &["run", "-", "--seed", "-1"],
    ] {
        let finished = Cli::new(args).stdin(GOOD).run().exits_with(2);
        assert_eq!(finished.stdout, "", "{args:?}");
        assert!(!finished.stderr.contains("panicked"), "{finished:?}");
    }
    Cli::new(["run", "-", "--stdin", "-"]).run().refuses("both");
}

#[test]
fn a_reader_that_goes_away_causes_no_panic() {
    use std::process::{Command, Stdio};
    let (_directory, path) = with_script("def main(): return 'x' * 4_000_000");
    let binary = std::env::var_os("BELLJAR_BIN").map_or_else(
        || {
            std::env::current_exe()
                .unwrap()
                .ancestors()
                .nth(2)
                .unwrap()
                .join("belljar")
        },
        PathBuf::from,
    );
    let mut child = Command::new(binary)
        .arg("run")
        .arg(path)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!stderr.contains("panicked"), "{stderr}");
    assert!(stderr.lines().count() <= 1, "{stderr}");
}

/// Whoever should read the answer may have gone, or its disk may be full.
#[test]
fn an_answer_that_cannot_be_written_is_an_error_and_no_panic() {
    let (_directory, script) = with_script(GOOD);
    let script = script.to_str().unwrap();
    for args in [
        &["runtime", "info"][..],
        &["serve", "--print-config"],
        &["executor", "--print-config"],
        &["run", script],
    ] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full");
        let finished = Command::new(belljar_tests::binary())
            .args(args)
            .stdin(Stdio::null())
            .stdout(full.unwrap())
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&finished.stderr);
        assert_eq!(finished.status.code(), Some(2), "{args:?}: {stderr}");
        assert!(stderr.starts_with("belljar: could not write"), "{stderr}");
        assert_eq!(stderr.lines().count(), 1, "{stderr}");
    }
}
