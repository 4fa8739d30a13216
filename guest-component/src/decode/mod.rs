//! From the text of a request body to a [`Program`], or to an error that names what is wrong.
//!
//! `serde_json` checks the syntax and cuts the body into its members, each still raw text
//! ([`members`]); every field is then decoded by itself, so that its error can say
//! `limits.timeout_ms: expected a positive integer, found "abc"` ([`value`]). `input` is never
//! decoded: its text goes to the script as it came, numbers exact ([`input`]).

mod input;
mod members;
mod value;

use std::fmt;

use serde_json::value::RawValue;

pub use self::input::MAX_DEPTH;
use self::members::Members;
use self::value::Value;
use crate::contract::{Limits, Mode, Program};
use crate::error::{ApiError, ErrorType};

/// Longest script, in bytes of UTF-8.
pub const MAX_SCRIPT_BYTES: usize = 100 * 1024;

/// Most arguments, and most variables of the environment: what a body has room for otherwise is a
/// third of a million empty ones, each of which costs more than its byte, here and in the sandbox.
pub const MAX_ITEMS: usize = 10_000;

/// What `POST /execute` takes. `/run` takes the same but `input`.
const FUNCTION_FIELDS: [&str; 8] = [
    "script", "input", "stdin", "args", "env", "limits", "seed", "display",
];
const PROGRAM_FIELDS: [&str; 7] = [
    "script", "stdin", "args", "env", "limits", "seed", "display",
];
const LIMIT_FIELDS: [&str; 4] = ["timeout_ms", "fuel", "memory_bytes", "output_bytes"];

/// The fields of a mode's request body.
pub(crate) const fn fields(mode: Mode) -> &'static [&'static str] {
    match mode {
        Mode::Function => &FUNCTION_FIELDS,
        Mode::Program => &PROGRAM_FIELDS,
    }
}

/// The program that a request body asks to run.
pub(crate) fn program(body: &str, mode: Mode) -> Result<Program, ApiError> {
    let mut program = Program {
        script: String::new(),
        mode,
        input: None,
        stdin: String::new(),
        args: Vec::new(),
        env: Vec::new(),
        limits: Limits {
            timeout_ms: None,
            fuel: None,
            memory_bytes: None,
            output_bytes: None,
        },
        seed: None,
        display: true,
        request_id: None,
    };
    let mut script = None;
    for (name, raw) in Members::of_body(body)? {
        let value = Value::new(&name, raw);
        match name.as_str() {
            "script" => script = Some(value.string()?),
            "input" if mode == Mode::Function => program.input = Some(input::text(raw)?),
            "stdin" => program.stdin = value.string()?,
            "args" => program.args = args(raw)?,
            "env" => program.env = env(raw)?,
            "limits" => program.limits = limits(raw)?,
            "seed" => program.seed = Some(value.seed()?),
            "display" => program.display = value.boolean()?,
            "input" => return Err(ApiError::invalid(INPUT_IN_PROGRAM)),
            _ => return Err(value::unknown_field("", &name, fields(mode))),
        }
    }
    program.script = checked_script(script)?;
    Ok(program)
}

const INPUT_IN_PROGRAM: &str =
    "input: not a field of /run; a program is given its data as stdin, args or env";

fn checked_script(script: Option<String>) -> Result<String, ApiError> {
    let missing = |message| Err(ApiError::new(ErrorType::MissingScript, message));
    let Some(script) = script else {
        return missing("script: expected Python source, found none");
    };
    // White space as Unicode has it, which is more than Python's: also what an editor left of nothing.
    // The executor means the same by it.
    if script.trim().is_empty() {
        return missing("script: expected Python source, found nothing but white space");
    }
    if script.len() > MAX_SCRIPT_BYTES {
        let message = format!(
            "script: expected at most {MAX_SCRIPT_BYTES} bytes of UTF-8, found {}",
            script.len()
        );
        return Err(ApiError::new(ErrorType::ScriptTooLarge, message));
    }
    Ok(script)
}

fn args(raw: &RawValue) -> Result<Vec<String>, ApiError> {
    let items = Value::new(&"args", raw).array("an array of strings")?;
    if items.len() > MAX_ITEMS {
        return Err(ApiError::invalid(format!(
            "args: expected at most {MAX_ITEMS} strings, found {}",
            items.len()
        )));
    }
    items
        .into_iter()
        .enumerate()
        .map(|(i, item)| Value::new(&format_args!("args[{i}]"), item).string_without_nul())
        .collect()
}

fn env(raw: &RawValue) -> Result<Vec<(String, String)>, ApiError> {
    let members = Value::new(&"env", raw).object("an object of strings")?;
    let variable = |(name, raw): (String, &RawValue)| {
        if name.is_empty() || name.contains(['=', '\0']) {
            return Err(ApiError::invalid(format!(
                "env: expected names of variables that are not empty and hold neither \"=\" nor \
                 NUL, found {}",
                value::quoted(&name)
            )));
        }
        let path = fmt::from_fn(|f| write!(f, "env.{}", value::clipped(&name)));
        let value = Value::new(&path, raw).string_without_nul()?;
        Ok((name, value))
    };
    members.into_iter().map(variable).collect()
}

fn limits(raw: &RawValue) -> Result<Limits, ApiError> {
    let mut limits = Limits {
        timeout_ms: None,
        fuel: None,
        memory_bytes: None,
        output_bytes: None,
    };
    for (name, raw) in Value::new(&"limits", raw).object("an object of limits")? {
        let limit = match name.as_str() {
            "timeout_ms" => &mut limits.timeout_ms,
            "fuel" => &mut limits.fuel,
            "memory_bytes" => &mut limits.memory_bytes,
            "output_bytes" => &mut limits.output_bytes,
            _ => return Err(value::unknown_field("limits: ", &name, &LIMIT_FIELDS)),
        };
        *limit = Some(Value::new(&format_args!("limits.{name}"), raw).positive_integer()?);
    }
    Ok(limits)
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
