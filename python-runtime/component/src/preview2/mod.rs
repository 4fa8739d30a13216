//! A deny-all WASI 0.2, as plain functions with the canonical ABI's flat arguments: what the small
//! edition's C library imports. It answers as [`preview1`](crate::preview1) does.
//!
//! Only what needs no handle, or one that is given out here, is there. All other functions belong to
//! open files and sockets, of which a script never has one; the packaging makes them trap.
//!
//! Where a function returns more than a number, its last argument is an address in the
//! interpreter's memory for it.

mod clocks;
mod polling;
mod refused;
mod streams;
mod system;

pub(crate) use polling::Pollables;

use crate::glue;
use crate::machine::Interpreter;
use crate::run::{State, stop};
use alloc::vec::Vec;
use belljar_surface::{Call, Failure};

/// One call of the interpreter's: it is answered and paid for, and then looks at the clock. There is no
/// errno for a bad address: the canonical ABI traps, and so the run ends.
fn serve<T>(
    call: impl FnOnce(&mut Call<'_, Interpreter>, &mut Pollables) -> Result<T, Failure>,
) -> T {
    let Some(state) = State::current() else {
        glue::stop()
    };
    let State {
        surface,
        interpreter,
        pollables,
        ..
    } = state;
    let (answered, price) = surface.call(interpreter, |served| call(served, pollables));
    let value = match answered {
        Ok(value) => value,
        Err(Failure::Stop(reason)) => stop(reason),
        Err(Failure::Errno(_)) => glue::stop(),
    };
    match state.settle(price) {
        Ok(()) => value,
        Err(reason) => stop(reason),
    }
}

/// Memory of the interpreter's, which it frees; null for none. Not to be called in [`serve`]:
/// allocating runs the interpreter.
fn allocate(len: usize) -> u32 {
    match u32::try_from(len) {
        Ok(0) => 0,
        Ok(size) => match glue::allocate(size) {
            // The run was stopped in there, or has no memory left, for which there is no answer.
            0 | glue::STOPPED => glue::stop(),
            address => address.cast_unsigned(),
        },
        Err(_) => glue::stop(),
    }
}

/// Gives the interpreter a list: its bytes in memory that it frees, its length where `out` says.
fn give_list(out: u32, bytes: &[u8], len: u32) {
    let address = allocate(bytes.len());
    let written = glue::write(address, bytes)
        .and(glue::write_u32(out, address))
        .and(glue::write_u32(out.wrapping_add(4), len));
    if written.is_err() {
        glue::stop()
    }
}

/// Little-endian numbers one after another.
fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|one| one.to_le_bytes()).collect()
}
