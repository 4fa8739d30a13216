//! A program, as it comes.

use crate::{Limits, Program};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProgramBody {
    script: String,
    mode: ModeName,
    input: Option<String>,
    stdin: Option<String>,
    args: Option<Vec<String>>,
    env: Option<Vec<(String, String)>>,
    limits: Option<LimitsBody>,
    seed: Option<u64>,
    display: Option<bool>,
    /// For logs at the client's end: the header `X-Request-Id` is what ours have.
    #[serde(rename = "request_id")]
    _request_id: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ModeName {
    Function,
    Program,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsBody {
    timeout_ms: Option<u64>,
    fuel: Option<u64>,
    memory_bytes: Option<u64>,
    output_bytes: Option<u64>,
}

/// Decodes a program; the error is for whoever wrote the client.
pub(super) fn decode(body: &[u8]) -> Result<Program, String> {
    let body: ProgramBody =
        serde_json::from_slice(body).map_err(|error| format!("program: {error}"))?;
    let mut program = match body.mode {
        ModeName::Function => Program::function(body.script),
        ModeName::Program => Program::program(body.script),
    };
    // The contract: ignored in program mode.
    if let (Some(input), ModeName::Function) = (body.input, body.mode) {
        program = program.input(input);
    }
    if let Some(seed) = body.seed {
        program = program.seed(seed);
    }
    let limits = body.limits.unwrap_or_default();
    Ok(program
        .display(body.display.unwrap_or(true))
        .stdin(body.stdin.unwrap_or_default())
        .args(body.args.unwrap_or_default())
        .env(body.env.unwrap_or_default())
        .limits(Limits {
            timeout_ms: limits.timeout_ms,
            fuel: limits.fuel,
            memory_bytes: limits.memory_bytes,
            output_bytes: limits.output_bytes,
        }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_what_it_says() {
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
        assert_eq!(decode(body).unwrap(), expected);
    }

    #[test]
    fn most_of_it_is_optional() {
        let body = br#"{"script": "s", "mode": "program", "limits": null}"#;
        assert_eq!(decode(body).unwrap(), Program::program("s"));
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
