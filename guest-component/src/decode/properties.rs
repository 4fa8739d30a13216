//! Properties that hold for any body at all.

use proptest::prelude::*;

use super::{FUNCTION_FIELDS, program};
use crate::contract::Mode;

/// The tokens of which bodies are made, and some that break them.
const TOKENS: &str = r#"{ } [ ] : , "script" "input" "stdin" "args" "env" "limits" "seed" "fuel" "x"
    1 -1 1.5 1e9 null true "\ud800" "\u0000" " \"#;

/// Any text made of such tokens, so that many get past the first brace.
fn body_like() -> impl Strategy<Value = String> {
    let tokens: Vec<&str> = TOKENS.split_whitespace().collect();
    let token = prop_oneof![
        4 => prop::sample::select(tokens).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(token, 0..40).prop_map(|tokens| tokens.concat())
}

/// A body whose shape is right and whose values are anything.
fn object_like() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        any::<f64>().prop_map(|number| serde_json::Value::from(number).to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        ".{0,8}".prop_map(|text| serde_json::Value::from(text).to_string()),
        Just("null".to_owned()),
    ];
    let value = scalar.prop_recursive(3, 16, 4, |inner| {
        let member = (".{0,4}", inner.clone())
            .prop_map(|(name, value)| format!("{}: {value}", serde_json::Value::from(name)));
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec(member, 0..4).prop_map(|all| format!("{{{}}}", all.join(","))),
        ]
    });
    let name = prop::sample::select(FUNCTION_FIELDS.to_vec());
    let member = (name, value).prop_map(|(name, value)| format!("\"{name}\": {value}"));
    prop::collection::vec(member, 0..5).prop_map(|members| format!("{{{}}}", members.join(", ")))
}

proptest! {
    #[test]
    fn whatever_the_body_the_answer_is_a_program_or_an_error_that_names_its_place(
        body in prop_oneof![body_like(), object_like()],
        mode in prop::sample::select(vec![Mode::Function, Mode::Program]),
    ) {
        if let Err(error) = program(&body, mode) {
            let names_its_place = error.message.starts_with("unknown field \"")
                || error.message.starts_with("request body: ")
                || FUNCTION_FIELDS.iter().any(|field| error.message.starts_with(field));
            prop_assert!(names_its_place, "{}", error.message);
        }
    }

    #[test]
    fn a_program_that_was_taken_keeps_the_promises_of_the_contract(body in object_like()) {
        if let Ok(program) = program(&body, Mode::Function) {
            prop_assert!(!program.script.trim().is_empty() || !program.script.is_ascii());
            prop_assert!(program.args.iter().all(|arg| !arg.contains('\0')));
            prop_assert!(program.env.iter().all(|(name, _)| !name.is_empty()));
            if let Some(input) = program.input {
                prop_assert!(serde_json::from_str::<serde_json::Value>(&input).is_ok());
            }
        }
    }
}
