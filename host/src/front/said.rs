//! The front's standard error, as the log has it: one line a request.

use super::failure::Failure;
use crate::http::Call;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The most that is kept of it: a panic and its place, with room to spare.
const KEPT_BYTES: usize = 4 << 10;

/// What an instance said to the operator. Logged when it ends, together with why it did if it
/// failed.
#[derive(Debug)]
pub(super) struct Said {
    call: Arc<Call>,
    bytes: Mutex<Vec<u8>>,
}

impl Said {
    pub(super) fn new(call: &Arc<Call>) -> Arc<Self> {
        Arc::new(Self {
            call: Arc::clone(call),
            bytes: Mutex::default(),
        })
    }

    pub(super) fn add(&self, bytes: &[u8]) {
        let mut kept = self.lock();
        let room = KEPT_BYTES.saturating_sub(kept.len());
        kept.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    /// Logs that the instance failed.
    pub(super) fn failed(&self, failure: &Failure) {
        let said = std::mem::take(&mut *self.lock());
        let said = one_line(&String::from_utf8_lossy(&said));
        let failure = one_line(&failure.to_string());
        let request_id = &self.call.request_id;
        tracing::error!(request_id, failure, said, "the front failed");
    }

    fn lock(&self) -> MutexGuard<'_, Vec<u8>> {
        self.bytes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Said {
    fn drop(&mut self) {
        let said = std::mem::take(&mut *self.lock());
        if !said.is_empty() {
            let said = one_line(&String::from_utf8_lossy(&said));
            tracing::warn!(target: "belljar::front", request_id = self.call.request_id, "{said}");
        }
    }
}

/// Lines as one.
fn one_line(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let lines = lines.iter().filter(|line| !line.is_empty());
    lines.copied().collect::<Vec<_>>().join(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_one() {
        assert_eq!(
            one_line("\nthread panicked:\r\n  why\n\n"),
            "thread panicked: | why"
        );
        assert_eq!(one_line(""), "");
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let call = Arc::new(Call::new("id".to_owned(), "client".to_owned()));
        let said = Said::new(&call);
        for _ in 0..10 {
            said.add(&[b'x'; KEPT_BYTES / 3]);
        }
        assert_eq!(said.lock().len(), KEPT_BYTES);
    }
}
