//! The buffers of a gathered read or write.

use crate::toll::{ITEM, MAX_TRANSFER};
use crate::{Call, Errno, Failure, Machine};

/// The most buffers one gathered read or write may name. POSIX asks for at least 16; those beyond
/// are left out, as if it were short.
const MAX_BUFFERS: u32 = 1024;

/// One buffer in the guest's memory, and the bytes that were moved before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Buffer {
    pub(super) address: u32,
    pub(super) len: u32,
    pub(super) before: u32,
}

impl<M: Machine> Call<'_, M> {
    /// Hands out the buffers of a list, in order, to `serve`, which says how many bytes it moves; until
    /// that is less than there is room for. The sum of it.
    ///
    /// Every buffer is looked at as a whole first: one that is not all in memory is not begun.
    pub(super) fn gather(
        &mut self,
        list: u32,
        count: u32,
        mut serve: impl FnMut(&mut Self, Buffer) -> Result<u32, Failure>,
    ) -> Result<u32, Failure> {
        let mut done = 0_u32;
        for index in 0..count.min(MAX_BUFFERS) {
            self.owe(ITEM, 1);
            let at = list.checked_add(index * 8).ok_or(Errno::Fault)?;
            let [a, b, c, d, e, f, g, h] = self.machine.read_array(at)?;
            let address = u32::from_le_bytes([a, b, c, d]);
            let len = u32::from_le_bytes([e, f, g, h]).min(MAX_TRANSFER - done);
            self.machine.check(address, len)?;
            let buffer = Buffer {
                address,
                len,
                before: done,
            };
            let moved = serve(self, buffer)?.min(len);
            done += moved;
            if moved < len || done == MAX_TRANSFER {
                break;
            }
        }
        Ok(done)
    }
}
