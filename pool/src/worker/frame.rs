//! Frames: a message is preceded by its length.

use serde::Serialize;

/// The length before a message: 32 bits, little-endian.
const HEADER_BYTES: usize = 4;

/// What is read at a time. A tiny program and its outcome fit in one read.
const CHUNK_BYTES: usize = 16 << 10;

/// A buffer that grew beyond this for a large message is given back after it.
const KEEP_BYTES: usize = 1 << 20;

/// What arrived is not what the protocol allows: there is no way to go on with this peer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FrameError {
    /// The announced length is over the limit.
    #[error("a frame of {bytes} bytes, the limit is {limit}")]
    TooLarge {
        /// What was announced.
        bytes: usize,
        /// The most there may be.
        limit: usize,
    },
    /// A frame does not hold a message.
    #[error("a frame that is no message: {0}")]
    Malformed(#[from] postcard::Error),
}

/// A message with its length before it.
pub(crate) fn encode(message: &impl Serialize) -> Result<Vec<u8>, postcard::Error> {
    let mut frame = postcard::to_extend(message, vec![0; HEADER_BYTES])?;
    // A length that does not fit is larger than any limit, and refused where it arrives.
    let len = u32::try_from(frame.len() - HEADER_BYTES).unwrap_or(u32::MAX);
    frame[..HEADER_BYTES].copy_from_slice(&len.to_le_bytes());
    Ok(frame)
}

/// How many bytes of it are the message.
pub(crate) fn message_bytes(frame: &[u8]) -> usize {
    frame.len().saturating_sub(HEADER_BYTES)
}

/// Collects what arrives until it is a whole frame.
///
/// Memory is taken as bytes arrive, never because a length announces them.
#[derive(Debug)]
pub(crate) struct FrameBuffer {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    limit: usize,
}

impl FrameBuffer {
    /// For messages of at most `limit` bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            bytes: vec![0; CHUNK_BYTES],
            start: 0,
            end: 0,
            limit,
        }
    }

    /// Room for what arrives next; never empty.
    pub(crate) fn space(&mut self) -> &mut [u8] {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
            if self.bytes.len() > KEEP_BYTES {
                self.bytes = vec![0; CHUNK_BYTES];
            }
        } else if self.start > 0 && self.bytes.len() - self.end < CHUNK_BYTES {
            self.bytes.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        if self.bytes.len() - self.end < CHUNK_BYTES / 4 {
            self.bytes.resize(self.bytes.len() * 2, 0);
        }
        &mut self.bytes[self.end..]
    }

    /// Notes that `count` bytes of the [`space`](Self::space) were filled.
    pub(crate) fn filled(&mut self, count: usize) {
        self.end = (self.end + count).min(self.bytes.len());
    }

    /// Takes the next whole message, if there is one.
    ///
    /// # Errors
    ///
    /// When the next message is larger than the limit.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>, FrameError> {
        let arrived = &self.bytes[self.start..self.end];
        let Some((header, rest)) = arrived.split_first_chunk::<HEADER_BYTES>() else {
            return Ok(None);
        };
        let bytes = u32::from_le_bytes(*header) as usize;
        let limit = self.limit;
        if bytes > limit {
            return Err(FrameError::TooLarge { bytes, limit });
        }
        if rest.len() < bytes {
            return Ok(None);
        }
        let from = self.start + HEADER_BYTES;
        self.start = from + bytes;
        Ok(Some(&self.bytes[from..from + bytes]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(buffer: &mut FrameBuffer, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let space = buffer.space();
            let count = space.len().min(bytes.len());
            space[..count].copy_from_slice(&bytes[..count]);
            buffer.filled(count);
            bytes = &bytes[count..];
        }
    }

    #[test]
    fn messages_come_out_whole_however_they_arrive() {
        let messages: Vec<Vec<u8>> = [0, 1, 3, 5_000, 70_000, 3 << 20, 2]
            .into_iter()
            .map(|len| vec![7_u8; len])
            .collect();
        let stream: Vec<u8> = messages
            .iter()
            .flat_map(|message| encode(message).unwrap())
            .collect();
        for step in [1_000, 4_096, 65_536, stream.len()] {
            let mut buffer = FrameBuffer::new(4 << 20);
            let mut found = Vec::new();
            for piece in stream.chunks(step) {
                feed(&mut buffer, piece);
                while let Some(message) = buffer.next().unwrap() {
                    found.push(postcard::from_bytes::<Vec<u8>>(message).unwrap());
                }
            }
            assert_eq!(found, messages, "in steps of {step}");
        }
    }

    #[test]
    fn an_announced_length_takes_no_memory() {
        let mut buffer = FrameBuffer::new(1 << 30);
        feed(&mut buffer, &(1_u32 << 30).to_le_bytes());
        assert_eq!(buffer.next(), Ok(None));
        assert!(buffer.space().len() <= 2 * CHUNK_BYTES);
    }

    #[test]
    fn a_length_over_the_limit_is_refused() {
        let mut buffer = FrameBuffer::new(10);
        feed(&mut buffer, &[11, 0, 0, 0]);
        let (bytes, limit) = (11, 10);
        assert_eq!(buffer.next(), Err(FrameError::TooLarge { bytes, limit }));
    }

    #[test]
    fn a_large_buffer_is_given_back() {
        let mut buffer = FrameBuffer::new(8 << 20);
        feed(&mut buffer, &encode(&vec![0_u8; 5 << 20]).unwrap());
        assert!(buffer.next().unwrap().is_some());
        assert_eq!(buffer.space().len(), CHUNK_BYTES);
    }
}
