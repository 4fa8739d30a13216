//! Descriptors: what a number stands for, and the calls that ask for its kind and rights.

use super::filestat::{CHARACTER_DEVICE, DIRECTORY, UNKNOWN, filetype};
use crate::files::{Files, OpenFile};
use crate::{Call, Errno, Failure, Machine, Stream};

/// The preopened root directory: the first descriptor after the three streams, where wasi-libc
/// looks for it.
const ROOT: u32 = 3;

/// The first descriptor that can be opened.
const FIRST_OPEN: u32 = ROOT + 1;

const RIGHT_FD_READ: u64 = 1 << 1;
const RIGHT_FD_WRITE: u64 = 1 << 6;

/// The thing that a descriptor stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Descriptor {
    Stdin,
    Output(Stream),
    /// The preopened directory.
    Root,
    /// A slot of the open files, whether there is one in it or not.
    Slot(u32),
}

impl Descriptor {
    pub(super) fn of(fd: u32) -> Self {
        match fd {
            0 => Self::Stdin,
            1 => Self::Output(Stream::Stdout),
            2 => Self::Output(Stream::Stderr),
            ROOT => Self::Root,
            open => Self::Slot(open - FIRST_OPEN),
        }
    }

    /// The thing that an open descriptor stands for. One that nobody has opened, or that was
    /// closed, is bad.
    pub(super) fn open(fd: u32, files: &mut Files) -> Result<Self, Errno> {
        let descriptor = Self::of(fd);
        match descriptor {
            Self::Slot(slot) => files.open.get(slot).map(drop)?,
            Self::Stdin | Self::Output(_) if files.closed.get(fd as usize) == Some(&true) => {
                return Err(Errno::Badf);
            }
            Self::Stdin | Self::Output(_) | Self::Root => {}
        }
        Ok(descriptor)
    }

    /// The open file behind a descriptor; the others are none.
    pub(super) fn file(self, files: &mut Files) -> Result<&mut OpenFile, Errno> {
        match self {
            Self::Slot(slot) => files.open.get(slot),
            Self::Stdin | Self::Output(_) | Self::Root => Err(Errno::Badf),
        }
    }
}

/// The descriptor of an open file.
pub(super) fn number(slot: u32) -> u32 {
    slot + FIRST_OPEN
}

impl<M: Machine> Call<'_, M> {
    pub(super) fn file(&mut self, fd: u32) -> Result<&mut OpenFile, Errno> {
        Descriptor::of(fd).file(&mut self.surface.files)
    }

    /// The thing that a descriptor stands for, if it is open.
    pub(super) fn descriptor(&mut self, fd: u32) -> Result<Descriptor, Errno> {
        Descriptor::open(fd, &mut self.surface.files)
    }

    /// `fd_close`: closes a stream or an open file. The root stays, and says so.
    pub fn fd_close(&mut self, fd: u32) -> Result<(), Failure> {
        match self.descriptor(fd)? {
            Descriptor::Stdin | Descriptor::Output(_) => {
                if let Some(closed) = self.surface.files.closed.get_mut(fd as usize) {
                    *closed = true;
                }
                Ok(())
            }
            Descriptor::Root => Err(Errno::Badf.into()),
            Descriptor::Slot(slot) => Ok(self.surface.files.open.close(slot).map(drop)?),
        }
    }

    /// `fd_renumber`: moves an open file to the descriptor of another one. The streams and the root
    /// stay where they are.
    pub fn fd_renumber(&mut self, from: u32, to: u32) -> Result<(), Failure> {
        match (Descriptor::of(from), Descriptor::of(to)) {
            (Descriptor::Slot(from), Descriptor::Slot(to)) => {
                Ok(self.surface.files.open.renumber(from, to)?)
            }
            _ => Err(Errno::Badf.into()),
        }
    }

    /// `fd_fdstat_get`: the kind of a descriptor and its rights.
    pub fn fd_fdstat_get(&mut self, fd: u32, out: u32) -> Result<(), Failure> {
        // Streams have no right to seek or tell: that is how wasi-libc knows a pipe from a terminal,
        // and Python whether to use colours.
        let (filetype, rights, inheriting) = match self.descriptor(fd)? {
            Descriptor::Stdin => (CHARACTER_DEVICE, RIGHT_FD_READ, 0),
            Descriptor::Output(_) => (UNKNOWN, RIGHT_FD_WRITE, 0),
            Descriptor::Root => (DIRECTORY, u64::MAX, u64::MAX),
            Descriptor::Slot(_) => (filetype(&self.file(fd)?.node), u64::MAX, u64::MAX),
        };
        let mut stat = [0; 24];
        stat[0] = filetype;
        stat[8..16].copy_from_slice(&rights.to_le_bytes());
        stat[16..24].copy_from_slice(&inheriting.to_le_bytes());
        Ok(self.machine.write(out, &stat)?)
    }

    /// `fd_fdstat_set_flags`: none of the flags makes a difference to streams and to files that are
    /// only read.
    pub fn fd_fdstat_set_flags(&mut self, fd: u32, _flags: u32) -> Result<(), Failure> {
        Ok(self.descriptor(fd).map(drop)?)
    }

    /// `fd_advise`: advice is heard and not needed.
    pub fn fd_advise(&mut self, fd: u32, _: u64, _: u64, _: u32) -> Result<(), Failure> {
        Ok(self.descriptor(fd).map(drop)?)
    }
}
