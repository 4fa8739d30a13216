//! The `filestat` of a file: the answer of WASI's `stat` calls.

use super::descriptors::Descriptor;
use crate::files::Node;
use crate::{Call, Failure, Machine};

pub(super) const UNKNOWN: u8 = 0;
pub(super) const CHARACTER_DEVICE: u8 = 2;
pub(super) const DIRECTORY: u8 = 3;
pub(super) const REGULAR_FILE: u8 = 4;

/// The inode of every file: constant, as device and times are, so that nothing of the host shows.
pub(super) const INODE: u64 = 2;

/// The kind of a file, as the interface counts them.
pub(super) fn filetype(node: &Node) -> u8 {
    match node {
        Node::File(_) => REGULAR_FILE,
        Node::Directory => DIRECTORY,
        Node::Random => CHARACTER_DEVICE,
    }
}

impl<M: Machine> Call<'_, M> {
    /// `fd_filestat_get`: kind and size of what is open.
    pub fn fd_filestat_get(&mut self, fd: u32, out: u32) -> Result<(), Failure> {
        let (filetype, size) = match self.descriptor(fd)? {
            Descriptor::Stdin | Descriptor::Output(_) => (UNKNOWN, 0),
            Descriptor::Root => (DIRECTORY, 0),
            Descriptor::Slot(_) => {
                let node = &self.file(fd)?.node;
                (filetype(node), node.size())
            }
        };
        self.write_filestat(out, filetype, size)
    }

    pub(super) fn write_filestat(
        &mut self,
        out: u32,
        filetype: u8,
        size: u64,
    ) -> Result<(), Failure> {
        let mut stat = [0; 64];
        // The device.
        stat[0] = 1;
        stat[8..16].copy_from_slice(&INODE.to_le_bytes());
        stat[16] = filetype;
        // The number of links.
        stat[24] = 1;
        stat[32..40].copy_from_slice(&size.to_le_bytes());
        Ok(self.machine.write(out, &stat)?)
    }
}
