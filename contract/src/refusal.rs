//! The refusal of a program that is none: the same texts on every way in.

use crate::caps::{INPUT_DEPTH, ITEMS, SCRIPT_BYTES};
use crate::{ErrorType, InvalidLimit, Limit, Limits, Mode, Program};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::fmt;
use serde::de::IgnoredAny;

/// The complaint about a string that holds half a surrogate pair: it has no UTF-8.
const LONE_SURROGATE: &str =
    "expected Unicode text, found half a surrogate pair (\\ud800 to \\udfff)";

/// The most characters of what came that a message repeats.
const CLIPPED_CHARS: usize = 40;

/// The reason why a program is not executed. It reads `field: what is wrong with it`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no script.
    MissingScript,
    /// There is nothing but white space in the script.
    BlankScript,
    /// The script is too long; so many bytes, where they were counted.
    ScriptTooLarge(Option<usize>),
    /// A field cannot be given to a script; the text says which, and why.
    Invalid(String),
}

impl Refusal {
    /// The error that it is where errors are told in JSON.
    #[must_use]
    pub const fn error_type(&self) -> ErrorType {
        match self {
            Self::MissingScript | Self::BlankScript => ErrorType::MissingScript,
            Self::ScriptTooLarge(_) => ErrorType::ScriptTooLarge,
            Self::Invalid(_) => ErrorType::InvalidRequest,
        }
    }

    /// The refusal of a string with half a surrogate pair.
    #[must_use]
    pub fn lone_surrogate(field: &dyn fmt::Display) -> Self {
        Self::Invalid(format!("{field}: {LONE_SURROGATE}"))
    }

    /// The refusal of bytes that are no text from this one on.
    #[must_use]
    pub fn not_utf8(field: &str, position: usize) -> Self {
        Self::Invalid(format!("{field}: not UTF-8 at byte {position}"))
    }

    /// The refusal of so many arguments.
    #[must_use]
    pub fn too_many_args(found: usize) -> Self {
        Self::Invalid(format!(
            "args: expected at most {ITEMS} strings, found {found}"
        ))
    }

    /// A name from a request, fit for a message.
    #[must_use]
    pub fn quoted(name: &str) -> String {
        format!("{:?}", Self::clipped(name))
    }

    /// As much of a text as a message repeats.
    #[must_use]
    pub fn clipped(text: &str) -> String {
        match text.char_indices().nth(CLIPPED_CHARS) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text.to_owned(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingScript => f.write_str("script: expected Python source, found none"),
            Self::BlankScript => {
                f.write_str("script: expected Python source, found nothing but white space")
            }
            Self::ScriptTooLarge(found) => {
                write!(
                    f,
                    "script: expected at most {SCRIPT_BYTES} bytes of UTF-8, found "
                )?;
                match found {
                    Some(bytes) => bytes.fmt(f),
                    None => f.write_str("more"),
                }
            }
            Self::Invalid(problem) => f.write_str(problem),
        }
    }
}

impl core::error::Error for Refusal {}

impl Program {
    /// Checks what a sandbox takes for granted. How high limits may be is for a
    /// [`LimitPolicy`](crate::LimitPolicy) to judge.
    ///
    /// # Errors
    ///
    /// When it is nothing that can be executed.
    pub fn check(&self) -> Result<(), Refusal> {
        if let (Some(input), Mode::Function) = (&self.input, self.mode) {
            serde_json::from_str::<IgnoredAny>(input)
                .map_err(|error| Refusal::Invalid(format!("input: not valid JSON: {error}")))?;
        }
        self.check_decoded()
    }

    /// As [`check`](Self::check), where the input is known to be JSON.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn check_decoded(&self) -> Result<(), Refusal> {
        self.check_script()?;
        if let (Some(input), Mode::Function) = (&self.input, self.mode) {
            check_input(input)?;
        }
        check_args(&self.args)?;
        check_env(&self.env)?;
        check_limits(&self.limits)
    }

    /// Checks the script alone, which takes no time. White space is what Unicode calls so, which is
    /// more than Python's: also what an editor left of nothing.
    ///
    /// # Errors
    ///
    /// When there is nothing in it, or too much.
    pub fn check_script(&self) -> Result<(), Refusal> {
        if self.script.trim().is_empty() {
            return Err(Refusal::BlankScript);
        }
        match self.script.len() {
            bytes if bytes > SCRIPT_BYTES => Err(Refusal::ScriptTooLarge(Some(bytes))),
            _ => Ok(()),
        }
    }
}

fn check_input(input: &str) -> Result<(), Refusal> {
    check_depth(input)?;
    if crate::result::has_lone_surrogate(input) {
        return Err(Refusal::lone_surrogate(&"input"));
    }
    Ok(())
}

/// Counts brackets outside strings; the text is known to be well-formed.
fn check_depth(text: &str) -> Result<(), Refusal> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => {
                depth += 1;
                if depth > INPUT_DEPTH {
                    return Err(Refusal::Invalid(format!(
                        "input: expected at most {INPUT_DEPTH} levels of nesting, found more"
                    )));
                }
            }
            b']' | b'}' => depth -= 1,
            _ => {}
        }
    }
    Ok(())
}

