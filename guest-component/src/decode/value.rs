//! One value of a request body: decoded, or told what it should have been.

use std::fmt::Display;

use serde_json::value::RawValue;

use super::members::Members;
use crate::contract::Refusal;
use crate::error::ApiError;

/// Largest integer up to which a float still tells its neighbours apart (2^53).
const MAX_EXACT_FLOAT: f64 = 9_007_199_254_740_992.0;

/// A value that is well-formed JSON, and the path to it, which is text only if an error needs it.
pub(super) struct Value<'a, 'p> {
    path: &'p dyn Display,
    raw: &'a RawValue,
}

impl<'a, 'p> Value<'a, 'p> {
    pub(super) const fn new(path: &'p dyn Display, raw: &'a RawValue) -> Self {
        Self { path, raw }
    }

    pub(super) fn string(&self) -> Result<String, ApiError> {
        if !self.starts_with(b'"') {
            return Err(self.mismatch("a string"));
        }
        serde_json::from_str(self.raw.get()).map_err(|_| Refusal::lone_surrogate(self.path).into())
    }

    pub(super) fn array(&self, expected: &str) -> Result<Vec<&'a RawValue>, ApiError> {
        if !self.starts_with(b'[') {
            return Err(self.mismatch(expected));
        }
        serde_json::from_str(self.raw.get()).map_err(|_| self.mismatch(expected))
    }

    pub(super) fn object(&self, expected: &str) -> Result<Members<'a>, ApiError> {
        if !self.starts_with(b'{') {
            return Err(self.mismatch(expected));
        }
        Members::of_value(&self.path.to_string(), self.raw)
    }

    pub(super) fn positive_integer(&self) -> Result<u64, ApiError> {
        match self.unsigned() {
            Some(0) => Err(self.mismatch("a positive integer")),
            Some(number) => Ok(number),
            None if self.is_too_large() => {
                Err(self.mismatch("a positive integer of at most 18446744073709551615"))
            }
            None => Err(self.mismatch("a positive integer")),
        }
    }

    pub(super) fn seed(&self) -> Result<u64, ApiError> {
        self.unsigned()
            .ok_or_else(|| self.mismatch("an integer from 0 to 18446744073709551615"))
    }

    pub(super) fn boolean(&self) -> Result<bool, ApiError> {
        match self.raw.get() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(self.mismatch("true or false")),
        }
    }

    /// An integer, also one written as `5.0` or `1e3`: for JSON they are the same number.
    fn unsigned(&self) -> Option<u64> {
        let text = self.raw.get();
        text.parse().ok().or_else(|| {
            let number = text.parse::<f64>().ok().filter(|_| self.is_number())?;
            let exact = number.fract() == 0.0 && (0.0..=MAX_EXACT_FLOAT).contains(&number);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "just checked to be an integer in the range of u64"
            )]
            exact.then_some(number as u64)
        })
    }

    fn is_too_large(&self) -> bool {
        self.raw.get().bytes().all(|byte| byte.is_ascii_digit())
    }

    fn is_number(&self) -> bool {
        self.raw
            .get()
            .starts_with(|first: char| first == '-' || first.is_ascii_digit())
    }

    fn starts_with(&self, byte: u8) -> bool {
        self.raw.get().as_bytes().first() == Some(&byte)
    }

    fn error(&self, what: &str) -> ApiError {
        ApiError::invalid(format!("{}: {what}", self.path))
    }

    pub(super) fn mismatch(&self, expected: &str) -> ApiError {
        let text = self.raw.get();
        let found = match text.as_bytes().first() {
            Some(b'[') => "an array".to_owned(),
            Some(b'{') => "an object".to_owned(),
            _ => Refusal::clipped(text),
        };
        self.error(&format!("expected {expected}, found {found}"))
    }
}

/// The error for a field that an object doesn't have.
pub(super) fn unknown_field(path: &str, name: &str, known: &[&str]) -> ApiError {
    let (name, known) = (Refusal::quoted(name), known.join(", "));
    ApiError::invalid(format!(
        "{path}unknown field {name}; the fields are {known}"
    ))
}
