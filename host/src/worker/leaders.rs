//! The leaders and followers among a worker's threads: which of them take on programs.
//!
//! A core does most when it runs one short program after the other, each to its end, and all in the
//! same sandbox: its caches then hold the half megabyte of memory that a small program uses. So of
//! a worker's threads, the runners, only as many *lead* as the worker has cores. A leader reads what
//! the server sends, executes it itself, and goes on reading: nothing is handed from thread to thread,
//! and nobody is woken. The others follow: they have nothing to do.
//!
//! While it executes it does not read. So a leader whose program is not over within [`PATIENCE`],
//! because it sleeps or computes, is relieved: a follower takes its place, and it becomes one itself
//! when it is done. There is one runner more than there are sandboxes: somebody can always read that a
//! program is to be cancelled.
//!
//! This is the pure half: it gets the time and what has happened, and says whom to wake. The threads
//! are in [`crew`](super::crew).

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The time that a program keeps a leader before another takes its place: the longest that a program
/// behind one that takes long, or a cancellation, waits to be read. A line of pandas is over by then
/// even on a busy core.
pub(super) const PATIENCE: Duration = Duration::from_millis(3);

/// The leaders, the followers, and tasks that were read but not begun.
#[derive(Debug)]
pub(super) struct Leaders<T> {
    /// Tasks that were read together with the one that their reader took, in order.
    waiting: VecDeque<T>,
    /// The number of leaders there are to be.
    most: usize,
    /// The number of leaders there are.
    leading: usize,
    /// The runners that have nothing to do. The last one is the next to lead: what it left in its
    /// core's caches is the freshest.
    followers: Vec<usize>,
    runners: Vec<Runner>,
    /// True if no leader executes anything, as far as whoever relieves them knows.
    is_quiet: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct Runner {
    leads: bool,
    /// Since when it executes something, if it leads.
    since: Option<Instant>,
}

/// A task to execute.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Begun<T> {
    pub(super) task: T,
    /// True if whoever relieves leaders is to be woken.
    pub(super) is_first: bool,
}

/// The result of a look at the leaders.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Relief {
    /// Followers that lead now: to be woken.
    pub(super) promoted: Vec<usize>,
    /// When to look again: never, until a task is the [first](Begun::is_first).
    pub(super) next: Option<Duration>,
}

impl<T> Leaders<T> {
    /// For this many runners, of which so many are to lead.
    pub(super) fn new(runners: usize, leaders: u32) -> Self {
        Self {
            waiting: VecDeque::new(),
            most: leaders.max(1) as usize,
            leading: 0,
            followers: Vec::with_capacity(runners),
            runners: vec![Runner::default(); runners],
            is_quiet: false,
        }
    }

    /// A runner begins, or has done its task. Says whether it leads; else it follows, and is to wait
    /// until it is promoted.
    pub(super) fn report(&mut self, index: usize) -> bool {
        self.runners[index].since = None;
        if !self.runners[index].leads {
            if self.leading < self.most {
                self.appoint(index);
            } else {
                self.followers.push(index);
            }
        }
        self.check();
        self.runners[index].leads
    }

    /// Tells whether a runner leads.
    pub(super) fn leads(&self, index: usize) -> bool {
        self.runners[index].leads
    }

    /// A task was read.
    pub(super) fn add(&mut self, task: T) {
        self.waiting.push_back(task);
    }

    /// Gives the first task to this runner, which leads. `None` if it has to read one.
    pub(super) fn begin(&mut self, index: usize, now: Instant) -> Option<Begun<T>> {
        assert!(self.runners[index].leads, "who begins a task leads");
        let task = self.waiting.pop_front()?;
        self.runners[index].since = Some(now);
        let is_first = std::mem::take(&mut self.is_quiet);
        Some(Begun { task, is_first })
    }

    /// Relieves the leaders that are kept for too long.
    pub(super) fn relieve(&mut self, now: Instant) -> Relief {
        let mut next: Option<Duration> = None;
        for runner in &mut self.runners {
            let Some(since) = runner.since else { continue };
            let left = PATIENCE.saturating_sub(now.saturating_duration_since(since));
            if left.is_zero() {
                *runner = Runner::default();
                self.leading -= 1;
            } else {
                next = Some(next.map_or(left, |next| next.min(left)));
            }
        }
        self.is_quiet = next.is_none();
        Relief {
            promoted: self.promote(),
            next,
        }
    }

    /// Relieves this runner now: what it executes waits. Says who leads instead, and is to be woken.
    pub(super) fn leave(&mut self, index: usize) -> Vec<usize> {
        if std::mem::take(&mut self.runners[index]).leads {
            self.leading -= 1;
        }
        self.promote()
    }

    /// Has followers lead, as long as somebody is missing.
    fn promote(&mut self) -> Vec<usize> {
        let mut promoted = Vec::new();
        while self.leading < self.most
            && let Some(index) = self.followers.pop()
        {
            self.appoint(index);
            promoted.push(index);
        }
        self.check();
        promoted
    }

    fn appoint(&mut self, index: usize) {
        self.runners[index].leads = true;
        self.leading += 1;
    }

    /// Checks what must always be so.
    fn check(&self) {
        assert!(self.leading <= self.most, "no more lead than are to");
        assert!(
            self.leading == self.most || self.followers.is_empty(),
            "nobody follows as long as a leader is missing"
        );
        debug_assert_eq!(
            self.leading,
            self.runners.iter().filter(|runner| runner.leads).count()
        );
        debug_assert!(
            self.followers.iter().all(|index| !self.leads(*index)),
            "who follows does not lead"
        );
    }
}
