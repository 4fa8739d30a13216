//! A simulated world, from its beginning to its end.

use super::agenda::{Agenda, Happening};
use super::child::{Child, Does};
use super::judge::Tally;
use super::nature::Nature;
use super::random::Random;
use super::script::Script;
use super::server::Server;
use crate::FaultKind;
use crate::pool::machine::Place;
use std::collections::BTreeMap;
use std::hash::Hasher;

/// Nobody waits for longer than this after the last disaster, in microseconds.
const FOR_EVER: u64 = 600_000_000;

/// A world, and all in it.
#[derive(Debug)]
pub(super) struct World {
    nature: Nature,
    agenda: Agenda,
    server: Server,
    children: BTreeMap<u64, Child>,
    next_id: u64,
    asked: usize,
    /// When the last thing was asked for.
    last_asked: u64,
    is_shut_down: bool,
}

/// The story of a world.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Story {
    pub(super) tally: Tally,
    /// The same for the same seed.
    pub(super) trace: u64,
    /// The time it took, in microseconds of its own.
    pub(super) took: u64,
}

impl World {
    /// The world of a seed, in which so many executions are asked for.
    pub(super) fn new(seed: u64, executions: usize) -> Self {
        let mut random = Random::new(seed);
        let nature = Nature::new(&mut random, executions);
        Self {
            server: Server::new(nature.rules),
            nature,
            agenda: Agenda::new(random),
            children: BTreeMap::new(),
            next_id: 1,
            asked: 0,
            last_asked: 0,
            is_shut_down: false,
        }
    }

    /// Lets it happen, to the end.
    pub(super) fn run(mut self) -> Story {
        for slot in 0..self.nature.rules.workers {
            self.later(0, Happening::Starts { slot });
        }
        for client in 0..self.nature.clients.len() {
            let after = self.agenda.random.between(0, 100_000);
            self.later(after, Happening::Asks { client });
        }
        if self.nature.disaster > 0 {
            self.later(self.nature.disaster, Happening::Disaster);
        }
        while !self.is_over() {
            let happening = self.agenda.next();
            self.happen(happening);
            let waited = self.agenda.now.saturating_sub(self.last_asked);
            if waited > FOR_EVER {
                panic!("some are never answered: {:?}", self.server.books.open());
            }
        }
        assert!(self.server.books.open().is_empty(), "all are answered");
        self.server.judge_end();
        Story {
            tally: self.server.books.tally.clone(),
            trace: self.server.trace.finish(),
            took: self.agenda.now,
        }
    }

    fn is_over(&self) -> bool {
        let is_done = self.asked >= self.nature.executions && !self.server.is_busy();
        is_done && (self.is_shut_down || !self.nature.shuts_down)
    }

    fn later(&mut self, after: u64, happening: Happening) {
        self.agenda.add(after, happening);
    }

