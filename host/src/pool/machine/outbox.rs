//! The outbox: bytes to be sent on a connection that were not sent yet.

/// Memory beyond this, which large frames took, is given back when they are sent.
const KEEP_BYTES: usize = 1 << 20;

/// Frames on their way, in order, of which the connection takes as many bytes at a time as it likes.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    bytes: Vec<u8>,
    sent: usize,
}

impl Outbox {
    /// Appends a frame.
    pub(crate) fn push(&mut self, frame: &[u8]) {
        self.bytes.extend_from_slice(frame);
    }

    /// The bytes that come next; none if all are sent.
    pub(crate) fn unsent(&self) -> &[u8] {
        &self.bytes[self.sent..]
    }

    /// So many of them are sent.
    pub(crate) fn note_sent(&mut self, count: usize) {
        self.sent += count;
        assert!(self.sent <= self.bytes.len(), "what is sent was there");
        if self.sent < self.bytes.len() {
            return;
        }
        self.bytes.clear();
        self.sent = 0;
        self.bytes.shrink_to(KEEP_BYTES);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_go_in_order_however_many_are_taken() {
        let mut outbox = Outbox::default();
        let mut taken = Vec::new();
        for (frame, count) in [("abc", 2), ("", 0), ("defgh", 5), ("i", 2)] {
            outbox.push(frame.as_bytes());
            taken.extend_from_slice(&outbox.unsent()[..count]);
            outbox.note_sent(count);
        }
        assert_eq!(taken, b"abcdefghi");
        assert!(outbox.unsent().is_empty());
    }

    #[test]
    fn a_large_frame_leaves_no_memory_behind() {
        let mut outbox = Outbox::default();
        outbox.push(&vec![1; 8 * KEEP_BYTES]);
        outbox.note_sent(8 * KEEP_BYTES);
        assert!(outbox.bytes.capacity() <= KEEP_BYTES);
    }
}
