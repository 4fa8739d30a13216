//! The read-only files: opening, reading, seeking, listing.

use super::descriptors::{FILETYPE_DIRECTORY, FILETYPE_REGULAR_FILE, ROOT, iovec};
use super::errno::Errno;
use super::{Failure, MODULE, finish};
use crate::file_tree::{Node, normalise};
use crate::{Door, FileTree, Guest, GuestMemory};
use std::sync::Arc;
use wasmtime::{Caller, Linker};

/// The most files a guest may have open: each takes a little of the host's memory.
const MAX_OPEN: usize = 256;

/// The longest path looked at; POSIX's `PATH_MAX`.
const MAX_PATH_BYTES: u32 = 4096;

const OPEN_CREATE: u32 = 1;
const OPEN_DIRECTORY: u32 = 2;
const OPEN_TRUNCATE: u32 = 8;
const RIGHT_FD_WRITE: u64 = 1 << 6;

pub(super) fn add_to_linker<D: Door>(linker: &mut Linker<Guest<D>>) -> wasmtime::Result<()> {
    type C<'a, D> = Caller<'a, Guest<D>>;
    linker.func_wrap(
        MODULE,
        "fd_prestat_get",
        |mut c: C<'_, D>, fd: u32, out: u32| {
            let (mut memory, _) = Guest::split(&mut c);
            finish(match fd {
                // The length of the name "/", of a directory (tag 0).
                ROOT => memory
                    .write(out, &[0, 0, 0, 0, 1, 0, 0, 0])
                    .map_err(Failure::from),
                _ => Err(Errno::Badf.into()),
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "fd_prestat_dir_name",
        |mut c: C<'_, D>, fd: u32, out: u32, _len: u32| {
            let (mut memory, _) = Guest::split(&mut c);
            finish(match fd {
                ROOT => memory.write(out, b"/").map_err(Failure::from),
                _ => Err(Errno::Badf.into()),
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "path_open",
        |mut c: C<'_, D>,
         fd: u32,
         _lookup: u32,
         path: u32,
         len: u32,
         flags: u32,
         rights: u64,
         _inheriting: u64,
         _fdflags: u32,
         out: u32| { finish(path_open(&mut c, fd, path, len, flags, rights, out)) },
    )?;
    linker.func_wrap(
        MODULE,
        "path_filestat_get",
        |mut c: C<'_, D>, fd: u32, _lookup: u32, path: u32, len: u32, out: u32| {
            finish(path_filestat_get(&mut c, fd, path, len, out))
        },
    )?;
    linker.func_wrap(
        MODULE,
        "fd_filestat_get",
        |mut c: C<'_, D>, fd: u32, out: u32| finish(fd_filestat_get(&mut c, fd, out)),
    )?;
    linker.func_wrap(MODULE, "fd_close", |mut c: C<'_, D>, fd: u32| {
        finish(match fd {
            0..=2 => Ok(()),
            _ => c.data_mut().files.close(fd).map_err(Failure::from),
        })
    })?;
    linker.func_wrap(
        MODULE,
        "fd_pread",
        |mut c: C<'_, D>, fd: u32, iovecs: u32, count: u32, offset: u64, out: u32| {
            finish(fd_pread(&mut c, fd, iovecs, count, offset, out))
        },
    )?;
    linker.func_wrap(
        MODULE,
        "fd_seek",
        |mut c: C<'_, D>, fd: u32, offset: i64, whence: u32, out: u32| {
            finish(fd_seek(&mut c, fd, offset, whence, out))
        },
    )?;
    linker.func_wrap(MODULE, "fd_tell", |mut c: C<'_, D>, fd: u32, out: u32| {
        finish(fd_seek(&mut c, fd, 0, 1, out))
    })?;
    linker.func_wrap(
        MODULE,
        "fd_readdir",
        |mut c: C<'_, D>, fd: u32, buffer: u32, len: u32, cookie: u64, out: u32| {
            finish(fd_readdir(&mut c, fd, buffer, len, cookie, out))
        },
    )?;
    Ok(())
}

/// The files a guest has open.
#[derive(Debug)]
pub(crate) struct OpenFiles {
    tree: Arc<FileTree>,
    /// Indexed by descriptor, counted from the one after the root directory.
    slots: Vec<Option<OpenFile>>,
}

#[derive(Debug)]
struct OpenFile {
    node: Node,
    path: String,
    position: u64,
}

impl OpenFiles {
    pub(crate) fn new(tree: Arc<FileTree>) -> Self {
        Self {
            tree,
            slots: Vec::new(),
        }
    }

