//! The judge's books.

use crate::pool::machine::Rules;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The least that a sandbox holds, in bytes.
const LEAST_BYTES: u64 = 256 << 10;

/// All that the judge knows.
#[derive(Debug)]
pub(in super::super) struct Books {
    pub(super) rules: Rules,
    pub(in super::super) cases: BTreeMap<u64, Case>,
    pub(super) workers: BTreeMap<u64, Staff>,
    pub(super) clients: BTreeMap<String, Client>,
    /// Those that are to be alone with a worker, by age.
    pub(super) alone: BTreeSet<u64>,
    pub(super) parked_bytes: u64,
    pub(super) kept_bytes: usize,
    /// The last turn that was drawn at either end of the line.
    pub(super) turns: (i64, i64),
    /// The cause of what comes out now.
    pub(super) cause: Cause,
    pub(super) is_refusing: bool,
    pub(in super::super) tally: Tally,
}

/// An event that the scheduler is told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum Cause {
    None,
    Submits(u64),
    Ends(u64),
    Wakes(u64),
    Abandons(u64),
    Expires(u64),
    Loses(BTreeMap<u64, Fate>),
    GivesUp,
    Watches(u64),
    Clears,
}

/// The fate that an execution whose worker is lost has to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Fate {
    Again,
    Lost,
    Crashed,
    Cancelled,
}

/// The numbers of things that happened, to compare with the counters.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(in super::super) struct Tally {
    pub(in super::super) accepted: u64,
    pub(in super::super) ended: u64,
    pub(in super::super) overloaded: u64,
    pub(in super::super) abandoned: u64,
    pub(in super::super) retried: u64,
    pub(in super::super) given: u64,
    pub(in super::super) crashed: u64,
    pub(in super::super) unstoppable: u64,
    pub(in super::super) parked: u64,
    pub(in super::super) lost: u64,
}

impl Tally {
    pub(in super::super) fn add(&mut self, other: &Self) {
        self.accepted += other.accepted;
        self.ended += other.ended;
        self.overloaded += other.overloaded;
        self.abandoned += other.abandoned;
        self.retried += other.retried;
        self.given += other.given;
        self.crashed += other.crashed;
        self.unstoppable += other.unstoppable;
        self.parked += other.parked;
        self.lost += other.lost;
    }
}

/// An execution.
#[derive(Debug)]
pub(in super::super) struct Case {
    pub(super) client: String,
    pub(super) bytes: usize,
    pub(super) timeout_us: u64,
    pub(super) standing: Standing,
    /// Where it is, while it is somewhere.
    pub(super) worker: u64,
    /// Since when it waits, or runs.
    pub(super) since: u64,
    pub(super) deaths: u32,
    pub(super) is_kept: bool,
    pub(super) is_abandoned: Option<u64>,
    pub(in super::super) is_answered: bool,
}

/// Where an execution stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Standing {
    Line,
    Alone,
    Runs,
    /// It sleeps, and keeps its place.
    Waits,
    Parked(u64),
    Returns(u64),
    Over,
}

/// A worker.
#[derive(Debug, Default)]
pub(in super::super) struct Staff {
    pub(super) has: BTreeSet<u64>,
    pub(super) places: usize,
    pub(super) parked: usize,
    pub(super) is_drained: bool,
    /// True if what it has now has it for itself.
    pub(super) is_for_one: bool,
    /// True if it ever stood still, or had something that cannot be stopped.
    pub(in super::super) is_suspect: bool,
}

/// A client.
#[derive(Debug, Default)]
pub(super) struct Client {
    pub(super) places: usize,
    pub(super) parked: usize,
    pub(super) parked_bytes: u64,
    pub(super) kept_bytes: usize,
    pub(super) line: VecDeque<u64>,
    pub(super) turn: i64,
    pub(super) back: VecDeque<u64>,
    pub(super) back_turn: i64,
}

impl Books {
    pub(in super::super) fn new(rules: Rules) -> Self {
        Self {
            rules,
            cases: BTreeMap::new(),
            workers: BTreeMap::new(),
            clients: BTreeMap::new(),
            alone: BTreeSet::new(),
            parked_bytes: 0,
            kept_bytes: 0,
            turns: (0, 0),
            cause: Cause::None,
            is_refusing: false,
            tally: Tally::default(),
        }
    }

    /// Those who are not answered yet.
    pub(in super::super) fn open(&self) -> Vec<u64> {
        let open = self.cases.iter().filter(|(_, case)| !case.is_answered);
        open.map(|(id, _)| *id).collect()
    }

    pub(in super::super) fn is_open(&self, id: u64) -> bool {
        self.cases.get(&id).is_some_and(|case| !case.is_answered)
    }

    /// Tells whether a worker ever gave reason to think that it is stuck.
    pub(in super::super) fn is_suspect(&self, key: u64) -> bool {
        self.workers.get(&key).is_some_and(|staff| staff.is_suspect)
    }

    pub(super) fn client(&mut self, name: &str) -> &mut Client {
        self.clients.entry(name.to_owned()).or_default()
    }

