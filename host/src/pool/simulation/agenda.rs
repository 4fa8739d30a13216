//! The agenda of a simulated world: events, in the order of their times.

use super::random::Random;
use std::collections::BTreeMap;

/// Something that happens.
#[derive(Debug)]
pub(super) enum Happening {
    /// A client asks for something.
    Asks {
        client: usize,
    },
    /// Whoever asked for an execution leaves.
    Leaves {
        id: u64,
    },
    /// An execution has waited for as long as one may.
    Expires {
        id: u64,
    },
    /// Bytes arrive at a worker.
    Request {
        key: u64,
        bytes: Vec<u8>,
    },
    /// Bytes arrive from a worker.
    Response {
        key: u64,
        bytes: Vec<u8>,
    },
    /// A worker's connection is closed.
    Closed {
        key: u64,
    },
    /// A worker is ready, or not.
    Ready {
        key: u64,
    },
    /// A worker goes on with an execution.
    Continues {
        key: u64,
        id: u64,
        step: u64,
    },
    /// A worker stops an execution.
    Stops {
        key: u64,
        id: u64,
    },
    /// A worker is looked after.
    Looks {
        key: u64,
        due: u64,
    },
    /// A worker is started in a slot.
    Starts {
        slot: usize,
    },
    /// Something bad.
    Disaster,
    /// The shutdown begins, and its grace is over.
    Refuses,
    ShutsDown,
}

/// All that is to happen, in order. What happens at the same time happens in any order.
#[derive(Debug)]
pub(super) struct Agenda {
    pub(super) random: Random,
    entries: BTreeMap<(u64, u64, u64), Happening>,
    count: u64,
    /// When the last bytes arrive on each connection, in each direction: later ones arrive later.
    arrivals: BTreeMap<(u64, bool), u64>,
    pub(super) now: u64,
}

impl Agenda {
    /// An empty one.
    pub(super) fn new(random: Random) -> Self {
        Self {
            random,
            entries: BTreeMap::new(),
            count: 0,
            arrivals: BTreeMap::new(),
            now: 0,
        }
    }

    /// Something happens after so many microseconds.
    pub(super) fn add(&mut self, after: u64, happening: Happening) {
        self.count += 1;
        let key = (self.now + after, self.random.next() % 1024, self.count);
        self.entries.insert(key, happening);
    }

    /// Something happens later than it was to, after what was put off before.
    pub(super) fn postpone(&mut self, after: u64, happening: Happening) {
        self.count += 1;
        self.entries
            .insert((self.now + after, 0, self.count), happening);
    }

    /// Bytes are on their way: in pieces, each of them a while.
    pub(super) fn send(&mut self, key: u64, to_child: bool, bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let whole = rest.len() as u64;
            let count = match self.random.between(0, 3) {
                0 => self.random.between(1, whole),
                _ => whole,
            };
            let (piece, others) = rest.split_at(usize::try_from(count).unwrap());
            rest = others;
            let delay = match self.random.between(0, 19) {
                0 => self.random.between(0, 20_000),
                _ => self.random.between(5, 200),
            };
            let arrival = self.arrival(key, to_child, delay);
            let bytes = piece.to_vec();
            let happening = match to_child {
                true => Happening::Request { key, bytes },
                false => Happening::Response { key, bytes },
            };
            self.add(arrival - self.now, happening);
        }
    }

    /// The connection is closed after what is on its way from the worker.
    pub(super) fn close(&mut self, key: u64) {
        let arrival = self.arrival(key, false, 10);
        self.add(arrival - self.now, Happening::Closed { key });
    }

    fn arrival(&mut self, key: u64, to_child: bool, delay: u64) -> u64 {
        let last = self.arrivals.entry((key, to_child)).or_default();
        *last = (*last + 1).max(self.now + delay);
        *last
    }

    /// The next event. The time is then when it does.
    pub(super) fn next(&mut self) -> Happening {
        let ((time, ..), happening) = self.entries.pop_first().expect("something happens");
        self.now = self.now.max(time);
        happening
    }

    /// Everything stands still for so many microseconds. What should have happened then happens
    /// afterwards: looks at once, the rest within 20 milliseconds, in order.
    pub(super) fn stop(&mut self, during: u64) {
        self.now += during;
        let later = self.entries.split_off(&(self.now + 1, 0, 0));
        let overdue = std::mem::replace(&mut self.entries, later);
        let mut offsets: Vec<u64> = overdue
            .iter()
            .map(|_| self.random.between(1, 20_000))
            .collect();
        offsets.sort_unstable();
        for (happening, offset) in overdue.into_values().zip(offsets) {
            let offset = match happening {
                Happening::Looks { .. } => 0,
                _ => offset,
            };
            self.count += 1;
            self.entries
                .insert((self.now + offset, 0, self.count), happening);
        }
        // What is on its way already arrives before what is sent from here on.
        for last in self.arrivals.values_mut() {
            *last = (*last).max(self.now + 20_000);
        }
    }
}
