//! The queue for sandboxes.

use std::collections::{BTreeMap, VecDeque};

/// A bounded queue that is fair between clients: who holds least is next, those who hold the same take
/// turns, and each client's entries stay in their order. A client with a thousand entries delays
/// another's single one by one entry.
#[derive(Debug)]
pub(crate) struct FairQueue<T> {
    /// In the order of their names, so that equal events always have equal consequences.
    clients: BTreeMap<String, VecDeque<Entry<T>>>,
    /// The clients that wait, in the order of their turns.
    turns: VecDeque<String>,
    len: usize,
    bytes: usize,
    max_len: usize,
    max_bytes: usize,
}

/// Where an entry is that comes next. Good until the queue changes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turn {
    position: usize,
    index: usize,
    /// The places that its client holds.
    pub(crate) held: usize,
}

#[derive(Debug)]
struct Entry<T> {
    id: u64,
    bytes: usize,
    value: T,
}

/// There is no room, and none can be made at the cost of a client that has more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full;

impl<T> FairQueue<T> {
    /// For at most `max_len` entries of `max_bytes` in all.
    pub(crate) fn new(max_len: usize, max_bytes: usize) -> Self {
        Self {
            clients: BTreeMap::new(),
            turns: VecDeque::new(),
            len: 0,
            bytes: 0,
            max_len,
            max_bytes,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Tells whether another entry of `bytes` fits. An entry that is too large by itself may wait alone.
    fn has_room(&self, bytes: usize) -> bool {
        let fits = self.len == 0 || self.bytes.saturating_add(bytes) <= self.max_bytes;
        self.len < self.max_len && fits
    }

    /// Makes room for another entry of `client`, of `bytes`: as long as there is too little, the client
    /// that takes the most loses its newest entry, which is given back. Whoever would then take more than
    /// that client does gets no room, so one that fills the queue keeps out nobody but itself.
    pub(crate) fn make_room(&mut self, client: &str, bytes: usize) -> Result<Vec<(u64, T)>, Full> {
        if self.has_room(bytes) {
            return Ok(Vec::new());
        }
        let holders = self.who_makes_room(client, bytes)?;
        let evicted = holders.iter().filter_map(|holder| self.pop_newest(holder));
        Ok(evicted.collect())
    }

    /// The clients that lose an entry each, as often as they are named.
    fn who_makes_room(&self, client: &str, bytes: usize) -> Result<Vec<String>, Full> {
        // What there is too little of.
        let by_bytes = self.len < self.max_len;
        let measure = |bytes: usize| if by_bytes { bytes } else { 1 };
        let limit = if by_bytes {
            self.max_bytes
        } else {
            self.max_len
        };
        // What was out of the queue already and is back may have filled it beyond its limit.
        let mut taken = if by_bytes { self.bytes } else { self.len };
        let size = |entries: &VecDeque<Entry<T>>| -> usize {
            entries.iter().map(|entry| measure(entry.bytes)).sum()
        };
        let wanted = measure(bytes);
        let own = self.clients.get(client).map_or(0, &size) + wanted;
        let mut holders: Vec<_> = self
            .clients
            .iter()
            .map(|(name, entries)| (size(entries), name, entries.iter().rev()))
            .collect();
        let mut losers = Vec::new();
        while taken + wanted > limit {
            let largest = holders.iter_mut().max_by_key(|(size, ..)| *size);
            let (size, name, entries) = largest.ok_or(Full)?;
            // Those of equal size keep what they have.
            if own >= *size {
                return Err(Full);
            }
            let entry = entries.next().ok_or(Full)?;
            taken -= measure(entry.bytes);
            *size -= measure(entry.bytes);
            losers.push((*name).clone());
        }
        Ok(losers)
    }

    /// Takes out a client's last entry.
    fn pop_newest(&mut self, client: &str) -> Option<(u64, T)> {
        let entries = self.clients.get_mut(client)?;
        let entry = entries.pop_back()?;
        if entries.is_empty() {
            self.clients.remove(client);
            self.turns.retain(|other| other != client);
        }
        self.len -= 1;
        self.bytes -= entry.bytes;
        Some((entry.id, entry.value))
    }

    /// Appends an entry to those of its client.
    pub(crate) fn push(&mut self, client: &str, id: u64, bytes: usize, value: T) {
        let entry = Entry { id, bytes, value };
        match self.clients.get_mut(client) {
            Some(entries) => entries.push_back(entry),
            None => {
                self.clients
                    .insert(client.to_owned(), VecDeque::from([entry]));
                self.turns.push_back(client.to_owned());
            }
        }
        self.len += 1;
        self.bytes += bytes;
    }

    /// Puts an entry before those of its client, and its client first in turn: it was out of the queue
    /// already. There is always room for it.
    pub(crate) fn push_front(&mut self, client: &str, id: u64, bytes: usize, value: T) {
        let entry = Entry { id, bytes, value };
        match self.clients.get_mut(client) {
            Some(entries) => entries.push_front(entry),
            None => {
                self.clients
                    .insert(client.to_owned(), VecDeque::from([entry]));
                self.turns.push_front(client.to_owned());
            }
        }
        self.len += 1;
        self.bytes += bytes;
    }

    /// The entries for which something is true.
    pub(crate) fn which(&self, is_so: impl Fn(u64, &T) -> bool) -> Vec<u64> {
        let entries = self.clients.values().flatten();
        let entries = entries.filter(|entry| is_so(entry.id, &entry.value));
        entries.map(|entry| entry.id).collect()
    }

    /// Tells whether there is such an entry.
    pub(crate) fn holds(&self, id: u64) -> bool {
        let mut entries = self.clients.values().flatten();
        entries.any(|entry| entry.id == id)
    }

    /// Finds the next entry: of the clients with one that `fits`, that of the client who holds
    /// least; among those who hold the same, of the one whose turn it is.
    pub(crate) fn next(
        &self,
        held: impl Fn(&str) -> usize,
        fits: impl Fn(&T) -> bool,
    ) -> Option<Turn> {
        let mut best: Option<Turn> = None;
        for (position, client) in self.turns.iter().enumerate() {
            let held = held(client);
            if best.is_some_and(|best| best.held <= held) {
                continue;
            }
            let entries = self.clients.get(client)?;
            let Some(index) = entries.iter().position(|entry| fits(&entry.value)) else {
                continue;
            };
            best = Some(Turn {
                position,
                index,
                held,
            });
            if held == 0 {
                break;
            }
        }
        best
    }

    /// Finds the next entry of one client, which holds so much.
    pub(crate) fn next_of(
        &self,
        client: &str,
        held: usize,
        fits: impl Fn(&T) -> bool,
    ) -> Option<Turn> {
        let entries = self.clients.get(client)?;
        let index = entries.iter().position(|entry| fits(&entry.value))?;
        let position = self.turns.iter().position(|turn| turn == client)?;
        Some(Turn {
            position,
            index,
            held,
        })
    }

    /// The client of an entry that was found.
    pub(crate) fn client(&self, turn: Turn) -> Option<&str> {
        self.turns.get(turn.position).map(String::as_str)
    }

    /// Takes an entry that was found; its client has had its turn.
    pub(crate) fn take(&mut self, turn: Turn) -> Option<(u64, T)> {
        let client = self.turns.remove(turn.position)?;
        let entries = self.clients.get_mut(&client)?;
        let entry = entries.remove(turn.index)?;
        if entries.is_empty() {
            self.clients.remove(&client);
        } else {
            self.turns.push_back(client);
        }
        self.len -= 1;
        self.bytes -= entry.bytes;
        Some((entry.id, entry.value))
    }

    /// Takes any entry.
    pub(crate) fn pop(&mut self) -> Option<(u64, T)> {
        let turn = self.next(|_| 0, |_| true)?;
        self.take(turn)
    }

    /// Takes an entry out of the queue, wherever it is.
    pub(crate) fn remove(&mut self, id: u64) -> Option<T> {
        let (client, index) = self.clients.iter().find_map(|(client, entries)| {
            let index = entries.iter().position(|entry| entry.id == id)?;
            Some((client.clone(), index))
        })?;
        let entries = self.clients.get_mut(&client)?;
        let entry = entries.remove(index)?;
        if entries.is_empty() {
            self.clients.remove(&client);
            self.turns.retain(|other| *other != client);
        }
        self.len -= 1;
        self.bytes -= entry.bytes;
        Some(entry.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drain(queue: &mut FairQueue<()>) -> Vec<u64> {
        std::iter::from_fn(|| queue.pop().map(|(id, ())| id)).collect()
    }

    #[test]
    fn clients_take_turns() {
        let mut queue = FairQueue::new(100, 100);
        for id in 0..4 {
            queue.push("greedy", id, 1, ());
        }
        queue.push("modest", 10, 1, ());
        queue.push("another", 20, 1, ());
        queue.push("another", 21, 1, ());
        assert_eq!(drain(&mut queue), [0, 10, 20, 1, 21, 2, 3]);
        assert!(queue.is_empty() && queue.turns.is_empty() && queue.clients.is_empty());
    }

    #[test]
    fn who_holds_least_is_next() {
        let mut queue = FairQueue::new(100, 100);
        for (client, id) in [("a", 1), ("a", 2), ("b", 3), ("c", 4)] {
            queue.push(client, id, 1, ());
        }
        let held = |client: &str| usize::from(client == "a") * 2 + usize::from(client == "b");
        let mut served = Vec::new();
        while let Some(turn) = queue.next(held, |()| true) {
            served.push((turn.held, queue.take(turn).unwrap().0));
        }
        assert_eq!(served, [(0, 4), (1, 3), (2, 1), (2, 2)]);
    }

    #[test]
    fn what_does_not_fit_is_passed_over() {
        let mut queue = FairQueue::new(100, 100);
        for (client, id, value) in [("a", 1, 7), ("a", 2, 8), ("b", 3, 7)] {
            queue.push(client, id, 1, value);
        }
        let turn = queue.next(|_| 0, |value| *value == 8).unwrap();
        assert_eq!(queue.client(turn), Some("a"));
        assert_eq!(queue.take(turn), Some((2, 8)));
        assert!(queue.next(|_| 0, |value| *value == 8).is_none());
    }

    #[test]
    fn who_left_is_not_served() {
        let mut queue = FairQueue::new(100, 100);
        for (client, id) in [("a", 1), ("a", 2), ("b", 3), ("c", 4)] {
            queue.push(client, id, 1, ());
        }
        assert!(queue.remove(1).is_some());
        assert!(queue.remove(3).is_some());
        assert!(queue.remove(3).is_none());
        assert_eq!(drain(&mut queue), [2, 4]);
    }

    #[test]
    fn it_is_bounded_in_entries_and_in_bytes() {
        let mut queue = FairQueue::new(2, 10);
        assert!(queue.has_room(11), "alone, any size may wait");
        assert_eq!(queue.make_room("a", 11), Ok(Vec::new()));
        queue.push("a", 1, 6, ());
        assert!(!queue.has_room(5));
        assert_eq!(queue.make_room("a", 5), Err(Full));
        assert!(queue.has_room(4));
        queue.push("a", 2, 4, ());
        assert!(!queue.has_room(0));
        queue.remove(1);
        assert!(queue.has_room(6));
        drain(&mut queue);
        assert_eq!((queue.len, queue.bytes), (0, 0));
    }

    #[test]
    fn who_fills_it_makes_room_for_others() {
        let mut queue = FairQueue::new(100, 100);
        for id in 0..10 {
            queue.push("greedy", id, 10, ());
        }
        assert_eq!(queue.make_room("greedy", 10), Err(Full));
        // The newest goes first.
        assert_eq!(queue.make_room("modest", 15), Ok(vec![(9, ()), (8, ())]));
        queue.push("modest", 20, 15, ());
        // Not for more than the other keeps, also where that shows only on the way.
        for bytes in [45, 80] {
            assert_eq!(queue.make_room("modest", bytes), Err(Full));
        }
        assert_eq!(drain(&mut queue), [0, 20, 1, 2, 3, 4, 5, 6, 7]);

        let mut queue = FairQueue::new(4, 100);
        for (client, id) in [("a", 1), ("a", 2), ("a", 3), ("b", 4)] {
            queue.push(client, id, 1, ());
        }
        assert_eq!(queue.make_room("a", 1), Err(Full));
        assert_eq!(queue.make_room("b", 1), Ok(vec![(3, ())]));
        queue.push("b", 5, 1, ());
        assert_eq!(queue.make_room("b", 1), Err(Full), "two each are fair");
        assert_eq!(queue.make_room("c", 1).map(|evicted| evicted.len()), Ok(1));
        assert_eq!((queue.len, queue.bytes), (3, 3));
        assert_eq!(FairQueue::<()>::new(0, 100).make_room("a", 1), Err(Full));
    }

    #[test]
    fn what_comes_back_fills_it_beyond_its_limit_and_makes_no_room() {
        let mut queue = FairQueue::new(2, 100);
        for id in 1..=4 {
            queue.push_front("a", id, 1, ());
        }
        assert_eq!(queue.make_room("a", 1), Err(Full));
        let room = queue.make_room("b", 1);
        assert_eq!(
            room,
            Ok(vec![(1, ()), (2, ()), (3, ())]),
            "the newest go first"
        );
        queue.push("b", 5, 1, ());
        assert_eq!(drain(&mut queue), [4, 5]);
    }
}
