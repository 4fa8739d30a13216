//! The preopened root directory, and the listing of directories.

use super::descriptors::Descriptor;
use super::filestat::{DIRECTORY, INODE, REGULAR_FILE};
use crate::files::Node;
use crate::toll::{BYTE, ENTRY};
use crate::{Call, Errno, Failure, Machine};
use alloc::vec::Vec;

/// The name of the root directory.
const ROOT_NAME: &[u8] = b"/";

impl<M: Machine> Call<'_, M> {
    /// `fd_prestat_get`: the length of the name of a preopened directory.
    pub fn fd_prestat_get(&mut self, fd: u32, out: u32) -> Result<(), Failure> {
        match Descriptor::of(fd) {
            // Tag 0 is a directory.
            Descriptor::Root => Ok(self.machine.write(out, &[0, 0, 0, 0, 1, 0, 0, 0])?),
            _ => Err(Errno::Badf.into()),
        }
    }

    /// `fd_prestat_dir_name`: the name of a preopened directory.
    pub fn fd_prestat_dir_name(&mut self, fd: u32, out: u32, len: u32) -> Result<(), Failure> {
        match Descriptor::of(fd) {
            Descriptor::Root if (len as usize) < ROOT_NAME.len() => Err(Errno::Nametoolong.into()),
            Descriptor::Root => Ok(self.machine.write(out, ROOT_NAME)?),
            _ => Err(Errno::Badf.into()),
        }
    }

    /// `fd_readdir`: writes the entries of a directory from `cookie` on. A last one that does not fit is
    /// cut, which tells the guest to ask again with a larger buffer.
    pub fn fd_readdir(
        &mut self,
        fd: u32,
        buffer: u32,
        len: u32,
        cookie: u64,
        out: u32,
    ) -> Result<(), Failure> {
        self.machine.check(buffer, len)?;
        let files = &mut self.surface.files;
        let file = match Descriptor::of(fd) {
            Descriptor::Stdin | Descriptor::Output(_) => return Err(Errno::Badf.into()),
            Descriptor::Root => return Err(Errno::Acces.into()),
            Descriptor::Slot(slot) => files.open.get(slot)?,
        };
        if file.node != Node::Directory {
            return Err(Errno::Notdir.into());
        }
        let children = files.tree.children(self.machine, &file.path);
        let skipped = usize::try_from(cookie).map_err(|_| Errno::Inval)?;
        let mut next = cookie;
        let mut listing = Vec::new();
        for (name, is_directory) in children.ok_or(Errno::Notdir)?.skip(skipped) {
            if listing.len() >= len as usize {
                break;
            }
            let kind = if is_directory {
                DIRECTORY
            } else {
                REGULAR_FILE
            };
            self.surface.toll.owe(ENTRY, 1);
            next += 1;
            listing.extend_from_slice(&next.to_le_bytes());
            listing.extend_from_slice(&INODE.to_le_bytes());
            // A name is a part of a path, and so shorter than 4 GiB.
            listing.extend_from_slice(&(name.len() as u32).to_le_bytes());
            listing.extend_from_slice(&[kind, 0, 0, 0]);
            listing.extend_from_slice(name.as_bytes());
        }
        listing.truncate(len as usize);
        // It was cut to `len`.
        let listed = listing.len() as u32;
        self.surface.toll.owe(BYTE, listed);
        self.machine.write(buffer, &listing)?;
        Ok(self.machine.write_u32(out, listed)?)
    }
}