    /// The next turn at the end of the line.
    pub(super) fn last_turn(&mut self) -> i64 {
        self.turns.1 += 1;
        self.turns.1
    }

    /// The next turn before all others.
    pub(super) fn first_turn(&mut self) -> i64 {
        self.turns.0 -= 1;
        self.turns.0
    }

    /// Places that nobody has, of all workers.
    pub(super) fn free(&self) -> usize {
        let workers = self.workers.values();
        workers.map(|staff| self.rules.places - staff.places).sum()
    }

    /// A worker is ready.
    pub(in super::super) fn attach(&mut self, key: u64) {
        self.cause = Cause::None;
        self.workers.insert(key, Staff::default());
    }

    /// A worker that has nothing to do is sent away.
    pub(in super::super) fn retire(&mut self, key: u64) {
        let staff = self.workers.remove(&key).unwrap();
        assert!(staff.has.is_empty(), "{key} has something to do");
        assert!(!self.workers.is_empty(), "the last worker is not sent away");
    }

    /// A worker has said that an execution waits. Judges nothing: whether there is room shows later.
    pub(in super::super) fn park(&mut self, id: u64, bytes: u64) {
        self.cause = Cause::None;
        let bytes = bytes.max(LEAST_BYTES);
        let rules = self.rules;
        let case = &self.cases[&id];
        let (client, worker) = (case.client.clone(), case.worker);
        let staff = &self.workers[&worker];
        let holding = &self.clients[&client];
        let total = rules.parked_per_worker * rules.workers;
        let has_room = staff.parked < rules.parked_per_worker
            && self.parked_bytes + bytes <= rules.parked_bytes
            && holding.parked < total.div_ceil(2)
            && holding.parked_bytes + bytes <= rules.parked_bytes / 2;
        self.cases.get_mut(&id).unwrap().standing = match has_room {
            true => Standing::Parked(bytes),
            false => Standing::Waits,
        };
        if has_room {
            self.tally.parked += 1;
            self.parked_bytes += bytes;
            let staff = self.workers.get_mut(&worker).unwrap();
            (staff.places, staff.parked) = (staff.places - 1, staff.parked + 1);
            let holding = self.client(&client);
            holding.places -= 1;
            holding.parked += 1;
            holding.parked_bytes += bytes;
        }
    }

    /// A worker has said that an execution waits no longer.
    pub(in super::super) fn wake(&mut self, id: u64) {
        self.cause = Cause::Wakes(id);
        let case = &self.cases[&id];
        let Standing::Parked(bytes) = case.standing else {
            assert_eq!(case.standing, Standing::Waits);
            return;
        };
        let client = case.client.clone();
        self.cases.get_mut(&id).unwrap().standing = Standing::Returns(bytes);
        if self.clients[&client].back.is_empty() {
            self.client(&client).back_turn = self.last_turn();
        }
        self.client(&client).back.push_back(id);
    }

    /// A part of what an execution gave is out: it is not executed again.
    pub(in super::super) fn tell(&mut self, id: u64) {
        self.forget_program(id);
    }

    fn forget_program(&mut self, id: u64) {
        let case = self.cases.get_mut(&id).unwrap();
        if std::mem::take(&mut case.is_kept) {
            let (client, bytes) = (case.client.clone(), case.bytes);
            self.kept_bytes -= bytes;
            self.client(&client).kept_bytes -= bytes;
        }
    }

    /// An execution has no worker any more.
    pub(super) fn release(&mut self, id: u64) {
        self.forget_program(id);
        let case = self.cases.get_mut(&id).unwrap();
        let standing = std::mem::replace(&mut case.standing, Standing::Over);
        let (client, worker) = (case.client.clone(), case.worker);
        let staff = self.workers.get_mut(&worker).unwrap();
        assert!(staff.has.remove(&id));
        if staff.has.is_empty() {
            staff.is_for_one = false;
        }
        match standing {
            Standing::Runs | Standing::Waits => {
                staff.places -= 1;
                self.client(&client).places -= 1;
            }
            Standing::Parked(bytes) | Standing::Returns(bytes) => {
                staff.parked -= 1;
                self.parked_bytes -= bytes;
                let holding = self.client(&client);
                holding.parked -= 1;
                holding.parked_bytes -= bytes;
                holding.back.retain(|other| *other != id);
            }
            other => panic!("{id} has no worker: {other:?}"),
        }
    }

    /// An execution that waited does so no longer.
    pub(super) fn leave_line(&mut self, id: u64) {
        let case = self.cases.get_mut(&id).unwrap();
        let before = std::mem::replace(&mut case.standing, Standing::Over);
        let client = case.client.clone();
        match before {
            Standing::Alone => assert!(self.alone.remove(&id)),
            Standing::Line => self.client(&client).line.retain(|other| *other != id),
            other => panic!("{id} does not wait: {other:?}"),
        }
    }
}

impl Case {
    /// Where it stands.
    pub(in super::super) fn stands(&self) -> Standing {
        self.standing
    }
}
