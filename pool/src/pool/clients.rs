//! What each client has of the pool now.

use std::collections::HashMap;
use std::sync::Arc;

/// With more clients than this the ones that have nothing are forgotten: until then they are kept, so
/// that a client's next execution finds its name and allocates nothing.
const REMEMBERED: usize = 4096;

/// Counts what clients have. A client that was never seen has nothing.
#[derive(Debug, Default)]
pub(super) struct Clients {
    table: HashMap<Arc<str>, Holding>,
}

/// What one client has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Holding {
    /// Places: executions that run.
    pub(super) places: usize,
    /// Executions that are parked, and their memory.
    pub(super) parked: usize,
    pub(super) parked_bytes: u64,
    /// The programs that are kept in case their worker is lost, in bytes.
    pub(super) kept_bytes: usize,
}

impl Clients {
    /// The client of this name.
    pub(super) fn named(&mut self, name: &str) -> Arc<str> {
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

    /// What a client has.
    pub(super) fn of(&self, name: &str) -> Holding {
        self.table.get(name).copied().unwrap_or_default()
    }

    /// What a client has, to change it.
    pub(super) fn of_mut(&mut self, name: &Arc<str>) -> &mut Holding {
        self.table.entry(Arc::clone(name)).or_default()
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
