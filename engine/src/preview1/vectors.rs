//! The buffers of a gathered read or write.

use super::Failure;
use super::errno::Errno;
use crate::toll::{BYTE, ITEM, MAX_TRANSFER};
use crate::{Door, Guest, GuestMemory};

/// The most buffers one gathered read or write may name. POSIX asks for at least 16; those beyond
/// are left out, as if it were short.
const MAX_BUFFERS: u32 = 1024;

/// Buffers in the guest's memory: a list of addresses and lengths.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vectors {
    /// Where the list is.
    pub(super) list: u32,
    /// How many there are.
    pub(super) count: u32,
}

impl Vectors {
    /// Fills the buffers, in order, by `read`, which is given a buffer and what was read before; until
    /// it has no more. How many bytes that was.
    pub(super) fn fill<D: Door>(
        self,
        memory: &mut GuestMemory<'_>,
        guest: &mut Guest<D>,
        mut read: impl FnMut(&mut Guest<D>, &mut [u8], u32) -> Result<usize, Failure>,
    ) -> Result<u32, Failure> {
        let mut done = 0_u32;
        for index in 0..self.count.min(MAX_BUFFERS) {
            guest.toll.owe(ITEM, 1);
            let (address, len) = self.buffer(memory, index)?;
            let len = len.min(MAX_TRANSFER - done);
            let got = read(guest, memory.slice_mut(address, len)?, done)?;
            guest.toll.owe(BYTE, got);
            done += u32::try_from(got).map_err(|_| Errno::Inval)?.min(len);
            if got < len as usize || done == MAX_TRANSFER {
                break;
            }
        }
        Ok(done)
    }

    /// Gives the buffers to `write`, in order. How many bytes that was.
    pub(super) fn drain<D: Door>(
        self,
        memory: &GuestMemory<'_>,
        guest: &mut Guest<D>,
        mut write: impl FnMut(&mut Guest<D>, &[u8]) -> Result<(), Failure>,
    ) -> Result<u32, Failure> {
        let mut done = 0_u32;
        for index in 0..self.count.min(MAX_BUFFERS) {
            guest.toll.owe(ITEM, 1);
            let (address, len) = self.buffer(memory, index)?;
            let len = len.min(MAX_TRANSFER - done);
            let bytes = memory.slice(address, len)?;
            guest.toll.owe(BYTE, bytes.len());
            write(guest, bytes)?;
            done += len;
            if done == MAX_TRANSFER {
                break;
            }
        }
        Ok(done)
    }

    /// The address and the length of the `index`th buffer.
    fn buffer(self, memory: &GuestMemory<'_>, index: u32) -> Result<(u32, u32), Failure> {
        let at = self.list.checked_add(index * 8).ok_or(Errno::Fault)?;
        let len_at = at.checked_add(4).ok_or(Errno::Fault)?;
        Ok((memory.read_u32(at)?, memory.read_u32(len_at)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FileTree, Interrupt, Stop};
    use std::sync::Arc;

    struct NoDoor;

    impl Door for NoDoor {
        fn call(
            &mut self,
            _: &mut GuestMemory<'_>,
            _: u32,
            _: u32,
        ) -> Result<Option<Vec<u8>>, Stop> {
            Ok(None)
        }
    }

    /// What is moved when so many buffers of this length are named.
    fn moved(count: u32, len: u32) -> [u32; 2] {
        let (tree, interrupt) = (Arc::new(FileTree::empty()), Arc::new(Interrupt::default()));
        let mut guest = Guest::new(NoDoor, tree, interrupt, 0, usize::MAX);
        let mut bytes = vec![0; 4 << 20];
        let mut memory = GuestMemory(&mut bytes);
        for index in 0..count {
            memory.write_u32(index * 8, 64 << 10).unwrap();
            memory.write_u32(index * 8 + 4, len).unwrap();
        }
        let vectors = Vectors { list: 0, count };
        let filled = vectors.fill(&mut memory, &mut guest, |_, target, _| Ok(target.len()));
        let drained = vectors.drain(&memory, &mut guest, |_, _| Ok(()));
        [filled.ok().unwrap(), drained.ok().unwrap()]
    }

    #[test]
    fn buffers_and_bytes_are_bounded() {
        assert_eq!(moved(0, 9), [0; 2]);
        assert_eq!(moved(5, 9), [45; 2]);
        assert_eq!(moved(5000, 9), [MAX_BUFFERS * 9; 2]);
        assert_eq!(moved(5000, 0), [0; 2]);
        assert_eq!(moved(1, 3 << 20), [MAX_TRANSFER; 2]);
        assert_eq!(moved(10, 300 << 10), [MAX_TRANSFER; 2]);
    }
}
