//! The workers that are ready, and what each of them executes.

use super::answer::Answer;
use crate::{DISPLAY_BYTES, DISPLAY_ITEMS, DisplayItem, Event, EventSender, Outcome};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Where frames to a worker go. Cheap to clone.
pub(super) trait Outlet: Clone + Send + Sync + 'static {
    /// Appends a frame to what is to be sent, and sends nothing yet.
    fn push(&self, frame: &[u8]);

    /// Sends what there is to be sent.
    fn flush(&self);
}

/// A worker that is ready.
#[derive(Debug)]
pub(super) struct Worker<L> {
    /// The number of its life: no other worker has it.
    pub(super) key: u64,
    pub(super) link: L,
    pub(super) pid: u32,
    pub(super) isolation: Vec<String>,
    pub(super) running: HashMap<u64, Running>,
    /// How many of those have a place.
    pub(super) places: usize,
    /// How many do not: they wait, or want their place back.
    pub(super) parked: usize,
    /// Whether it gets nothing new: it has an execution that cannot be stopped.
    pub(super) is_drained: bool,
    /// When it was asked whether it lives, and whether it said so.
    pub(super) asked: Option<Instant>,
    pub(super) lives: bool,
}

/// An execution in a sandbox.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) client: Arc<str>,
    /// `None` once it was answered, before its worker did.
    pub(super) answer: Option<oneshot::Sender<Answer>>,
    pub(super) events: Option<EventSender>,
    pub(super) waited: Duration,
    pub(super) since: Instant,
    /// When the worker is stuck if it has not answered.
    pub(super) stuck_at: Instant,
    pub(super) abandoned: Option<Instant>,
    pub(super) standing: Standing,
    pub(super) timeout: Duration,
    pub(super) output_bytes: u64,
    /// What to send once more if the worker is lost. `None` if there was no room to keep it, or a
    /// part of what it gave is out.
    pub(super) frame: Option<Vec<u8>>,
    /// How many workers were lost with it so far.
    pub(super) deaths: u32,
    pub(super) allowance: Allowance,
}

/// What an execution may still give: what its limits allow, whatever its worker says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowance {
    output_bytes: u64,
    /// Of what is told before the end: bytes of both streams, items, and their bytes.
    told_output: u64,
    told_items: usize,
    told_display: u64,
}

impl Allowance {
    pub(super) fn new(output_bytes: u64) -> Self {
        Self {
            output_bytes,
            told_output: output_bytes.saturating_mul(2),
            told_items: DISPLAY_ITEMS,
            told_display: DISPLAY_ALLOWED,
        }
    }

    /// Whether an event can be true, after those before.
    pub(super) fn covers(&mut self, event: &Event) -> bool {
        let left = match event {
            // It is not the worker that says so.
            Event::Started => None,
            // Of nothing there could be any number.
            Event::Stdout(bytes) | Event::Stderr(bytes) if bytes.is_empty() => None,
            Event::Stdout(bytes) | Event::Stderr(bytes) => {
                let left = self.told_output.checked_sub(bytes.len() as u64);
                left.map(|left| self.told_output = left)
            }
            Event::Display(item) => {
                let items = self.told_items.checked_sub(1);
                let bytes = self.told_display.checked_sub(size(item));
                items.zip(bytes).map(|(items, bytes)| {
                    (self.told_items, self.told_display) = (items, bytes);
                })
            }
        };
        left.is_some()
    }

    /// Whether an outcome can be true.
    pub(super) fn fits(&self, outcome: &Outcome) -> bool {
        let is_within = |bytes: &[u8]| bytes.len() as u64 <= self.output_bytes;
        let display: u64 = outcome.display.iter().map(size).sum();
        is_within(&outcome.stdout)
            && is_within(&outcome.stderr)
            && outcome.display.len() <= DISPLAY_ITEMS
            && display <= DISPLAY_ALLOWED
    }
}

/// What a worker counts of what is displayed, and some room: it counts a little differently.
const DISPLAY_ALLOWED: u64 = (DISPLAY_BYTES + (64 << 10)) as u64;

fn size(item: &DisplayItem) -> u64 {
    item.bytes() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_beyond_the_limits_is_believed() {
        let mut allowance = Allowance::new(10);
        let output = |bytes: usize| Event::Stdout(vec![b'x'; bytes]);
        assert!(!allowance.covers(&output(0)), "nothing is never told");
        assert!(allowance.covers(&output(15)));
        assert!(!allowance.covers(&output(6)));
        assert!(allowance.covers(&output(5)));
        let item = |bytes: usize| DisplayItem {
            mime: String::new(),
            data: vec![0; bytes],
            alt: None,
        };
        let mut items = allowance;
        for _ in 0..DISPLAY_ITEMS {
            assert!(items.covers(&Event::Display(item(0))));
        }
        assert!(!items.covers(&Event::Display(item(0))), "one too many");
        assert!(allowance.covers(&Event::Display(item(DISPLAY_BYTES))));
        assert!(!allowance.covers(&Event::Display(item(DISPLAY_BYTES))));
    }
}

/// Whether an execution has a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It runs.
    Runs,
    /// It waits, and keeps its place: there was no room to park it.
    Waits,
    /// It waits, and its place is another's. It holds memory, in bytes.
    Parked(u64),
    /// It waits no longer, but for a place.
    Returns(u64),
}

impl<L> Worker<L> {
    pub(super) fn new(key: u64, link: L, pid: u32, isolation: Vec<String>) -> Self {
        Self {
            key,
            link,
            pid,
            isolation,
            running: HashMap::new(),
            places: 0,
            parked: 0,
            is_drained: false,
            asked: None,
            lives: false,
        }
    }
}