    fn open(&mut self, node: Node, path: String) -> Result<u32, Errno> {
        let slot = match self.slots.iter().position(Option::is_none) {
            Some(free) => free,
            None if self.slots.len() < MAX_OPEN => {
                self.slots.push(None);
                self.slots.len() - 1
            }
            None => return Err(Errno::Mfile),
        };
        self.slots[slot] = Some(OpenFile {
            node,
            path,
            position: 0,
        });
        u32::try_from(slot)
            .map(|slot| slot + ROOT + 1)
            .map_err(|_| Errno::Mfile)
    }

    fn slot(&mut self, fd: u32) -> Result<&mut Option<OpenFile>, Errno> {
        let index = fd.checked_sub(ROOT + 1).ok_or(Errno::Badf)?;
        self.slots.get_mut(index as usize).ok_or(Errno::Badf)
    }

    fn get(&mut self, fd: u32) -> Result<&mut OpenFile, Errno> {
        self.slot(fd)?.as_mut().ok_or(Errno::Badf)
    }

    fn close(&mut self, fd: u32) -> Result<(), Errno> {
        self.slot(fd)?.take().map(drop).ok_or(Errno::Badf)
    }

    pub(super) fn filetype(&mut self, fd: u32) -> Result<u8, Errno> {
        Ok(filetype(&self.get(fd)?.node))
    }

    /// The next bytes of a file, at most `len`, moving its position.
    pub(super) fn read(&mut self, fd: u32, len: usize) -> Result<&[u8], Errno> {
        let position = self.get(fd)?.position;
        let got = self.read_at(fd, position, len)?.len();
        self.get(fd)?.position += got as u64;
        self.read_at(fd, position, got)
    }

    fn read_at(&mut self, fd: u32, position: u64, len: usize) -> Result<&[u8], Errno> {
        let range = match &self.get(fd)?.node {
            Node::File(range) => range.clone(),
            Node::Directory => return Err(Errno::Isdir),
        };
        let bytes = self.tree.bytes(&range);
        let start = usize::try_from(position).map_or(bytes.len(), |start| start.min(bytes.len()));
        let end = start.saturating_add(len).min(bytes.len());
        Ok(&bytes[start..end])
    }
}

fn filetype(node: &Node) -> u8 {
    match node {
        Node::File(_) => FILETYPE_REGULAR_FILE,
        Node::Directory => FILETYPE_DIRECTORY,
    }
}

/// The path a guest names relative to the root, normalised.
fn read_path(memory: &GuestMemory<'_>, fd: u32, path: u32, len: u32) -> Result<String, Failure> {
    if fd != ROOT {
        return Err(Errno::Badf.into());
    }
    if len > MAX_PATH_BYTES {
        return Err(Errno::Noent.into());
    }
    let bytes = memory.slice(path, len)?;
    Ok(normalise(
        std::str::from_utf8(bytes).map_err(|_| Errno::Noent)?,
    ))
}

fn path_open<D: Door>(
    caller: &mut Caller<'_, Guest<D>>,
    fd: u32,
    path: u32,
    len: u32,
    flags: u32,
    rights: u64,
    out: u32,
) -> Result<(), Failure> {
    let (mut memory, guest) = Guest::split(caller);
    let path = read_path(&memory, fd, path, len)?;
    let wants_directory = flags & OPEN_DIRECTORY != 0;
    if flags & (OPEN_CREATE | OPEN_TRUNCATE) != 0 {
        return Err(Errno::Rofs.into());
    }
    let node = guest.files.tree.lookup(&path).ok_or(Errno::Noent)?;
    match node {
        Node::File(_) if wants_directory => return Err(Errno::Notdir.into()),
        // Writing asks for the right to write; directories are opened with every right.
        Node::File(_) if rights & RIGHT_FD_WRITE != 0 => return Err(Errno::Rofs.into()),
        Node::Directory if !guest.files.tree.is_listable(&path) => return Err(Errno::Acces.into()),
        _ => {}
    }
    let descriptor = guest.files.open(node, path)?;
    memory.write_u32(out, descriptor)?;
    Ok(())
}

fn path_filestat_get<D: Door>(
    caller: &mut Caller<'_, Guest<D>>,
    fd: u32,
    path: u32,
    len: u32,
    out: u32,
) -> Result<(), Failure> {
    let (mut memory, guest) = Guest::split(caller);
    let path = read_path(&memory, fd, path, len)?;
    let node = guest.files.tree.lookup(&path).ok_or(Errno::Noent)?;
    write_filestat(&mut memory, out, filetype(&node), size(&node))
}

