//! The workers that are ready, and what each of them executes.

use super::answer::Answer;
use crate::Event;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

/// Where frames to a worker go. Cheap to clone.
pub(super) trait Outlet: Clone {
    /// Appends a frame to what is to be sent, and sends nothing yet.
    fn push(&self, frame: &[u8]);
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
}

/// An execution in a sandbox.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) client: Arc<str>,
    pub(super) answer: oneshot::Sender<Answer>,
    pub(super) events: Option<UnboundedSender<Event>>,
    pub(super) waited: Duration,
    pub(super) since: Instant,
    /// When the worker is stuck if it has not answered.
    pub(super) stuck_at: Instant,
    pub(super) abandoned: Option<Instant>,
    pub(super) standing: Standing,
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
        }
    }
}
