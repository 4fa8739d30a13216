//! A program: the request.

use crate::types::{Limits, Mode, Program};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    script: String,
    mode: ModeName,
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stdin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    args: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    env: Option<Vec<(String, String)>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limits: Option<LimitsBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    display: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ModeName {
    Function,
    Program,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LimitsBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fuel: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    memory_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_bytes: Option<u64>,
}

/// The JSON of a program.
pub fn encode(program: Program) -> Vec<u8> {
    let limits = program.limits;
    let body = Body {
        script: program.script,
        mode: match program.mode {
            Mode::Function => ModeName::Function,
            Mode::Program => ModeName::Program,
        },
        input: program.input,
        stdin: Some(program.stdin).filter(|stdin| !stdin.is_empty()),
        args: Some(program.args).filter(|args| !args.is_empty()),
        env: Some(program.env).filter(|env| !env.is_empty()),
        limits: Some(LimitsBody {
            timeout_ms: limits.timeout_ms,
            fuel: limits.fuel,
            memory_bytes: limits.memory_bytes,
            output_bytes: limits.output_bytes,
        }),
        seed: program.seed,
        display: (!program.display).then_some(false),
        request_id: program.request_id,
    };
    // Strings and numbers always have a JSON form.
    serde_json::to_vec(&body).unwrap_or_default()
}

/// The program of a JSON body.
///
/// # Errors
///
/// When it is none; the message is for whoever wrote the client.
pub fn decode(body: &[u8]) -> Result<Program, String> {
    let body: Body = serde_json::from_slice(body).map_err(|error| format!("program: {error}"))?;
    let limits = body.limits.unwrap_or_default();
    Ok(Program {
        script: body.script,
        mode: match body.mode {
            ModeName::Function => Mode::Function,
            ModeName::Program => Mode::Program,
        },
        input: body.input,
        stdin: body.stdin.unwrap_or_default(),
        args: body.args.unwrap_or_default(),
        env: body.env.unwrap_or_default(),
        limits: Limits {
            timeout_ms: limits.timeout_ms,
            fuel: limits.fuel,
            memory_bytes: limits.memory_bytes,
            output_bytes: limits.output_bytes,
        },
        seed: body.seed,
        display: body.display.unwrap_or(true),
        request_id: body.request_id,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_comes_back_as_it_went() {
        let program = Program {
            script: "s".to_owned(),
            mode: Mode::Function,
            input: Some("[1e400]".to_owned()),
            stdin: "in".to_owned(),
            args: vec!["a".to_owned()],
            env: vec![("N".to_owned(), "v".to_owned())],
            limits: Limits {
                timeout_ms: Some(1),
                fuel: None,
                memory_bytes: None,
                output_bytes: Some(u64::MAX),
            },
            seed: Some(u64::MAX),
            display: false,
            request_id: Some("r".to_owned()),
        };
        assert_eq!(decode(&encode(program.clone())), Ok(program));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let unknown = decode(br#"{"script": "s", "mode": "program", "x": 1}"#);
        assert!(unknown.unwrap_err().contains("unknown field `x`"));
        let least = decode(br#"{"script": "s", "mode": "program", "limits": null}"#).unwrap();
        assert_eq!(
            (least.stdin.as_str(), least.seed, least.display),
            ("", None, true)
        );
    }
}
