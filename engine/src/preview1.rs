//! `wasi_snapshot_preview1` as Wasmtime's imports: the [surface](belljar_surface) over the machine of
//! a guest.
//!
//! Every function goes through [`serve`]: it does a bounded amount of work, is paid for with fuel,
//! and ends a run that is to end. What each may do and costs is a table in `docs/architecture.md`.

use crate::machine::GuestMachine;
use crate::settle::settle;
use crate::{Door, Guest, Stop};
use belljar_surface::{Call, Failure};
use wasmtime::{Caller, Linker};

/// The import module's name.
const MODULE: &str = "wasi_snapshot_preview1";

/// Adds the functions of the surface's list to a linker.
macro_rules! add {
    ($linker:ident $guest:ty; $($name:ident($($argument:ident: $type:ty),*);)+) => {
        $($linker.func_wrap(
            MODULE,
            stringify!($name),
            |mut caller: Caller<'_, $guest>, $($argument: $type),*| {
                serve(&mut caller, |call| call.$name($($argument),*))
            },
        )?;)+
    };
}

/// Adds the whole of preview 1 to a linker.
pub(crate) fn add_to_linker<D: Door>(linker: &mut Linker<Guest<D>>) -> wasmtime::Result<()> {
    belljar_surface::preview1!(add linker Guest<D>;);
    linker.func_wrap(
        MODULE,
        "proc_exit",
        |_: Caller<'_, Guest<D>>, status: i32| -> wasmtime::Result<()> {
            Err(wasmtime::Error::new(Stop::Exit(status)))
        },
    )?;
    Ok(())
}

/// Answers one call of the guest's: does what it asks for, takes the price, and looks whether the
/// run is to end.
fn serve<D: Door>(
    caller: &mut Caller<'_, Guest<D>>,
    call: impl FnOnce(&mut Call<'_, GuestMachine<'_>>) -> Result<(), Failure>,
) -> wasmtime::Result<i32> {
    let (surface, mut machine) = Guest::surface_and_machine(caller);
    let served = surface
        .serve(&mut machine, call)
        .map_err(wasmtime::Error::new)?;
    settle(caller, served.price).map_err(wasmtime::Error::new)?;
    Ok(served.errno)
}
