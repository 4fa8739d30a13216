//! Who holds which connections, and which of them makes room for another.

use super::phase::{Ending, Phase, Shared};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One part in so many of all connections is never given to a single client: whatever it holds and
/// for how long, there is room for others.
const RESERVED: usize = 4;

/// All open connections of a listener.
#[derive(Debug)]
pub(super) struct Connections {
    max: usize,
    /// The most that one client may have.
    share: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    clients: HashMap<String, Vec<Arc<Shared>>>,
    open: usize,
}

/// A connection's place, given up when dropped.
#[derive(Debug)]
pub(super) struct Place {
    connections: Arc<Connections>,
    client: String,
    shared: Arc<Shared>,
}

impl Connections {
    /// Places for `max` connections. With `one_client`, all of them may be of one: that of the proxy
    /// which names the clients behind it.
    pub(super) fn new(max: u32, one_client: bool) -> Arc<Self> {
        let max = max as usize;
        let reserved = if one_client { 0 } else { max / RESERVED };
        Arc::new(Self {
            max,
            share: max - reserved,
            state: Mutex::default(),
        })
    }

    /// Takes a place for a new connection; gives it with whether another connection was asked to
    /// make room. `None` when there is none to be had.
    pub(super) fn admit(
        self: &Arc<Self>,
        client: &str,
        shared: &Arc<Shared>,
    ) -> Option<(Place, bool)> {
        let mut state = self.state();
        let own = state.clients.get(client).map_or(0, Vec::len);
        let has_share = own < self.share;
        let displaces = !has_share || state.open >= self.max;
        if displaces && !state.make_room(client, own, has_share) {
            return None;
        }
        state.open += 1;
        let connections = state.clients.entry(client.to_owned()).or_default();
        connections.push(Arc::clone(shared));
        let place = Place {
            connections: Arc::clone(self),
            client: client.to_owned(),
            shared: Arc::clone(shared),
        };
        Some((place, displaces))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Ends a connection that waits for its client: one of the client that has the most of them,
    /// and of those the one that has waited longest. A client makes no room for one that has as many
    /// connections, except for itself; with `of_others` unset, only for itself.
    fn make_room(&mut self, client: &str, own: usize, of_others: bool) -> bool {
        let candidates = self.clients.iter().filter_map(|(holder, connections)| {
            let may_lose = holder == client || (of_others && connections.len() > own);
            let waiting = connections.iter().filter_map(|connection| {
                let (phase, since) = connection.waits()?;
                Some(((rank(phase), since), connection))
            });
            let (order, connection) = waiting
                .min_by_key(|(order, _)| *order)
                .filter(|_| may_lose)?;
            Some((Reverse(connections.len()), order, holder, connection))
        });
        let victim = candidates.min_by_key(|(count, order, ..)| (*count, *order));
        let Some((_, _, holder, connection)) = victim else {
            return false;
        };
        let (holder, connection) = (holder.clone(), Arc::clone(connection));
        self.remove(&holder, &connection);
        connection.end(Ending::Displaced);
        true
    }

    /// Forgets a connection, unless that has happened already.
    fn remove(&mut self, client: &str, shared: &Arc<Shared>) {
        let Some(connections) = self.clients.get_mut(client) else {
            return;
        };
        let found = connections
            .iter()
            .position(|other| Arc::ptr_eq(other, shared));
        if let Some(index) = found {
            connections.swap_remove(index);
            self.open -= 1;
        }
        if connections.is_empty() {
            self.clients.remove(client);
        }
    }
}

/// What ends first: who asks for nothing before who is asking.
fn rank(phase: Phase) -> u8 {
    match phase {
        Phase::Idle => 0,
        Phase::Head => 1,
        _ => 2,
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connections.state().remove(&self.client, &self.shared);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Connections of these clients in this order, each in this phase.
    fn filled(max: u32, held: &[(&str, Phase)]) -> (Arc<Connections>, Vec<(Place, Arc<Shared>)>) {
        let connections = Connections::new(max, false);
        let places = held.iter().map(|(client, phase)| {
            let shared = Arc::new(Shared::default());
            shared.set(*phase);
            let (place, displaces) = connections.admit(client, &shared).expect("there is room");
            assert!(!displaces);
            (place, shared)
        });
        let places = places.collect();
        (connections, places)
    }

    /// A connection that was just accepted.
    fn new() -> Arc<Shared> {
        let shared = Arc::new(Shared::default());
        shared.set(Phase::Idle);
        shared
    }

    fn ended(places: &[(Place, Arc<Shared>)]) -> Vec<usize> {
        let ended = places.iter().enumerate();
        let ended = ended.filter(|(_, (_, shared))| shared.ending().is_some());
        ended.map(|(index, _)| index).collect()
    }

    #[test]
    fn the_client_with_the_most_makes_room_with_what_asks_for_nothing() {
        use Phase::{Body, Busy, Head, Idle};
        let held = [
            ("modest", Idle),
            ("greedy", Head),
            ("greedy", Busy),
            ("greedy", Idle),
        ];
        let (connections, places) = filled(4, &held);
        let (_place, displaces) = connections.admit("new", &new()).expect("room is made");
        assert!(displaces);
        assert_eq!(ended(&places), [3]);
        let (_place, _) = connections.admit("other", &new()).expect("room is made");
        assert_eq!(ended(&places), [1, 3]);
        let (connections, places) = filled(2, &[("a", Body), ("b", Busy)]);
        let (_place, _) = connections.admit("c", &new()).expect("room is made");
        assert_eq!(ended(&places), [0]);
        let _place = connections
            .admit("d", &new())
            .expect("`c` asks for nothing");
        let busy = new();
        let (_place, _) = connections.admit("e", &busy).expect("nor does `d`");
        busy.set(Busy);
        assert!(connections.admit("f", &new()).is_none(), "all are busy");
    }

    #[test]
    fn a_client_with_its_share_makes_room_for_itself_only() {
        let held = [("greedy", Phase::Idle); 6];
        let (connections, places) = filled(8, &held);
        let mut more = Vec::new();
        for _ in 0..3 {
            more.push(connections.admit("greedy", &new()).unwrap());
        }
        assert_eq!(ended(&places).len(), 3);
        let busy = [("greedy", Phase::Busy); 6];
        let (connections, places) = filled(8, &busy);
        assert!(connections.admit("greedy", &new()).is_none());
        let (_one, displaces) = connections.admit("modest", &new()).unwrap();
        assert!(!displaces && ended(&places).is_empty());
    }

    #[test]
    fn places_are_given_back() {
        let (connections, places) = filled(4, &[("a", Phase::Busy), ("b", Phase::Busy)]);
        drop(places);
        let state = connections.state();
        assert!(state.open == 0 && state.clients.is_empty());
    }
}
