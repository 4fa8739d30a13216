//! The read-only files: opening, reading, seeking, listing.

use super::descriptors::{FILETYPE_DIRECTORY, FILETYPE_REGULAR_FILE, ROOT};
use super::errno::Errno;
use super::open_files::filetype;
use super::vectors::gather;
use super::{Failure, serve};
use crate::glue;
use crate::run::State;
use crate::toll::{BYTE, ENTRY, PATH, PATH_BYTE};
use crate::tree::{Node, normalise};
use alloc::string::String;
use alloc::vec::Vec;

/// The longest path looked at; POSIX's `PATH_MAX`.
const MAX_PATH_BYTES: u32 = 4096;

const OPEN_CREATE: u32 = 1;
const OPEN_DIRECTORY: u32 = 2;
const OPEN_TRUNCATE: u32 = 8;
const RIGHT_FD_WRITE: u64 = 1 << 6;

fn size(node: &Node) -> u64 {
    match node {
        Node::File(range) => u64::from(range.end - range.start),
        Node::Directory | Node::Random => 0,
    }
}

#[unsafe(no_mangle)]
extern "C" fn fd_prestat_get(fd: u32, out: u32) -> i32 {
    serve(|_| match fd {
        // The length of the name "/", of a directory (tag 0).
        ROOT => Ok(glue::write(out, &[0, 0, 0, 0, 1, 0, 0, 0])?),
        _ => Err(Errno::Badf.into()),
    })
}

#[unsafe(no_mangle)]
extern "C" fn fd_prestat_dir_name(fd: u32, out: u32, _len: u32) -> i32 {
    serve(|_| match fd {
        ROOT => Ok(glue::write(out, b"/")?),
        _ => Err(Errno::Badf.into()),
    })
}

/// The path a script names relative to the root, normalised.
fn read_path(state: &mut State, fd: u32, path: u32, len: u32) -> Result<String, Failure> {
    if fd != ROOT {
        return Err(Errno::Badf.into());
    }
    if len > MAX_PATH_BYTES {
        return Err(Errno::Noent.into());
    }
    let bytes = glue::read(path, len)?;
    state.toll.owe(PATH, 1);
    state.toll.owe(PATH_BYTE, len);
    Ok(normalise(
        core::str::from_utf8(&bytes).map_err(|_| Errno::Noent)?,
    ))
}

#[unsafe(no_mangle)]
extern "C" fn path_open(
    fd: u32,
    _lookup: u32,
    path: u32,
    len: u32,
    flags: u32,
    rights: u64,
    _inheriting: u64,
    _fdflags: u32,
    out: u32,
) -> i32 {
    serve(|state| {
        let path = read_path(state, fd, path, len)?;
        if flags & (OPEN_CREATE | OPEN_TRUNCATE) != 0 {
            return Err(Errno::Rofs.into());
        }
        let tree = state.files.tree();
        let node = tree.lookup(&path).ok_or(Errno::Noent)?;
        let is_file = node != Node::Directory;
        match node {
            _ if is_file && flags & OPEN_DIRECTORY != 0 => return Err(Errno::Notdir.into()),
            // Writing asks for the right to write; directories are opened with every right.
            _ if is_file && rights & RIGHT_FD_WRITE != 0 => return Err(Errno::Rofs.into()),
            Node::Directory if tree.children(&path).is_none() => return Err(Errno::Acces.into()),
            _ => {}
        }
        let descriptor = state.files.open(node, path)?;
        Ok(glue::write_u32(out, descriptor)?)
    })
}

#[unsafe(no_mangle)]
extern "C" fn path_filestat_get(fd: u32, _lookup: u32, path: u32, len: u32, out: u32) -> i32 {
    serve(|state| {
        let path = read_path(state, fd, path, len)?;
        let node = state.files.tree().lookup(&path).ok_or(Errno::Noent)?;
        write_filestat(out, filetype(&node), size(&node))
    })
}

#[unsafe(no_mangle)]
extern "C" fn fd_filestat_get(fd: u32, out: u32) -> i32 {
    serve(|state| {
        state.files.check_stream(fd)?;
        match fd {
            0..=2 => write_filestat(out, 0, 0),
            ROOT => write_filestat(out, FILETYPE_DIRECTORY, 0),
            _ => {
                let node = &state.files.get(fd)?.node;
                write_filestat(out, filetype(node), size(node))
            }
        }
    })
}

fn write_filestat(out: u32, filetype: u8, size: u64) -> Result<(), Failure> {
    let mut stat = [0; 64];
    // Device, inode and link count: constant.
    stat[0] = 1;
    stat[8] = 2;
    stat[16] = filetype;
    stat[24] = 1;
    stat[32..40].copy_from_slice(&size.to_le_bytes());
    Ok(glue::write(out, &stat)?)
}

#[unsafe(no_mangle)]
extern "C" fn fd_close(fd: u32) -> i32 {
    serve(|state| Ok(state.files.close(fd)?))
}

#[unsafe(no_mangle)]
extern "C" fn fd_pread(fd: u32, iovecs: u32, count: u32, offset: u64, out: u32) -> i32 {
    serve(|state| {
        let read = gather(state, iovecs, count, |state, address, len, before| {
            let at = offset.saturating_add(u64::from(before));
            state.read_file(fd, Some(at), address, len)
        })?;
        Ok(glue::write_u32(out, read)?)
    })
}

#[unsafe(no_mangle)]
extern "C" fn fd_seek(fd: u32, offset: i64, whence: u32, out: u32) -> i32 {
    serve(|state| {
        if fd <= 2 {
            return Err(Errno::Spipe.into());
        }
        let file = state.files.get(fd)?;
        let base = match whence {
            0 => 0,
            1 => file.position,
            2 => size(&file.node),
            _ => return Err(Errno::Inval.into()),
        };
        let position = base.checked_add_signed(offset).ok_or(Errno::Inval)?;
        file.position = position;
        Ok(glue::write_u64(out, position)?)
    })
}

#[unsafe(no_mangle)]
extern "C" fn fd_tell(fd: u32, out: u32) -> i32 {
    fd_seek(fd, 0, 1, out)
}

/// Writes directory entries from `cookie` on; a last one that does not fit is cut, which tells the
/// script's C library to ask again with a larger buffer.
#[unsafe(no_mangle)]
extern "C" fn fd_readdir(fd: u32, buffer: u32, len: u32, cookie: u64, out: u32) -> i32 {
    serve(|state| {
        if fd == ROOT {
            return Err(Errno::Acces.into());
        }
        let (children, toll) = (state.files.children_of(fd)?, &mut state.toll);
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
            listing.extend_from_slice(&(name.len() as u32).to_le_bytes());
            listing.extend_from_slice(&[kind, 0, 0, 0]);
            listing.extend_from_slice(name.as_bytes());
        }
        listing.truncate(len as usize);
        toll.owe(BYTE, listing.len() as u32);
        glue::write(buffer, &listing)?;
        Ok(glue::write_u32(out, listing.len() as u32)?)
    })
}
