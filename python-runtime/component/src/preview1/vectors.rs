//! The buffers of a gathered read or write.

use super::Failure;
use super::errno::Errno;
use crate::glue;
use crate::run::State;
use crate::toll::{BYTE, ITEM, MAX_TRANSFER};

/// The most buffers one gathered read or write may name; those beyond are left out, as if it were
/// short.
const MAX_BUFFERS: u32 = 1024;

/// Hands out the buffers, in order, to `serve`: their address, their length and how many bytes were
/// moved before; it says how many it moves. Until it moves fewer than there is room for. How many
/// bytes were moved.
pub(super) fn gather(
    state: &mut State,
    list: u32,
    count: u32,
    mut serve: impl FnMut(&mut State, u32, u32, u32) -> Result<u32, Failure>,
) -> Result<u32, Failure> {
    let mut done = 0_u32;
    for index in 0..count.min(MAX_BUFFERS) {
        state.toll.owe(ITEM, 1);
        let at = list.checked_add(index * 8).ok_or(Errno::Fault)?;
        let len_at = at.checked_add(4).ok_or(Errno::Fault)?;
        let (address, len) = (glue::read_u32(at)?, glue::read_u32(len_at)?);
        let len = len.min(MAX_TRANSFER - done);
        let moved = serve(state, address, len, done)?.min(len);
        state.toll.owe(BYTE, moved);
        done += moved;
        if moved < len || done == MAX_TRANSFER {
            break;
        }
    }
    Ok(done)
}