    fn take_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id - 1
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Asks { client } => self.ask(client),
            Happening::Leaves { id } => {
                if self.server.books.is_open(id) {
                    self.server.abandon(id, &mut self.agenda);
                }
            }
            Happening::Expires { id } => {
                if self.server.books.is_open(id) {
                    self.server.expire(id, &mut self.agenda);
                }
            }
            Happening::Starts { slot } => self.start(slot),
            Happening::Looks { key, due } => {
                let child = self.children.get(&key);
                let is_suspect = child.is_none_or(|child| child.hangs() || child.frozen_until > 0);
                let agenda = &mut self.agenda;
                self.server.look(key, due, is_suspect, agenda);
                self.bury(key);
            }
            Happening::Response { key, bytes } => {
                let agenda = &mut self.agenda;
                self.server.read(key, &bytes, agenda);
                self.bury(key);
            }
            Happening::Closed { key } => {
                self.server.close(key, &mut self.agenda);
                self.bury(key);
            }
            Happening::Disaster => self.disaster(),
            Happening::Refuses => self.server.refuse(),
            Happening::ShutsDown => {
                self.server.shut_down(&mut self.agenda);
                self.is_shut_down = true;
                self.children.clear();
            }
            Happening::Request { key, .. }
            | Happening::Ready { key }
            | Happening::Continues { key, .. }
            | Happening::Stops { key, .. } => self.live(key, happening),
        }
    }

    /// Something happens to a worker's process.
    fn live(&mut self, key: u64, happening: Happening) {
        let Some(child) = self.children.get_mut(&key) else {
            return;
        };
        if child.frozen_until > self.agenda.now {
            let after = child.frozen_until - self.agenda.now;
            // In order: all that waits for the thaw comes at the same time, one after the other.
            return self.agenda.postpone(after, happening);
        }
        let does = match happening {
            Happening::Request { bytes, .. } => child.read(&bytes),
            Happening::Ready { .. } if self.agenda.random.once_in(self.nature.bad_start) => {
                match self.agenda.random.once_in(2) {
                    true => vec![child.fail()],
                    // It never gets ready.
                    false => Vec::new(),
                }
            }
            Happening::Ready { .. } => vec![child.ready()],
            Happening::Continues { id, step, .. } => child.step(id, step),
            Happening::Stops { id, .. } => {
                let mut does = Vec::new();
                child.stop(id, FaultKind::Timeout, &mut does);
                does
            }
            other => panic!("it is no worker's business: {other:?}"),
        };
        for does in does {
            match does {
                Does::Says(frame) => {
                    self.agenda.send(key, false, &frame);
                }
                Does::Continues { id, step, after } => {
                    self.later(after, Happening::Continues { key, id, step });
                }
                Does::Stops { id, after } => self.later(after, Happening::Stops { key, id }),
                Does::Starts => {
                    let after = self.agenda.random.between(5_000, 100_000);
                    self.later(after, Happening::Ready { key });
                }
                Does::Dies => {
                    self.die(key);
                    return;
                }
            }
        }
    }

    fn ask(&mut self, client: usize) {
        let kind = self.nature.clients[client];
        let name = format!("client {client}");
        if self.asked == self.nature.executions {
            return;
        }
        for _ in 0..self.agenda.random.between(1, kind.burst) {
            if self.asked == self.nature.executions {
                break;
            }
            self.asked += 1;
            self.last_asked = self.agenda.now;
            let id = self.take_id();
            let script = Script::random(&mut self.agenda.random, &self.nature.habits);
            let is_heard = self.agenda.random.once_in(self.nature.heard);
            let result = self.server.submit(
                id,
                &name,
                &script.text(),
                self.nature.timeout_ms,
                is_heard,
                &mut self.agenda,
            );
            if result == Ok(Place::Queued) {
                let patience = self.nature.rules.patience.as_micros();
                let patience = u64::try_from(patience).unwrap();
                self.later(patience, Happening::Expires { id });
            }
            if result.is_ok() && self.agenda.random.once_in(self.nature.leaves) {
                let after = self.agenda.random.between(0, 300_000);
                self.later(after, Happening::Leaves { id });
            }
        }
        if self.asked == self.nature.executions && self.nature.shuts_down {
            let after = self.agenda.random.between(1, 500_000);
            self.later(after, Happening::Refuses);
            let grace = self.agenda.random.between(1, 2_000_000);
            self.later(after + grace, Happening::ShutsDown);
        }
        let pause = self.agenda.random.between(1, kind.pause);
        self.later(pause, Happening::Asks { client });
    }

    fn start(&mut self, slot: usize) {
        let key = self.take_id();
        let is_possible = !self.agenda.random.once_in(4 * self.nature.bad_start);
        let agenda = &mut self.agenda;
        if self.server.start(slot, key, is_possible, agenda) {
            let rules = self.nature.rules;
            let child = Child::new(rules.places, rules.parked_per_worker);
            self.children.insert(key, child);
        }
    }

    /// A process ends; its connection is closed.
    fn die(&mut self, key: u64) {
        self.children.remove(&key);
        self.agenda.close(key);
    }

    /// A process that the server has given up is killed.
    fn bury(&mut self, key: u64) {
        if !self.server.has(key) {
            self.children.remove(&key);
        }
    }

    fn disaster(&mut self) {
        let keys: Vec<u64> = self.children.keys().copied().collect();
        let victim = self.agenda.random.pick(&keys);
        match (self.agenda.random.between(0, 5), victim) {
            (0..=2, Some(key)) => self.die(key),
            (3, Some(key)) => {
                let during = match self.agenda.random.between(0, 3) {
                    0 => FOR_EVER,
                    _ => self.agenda.random.between(1_000, 8_000_000),
                };
                let until = self.agenda.now + during;
                if let Some(child) = self.children.get_mut(&key) {
                    child.frozen_until = child.frozen_until.max(until);
                }
            }
            (4, _) => {
                let during = self.agenda.random.between(1_000, 60_000_000);
                self.agenda.stop(during);
                self.last_asked = self.agenda.now;
            }
            _ => keys.into_iter().for_each(|key| self.die(key)),
        }
        if self.asked < self.nature.executions {
            let after = self.agenda.random.between(1, 2 * self.nature.disaster);
            self.later(after, Happening::Disaster);
        }
    }
}
