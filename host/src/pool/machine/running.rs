//! The workers that are ready, and what each of them executes.

use super::action::Frame;
use super::allowance::Allowance;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A worker that is ready.
#[derive(Debug)]
pub(crate) struct Worker {
    /// The number of its life: no other worker has it.
    pub(crate) key: u64,
    pub(crate) pid: u32,
    pub(crate) isolation: Vec<String>,
    /// Its executions, by number: in the order of arrival.
    pub(crate) running: BTreeMap<u64, Running>,
    /// The number of those that have a place.
    pub(crate) places: usize,
    /// The number of those that do not: they wait, or want their place back.
    pub(crate) parked: usize,
    /// True if it gets nothing new: it has an execution that cannot be stopped.
    pub(crate) is_drained: bool,
    /// When it was asked whether it lives, and whether it said so.
    pub(crate) asked: Option<Instant>,
    pub(crate) lives: bool,
}

/// An execution in a sandbox.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) client: Arc<str>,
    /// True if it was answered for, before its worker did.
    pub(crate) is_answered: bool,
    /// True if somebody listens to what it gives.
    pub(crate) is_heard: bool,
    /// The time that it waited for its place.
    pub(crate) waited: Duration,
    pub(crate) since: Instant,
    /// When the worker is stuck if it has not answered.
    pub(crate) stuck_at: Instant,
    pub(crate) abandoned: Option<Instant>,
    pub(crate) standing: Standing,
    pub(crate) timeout: Duration,
    pub(crate) output_bytes: u64,
    /// Its program, to send once more if the worker is lost. `None` if there was no room to keep it, or a
    /// part of what it gave is out.
    pub(crate) frame: Option<Frame>,
    /// The number of workers that were lost with it so far.
    pub(crate) deaths: u32,
    pub(crate) allowance: Allowance,
}

/// The standing of an execution: whether it has a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It runs.
    Runs,
    /// It waits, and keeps its place: there was no room to park it.
    Waits,
    /// It waits, and its place is another's. It holds memory, in bytes.
    Parked(u64),
    /// It waits no longer, but for a place.
    Returns(u64),
}

impl Worker {
    /// A worker with nothing to do yet.
    pub(crate) fn new(key: u64, pid: u32, isolation: Vec<String>) -> Self {
        Self {
            key,
            pid,
            isolation,
            running: BTreeMap::new(),
            places: 0,
            parked: 0,
            is_drained: false,
            asked: None,
            lives: false,
        }
    }
}
