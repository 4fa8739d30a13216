//! `host.call`: one byte string in, one byte string out, beside WASI.

use crate::settle::settle;
use crate::{Guest, GuestMemory, Stop};
use belljar_surface::toll;
use wasmtime::{Caller, Linker};

/// The host's end of `host.call`.
///
/// Requests and answers travel here and never on standard output, so that nothing a script prints
/// can be taken for its answer.
pub trait Door: Send + 'static {
    /// Answers one request: the `len` bytes of the guest's memory at `address`. `None` tells the
    /// guest that there is no such request.
    ///
    /// # Errors
    ///
    /// A [`Stop`] ends the run.
    fn call(
        &mut self,
        memory: &mut GuestMemory<'_>,
        address: u32,
        len: u32,
    ) -> Result<Option<Vec<u8>>, Stop>;
}

/// The guest's code for "the host does not answer this".
const FAULT: i32 = -2;

/// Adds `host.call` to a linker.
///
/// # Errors
///
/// When the linker already has it.
pub(crate) fn add_to_linker<D: Door>(linker: &mut Linker<Guest<D>>) -> wasmtime::Result<()> {
    linker.func_wrap("host", "call", call)?;
    Ok(())
}

fn call<D: Door>(
    mut caller: Caller<'_, Guest<D>>,
    ptr: u32,
    len: u32,
    out_ptr: u32,
    out_len: u32,
) -> wasmtime::Result<i32> {
    let (mut memory, guest) = Guest::split(&mut caller);
    let price = toll::of_door(len, memory.0.len() as u64);
    let response = guest.door.call(&mut memory, ptr, len)?;
    settle(&mut caller, price)?;
    let Some(response) = response else {
        return Ok(FAULT);
    };
    let Ok(response_len) = u32::try_from(response.len()) else {
        return Ok(FAULT);
    };
    // The guest frees the buffer, so it must come from its own allocator; it takes a null pointer
    // with length zero, which spares the usual answer, an empty one, the call.
    let buffer = match (response_len, caller.data().functions()) {
        (0, _) => 0,
        (_, None) => return Ok(FAULT),
        (_, Some(functions)) => functions.alloc.call(&mut caller, response_len)?,
    };
    if buffer == 0 && response_len != 0 {
        return Ok(FAULT);
    }
    let (mut memory, _) = Guest::split(&mut caller);
    let written = memory
        .write(buffer, &response)
        .and_then(|()| memory.write_u32(out_ptr, buffer))
        .and_then(|()| memory.write_u32(out_len, response_len));
    Ok(if written.is_ok() { 0 } else { FAULT })
}
