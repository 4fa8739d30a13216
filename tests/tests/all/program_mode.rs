//! Whole programs: streams, arguments, exit codes.

use belljar_tests::{Cli, program};

#[test]
fn stdin_and_arguments_reach_the_program() {
    let source = "import sys\nprint(sys.stdin.read())\nprint(*sys.argv[1:])";
    let input = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(input.path(), "sample input").unwrap();
    let path = input.path().to_str().unwrap();
    let options = [
        "--program",
        "--stdin",
        path,
        "--arg",
        "first",
        "--arg",
        "second",
    ];
    let body = Cli::run_script(source, &options).exits_with(0).json();
    assert_eq!(body["stdout"], "sample input\nfirst second\n");
    assert_eq!(body["exit_code"], 0);
    program(source)
        .stdin("sample input")
        .args(["first", "second"])
        .run()
        .exits_with(0)
        .prints("sample input\nfirst second\n");
}

#[test]
fn exit_codes_come_back() {
    program("pass").run().exits_with(0);
    program("import sys; sys.exit(3)").run().exits_with(3);
    program("import os; os._exit(7)").run().exits_with(7);
    let failed = program("x = 1\n1 / 0").run().exits_with(1);
    assert_eq!(
        failed.stderr(),
        "Traceback (most recent call last):\n  File \"script.py\", line 2, in <module>\n    \
         1 / 0\n    ~~^~~\nZeroDivisionError: division by zero\n"
    );
}

#[test]
fn the_command_line_says_how_a_program_ended() {
    for (source, code, status) in [
        ("pass", 0, 0),
        ("import sys; sys.exit(3)", 3, 1),
        ("1 / 0", 1, 1),
        ("import os; os._exit(7)", 7, 1),
    ] {
        let finished = Cli::run_script(source, &["--program"]).exits_with(status);
        assert_eq!(finished.json()["exit_code"], code, "{source}");
    }
}

#[test]
fn bytes_pass_through_unchanged() {
    let bytes: Vec<u8> = (0..=255).collect();
    let echo = "import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read())";
    let run = program(echo).stdin(bytes.clone()).run().exits_with(0);
    assert_eq!(run.outcome().stdout, bytes);
}

#[test]
fn output_that_is_not_utf8_is_decoded_with_replacement_characters() {
    let run = program("import os\nos.write(1, b'\\xffok\\xc3')\nos.write(2, b'\\x80')").run();
    let body: serde_json::Value = serde_json::from_str(&run.body()).unwrap();
    assert_eq!(body["stdout"], "\u{fffd}ok\u{fffd}");
    assert_eq!(body["stderr"], "\u{fffd}");
}

#[test]
fn a_failing_program_does_not_tell_of_the_harness() {
    let run = program("import json\njson.loads('{')").run().exits_with(1);
    for secret in ["belljar", "python315", "program_mode"] {
        assert!(!run.stderr().contains(secret), "{}", run.stderr());
    }
}
