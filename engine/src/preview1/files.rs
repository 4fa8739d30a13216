//! The read-only files: opening, reading, seeking, listing.

use super::descriptors::{FILETYPE_DIRECTORY, FILETYPE_REGULAR_FILE, ROOT};
use super::errno::Errno;
use super::open_files::filetype;
use super::vectors::Vectors;
use super::{Failure, MODULE, serve};
use crate::file_tree::{Node, normalise};
use crate::toll::{BYTE, ENTRY, PATH, PATH_BYTE};
use crate::{Door, Guest, GuestMemory};
use wasmtime::{Caller, Linker};

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
            serve(&mut c, |memory, _| match fd {
                // The length of the name "/", of a directory (tag 0).
                ROOT => Ok(memory.write(out, &[0, 0, 0, 0, 1, 0, 0, 0])?),
                _ => Err(Errno::Badf.into()),
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "fd_prestat_dir_name",
        |mut c: C<'_, D>, fd: u32, out: u32, _len: u32| {
            serve(&mut c, |memory, _| match fd {
                ROOT => Ok(memory.write(out, b"/")?),
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
         out: u32| {
            serve(&mut c, |memory, guest| {
                let path = read_path(memory, guest, fd, path, len)?;
                path_open(memory, guest, path, flags, rights, out)
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "path_filestat_get",
        |mut c: C<'_, D>, fd: u32, _lookup: u32, path: u32, len: u32, out: u32| {
            serve(&mut c, |memory, guest| {
                let path = read_path(memory, guest, fd, path, len)?;
                let node = guest.files.tree.lookup(&path).ok_or(Errno::Noent)?;
                write_filestat(memory, out, filetype(&node), size(&node))
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "fd_filestat_get",
        |mut c: C<'_, D>, fd: u32, out: u32| {
            serve(&mut c, |memory, guest| {
                fd_filestat_get(memory, guest, fd, out)
            })
        },
    )?;
    linker.func_wrap(MODULE, "fd_close", |mut c: C<'_, D>, fd: u32| {
        serve(&mut c, |_, guest| Ok(guest.files.close(fd)?))
    })?;
    linker.func_wrap(
        MODULE,
        "fd_pread",
        |mut c: C<'_, D>, fd: u32, list: u32, count: u32, offset: u64, out: u32| {
            let buffers = Vectors { list, count };
            serve(&mut c, |memory, guest| {
                fd_pread(memory, guest, fd, buffers, offset, out)
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "fd_seek",
        |mut c: C<'_, D>, fd: u32, offset: i64, whence: u32, out: u32| {
            serve(&mut c, |memory, guest| {
                fd_seek(memory, guest, fd, offset, whence, out)
            })
        },
    )?;
    linker.func_wrap(MODULE, "fd_tell", |mut c: C<'_, D>, fd: u32, out: u32| {
        serve(&mut c, |memory, guest| {
            fd_seek(memory, guest, fd, 0, 1, out)
        })
    })?;
    linker.func_wrap(
        MODULE,
        "fd_readdir",
        |mut c: C<'_, D>, fd: u32, buffer: u32, len: u32, cookie: u64, out: u32| {
            serve(&mut c, |memory, guest| {
                fd_readdir(memory, guest, fd, (buffer, len), cookie, out)
            })
        },
    )?;
    Ok(())
}

/// The path a guest names relative to the root, normalised.
fn read_path<D: Door>(
    memory: &GuestMemory<'_>,
    guest: &mut Guest<D>,
    fd: u32,
    path: u32,
    len: u32,
) -> Result<String, Failure> {
    if fd != ROOT {
        return Err(Errno::Badf.into());
    }
    if len > MAX_PATH_BYTES {
        return Err(Errno::Noent.into());
    }
    let bytes = memory.slice(path, len)?;
    guest.toll.owe(PATH, 1);
    guest.toll.owe(PATH_BYTE, bytes.len());
    Ok(normalise(
        std::str::from_utf8(bytes).map_err(|_| Errno::Noent)?,
    ))
}

fn path_open<D: Door>(
    memory: &mut GuestMemory<'_>,
    guest: &mut Guest<D>,
    path: String,
    flags: u32,
    rights: u64,
    out: u32,
) -> Result<(), Failure> {
    let wants_directory = flags & OPEN_DIRECTORY != 0;
    if flags & (OPEN_CREATE | OPEN_TRUNCATE) != 0 {
        return Err(Errno::Rofs.into());
    }
    let node = guest.files.tree.lookup(&path).ok_or(Errno::Noent)?;
    let is_file = node != Node::Directory;
    match node {
        _ if is_file && wants_directory => return Err(Errno::Notdir.into()),
        // Writing asks for the right to write; directories are opened with every right.
        _ if is_file && rights & RIGHT_FD_WRITE != 0 => return Err(Errno::Rofs.into()),
        Node::Directory if guest.files.tree.children(&path).is_none() => {
            return Err(Errno::Acces.into());
        }
        _ => {}
    }
    let descriptor = guest.files.open(node, path)?;
    memory.write_u32(out, descriptor)?;
    Ok(())
}

fn fd_filestat_get<D: Door>(
    memory: &mut GuestMemory<'_>,
    guest: &mut Guest<D>,
    fd: u32,
    out: u32,
) -> Result<(), Failure> {
    guest.files.check_stream(fd)?;
    match fd {
        0..=2 => write_filestat(memory, out, 0, 0),
        ROOT => write_filestat(memory, out, FILETYPE_DIRECTORY, 0),
        _ => {
            let node = &guest.files.get(fd)?.node;
            write_filestat(memory, out, filetype(node), size(node))
        }
    }
}

fn size(node: &Node) -> u64 {
    match node {
        Node::File(range) => range.len() as u64,
        Node::Directory | Node::Random => 0,
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
    memory: &mut GuestMemory<'_>,
    guest: &mut Guest<D>,
    fd: u32,
    buffers: Vectors,
    offset: u64,
    out: u32,
) -> Result<(), Failure> {
    let read = buffers.fill(memory, guest, |guest, target, before| {
        let at = offset.saturating_add(u64::from(before));
        guest.read_file(fd, Some(at), target)
    })?;
    memory.write_u32(out, read)?;
    Ok(())
}

fn fd_seek<D: Door>(
    memory: &mut GuestMemory<'_>,
    guest: &mut Guest<D>,
    fd: u32,
    offset: i64,
    whence: u32,
    out: u32,
) -> Result<(), Failure> {
    if fd <= 2 {
        return Err(Errno::Spipe.into());
    }
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
    memory: &mut GuestMemory<'_>,
    guest: &mut Guest<D>,
    fd: u32,
    (buffer, len): (u32, u32),
    cookie: u64,
    out: u32,
) -> Result<(), Failure> {
    if fd == ROOT {
        return Err(Errno::Acces.into());
    }
    let Guest { files, toll, .. } = guest;
    let tree = std::sync::Arc::clone(&files.tree);
    let children = tree.children(&files.get(fd)?.path).ok_or(Errno::Notdir)?;
    let skip = usize::try_from(cookie).map_err(|_| Errno::Inval)?;
    let mut listing = Vec::new();
    for (index, (name, is_directory)) in children.iter().enumerate().skip(skip) {
        if listing.len() >= len as usize {
            break;
        }
        let kind = if *is_directory {
            FILETYPE_DIRECTORY
        } else {
            FILETYPE_REGULAR_FILE
        };
        toll.owe(ENTRY, 1);
        listing.extend_from_slice(&(index as u64 + 1).to_le_bytes());
        listing.extend_from_slice(&2_u64.to_le_bytes());
        listing.extend_from_slice(&u32::try_from(name.len()).unwrap_or(u32::MAX).to_le_bytes());
        listing.extend_from_slice(&[kind, 0, 0, 0]);
        listing.extend_from_slice(name.as_bytes());
    }
    listing.truncate(len as usize);
    toll.owe(BYTE, listing.len());
    memory.write(buffer, &listing)?;
    memory.write_u32(out, u32::try_from(listing.len()).map_err(|_| Errno::Inval)?)?;
    Ok(())
}
