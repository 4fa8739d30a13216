//! Opening and asking about paths.

use super::descriptors::{Descriptor, number};
use super::filestat::filetype;
use crate::files::{Node, Path};
use crate::toll::{PATH, PATH_BYTE};
use crate::{Call, Errno, Failure, Machine};
use alloc::vec::Vec;

/// The longest path looked at; POSIX's `PATH_MAX`.
const MAX_PATH_BYTES: u32 = 4096;

const OPEN_CREATE: u32 = 1;
const OPEN_DIRECTORY: u32 = 2;
const OPEN_EXCLUSIVE: u32 = 4;
const OPEN_TRUNCATE: u32 = 8;
const RIGHT_FD_WRITE: u64 = 1 << 6;

impl<M: Machine> Call<'_, M> {
    /// `path_open`: opens a file or a directory for reading.
    #[expect(clippy::too_many_arguments, reason = "the interface has them")]
    pub fn path_open(
        &mut self,
        fd: u32,
        _lookup: u32,
        path: u32,
        len: u32,
        flags: u32,
        rights: u64,
        _inheriting: u64,
        _fdflags: u32,
        out: u32,
    ) -> Result<(), Failure> {
        let path = self.path(fd, path, len)?;
        let has = |flag| flags & flag != 0;
        let node = match self.surface.files.tree.lookup(self.machine, &path) {
            Ok(_) if has(OPEN_CREATE) && has(OPEN_EXCLUSIVE) => return Err(Errno::Exist.into()),
            Err(Errno::Noent) if has(OPEN_CREATE) => return Err(Errno::Rofs.into()),
            found => found?,
        };
        if node == Node::Directory {
            // Writing is not asked about: C libraries open directories with every right.
            if has(OPEN_CREATE) || has(OPEN_TRUNCATE) {
                return Err(Errno::Isdir.into());
            }
            let tree = &mut self.surface.files.tree;
            if tree.children(self.machine, &path.text).is_none() {
                return Err(Errno::Acces.into());
            }
        } else if has(OPEN_DIRECTORY) {
            return Err(Errno::Notdir.into());
        } else if has(OPEN_TRUNCATE) || rights & RIGHT_FD_WRITE != 0 {
            return Err(Errno::Rofs.into());
        }
        let slot = self.surface.files.open.open(node, path.text)?;
        Ok(self.machine.write_u32(out, number(slot))?)
    }

    /// `path_filestat_get`: kind and size of what a path leads to.
    pub fn path_filestat_get(
        &mut self,
        fd: u32,
        _lookup: u32,
        path: u32,
        len: u32,
        out: u32,
    ) -> Result<(), Failure> {
        let path = self.path(fd, path, len)?;
        let node = self.surface.files.tree.lookup(self.machine, &path)?;
        self.write_filestat(out, filetype(&node), node.size())
    }

    /// The path that a guest names, from the root or from a directory that it has open.
    fn path(&mut self, fd: u32, path: u32, len: u32) -> Result<Path, Failure> {
        let files = &mut self.surface.files;
        let base = match Descriptor::open(fd, files)? {
            Descriptor::Root => "",
            Descriptor::Stdin | Descriptor::Output(_) => return Err(Errno::Notdir.into()),
            Descriptor::Slot(slot) => {
                let file = files.open.get(slot)?;
                if file.node != Node::Directory {
                    return Err(Errno::Notdir.into());
                }
                &file.path
            }
        };
        if len > MAX_PATH_BYTES {
            return Err(Errno::Nametoolong.into());
        }
        let mut bytes = Vec::with_capacity(len as usize);
        self.machine.append(path, len, &mut bytes)?;
        let toll = &mut self.surface.toll;
        toll.owe(PATH, 1);
        // A directory that could be opened has a path of the tree's: no more than some hundred bytes.
        toll.owe(PATH_BYTE, len + base.len() as u32);
        let relative = core::str::from_utf8(&bytes).map_err(|_| Errno::Noent)?;
        Ok(Path::resolve(base, relative))
    }
}
