//! From the text of a request body to a [`Program`], or to an error that names what is wrong.
//!
//! `serde_json` checks the syntax and cuts the body into its members, each still raw text
//! ([`members`]); every field is then decoded by itself, so that its error can say
//! `limits.timeout_ms: expected a positive integer, found "abc"` ([`value`]). `input` is never
//! decoded: its text goes to the script as it came, numbers exact. What a program has to be beside is
//! for [`Program::check_decoded`] to say, as on every other way in.

mod members;
mod value;

use std::fmt;

use serde_json::value::RawValue;

use self::members::Members;
use self::value::Value;
use crate::contract::caps::ITEMS;
use crate::contract::{Limit, Limits, Mode, Program, Refusal};
use crate::error::ApiError;

/// The fields that `POST /execute` takes. `/run` takes the same but `input`.
const FUNCTION_FIELDS: [&str; 8] = [
    "script", "input", "stdin", "args", "env", "limits", "seed", "display",
];
const PROGRAM_FIELDS: [&str; 7] = [
    "script", "stdin", "args", "env", "limits", "seed", "display",
];

/// The fields of a mode's request body.
pub(crate) const fn fields(mode: Mode) -> &'static [&'static str] {
    match mode {
        Mode::Function => &FUNCTION_FIELDS,
        Mode::Program => &PROGRAM_FIELDS,
    }
}

/// The program that a request body asks to run.
pub(crate) fn program(body: &str, mode: Mode) -> Result<Program, ApiError> {
    let mut program = Program::new(mode, String::new());
    let mut script = None;
    for (name, raw) in Members::of_body(body)? {
        let value = Value::new(&name, raw);
        match name.as_str() {
            "script" => script = Some(value.string()?),
            "input" if mode == Mode::Function => program.input = Some(raw.get().to_owned()),
            "stdin" => program.stdin = value.string()?.into_bytes(),
            "args" => program.args = args(raw)?,
            "env" => program.env = env(raw)?,
            "limits" => program.limits = limits(raw)?,
            "seed" => program.seed = Some(value.seed()?),
            "display" => program.display = value.boolean()?,
            "input" => return Err(ApiError::invalid(INPUT_IN_PROGRAM)),
            _ => return Err(value::unknown_field("", &name, fields(mode))),
        }
    }
    program.script = script.ok_or(Refusal::MissingScript)?;
    program.check_decoded()?;
    Ok(program)
}

const INPUT_IN_PROGRAM: &str =
    "input: not a field of /run; a program is given its data as stdin, args or env";

fn args(raw: &RawValue) -> Result<Vec<String>, ApiError> {
    let items = Value::new(&"args", raw).array("an array of strings")?;
    if items.len() > ITEMS {
        // Not even decoded.
        return Err(Refusal::too_many_args(items.len()).into());
    }
    items
        .into_iter()
        .enumerate()
        .map(|(i, item)| Value::new(&format_args!("args[{i}]"), item).string())
        .collect()
}

fn env(raw: &RawValue) -> Result<Vec<(String, String)>, ApiError> {
    let members = Value::new(&"env", raw).object("an object of strings")?;
    let variable = |(name, raw): (String, &RawValue)| {
        let path = fmt::from_fn(|f| write!(f, "env.{}", Refusal::clipped(&name)));
        let value = Value::new(&path, raw).string()?;
        Ok((name, value))
    };
    members.into_iter().map(variable).collect()
}

fn limits(raw: &RawValue) -> Result<Limits, ApiError> {
    let mut limits = Limits::default();
    for (name, raw) in Value::new(&"limits", raw).object("an object of limits")? {
        let Some(limit) = Limit::named(&name) else {
            return Err(value::unknown_field("limits: ", &name, &Limit::NAMES));
        };
        let value = Value::new(&format_args!("limits.{limit}"), raw).positive_integer()?;
        limits.set(limit, Some(value));
    }
    Ok(limits)
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
