//! What a connection is at: what its wire, its service and the listener know of each other.

use belljar_contract::ErrorType;
use std::pin::pin;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::time::Instant;
use tokio::sync::Notify;

/// When this process first looked: the times of phases are counted from here.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// What a connection is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Phase {
    /// Between two requests.
    Idle = 0,
    /// A request has begun.
    Head = 1,
    /// The rest of its body is waited for.
    Body = 2,
    /// A request is being worked on.
    Busy = 3,
    /// Its answer is on its way.
    Answering = 4,
}

/// Why a connection is to end before its client ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Ending {
    /// Another client needs its place.
    Displaced = 1,
    /// The server is stopping.
    Stopping = 2,
}

impl Ending {
    /// What a client is told whose request never becomes one.
    pub(super) fn told(self) -> (ErrorType, &'static str) {
        match self {
            Self::Displaced => (
                ErrorType::Overloaded,
                "too many connections; try again in 1 s",
            ),
            Self::Stopping => (ErrorType::Unavailable, "the server is stopping"),
        }
    }
}

/// The state of a connection.
#[derive(Debug, Default)]
pub(super) struct Shared {
    phase: AtomicU8,
    /// When it last began to wait for its client, in microseconds.
    since: AtomicU64,
    /// Requests so far.
    requests: AtomicU32,
    /// Whether the client may still be sending when we close.
    linger: AtomicBool,
    ending: AtomicU8,
    ended: Notify,
}

impl Shared {
    pub(super) fn set(&self, phase: Phase) {
        match phase {
            Phase::Busy => {
                let phase_before = self.phase();
                if phase_before != Phase::Body {
                    self.requests.fetch_add(1, Ordering::Relaxed);
                }
            }
            Phase::Answering => {}
            Phase::Idle | Phase::Head | Phase::Body => self.since.store(now(), Ordering::Relaxed),
        }
        self.phase.store(phase as u8, Ordering::Relaxed);
    }

    /// The client may not have sent everything that it wants to.
    pub(super) fn linger(&self) {
        self.linger.store(true, Ordering::Relaxed);
    }

    /// It ends at once all the same.
    pub(super) fn hurry(&self) {
        self.linger.store(false, Ordering::Relaxed);
    }

    pub(super) fn lingers(&self) -> bool {
        self.linger.load(Ordering::Relaxed)
    }

    pub(super) fn phase(&self) -> Phase {
        // One task drives a connection, so there is no one to be ordered with; the listener, which
        // looks for one to close, may be a moment late.
        match self.phase.load(Ordering::Relaxed) {
            0 => Phase::Idle,
            1 => Phase::Head,
            2 => Phase::Body,
            3 => Phase::Busy,
            _ => Phase::Answering,
        }
    }

    pub(super) fn requests(&self) -> u32 {
        self.requests.load(Ordering::Relaxed)
    }

    /// What is waited for from the client, if anything is, and since when.
    pub(super) fn waits(&self) -> Option<(Phase, u64)> {
        let phase = self.phase();
        let waits = matches!(phase, Phase::Idle | Phase::Head | Phase::Body);
        waits.then(|| (phase, self.since.load(Ordering::Relaxed)))
    }

    /// Has the connection end as soon as it owes no answer.
    pub(super) fn end(&self, ending: Ending) {
        self.ending.store(ending as u8, Ordering::Release);
        self.ended.notify_waiters();
    }

    /// Why it is to end, if it is.
    pub(super) fn ending(&self) -> Option<Ending> {
        match self.ending.load(Ordering::Acquire) {
            0 => None,
            1 => Some(Ending::Displaced),
            _ => Some(Ending::Stopping),
        }
    }

    /// Waits until it is to end.
    pub(super) async fn ended(&self) -> Ending {
        loop {
            let mut ended = pin!(self.ended.notified());
            // Before the look, so that what happens after it is noticed.
            ended.as_mut().enable();
            if let Some(ending) = self.ending() {
                return ending;
            }
            ended.await;
        }
    }
}

fn now() -> u64 {
    u64::try_from(START.elapsed().as_micros()).unwrap_or(u64::MAX)
}
