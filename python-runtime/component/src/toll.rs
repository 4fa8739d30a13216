//! What an import costs the interpreter, and whether the run goes on after it. The prices are those of
//! the native host, in `engine/src/toll.rs`, which says where they come from: the same run of the
//! same image costs the same on both.

use crate::glue;
use crate::run::{State, Stop};

/// The most bytes that one call moves: longer reads and writes are short ones.
pub(crate) const MAX_TRANSFER: u32 = 1 << 20;

/// Any call, whatever it does.
pub(crate) const CALL: u64 = 1_000;

/// Each buffer of a gathered read or write, and each subscription of a poll.
pub(crate) const ITEM: u64 = 100;

/// Going to sleep, for however long.
pub(crate) const SLEEP: u64 = 50_000;

/// Looking for a path, beside its bytes.
pub(crate) const PATH: u64 = 5_000;

/// A byte of a path.
pub(crate) const PATH_BYTE: u64 = 10;

/// An entry of a directory.
pub(crate) const ENTRY: u64 = 300;

/// A byte that is copied.
pub(crate) const BYTE: u64 = 1;

/// A byte that comes from a random generator.
pub(crate) const RANDOM_BYTE: u64 = 4;

/// A byte that goes through the door.
pub(crate) const DOOR_BYTE: u64 = 4;

/// What the call that is being served has to pay.
#[derive(Debug, Default)]
pub(crate) struct Toll(u64);

impl Toll {
    /// Adds the price of so many things to what is to be paid.
    pub(crate) fn owe(&mut self, price: u64, count: u32) {
        self.0 = self.0.saturating_add(price.saturating_mul(count.into()));
    }
}

impl State {
    /// Ends a call: takes its price from the fuel; an error when there is not so much left.
    pub(crate) fn settle(&mut self) -> Result<(), Stop> {
        let Toll(owed) = core::mem::take(&mut self.toll);
        let price = i64::try_from(CALL.saturating_add(owed)).unwrap_or(i64::MAX);
        // Below zero, the next check of the meter gives the next slice or ends the run.
        glue::set_fuel(glue::fuel().saturating_sub(price));
        self.check_fuel()
    }
}
