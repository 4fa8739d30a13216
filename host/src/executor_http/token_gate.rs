//! The gate of an executor: whoever does not show its token is not listened to.

use super::token::Token;
use crate::http::{Call, Gate, Refusal, error};
use belljar_contract::ErrorType;
use hyper::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use hyper::http::request::Parts;

/// Lets in requests that show the token.
#[derive(Debug)]
pub(crate) struct TokenGate(pub(crate) Token);

impl Gate for TokenGate {
    fn check(&self, head: &Parts, call: &Call) -> Result<(), Refusal> {
        if self.0.is_shown_in(head.headers.get(AUTHORIZATION)) {
            return Ok(());
        }
        let message = "authorization: expected `Bearer` with this executor's token";
        let mut answer = error(ErrorType::Unauthorized, message, &call.request_id);
        let challenge = HeaderValue::from_static("Bearer");
        answer.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        Err(Refusal::Answer(Box::new(answer)))
    }
}
