//! The price of a host call, in units of fuel.
//!
//! The module counts its own instructions; the work that is done for it is counted here, in the same
//! units, and taken from the same counter. A price depends on nothing but what the guest asked for
//! and was given, so the same run always costs the same, on every machine.
//!
//! Every call does a bounded amount of work, then pays, and then looks whether the run is to end:
//! whatever ends a run never finds it in code of the module while a loop keeps the host busy. The
//! bounds and prices are a table in `docs/architecture.md`.
//!
//! The prices are from one core of 2026, where a unit is a tenth of a nanosecond of ordinary Python:
//! a call takes 30 to 100 ns, a byte that is copied to or from pages that are touched for the first
//! time a quarter of one.

/// The most bytes that one call moves. Longer reads and writes are short ones, as POSIX allows: a
/// guest's C library asks again. With a fault on every page it takes a fifth of a millisecond.
pub const MAX_TRANSFER: u32 = 1 << 20;

/// Any call, whatever it does.
pub const CALL: u64 = 1_000;

/// Each buffer of a gathered read or write, and each subscription of a poll.
pub const ITEM: u64 = 100;

/// Going to sleep, for however long: the thread gives up its processor and gets it again.
pub const SLEEP: u64 = 50_000;

/// Looking for a path, beside its bytes.
pub const PATH: u64 = 5_000;

/// A byte of a path: it is cut into names and compared with others.
pub const PATH_BYTE: u64 = 10;

/// An entry of a directory.
pub const ENTRY: u64 = 300;

/// A byte that is copied.
pub const BYTE: u64 = 1;

/// A byte that comes from a random generator.
pub const RANDOM_BYTE: u64 = 4;

/// A byte that goes through the door: it is copied, checked, and copied again.
pub const DOOR_BYTE: u64 = 4;

/// The price of a call through the door. A message that is not all in the guest's memory is not looked
/// at, so nobody pays for more than there is.
pub fn of_door(len: u32, memory_bytes: u64) -> u64 {
    CALL.saturating_add(DOOR_BYTE.saturating_mul(u64::from(len).min(memory_bytes)))
}

/// The sum that the call being served has to pay.
#[derive(Debug, Default)]
pub(crate) struct Toll(u64);

impl Toll {
    /// Adds the price of so many things.
    pub(crate) fn owe(&mut self, price: u64, count: u32) {
        self.0 = self.0.saturating_add(price.saturating_mul(count.into()));
    }

    /// The price of the call that is over; the next one begins at nothing.
    pub(crate) fn settle(&mut self) -> u64 {
        let Self(owed) = core::mem::take(self);
        CALL.saturating_add(owed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_pays_once_and_for_what_it_did() {
        let mut toll = Toll::default();
        toll.owe(BYTE, 7);
        toll.owe(ITEM, 2);
        assert_eq!(toll.settle(), CALL + 207);
        assert_eq!(toll.settle(), CALL);
        toll.owe(u64::MAX, 2);
        assert_eq!(toll.settle(), u64::MAX);
    }

    #[test]
    fn the_door_charges_for_no_more_than_there_is() {
        assert_eq!(of_door(10, 65_536), 1_040);
        assert_eq!(of_door(u32::MAX, 65_536), 1_000 + 4 * 65_536);
    }
}
