//! A program of the executor protocol.

use crate::{Limits, Mode, Program};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    script: String,
    mode: Mode,
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stdin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    args: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    env: Option<Vec<(String, String)>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limits: Option<Limits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    display: Option<bool>,
    /// For logs at the client's end.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

/// The JSON of a program, with the name that its request has for the client.
#[must_use]
pub fn encode(program: Program, request_id: Option<String>) -> Vec<u8> {
    let stdin = String::from_utf8(program.stdin)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    let body = Body {
        script: program.script,
        mode: program.mode,
        input: program.input,
        stdin: Some(stdin).filter(|stdin| !stdin.is_empty()),
        args: Some(program.args).filter(|args| !args.is_empty()),
        env: Some(program.env).filter(|env| !env.is_empty()),
        limits: Some(program.limits),
        seed: program.seed,
        display: (!program.display).then_some(false),
        request_id,
    };
    // Strings and numbers always have a JSON form.
    serde_json::to_vec(&body).unwrap_or_default()
}

/// The program of a JSON body, and the name that its request has for the client.
///
/// # Errors
///
/// When it is none; the message is for whoever wrote the client.
pub fn decode(body: &[u8]) -> Result<(Program, Option<String>), String> {
    let body: Body = serde_json::from_slice(body).map_err(|error| format!("program: {error}"))?;
    let program = Program {
        mode: body.mode,
        script: body.script,
        input: body.input,
        stdin: body.stdin.unwrap_or_default().into_bytes(),
        args: body.args.unwrap_or_default(),
        env: body.env.unwrap_or_default(),
        limits: body.limits.unwrap_or_default(),
        seed: body.seed,
        display: body.display.unwrap_or(true),
    };
    Ok((program, body.request_id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::borrow::ToOwned;

    #[test]
    fn a_program_comes_back_as_it_went() {
        let limits = Limits {
            timeout_ms: Some(1),
            output_bytes: Some(u64::MAX),
            ..Limits::default()
        };
        let program = Program::function("s")
            .input("[1e400]")
            .stdin("in")
            .args(["a"])
            .env([("N", "v")])
            .limits(limits)
            .seed(u64::MAX)
            .display(false);
        let request_id = Some("r".to_owned());
        let json = encode(program.clone(), request_id.clone());
        assert_eq!(decode(&json), Ok((program, request_id)));
    }

    #[test]
    fn a_program_has_the_documented_form() {
        let body = br#"{"script": "s", "mode": "function", "input": "[1]", "stdin": "in",
            "args": ["a"], "env": [["N", "v"]], "limits": {"fuel": 5, "memory_bytes": 7},
            "seed": 18446744073709551615, "display": false, "request_id": "r"}"#;
        let limits = Limits {
            fuel: Some(5),
            memory_bytes: Some(7),
            ..Limits::default()
        };
        let expected = Program::function("s")
            .input("[1]")
            .stdin("in")
            .args(["a"])
            .env([("N", "v")])
            .limits(limits)
            .display(false)
            .seed(u64::MAX);
        assert_eq!(decode(body), Ok((expected, Some("r".to_owned()))));
    }

    #[test]
    fn most_of_it_is_optional() {
        let body = br#"{"script": "s", "mode": "program", "limits": null}"#;
        assert_eq!(decode(body), Ok((Program::program("s"), None)));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (body, problem) in [
            (&br#"{"script": "s"}"#[..], "missing field `mode`"),
            (br#"{"script": "s", "mode": "f"}"#, "unknown variant `f`"),
            (br#"{"script": 1, "mode": "program"}"#, "expected a string"),
            (
                br#"{"script": "s", "mode": "program", "x": 1}"#,
                "unknown field `x`",
            ),
            (
                br#"{"script": "s", "mode": "program", "limits": {"ms": 1}}"#,
                "unknown field `ms`",
            ),
            (
                br#"{"script": "s", "script": "t", "mode": "program"}"#,
                "duplicate field `script`",
            ),
            (b"", "EOF"),
        ] {
            let error = decode(body).unwrap_err();
            assert!(error.contains(problem), "{error}");
        }
    }
}
