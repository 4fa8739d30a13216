//! The bearer token.

use hyper::header::HeaderValue;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use subtle::ConstantTimeEq;

/// The variable that can hold the token.
const VARIABLE: &str = "BELLJAR_EXECUTOR_TOKEN";

/// The shortest token that is accepted: `openssl rand -hex 16` and the like are above.
const MIN_BYTES: usize = 16;

/// A secret that clients must show. Its text is never printed.
#[derive(Clone)]
pub struct Token(String);

/// A token that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// There is none.
    #[error(
        "a token is needed: give its file with --token-file, or set {VARIABLE} \
         (make one with `openssl rand -hex 32`)"
    )]
    Missing,
    /// Its file cannot be read.
    #[error("could not read the token file {}: {error}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// It could be guessed, or not be sent.
    #[error(
        "the token must be one line of at least {MIN_BYTES} visible ASCII characters \
         (make one with `openssl rand -hex 32`)"
    )]
    Unfit,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Token {
    /// The token in `file`, else in the environment.
    ///
    /// # Errors
    ///
    /// When there is none, or it is not fit for its purpose.
    pub fn find(file: Option<&Path>) -> Result<Self, TokenError> {
        let text = match file {
            Some(path) => fs::read_to_string(path).map_err(|error| TokenError::Read {
                path: path.to_owned(),
                error,
            })?,
            None => std::env::var(VARIABLE).map_err(|_| TokenError::Missing)?,
        };
        Self::new(&text)
    }

    /// A token of this text; white space around it does not count.
    ///
    /// # Errors
    ///
    /// When it is too short, or has other than visible ASCII characters.
    pub fn new(text: &str) -> Result<Self, TokenError> {
        let text = text.trim();
        if text.len() < MIN_BYTES || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TokenError::Unfit);
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether this is the header `Authorization: Bearer <token>`. How long it takes says nothing
    /// about how much of it is right.
    pub(crate) fn is_shown_in(&self, header: Option<&HeaderValue>) -> bool {
        let Some((scheme, shown)) = header
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
        else {
            return false;
        };
        scheme.eq_ignore_ascii_case("bearer")
            && bool::from(self.0.as_bytes().ct_eq(shown.trim_ascii().as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0123456789abcdef";

    #[test]
    fn only_the_token_itself_is_accepted() {
        let token = Token::new(&format!("{SECRET}\n")).unwrap();
        let shown = |text: &str| token.is_shown_in(Some(&HeaderValue::from_str(text).unwrap()));
        assert!(shown(&format!("Bearer {SECRET}")));
        assert!(shown(&format!("bearer {SECRET}")));
        for wrong in ["", "Bearer", "Bearer ", SECRET, "Basic 0123456789abcdef"] {
            assert!(!shown(wrong), "{wrong:?}");
        }
        assert!(!shown(&format!("Bearer {SECRET}0")));
        assert!(!shown("Bearer 0123456789abcdeF"));
        assert!(!token.is_shown_in(None));
    }

    #[test]
    fn short_tokens_are_refused_and_none_is_ever_printed() {
        assert!(Token::new("short").is_err());
        assert!(Token::new("0123456789 abcdef").is_err());
        assert!(!format!("{:?}", Token::new(SECRET).unwrap()).contains(SECRET));
    }
}
