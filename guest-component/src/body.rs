//! The body of a request: its media type, its coding and its size.

use crate::contract::{ErrorType, Refusal};
use crate::error::ApiError;
use crate::http::{Body, Request};

/// Longest request body, in bytes: a script of the largest size with room for its input.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;

/// A body that ended before its end: the client went away, or sent broken framing.
#[derive(Clone, Copy, Debug)]
pub struct BodyError;

/// The whole body of a request, known to be JSON by its headers and UTF-8 by its bytes.
pub(crate) fn read(request: &Request, body: &mut dyn Body) -> Result<String, ApiError> {
    check_media_type(request)?;
    check_coding(request)?;
    let declared = request
        .value("content-length")
        .and_then(|length| length.parse::<u64>().ok());
    if declared.is_some_and(|length| length > MAX_BODY_BYTES as u64) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    loop {
        match body.read() {
            Ok(Some(piece)) if bytes.len() + piece.len() > MAX_BODY_BYTES => {
                return Err(too_large());
            }
            // Nearly every body comes in one piece: take it as it is.
            Ok(Some(piece)) if bytes.is_empty() => bytes = piece,
            Ok(Some(piece)) => bytes.extend_from_slice(&piece),
            Ok(None) => break,
            Err(BodyError) => {
                return Err(ApiError::invalid("request body: ended before its end"));
            }
        }
    }
    String::from_utf8(bytes).map_err(|error| {
        let position = error.utf8_error().valid_up_to();
        Refusal::not_utf8("request body", position).into()
    })
}

fn too_large() -> ApiError {
    let message = format!("request body: expected at most {MAX_BODY_BYTES} bytes, found more");
    ApiError::new(ErrorType::RequestTooLarge, message)
}

/// `application/json`, in UTF-8 if it says so.
fn check_media_type(request: &Request) -> Result<(), ApiError> {
    let found = match request.value("content-type") {
        Some(value) if is_json(value) => return Ok(()),
        Some(value) => format!("{:?}", clip(value)),
        None if request.values("content-type").next().is_none() => "none".to_owned(),
        None => "several, or one that is not text".to_owned(),
    };
    let message = format!("content-type: expected application/json, found {found}");
    Err(ApiError::new(ErrorType::UnsupportedMediaType, message)
        .with_header("accept-post", "application/json"))
}

fn is_json(value: &str) -> bool {
    let mut parts = value.split(';').map(str::trim_ascii);
    let is_json = parts
        .next()
        .is_some_and(|name| name.eq_ignore_ascii_case("application/json"));
    is_json && parts.all(is_harmless)
}

/// Any parameter but a `charset` that isn't UTF-8.
fn is_harmless(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else {
        return parameter.is_empty();
    };
    !name.eq_ignore_ascii_case("charset") || value.trim_matches('"').eq_ignore_ascii_case("utf-8")
}

fn check_coding(request: &Request) -> Result<(), ApiError> {
    let Some(coding) = request
        .values("content-encoding")
        .find(|coding| !coding.eq_ignore_ascii_case(b"identity"))
    else {
        return Ok(());
    };
    let coding = String::from_utf8_lossy(coding);
    let message = format!(
        "content-encoding: expected a body that is not compressed, found {:?}",
        clip(&coding)
    );
    Err(ApiError::new(ErrorType::UnsupportedMediaType, message)
        .with_header("accept-encoding", "identity"))
}

/// As much of a header as an error message should repeat.
fn clip(value: &str) -> String {
    value.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::is_json;

    #[test]
    fn json_is_told_by_its_media_type() {
        for value in [
            "application/json",
            "Application/JSON",
            "application/json;charset=utf-8",
            "application/json ; charset=\"UTF-8\"",
            "application/json;",
            "application/json; profile=x",
        ] {
            assert!(is_json(value), "{value}");
        }
        for value in [
            "",
            "text/json",
            "application/jsonx",
            "application/json; charset=latin1",
            "application/json; charset",
            "application/x-www-form-urlencoded",
        ] {
            assert!(!is_json(value), "{value}");
        }
    }
}
