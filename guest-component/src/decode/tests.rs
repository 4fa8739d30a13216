//! Tests of the bodies that the decoder takes, and of what it says to everything else.

use super::program;
use crate::contract::caps::{INPUT_DEPTH, ITEMS, SCRIPT_BYTES};
use crate::contract::{ErrorType, Limit, Mode, Program};
use crate::error::ApiError;

fn accepted(body: &str) -> Program {
    program(body, Mode::Function).unwrap_or_else(|error| panic!("{body}: {}", error.message))
}

fn refused_as(body: &str, mode: Mode) -> ApiError {
    match program(body, mode) {
        Ok(program) => panic!("{body} was taken as {program:?}"),
        Err(error) => error,
    }
}

fn refused(body: &str) -> String {
    let error = refused_as(body, Mode::Function);
    assert_eq!(error.error_type, ErrorType::InvalidRequest, "{body}");
    error.message.into_owned()
}

/// The message for a field with this value, beside a good script.
fn refused_field(field: &str, value: &str) -> String {
    refused(&format!(r#"{{"script": "x", "{field}": {value}}}"#))
}

#[test]
fn a_script_alone_is_a_program_with_nothing_else() {
    let program = accepted(r#"{"script": "def main(): return 1\n"}"#);
    assert_eq!(program.script, "def main(): return 1\n");
    assert_eq!(program.mode, Mode::Function);
    assert_eq!((program.input, program.seed), (None, None));
    assert!(program.display);
    assert_eq!(
        (program.stdin.len(), program.args.len(), program.env.len()),
        (0, 0, 0)
    );
    assert_eq!(program.limits.timeout_ms, None);
}

#[test]
fn every_field_arrives() {
    let program = accepted(
        r#" {"seed": 7, "display": false, "limits": {"timeout_ms": 1, "fuel": 2, "memory_bytes": 3, "output_bytes": 4},
             "env": {"B": "1", "A": ""}, "args": ["x", ""], "stdin": "in\n", "input": [1, "a"],
             "script": "x"} "#,
    );
    assert_eq!(program.input.as_deref(), Some(r#"[1, "a"]"#));
    assert_eq!(program.stdin, b"in\n");
    assert_eq!(program.args, ["x", ""]);
    assert_eq!(
        program.env,
        [("B".into(), "1".into()), ("A".into(), String::new())]
    );
    assert_eq!(program.limits.timeout_ms, Some(1));
    assert_eq!(program.limits.fuel, Some(2));
    assert_eq!(program.limits.memory_bytes, Some(3));
    assert_eq!(program.limits.output_bytes, Some(4));
    assert_eq!(program.seed, Some(7));
    assert!(!program.display);
}

#[test]
fn input_keeps_its_text_so_that_numbers_stay_exact() {
    for input in [
        "123456789012345678901234567890",
        "0.1000000000000000055511151231257827",
        "1e400",
        "-0",
        r#"{"a" : 1,"a": 2}"#,
        r#""\ud83d\ude00 \u00e9 \\ud800""#,
        "null",
    ] {
        let program = accepted(&format!(r#"{{"script": "x", "input": {input}}}"#));
        assert_eq!(program.input.as_deref(), Some(input));
    }
}

#[test]
fn integers_may_be_written_as_floats() {
    for (text, value) in [
        ("5.0", 5),
        ("1e3", 1000),
        ("18446744073709551615", u64::MAX),
        ("1E+2", 100),
    ] {
        let body = format!(r#"{{"script": "x", "seed": {text}, "limits": {{"fuel": {text}}}}}"#);
        let program = accepted(&body);
        assert_eq!(
            (program.seed, program.limits.fuel),
            (Some(value), Some(value)),
            "{text}"
        );
    }
    for zero in ["0", "-0", "0.0", "-0.0", "0e9"] {
        let program = accepted(&format!(r#"{{"script": "x", "seed": {zero}}}"#));
        assert_eq!(program.seed, Some(0), "{zero}");
    }
}

#[test]
fn a_wrong_type_is_named_with_what_was_expected_and_found() {
    for (field, value, message) in [
        ("stdin", "12", "stdin: expected a string, found 12"),
        ("stdin", "null", "stdin: expected a string, found null"),
        (
            "args",
            r#""a b""#,
            r#"args: expected an array of strings, found "a b""#,
        ),
        ("args", r#"["a", 2]"#, "args[1]: expected a string, found 2"),
        (
            "env",
            "[]",
            "env: expected an object of strings, found an array",
        ),
        (
            "env",
            r#"{"HOME": true}"#,
            "env.HOME: expected a string, found true",
        ),
        (
            "limits",
            "5",
            "limits: expected an object of limits, found 5",
        ),
        (
            "seed",
            "-1",
            "seed: expected an integer from 0 to 18446744073709551615, found -1",
        ),
        (
            "seed",
            r#""1""#,
            r#"seed: expected an integer from 0 to 18446744073709551615, found "1""#,
        ),
        ("display", "1", "display: expected true or false, found 1"),
        (
            "display",
            "null",
            "display: expected true or false, found null",
        ),
    ] {
        assert_eq!(refused_field(field, value), message);
    }
    assert_eq!(
        refused(r#"{"script": ["x"]}"#),
        "script: expected a string, found an array"
    );
}

#[test]
fn a_limit_is_a_positive_integer() {
    for (value, found) in [
        (r#""abc""#, r#""abc""#),
        ("0", "0"),
        ("0.0", "0.0"),
        ("-5", "-5"),
        ("1.5", "1.5"),
        ("null", "null"),
        ("[1]", "an array"),
        ("1e400", "1e400"),
    ] {
        let message = refused_field("limits", &format!(r#"{{"timeout_ms": {value}}}"#));
        let expected = format!("limits.timeout_ms: expected a positive integer, found {found}");
        assert_eq!(message, expected);
    }
    assert_eq!(
        refused_field("limits", r#"{"fuel": 18446744073709551616}"#),
        "limits.fuel: expected a positive integer of at most 18446744073709551615, \
         found 18446744073709551616"
    );
}

#[test]
fn an_unknown_field_is_named_beside_the_known_ones() {
    assert_eq!(
        refused_field("scirpt", "1"),
        "unknown field \"scirpt\"; the fields are script, input, stdin, args, env, limits, seed, display"
    );
    assert_eq!(
        refused_field("limits", r#"{"timeout": 1}"#),
        format!(
            "limits: unknown field \"timeout\"; the fields are {}",
            Limit::NAMES.join(", ")
        )
    );
}

#[test]
fn a_field_given_twice_is_refused() {
    assert_eq!(
        refused(r#"{"script": "a", "stdin": "", "script": "b"}"#),
        "request body: field \"script\" is given more than once"
    );
    // Escapes don't hide it.
    assert_eq!(
        refused(r#"{"script": "a", "\u0073cript": "b"}"#),
        "request body: field \"script\" is given more than once"
    );
    assert_eq!(
        refused_field("limits", r#"{"fuel": 1, "fuel": 2}"#),
        "limits: \"fuel\" is given more than once"
    );
    assert_eq!(
        refused_field("env", r#"{"A": "", "A": ""}"#),
        "env: \"A\" is given more than once"
    );
}

#[test]
fn a_program_has_no_input() {
    let error = refused_as(r#"{"script": "x", "input": 1}"#, Mode::Program);
    assert_eq!(error.error_type, ErrorType::InvalidRequest);
    assert!(
        error.message.starts_with("input: not a field of /run;"),
        "{}",
        error.message
    );
    let error = refused_as(r#"{"script": "x", "y": 1}"#, Mode::Program);
    assert!(!error.message.contains("input"), "{}", error.message);
}

#[test]
fn a_missing_or_blank_script_has_its_own_type() {
    for body in [
        "{}",
        r#"{"script": ""}"#,
        r#"{"script": " \t\r\n"}"#,
        r#"{"stdin": "x"}"#,
    ] {
        let error = refused_as(body, Mode::Function);
        assert_eq!(error.error_type, ErrorType::MissingScript, "{body}");
        assert!(
            error.message.starts_with("script: expected Python source"),
            "{body}"
        );
    }
}

#[test]
fn a_script_may_have_100_kib_and_not_a_byte_more() {
    let body = |script: &str| format!(r#"{{"script": "{script}"}}"#);
    assert_eq!(
        accepted(&body(&"x".repeat(SCRIPT_BYTES))).script.len(),
        SCRIPT_BYTES
    );
    let error = refused_as(&body(&"é".repeat(SCRIPT_BYTES / 2 + 1)), Mode::Program);
    assert_eq!(error.error_type, ErrorType::ScriptTooLarge);
    assert_eq!(
        error.message,
        "script: expected at most 102400 bytes of UTF-8, found 102402"
    );
}

#[test]
fn broken_json_is_told_by_line_and_column() {
    assert_eq!(
        refused("{\n  \"script\": \"x"),
        "request body: not valid JSON: EOF while parsing a string at line 2 column 14"
    );
    for body in [
        "{",
        "[1,",
        "{'script': 1}",
        r#"{"script": "x"} x"#,
        "nul",
        "{\"a\"\u{1}}",
        "]",
    ] {
        let message = refused(body);
        assert!(
            message.starts_with("request body: not valid JSON: "),
            "{message}"
        );
        assert!(message.contains(" at line 1 column "), "{message}");
    }
}

#[test]
fn the_body_is_an_object() {
    for (body, found) in [
        ("[]", "an array"),
        ("\"x\"", "\"x\""),
        (" 12 ", "12"),
        ("null", "null"),
        ("", "nothing"),
    ] {
        assert_eq!(
            refused(body),
            format!("request body: expected a JSON object, found {found}")
        );
    }
}

#[test]
fn half_a_surrogate_pair_is_refused_wherever_it_is() {
    for (field, value) in [
        ("stdin", r#""\ud800""#),
        ("args", r#"["\udc00x"]"#),
        ("env", r#"{"\ud800": "x"}"#),
        ("limits", r#"{"\ud800": 1}"#),
        ("input", r#"{"a": "\ud800"}"#),
        ("input", r#""\ud800\u0041""#),
        ("input", r#""\\\udfff""#),
    ] {
        let message = refused_field(field, value);
        assert!(message.starts_with(field), "{message}");
        assert!(message.contains("half a surrogate pair"), "{message}");
    }
    let name = refused(r#"{"\ud800": 1}"#);
    assert!(
        name.ends_with("unexpected end of hex escape at line 1 column 9"),
        "{name}"
    );
}

#[test]
fn arguments_and_variables_are_counted() {
    let args = |count: usize| format!("[{}]", vec![r#""""#; count].join(","));
    let env = |count| {
        let members: Vec<_> = (0..count).map(|n| format!(r#""N{n}":"""#)).collect();
        format!("{{{}}}", members.join(","))
    };
    let body =
        |args: String, env: String| format!(r#"{{"script": "x", "args": {args}, "env": {env}}}"#);
    let program = accepted(&body(args(ITEMS), env(ITEMS)));
    assert_eq!(program.args.len(), ITEMS);
    assert_eq!(
        refused_field("args", &args(ITEMS + 1)),
        "args: expected at most 10000 strings, found 10001"
    );
    let more = "expected at most 10000 members, found more";
    assert_eq!(
        refused_field("env", &env(ITEMS + 1)),
        format!("env: {more}")
    );
    assert_eq!(refused(&env(ITEMS + 1)), format!("request body: {more}"));
}

#[test]
fn arguments_and_variables_hold_no_nul() {
    let nul = "expected a string without NUL, found one with \\u0000";
    assert_eq!(
        refused_field("args", r#"["a\u0000"]"#),
        format!("args[0]: {nul}")
    );
    assert_eq!(
        refused_field("env", r#"{"A": "\u0000"}"#),
        format!("env.A: {nul}")
    );
    for name in ["", "A=B", r"A\u0000"] {
        let message = refused_field("env", &format!(r#"{{"{name}": "x"}}"#));
        assert!(
            message.starts_with("env: expected names of variables"),
            "{message}"
        );
    }
}

#[test]
fn input_may_nest_128_levels_and_no_deeper() {
    let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let body = |input: &str| format!(r#"{{"script": "x", "input": {input}}}"#);
    accepted(&body(&nested(INPUT_DEPTH)));
    accepted(&body(&format!("{:?}", nested(1000)))); // brackets in a string don't count
    assert_eq!(
        refused(&body(&nested(INPUT_DEPTH + 1))),
        "input: expected at most 128 levels of nesting, found more"
    );
}

#[test]
fn absurd_nesting_anywhere_does_not_exhaust_the_stack() {
    let deep = "[".repeat(400_000);
    let closed = format!("{deep}{}", "]".repeat(400_000));
    refused(&deep);
    refused(&closed);
    for field in [
        "script", "stdin", "args", "env", "limits", "seed", "display", "input", "other",
    ] {
        refused_field(field, &closed);
    }
}

#[test]
fn long_values_and_names_are_not_repeated_in_full() {
    let long = "é".repeat(1000);
    for message in [
        refused_field("seed", &format!("\"{long}\"")),
        refused_field(&long, "1"),
        refused_field("env", &format!("{{\"{long}\": 1}}")),
    ] {
        assert!(message.len() < 250, "{message}");
    }
}
