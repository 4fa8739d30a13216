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
    pub(super) events: Option<UnboundedSender<Event>>,
    pub(super) waited: Duration,
    pub(super) since: Instant,
    /// When the worker is stuck if it has not answered.
    pub(super) stuck_at: Instant,
    pub(super) abandoned: Option<Instant>,
    pub(super) standing: Standing,
    pub(super) timeout: Duration,
    /// What to send once more if the worker is lost. `None` if there was no room to keep it, or a
    /// part of what it gave is out.
    pub(super) frame: Option<Vec<u8>>,
    /// How many workers were lost with it so far.
    pub(super) deaths: u32,
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
