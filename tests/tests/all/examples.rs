//! The scripts of `examples/`, through the real binary. The first five, and the one without `main`,
//! are those of earlier services of this kind: their clients rely on the answers.

use belljar_tests::{Cli, Finished};
use serde_json::{Value, json};
use std::path::Path;

fn run(example: &str, args: &[&str]) -> Finished {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let path = examples.join(example);
    assert!(path.is_file(), "{} is missing", path.display());
    Cli::new(["run".as_ref(), path.as_os_str()])
        .args(args)
        .run()
}

#[track_caller]
fn answers(example: &str, result: &Value, stdout: &str) {
    let body = run(example, &[]).exits_with(0).json();
    assert_eq!(body["result"], *result);
    assert_eq!(body["stdout"], *stdout);
    assert_eq!(body["stderr"], "");
}

#[track_caller]
fn fails(example: &str, args: &[&str], kind: &str) -> Value {
    let body = run(example, args).exits_with(1).json();
    assert_eq!(body["error_type"], kind, "{body}");
    body
}

#[test]
fn hello_world() {
    answers("hello.py", &json!({"message": "Hello, World!"}), "");
}

#[test]
fn what_is_printed_is_not_the_result() {
    let body = run("print_and_result.py", &[]).exits_with(0).json();
    assert_eq!(body["result"], json!({"answer": 4}));
    assert_ne!(body["stdout"], "");
}

#[test]
fn pandas_sums() {
    answers("pandas_sums.py", &json!({"sum_a": 6, "sum_b": 15}), "");
}

#[test]
fn numpy_statistics() {
    let expected = json!({"mean": 3.0, "std": std::f64::consts::SQRT_2});
    answers("numpy_statistics.py", &expected, "");
}

#[test]
fn the_system_is_posix_with_one_processor() {
    let script = "import os\ndef main():\n    return [os.name, os.cpu_count()]";
    let body = Cli::run_script(script, &[]).exits_with(0).json();
    assert_eq!(body["result"], json!(["posix", 1]));
    let told = run("os_info.py", &[]).exits_with(0).json()["result"].to_string();
    assert!(told.contains("posix") && told.contains('1'), "{told}");
}

#[test]
fn a_script_without_main_is_told_so() {
    let body = fails("errors/no_main.py", &[], "missing_main");
    assert_eq!(body["error"], "Script must contain a 'def main()' function");
    assert_eq!(body["stdout"], "");
}

#[test]
fn input_is_the_argument_of_main() {
    let body = run("input.py", &["--input", "{\"numbers\": [3, 1, 2]}"]);
    let body = body.exits_with(0).json();
    assert_eq!(body["result"], json!({"sorted": [1, 2, 3], "sum": 6}));
}

#[test]
fn a_plot_is_a_png() {
    let body = run("plot.py", &[]).exits_with(0).json();
    let png = body["result"]["png"].as_str().unwrap_or_default();
    // The first bytes of every PNG file, in base64.
    assert!(png.starts_with("iVBORw0KGgo") && png.len() > 5_000, "{png}");
}

#[test]
fn a_program_counts_words_of_stdin() {
    let input = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(input.path(), "one two three").unwrap();
    let path = input.path().to_str().unwrap();
    let run = |options: &[&str]| {
        let mut args = vec!["--program", "--stdin", path];
        args.extend(options);
        run("stdin_and_args.py", &args).exits_with(0).json()
    };
    assert_eq!(run(&["--arg", "words"])["stdout"], "3 words \n");
    let of_letters = run(&["--arg", "letters", "--env", "SUFFIX=counted"]);
    assert_eq!(of_letters["stdout"], "13 letters counted\n");
}

#[test]
fn the_others_give_results() {
    for example in ["async_main.py", "pandas_frame.py"] {
        let body = run(example, &[]).exits_with(0).json();
        assert!(!body["result"].is_null(), "{example}: {body}");
    }
}

#[test]
fn the_errors_are_what_they_are_named_after() {
    fails(
        "errors/endless_loop.py",
        &["--timeout-ms", "200", "--fuel", "9000000000000000000"],
        "timeout",
    );
    fails(
        "errors/endless_loop.py",
        &["--fuel", "100000000", "--timeout-ms", "300000"],
        "fuel_exhausted",
    );
    let body = fails("errors/exception.py", &[], "exception");
    assert_eq!(body["error"], "ZeroDivisionError: division by zero");
    assert_eq!(body["line"], 5);
    fails("errors/memory.py", &[], "memory_exceeded");
    let body = fails("errors/syntax_error.py", &[], "syntax_error");
    assert_eq!(body["line"], 1);
    let body = run("errors/no_files.py", &[]).exits_with(0).json();
    let told = body["result"].as_str().unwrap_or_default();
    assert!(told.contains("Error: "), "{body}");
}
