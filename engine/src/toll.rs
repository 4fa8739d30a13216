//! What a host call costs the guest, and whether the run goes on after it.
//!
//! The module counts its own instructions; what the host does for it is counted here, in the same
//! units and from the same counter. A price depends on nothing but what the guest asked for and was
//! given, so the same run always costs the same. (The shim of the component has the same prices:
//! `python-runtime/component/src/toll.rs`.)
//!
//! Every call does a bounded amount of work, then pays, and then looks whether the run is to end:
//! the signal that ends a run never finds its thread in code of the module while a loop keeps the
//! host busy.
//!
//! The prices are from one core of 2026, where a unit is a tenth of a nanosecond of ordinary Python:
//! a call takes 30 to 100 ns, a byte that is copied to or from pages that are touched for the first
//! time a quarter of one.

use crate::{Door, Guest, Stop};
use wasmtime::Caller;

/// The most bytes that one call moves. Longer reads and writes are short ones, as POSIX allows: a
/// guest's C library asks again. With a fault on every page it takes a fifth of a millisecond.
pub(crate) const MAX_TRANSFER: u32 = 1 << 20;

/// Any call, whatever it does.
pub(crate) const CALL: u64 = 1_000;

/// Each buffer of a gathered read or write, and each subscription of a poll.
pub(crate) const ITEM: u64 = 100;

/// Going to sleep, for however long: the thread gives up its processor and gets it again.
pub(crate) const SLEEP: u64 = 50_000;

/// Looking for a path, beside its bytes.
pub(crate) const PATH: u64 = 5_000;

/// A byte of a path: it is cut into names and compared with others.
pub(crate) const PATH_BYTE: u64 = 10;

/// An entry of a directory.
pub(crate) const ENTRY: u64 = 300;

/// A byte that is copied.
pub(crate) const BYTE: u64 = 1;

/// A byte that comes from a random generator.
pub(crate) const RANDOM_BYTE: u64 = 4;

/// A byte that goes through the door: it is copied, checked, and copied again.
pub(crate) const DOOR_BYTE: u64 = 4;

/// What the call that is being served has to pay.
#[derive(Debug, Default)]
pub(crate) struct Toll(u64);

impl Toll {
    /// Adds the price of so many things to what is to be paid.
    pub(crate) fn owe(&mut self, price: u64, count: usize) {
        self.0 = self.0.saturating_add(price.saturating_mul(count as u64));
    }
}

/// Ends a call: takes its price from the guest's fuel, and says whether the run goes on.
///
/// # Errors
///
/// The [`Stop`] that ends the run. If fuel and time are both used up it is fuel, which is used up on
/// every run.
pub(crate) fn settle<D: Door>(caller: &mut Caller<'_, Guest<D>>) -> Result<(), Stop> {
    let guest = caller.data_mut();
    let Toll(owed) = std::mem::take(&mut guest.toll);
    let raised = guest.interrupt.raised();
    // There is none while an image is prepared, nor before a module's own start function is over.
    if let Some(meter) = guest.meter()
        && meter.charge(caller, CALL.saturating_add(owed)) < 0
    {
        return Err(Stop::OutOfFuel);
    }
    match raised {
        Some(cause) => Err(Stop::Interrupted(cause)),
        None => Ok(()),
    }
}