fn check_args(args: &[String]) -> Result<(), Refusal> {
    if args.len() > ITEMS {
        return Err(Refusal::too_many_args(args.len()));
    }
    match args.iter().position(|arg| arg.contains('\0')) {
        Some(index) => Err(nul(&format_args!("args[{index}]"))),
        None => Ok(()),
    }
}

fn check_env(env: &[(String, String)]) -> Result<(), Refusal> {
    if env.len() > ITEMS {
        return Err(Refusal::Invalid(format!(
            "env: expected at most {ITEMS} members, found more"
        )));
    }
    let mut names: Vec<&str> = env.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        let name = Refusal::quoted(pair[0]);
        return Err(Refusal::Invalid(format!(
            "env: {name} is given more than once"
        )));
    }
    for (name, value) in env {
        if name.is_empty() || name.contains(['=', '\0']) {
            return Err(Refusal::Invalid(format!(
                "env: expected names of variables that are not empty and hold neither \"=\" nor \
                 NUL, found {}",
                Refusal::quoted(name)
            )));
        }
        if value.contains('\0') {
            return Err(nul(&format_args!("env.{}", Refusal::clipped(name))));
        }
    }
    Ok(())
}

/// Nothing at all is a limit nowhere.
fn check_limits(limits: &Limits) -> Result<(), Refusal> {
    match Limit::ALL
        .into_iter()
        .find(|limit| limits.get(*limit) == Some(0))
    {
        Some(limit) => Err(Refusal::Invalid(InvalidLimit::zero(limit).to_string())),
        None => Ok(()),
    }
}

/// A string that does not fit where C strings are.
fn nul(field: &dyn fmt::Display) -> Refusal {
    Refusal::Invalid(format!(
        "{field}: expected a string without NUL, found one with \\u0000"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;

    const SCRIPT: &str = "def main(): pass";

    fn refused(program: Program) -> String {
        program.check().unwrap_err().to_string()
    }

    #[test]
    fn a_script_is_blank_if_unicode_says_so() {
        for script in [
            "",
            " \t\r\n",
            "\u{b}\u{c}\u{1c}\u{85}\u{a0}\u{2028}\u{3000}",
        ] {
            let blank = script.trim().is_empty();
            let checked = Program::program(script).check();
            let expected = if blank {
                Err(Refusal::BlankScript)
            } else {
                Ok(())
            };
            assert_eq!(checked, expected, "{script:?}");
        }
        assert!(
            Program::program("\u{feff}").check().is_ok(),
            "no white space"
        );
    }

    #[test]
    fn a_script_may_be_as_long_as_it_says() {
        let most = "x".repeat(SCRIPT_BYTES);
        assert!(Program::function(most.as_str()).check().is_ok());
        assert_eq!(
            refused(Program::function(most + "x")),
            "script: expected at most 102400 bytes of UTF-8, found 102401"
        );
    }

    #[test]
    fn input_is_json_that_every_interpreter_can_decode() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        for input in [
            "1e400",
            r#""\ud83d\ude00""#,
            r#""[[[\"[""#,
            &nested(INPUT_DEPTH),
        ] {
            let program = Program::function(SCRIPT).input(input);
            assert_eq!(program.check(), Ok(()), "{input}");
        }
        for (input, problem) in [
            ("[1,", "input: not valid JSON: EOF"),
            ("", "input: not valid JSON: EOF"),
            (
                &nested(INPUT_DEPTH + 1),
                "input: expected at most 128 levels",
            ),
            (
                r#"{"\ud83d": 1}"#,
                "input: expected Unicode text, found half",
            ),
        ] {
            let text = refused(Program::function(SCRIPT).input(input));
            assert!(text.starts_with(problem), "{text}");
        }
        let ignored = Program::program(SCRIPT).input("[");
        assert_eq!(ignored.check(), Ok(()));
    }

    #[test]
    fn nothing_is_no_limit() {
        for limit in Limit::ALL {
            let mut limits = Limits::default();
            limits.set(limit, Some(1));
            assert_eq!(Program::program(SCRIPT).limits(limits).check(), Ok(()));
            limits.set(limit, Some(0));
            assert_eq!(
                refused(Program::program(SCRIPT).limits(limits)),
                format!("limits.{limit}: expected a positive integer, found 0")
            );
        }
    }

    #[test]
    fn arguments_and_variables_fit_where_c_strings_are() {
        let many = vec![""; ITEMS + 1];
        for (program, problem) in [
            (
                Program::program(SCRIPT).args(["a", "b\0"]),
                "args[1]: expected a string without NUL, found one with \\u0000",
            ),
            (
                Program::program(SCRIPT).args(many),
                "args: expected at most 10000 strings, found 10001",
            ),
            (
                Program::program(SCRIPT).env([("A", "\0")]),
                "env.A: expected a string without NUL, found one with \\u0000",
            ),
            (
                Program::program(SCRIPT).env([("A=", "")]),
                "env: expected names of variables that are not empty and hold neither \"=\" nor \
                 NUL, found \"A=\"",
            ),
            (
                Program::program(SCRIPT).env([("A", "1"), ("B", "2"), ("A", "1")]),
                "env: \"A\" is given more than once",
            ),
        ] {
            assert_eq!(refused(program), problem);
        }
    }
}
