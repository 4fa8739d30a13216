//! The name of a request, in every answer and in every log.

use crate::host::Host;
use crate::http::Request;

/// The header that carries it, both ways.
pub(crate) const HEADER: &str = "x-request-id";

/// Longest id taken over from a client: room for any UUID or trace context, no room for payloads.
const MAX_LEN: usize = 128;

/// The client's own id if it is fit for headers and logs, else a new one.
pub(crate) fn of(request: &Request, host: &impl Host) -> String {
    match request.value(HEADER) {
        Some(id) if is_sane(id) => id.to_owned(),
        _ => format!("{:016x}", host.random()),
    }
}

fn is_sane(id: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(&byte);
    (1..=MAX_LEN).contains(&id.len()) && id.bytes().all(allowed)
}
