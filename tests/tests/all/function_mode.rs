//! Tests of function mode that the conformance cases leave out: `belljar run` and the library.

use belljar::Error;
use belljar_tests::{Cli, script};
use serde_json::json;

#[test]
fn input_reaches_main() {
    script("def main(n): return n * 2")
        .input(&json!(21))
        .run()
        .gives(&json!(42));
    let doubled = Cli::run_script("def main(n): return n * 2", &["--input", "[1, 2]"]);
    assert_eq!(doubled.exits_with(0).json()["result"], json!([1, 2, 1, 2]));
}

#[test]
fn input_of_a_megabyte_reaches_main() {
    let text = "é".repeat(500_000);
    script("def main(text): return [len(text), text[-1]]")
        .input(&json!(text))
        .run()
        .gives(&json!([500_000, "é"]));
}

#[test]
fn invalid_input_is_refused_before_anything_runs() {
    let program = belljar::Program::function("def main(x): return x");
    for input in ["", "{", "[1,]", "NaN", "1 2", "'text'", "{\"a\":1"] {
        let refused = belljar_tests::shared().execute(&program.clone().input(input));
        assert!(
            matches!(&refused, Err(Error::Refused(_))),
            "{input:?}: {refused:?}"
        );
    }
}

#[test]
fn deeply_nested_input_is_refused_or_ends_cleanly() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let program = belljar::Program::function("def main(x): return 1").input(deep);
    if let Ok(outcome) = belljar_tests::shared().execute(&program) {
        assert!(!format!("{:?}", outcome.completion).contains("Internal"));
    }
}

#[test]
fn a_result_of_four_megabytes_arrives_and_one_byte_more_does_not() {
    let fits = belljar::RESULT_BYTES - 2;
    let source = "def main(n): return 'x' * n";
    let run = script(source).input(&json!(fits)).run();
    assert_eq!(run.value_text().len(), belljar::RESULT_BYTES);
    script(source)
        .input(&json!(fits + 1))
        .run()
        .fails_with("result_too_large")
        .says("4194304");
}

#[test]
fn an_enormous_error_message_is_cut() {
    let run = script("def main(): raise ValueError('x' * 10_000_000)").run();
    let run = run.fails_with("exception").says("characters left out");
    assert!(run.body().len() < 200_000, "{}", run.body().len());
}

#[test]
fn the_five_hundredth_line_is_named_right() {
    let source = format!("def main():\n{}    1 / 0\n", "    x = 1\n".repeat(498));
    script(source).run().fails_with("exception").at_line(500);
}

#[test]
fn numbers_pass_through_unchanged_in_both_directions() {
    let numbers = "[0.1,1e-7,123456789012345678901234567890,-0.0,1e+16]";
    let program = belljar::Program::function("def main(x): return x").input(numbers);
    let outcome = belljar_tests::shared().execute(&program).unwrap();
    let belljar::Completion::Value(value) = outcome.completion else {
        panic!("{outcome:?}");
    };
    assert_eq!(
        value.get(),
        "[0.1,1e-07,123456789012345678901234567890,-0.0,1e+16]"
    );
}
