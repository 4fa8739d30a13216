//! The clients' shares of the pool.

use std::collections::HashMap;
use std::sync::Arc;

/// With more clients than this the ones that have nothing are forgotten: until then they are kept, so
/// that a client's next execution finds its name and allocates nothing.
const REMEMBERED: usize = 4096;

/// Counts what clients have. A client that was never seen has nothing.
#[derive(Debug, Default)]
pub(crate) struct Clients {
    table: HashMap<Arc<str>, Holding>,
}

/// The share of one client.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Holding {
    /// Places: executions that run.
    pub(crate) places: usize,
    /// Executions that are parked, and their memory.
    pub(crate) parked: usize,
    pub(crate) parked_bytes: u64,
    /// The programs that are kept in case their worker is lost, in bytes.
    pub(crate) kept_bytes: usize,
}

impl Clients {
    /// The client of this name.
    pub(crate) fn named(&mut self, name: &str) -> Arc<str> {
        if let Some((known, _)) = self.table.get_key_value(name) {
            return Arc::clone(known);
        }
        if self.table.len() >= REMEMBERED {
            self.table
                .retain(|_, holding| *holding != Holding::default());
        }
        let new: Arc<str> = name.into();
        self.table.insert(Arc::clone(&new), Holding::default());
        new
    }

    /// The share of a client.
    pub(crate) fn of(&self, name: &str) -> Holding {
        self.table.get(name).copied().unwrap_or_default()
    }

    /// The share of a client, to change it.
    pub(crate) fn of_mut(&mut self, name: &Arc<str>) -> &mut Holding {
        self.table.entry(Arc::clone(name)).or_default()
    }

    /// The number of clients that have something.
    pub(crate) fn holders(&self) -> usize {
        let holdings = self.table.values();
        holdings
            .filter(|holding| **holding != Holding::default())
            .count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_something_is_never_forgotten() {
        let mut clients = Clients::default();
        let holder = clients.named("holder");
        clients.of_mut(&holder).places = 1;
        for number in 0..3 * REMEMBERED {
            clients.named(&number.to_string());
        }
        assert!(clients.table.len() <= REMEMBERED);
        assert_eq!(clients.of("holder").places, 1);
        assert_eq!(clients.of("nobody"), Holding::default());
    }
}
