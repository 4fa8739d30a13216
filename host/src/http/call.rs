//! One request, as logs, metrics and the executor know it.

use rand::Rng;
use std::sync::OnceLock;

/// Longest id taken over from a client: room for any UUID or trace context, no room for payloads.
const MAX_ID: usize = 128;

/// A request under way.
#[derive(Debug)]
pub(crate) struct Call {
    /// The request's id: the client's own, or ours.
    pub(crate) request_id: String,
    /// Who asks, for fairness.
    pub(crate) client: String,
    /// How the execution ended, if there was one.
    outcome: OnceLock<&'static str>,
}

impl Call {
    pub(crate) fn new(request_id: String, client: String) -> Self {
        Self {
            request_id,
            client,
            outcome: OnceLock::new(),
        }
    }

    /// Notes how the execution ended, for the access line.
    pub(crate) fn note(&self, outcome: &'static str) {
        // A front that executes twice for one request has its first outcome noted.
        let _ = self.outcome.set(outcome);
    }

    pub(crate) fn outcome(&self) -> Option<&'static str> {
        self.outcome.get().copied()
    }
}

/// The client's id if it is fit for headers and logs: the same rule as the front's.
pub(crate) fn sane_id(id: &[u8]) -> Option<&str> {
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(byte);
    let is_sane = (1..=MAX_ID).contains(&id.len()) && id.iter().all(allowed);
    if is_sane {
        str::from_utf8(id).ok()
    } else {
        None
    }
}

/// An id that nobody can guess and that won't come again.
pub(crate) fn new_id() -> String {
    format!("{:016x}", rand::rng().next_u64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sane_ids_are_taken_over_and_others_are_not() {
        for id in [
            "a",
            "7f3c-22",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            assert_eq!(sane_id(id.as_bytes()), Some(id));
        }
        for id in [
            &b""[..],
            b"a b",
            b"a\nb",
            b"<x>",
            &[b'a'; 129],
            "\u{e9}".as_bytes(),
        ] {
            assert_eq!(sane_id(id), None);
        }
    }

    #[test]
    fn ids_of_ours_are_sane_and_differ() {
        let (first, second) = (new_id(), new_id());
        assert!(sane_id(first.as_bytes()).is_some());
        assert_ne!(first, second);
    }
}
