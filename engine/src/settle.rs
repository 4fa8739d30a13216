//! The end of a host call: its price is taken, and then is looked whether the run goes on.
//!
//! The prices are the [surface's](belljar_surface::toll).

use crate::{Door, Guest, Stop};
use wasmtime::Caller;

/// Ends a call: takes its price from the guest's fuel, and says whether the run goes on.
///
/// # Errors
///
/// The [`Stop`] that ends the run. If fuel and time are both used up it is fuel, which is used up on
/// every run.
pub(crate) fn settle<D: Door>(caller: &mut Caller<'_, Guest<D>>, price: u64) -> Result<(), Stop> {
    let guest = caller.data_mut();
    let raised = guest.interrupt.raised();
    // There is none while an image is prepared, nor before a module's own start function is over.
    if let Some(meter) = guest.meter()
        && meter.charge(caller, price) < 0
    {
        return Err(Stop::OutOfFuel);
    }
    match raised {
        Some(cause) => Err(Stop::Interrupted(cause)),
        None => Ok(()),
    }
}
