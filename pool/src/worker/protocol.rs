//! What the server and a worker say to each other.
//!
//! The server trusts its own requests. It does not trust a worker's responses: a script that broke
//! out of its sandbox could write them. They are bounded in size, decoded without trust, and can
//! only ever end executions that this worker was given.

use super::few::few;
use super::wire::{WireLimits, WireOutcome, WireProgram};
use crate::{DISPLAY_BYTES, DISPLAY_ITEMS, LimitPolicy, RESULT_BYTES};
use belljar_contract::caps::FAULT_BYTES;
use serde::{Deserialize, Serialize};

/// The largest request: a program with its input and standard input. HTTP bodies are far smaller;
/// this bounds what callers of the library may send.
pub(crate) const REQUEST_BYTES: usize = 64 << 20;

/// The most that a number or a length takes: seven of its 64 bits a byte.
const NUMBER_BYTES: usize = 10;

/// Around what a response carries: it has not thirty numbers and lengths, and a message of ours, for
/// the author of a script or for the log, has not a thousand bytes.
const ENVELOPE_BYTES: usize = 30 * NUMBER_BYTES + REASON_BYTES;

/// The longest reason of ours. Longer ones, which quote what we were given, are cut.
pub(crate) const REASON_BYTES: usize = 1 << 10;

/// The most entries of a list that a worker says of itself: some dozens are what it has to say.
const FEW: usize = 64;

/// Around a displayed item: the lengths of its three parts, and whether it has the third.
const ITEM_ENVELOPE_BYTES: usize = 3 * NUMBER_BYTES + 1;

/// The largest response of a worker with these limits: the result, or the text of a fault, both
/// streams, and all that may be displayed. What a script gives is bounded by the same constants where
/// it is kept; the tests in `sendable.rs` show that nothing it does makes more of it.
pub(crate) fn response_bytes(policy: &LimitPolicy) -> usize {
    const COMPLETION_BYTES: usize = max(RESULT_BYTES, FAULT_BYTES);
    const SHOWN_BYTES: usize = DISPLAY_BYTES + DISPLAY_ITEMS * ITEM_ENVELOPE_BYTES;
    let output = usize::try_from(policy.maximum.output_bytes).unwrap_or(usize::MAX);
    output
        .saturating_mul(2)
        .saturating_add(ENVELOPE_BYTES + COMPLETION_BYTES + SHOWN_BYTES)
}

const fn max(one: usize, other: usize) -> usize {
    if one > other { one } else { other }
}

/// From the server to a worker.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Request<'a> {
    /// The first message: get ready.
    #[serde(borrow)]
    Start(Start<'a>),
    /// Execute a program, and answer with `Done`. Never more at once than there are sandboxes,
    /// beside those that are parked.
    Execute {
        id: u64,
        program: WireProgram<'a>,
        /// Whether to tell what it gives while it runs.
        tell: bool,
    },
    /// The answer to this execution is no longer wanted. It still comes.
    Cancel { id: u64 },
    /// So much of what this execution told was read, in bytes as events are counted: it may tell as
    /// much more.
    Read { id: u64, bytes: usize },
    /// Try what a confined process must not be able to do, and answer with `Probed`.
    Probe,
    /// This execution, which woke, may go on.
    Resume { id: u64 },
    /// Answer with `Alive`.
    Ping,
}

/// How a worker is to be.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Start<'a> {
    pub(crate) image: &'a str,
    pub(crate) sandboxes: u32,
    /// How many more it holds that are parked, and how much memory those have at most.
    pub(crate) parked: u32,
    pub(crate) parked_bytes: u64,
    /// Its share of the machine's cores.
    pub(crate) cores: u32,
    pub(crate) default: WireLimits,
    pub(crate) maximum: WireLimits,
    pub(crate) seccomp: bool,
    pub(crate) landlock: bool,
}

/// From a worker to the server.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Response<'a> {
    /// Programs can come.
    Ready(Ready),
    /// They cannot, for this reason.
    Failed { reason: &'a str },
    /// An execution has ended.
    Done {
        id: u64,
        #[serde(borrow)]
        ending: Ending<'a>,
    },
    /// What a probe found: what was tried, and the error number; 0 means that it worked.
    Probed {
        #[serde(borrow, deserialize_with = "few::<_, _, FEW>")]
        tried: Vec<(&'a str, i32)>,
    },
    /// What an execution gave, before its `Done`, if that was wanted. Never more ahead of what is
    /// [read](Request::Read) than [`most_ahead`](crate::event::most_ahead) says.
    Told {
        id: u64,
        /// See [`decode_events`](super::wire_events::decode_events).
        #[serde(serialize_with = "super::wire::bytes")]
        events: &'a [u8],
    },
    /// An execution waits for something other than the processor, and holds so much memory: others
    /// may run meanwhile.
    Parked { id: u64, bytes: u64 },
    /// It waits no longer, and goes on after `Resume`.
    Woke { id: u64 },
    /// The answer to `Ping`.
    Alive,
}

/// What a worker says of itself.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ready {
    /// What confines it.
    #[serde(deserialize_with = "few::<_, _, FEW>")]
    pub(crate) isolation: Vec<String>,
    /// What could have, and why it does not.
    #[serde(deserialize_with = "few::<_, _, FEW>")]
    pub(crate) missing: Vec<String>,
    /// Whether the kernel tells which pages a script wrote.
    pub(crate) pagemap_scan: bool,
}

/// How an execution ended.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Ending<'a> {
    /// It was executed.
    #[serde(borrow)]
    Outcome(WireOutcome<'a>),
    /// The program was not acceptable.
    Refused(&'a str),
    /// No sandbox could be made.
    Failed(&'a str),
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decoding must fail, or give a message, but never panic or take memory that did not arrive.
    #[test]
    fn noise_is_decoded_without_harm() {
        let mut state = 1_u64;
        for len in 0..2_000 {
            let noise: Vec<u8> = (0..len % 64)
                .map(|_| {
                    state = state
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1);
                    (state >> 56) as u8
                })
                .collect();
            let _ = postcard::from_bytes::<Response<'_>>(&noise);
        }
        // `Probed` with a list of 2^32 - 1 entries.
        assert!(postcard::from_bytes::<Response<'_>>(&[3, 255, 255, 255, 255, 15]).is_err());
    }
}