fn fd_filestat_get<D: Door>(
    caller: &mut Caller<'_, Guest<D>>,
    fd: u32,
    out: u32,
) -> Result<(), Failure> {
    let (mut memory, guest) = Guest::split(caller);
    match fd {
        0..=2 => write_filestat(&mut memory, out, 0, 0),
        ROOT => write_filestat(&mut memory, out, FILETYPE_DIRECTORY, 0),
        _ => {
            let node = &guest.files.get(fd)?.node;
            write_filestat(&mut memory, out, filetype(node), size(node))
        }
    }
}

fn size(node: &Node) -> u64 {
    match node {
        Node::File(range) => range.len() as u64,
        Node::Directory => 0,
    }
}

fn write_filestat(
    memory: &mut GuestMemory<'_>,
    out: u32,
    filetype: u8,
    size: u64,
) -> Result<(), Failure> {
    let mut stat = [0; 64];
    // Device, inode and link count: constant, so that nothing of the host shows.
    stat[0] = 1;
    stat[8] = 2;
    stat[16] = filetype;
    stat[24] = 1;
    stat[32..40].copy_from_slice(&size.to_le_bytes());
    memory.write(out, &stat)?;
    Ok(())
}

fn fd_pread<D: Door>(
    caller: &mut Caller<'_, Guest<D>>,
    fd: u32,
    iovecs: u32,
    count: u32,
    offset: u64,
    out: u32,
) -> Result<(), Failure> {
    let (mut memory, guest) = Guest::split(caller);
    let mut read = 0_u32;
    for index in 0..count {
        let (address, len) = iovec(&memory, iovecs, index)?;
        let target = memory.slice_mut(address, len)?;
        let bytes =
            guest
                .files
                .read_at(fd, offset.saturating_add(u64::from(read)), target.len())?;
        target[..bytes.len()].copy_from_slice(bytes);
        let got = u32::try_from(bytes.len()).map_err(|_| Errno::Inval)?;
        read = read.checked_add(got).ok_or(Errno::Inval)?;
        if got < len {
            break;
        }
    }
    memory.write_u32(out, read)?;
    Ok(())
}

fn fd_seek<D: Door>(
    caller: &mut Caller<'_, Guest<D>>,
    fd: u32,
    offset: i64,
    whence: u32,
    out: u32,
) -> Result<(), Failure> {
    if fd <= 2 {
        return Err(Errno::Spipe.into());
    }
    let (mut memory, guest) = Guest::split(caller);
    let file = guest.files.get(fd)?;
    let base = match whence {
        0 => 0,
        1 => file.position,
        2 => size(&file.node),
        _ => return Err(Errno::Inval.into()),
    };
    let position = base.checked_add_signed(offset).ok_or(Errno::Inval)?;
    file.position = position;
    memory.write_u64(out, position)?;
    Ok(())
}

/// Writes directory entries from `cookie` on; a last one that does not fit is cut, which tells the
/// guest to ask again with a larger buffer.
fn fd_readdir<D: Door>(
    caller: &mut Caller<'_, Guest<D>>,
    fd: u32,
    buffer: u32,
    len: u32,
    cookie: u64,
    out: u32,
) -> Result<(), Failure> {
    let (mut memory, guest) = Guest::split(caller);
    if fd == ROOT {
        return Err(Errno::Acces.into());
    }
    let path = guest.files.get(fd)?.path.clone();
    let skip = usize::try_from(cookie).map_err(|_| Errno::Inval)?;
    let mut listing = Vec::new();
    for (index, (name, is_directory)) in guest
        .files
        .tree
        .children(&path)
        .iter()
        .enumerate()
        .skip(skip)
    {
        if listing.len() >= len as usize {
            break;
        }
        let kind = if *is_directory {
            FILETYPE_DIRECTORY
        } else {
            FILETYPE_REGULAR_FILE
        };
        listing.extend_from_slice(&(index as u64 + 1).to_le_bytes());
        listing.extend_from_slice(&2_u64.to_le_bytes());
        listing.extend_from_slice(&u32::try_from(name.len()).unwrap_or(u32::MAX).to_le_bytes());
        listing.extend_from_slice(&[kind, 0, 0, 0]);
        listing.extend_from_slice(name.as_bytes());
    }
    listing.truncate(len as usize);
    memory.write(buffer, &listing)?;
    memory.write_u32(out, u32::try_from(listing.len()).map_err(|_| Errno::Inval)?)?;
    Ok(())
}
