//! One budget of bytes for all that requests and answers keep in memory.
//!
//! Whoever keeps something for a client that it may be slow to send or to take (a body that is
//! gathered, an answer that is written) [reserves](Budget::reserve) its
//! bytes and keeps the [`Reservation`] beside them. A client may reserve as much as would then still
//! be left for others: one alone half of everything, two a third each. So nobody can use it up, and
//! none of it lies idle for clients that may never come.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is so small that it is not counted, in bytes: nearly every body and answer. All connections
/// together hold 16 MiB of it.
pub(crate) const SMALL_BYTES: usize = 16 << 10;

/// The budget of a server. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Budget(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    total: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    used: usize,
    clients: HashMap<String, usize>,
}

/// There is not so much left for this client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too much of your requests and answers is in memory")]
pub(crate) struct Exceeded;

/// Bytes that are kept for a client. Given back when dropped.
#[derive(Debug)]
pub(crate) struct Reservation {
    budget: Budget,
    client: String,
    bytes: usize,
}

impl Budget {
    pub(crate) fn new(total: usize) -> Self {
        let state = Mutex::default();
        Self(Arc::new(Inner { total, state }))
    }

    /// Reserves bytes for a client.
    pub(crate) fn reserve(&self, client: &str, bytes: usize) -> Result<Reservation, Exceeded> {
        self.take(client, bytes)?;
        Ok(Reservation {
            budget: self.clone(),
            client: client.to_owned(),
            bytes,
        })
    }

    /// Bytes that are reserved.
    pub(crate) fn used(&self) -> usize {
        self.state().used
    }

    fn take(&self, client: &str, bytes: usize) -> Result<(), Exceeded> {
        let mut state = self.state();
        let own = state.clients.get(client).copied().unwrap_or(0) + bytes;
        let left = self.0.total.checked_sub(state.used + bytes);
        if left.is_none_or(|left| own > left) {
            return Err(Exceeded);
        }
        state.used += bytes;
        match state.clients.get_mut(client) {
            Some(used) => *used = own,
            None => drop(state.clients.insert(client.to_owned(), own)),
        }
        Ok(())
    }

    fn give_back(&self, client: &str, bytes: usize) {
        let mut state = self.state();
        state.used -= bytes;
        if let Some(used) = state.clients.get_mut(client) {
            *used -= bytes;
            if *used == 0 {
                state.clients.remove(client);
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reservation {
    /// Reserves so many bytes more.
    pub(crate) fn grow(&mut self, bytes: usize) -> Result<(), Exceeded> {
        self.budget.take(&self.client, bytes)?;
        self.bytes += bytes;
        Ok(())
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.budget.give_back(&self.client, self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_may_have_what_is_left_for_others() {
        let budget = Budget::new(100);
        let mut first = budget.reserve("a", 40).unwrap();
        assert_eq!(first.grow(11), Err(Exceeded));
        first.grow(10).unwrap();
        assert_eq!(budget.reserve("a", 1).err(), Some(Exceeded));
        let second = budget.reserve("b", 25).unwrap();
        assert!(budget.reserve("b", 1).is_err());
        let third = budget.reserve("c", 12).unwrap();
        assert_eq!(budget.used(), 87);
        drop(first);
        assert!(budget.reserve("b", 10).is_ok());
        drop((second, third));
        assert_eq!(budget.used(), 0);
        assert!(budget.state().clients.is_empty());
        assert!(budget.reserve("a", 101).is_err());
    }

    #[test]
    fn no_number_of_clients_uses_it_up() {
        let budget = Budget::new(1 << 20);
        let mut held = Vec::new();
        for client in 0..100 {
            let client = client.to_string();
            let mut reservation = budget.reserve(&client, 0).unwrap();
            while reservation.grow(1 << 10).is_ok() {}
            held.push(reservation);
        }
        assert!(budget.used() < 1 << 20);
        assert!(budget.reserve("new", 100).is_ok());
    }
}
