//! The read-only files: opening, reading, seeking, listing.

use super::descriptors::{FILETYPE_DIRECTORY, FILETYPE_REGULAR_FILE, ROOT, iovec};
use super::errno::Errno;
use super::{Failure, serve};
use crate::glue;
use crate::tree::{FileTree, Node, normalise};
use alloc::string::String;
use alloc::vec::Vec;

/// The most files a script may have open.
const MAX_OPEN: usize = 256;

/// The longest path looked at; POSIX's `PATH_MAX`.
const MAX_PATH_BYTES: u32 = 4096;

const OPEN_CREATE: u32 = 1;
const OPEN_DIRECTORY: u32 = 2;
const OPEN_TRUNCATE: u32 = 8;
const RIGHT_FD_WRITE: u64 = 1 << 6;

/// The files a script has open.
#[derive(Default)]
pub(crate) struct OpenFiles {
    /// Read when the first path is looked up, which most scripts never do.
    tree: Option<FileTree>,
    /// Indexed by descriptor, counted from the one after the root directory.
    slots: Vec<Option<OpenFile>>,
}

struct OpenFile {
    node: Node,
    path: String,
    position: u64,
}

impl OpenFiles {
    fn tree(&mut self) -> &FileTree {
        self.tree.get_or_insert_with(|| {
            let text = String::from_utf8(glue::index()).unwrap_or_default();
            FileTree::parse(&text).unwrap_or_default()
        })
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
        Ok(slot as u32 + ROOT + 1)
    }

    fn slot(&mut self, fd: u32) -> Result<&mut Option<OpenFile>, Errno> {
        let index = fd.checked_sub(ROOT + 1).ok_or(Errno::Badf)?;
        self.slots.get_mut(index as usize).ok_or(Errno::Badf)
    }

    fn get(&mut self, fd: u32) -> Result<&mut OpenFile, Errno> {
        self.slot(fd)?.as_mut().ok_or(Errno::Badf)
    }

    pub(super) fn filetype(&mut self, fd: u32) -> Result<u8, Errno> {
        Ok(filetype(&self.get(fd)?.node))
    }

    /// Copies the next bytes of a file to the interpreter, moving its position; how many.
    pub(super) fn read(&mut self, fd: u32, address: u32, len: u32) -> Result<u32, Failure> {
        let position = self.get(fd)?.position;
        let got = self.read_at(fd, position, address, len)?;
        self.get(fd)?.position += u64::from(got);
        Ok(got)
    }

    fn read_at(&mut self, fd: u32, at: u64, address: u32, len: u32) -> Result<u32, Failure> {
        let Node::File(range) = &self.get(fd)?.node else {
            return Err(Errno::Isdir.into());
        };
        let size = range.end - range.start;
        let at = u32::try_from(at).map_or(size, |at| at.min(size));
        let got = len.min(size - at);
        glue::read_pack(address, range.start + at, got)?;
        Ok(got)
    }
}

fn filetype(node: &Node) -> u8 {
    match node {
        Node::File(_) => FILETYPE_REGULAR_FILE,
        Node::Directory => FILETYPE_DIRECTORY,
    }
}

fn size(node: &Node) -> u64 {
    match node {
        Node::File(range) => u64::from(range.end - range.start),
        Node::Directory => 0,
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
fn read_path(fd: u32, path: u32, len: u32) -> Result<String, Failure> {
    if fd != ROOT {
        return Err(Errno::Badf.into());
    }
    if len > MAX_PATH_BYTES {
        return Err(Errno::Noent.into());
    }
    let bytes = glue::read(path, len)?;
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
        let path = read_path(fd, path, len)?;
        if flags & (OPEN_CREATE | OPEN_TRUNCATE) != 0 {
            return Err(Errno::Rofs.into());
        }
        let tree = state.files.tree();
        let node = tree.lookup(&path).ok_or(Errno::Noent)?;
        match node {
            Node::File(_) if flags & OPEN_DIRECTORY != 0 => return Err(Errno::Notdir.into()),
            // Writing asks for the right to write; directories are opened with every right.
            Node::File(_) if rights & RIGHT_FD_WRITE != 0 => return Err(Errno::Rofs.into()),
            Node::Directory if !tree.is_listable(&path) => return Err(Errno::Acces.into()),
            _ => {}
        }
        let descriptor = state.files.open(node, path)?;
        Ok(glue::write_u32(out, descriptor)?)
    })
}

#[unsafe(no_mangle)]
extern "C" fn path_filestat_get(fd: u32, _lookup: u32, path: u32, len: u32, out: u32) -> i32 {
    serve(|state| {
        let path = read_path(fd, path, len)?;
        let node = state.files.tree().lookup(&path).ok_or(Errno::Noent)?;
        write_filestat(out, filetype(&node), size(&node))
    })
}

#[unsafe(no_mangle)]
extern "C" fn fd_filestat_get(fd: u32, out: u32) -> i32 {
    serve(|state| match fd {
        0..=2 => write_filestat(out, 0, 0),
        ROOT => write_filestat(out, FILETYPE_DIRECTORY, 0),
        _ => {
            let node = &state.files.get(fd)?.node;
            write_filestat(out, filetype(node), size(node))
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
    serve(|state| match fd {
        0..=2 => Ok(()),
        _ => Ok(state.files.slot(fd)?.take().map(drop).ok_or(Errno::Badf)?),
    })
}

#[unsafe(no_mangle)]
extern "C" fn fd_pread(fd: u32, iovecs: u32, count: u32, offset: u64, out: u32) -> i32 {
    serve(|state| {
        let mut read = 0_u32;
        for index in 0..count {
            let (address, len) = iovec(iovecs, index)?;
            let at = offset.saturating_add(u64::from(read));
            let got = state.files.read_at(fd, at, address, len)?;
            read = read.checked_add(got).ok_or(Errno::Inval)?;
            if got < len {
                break;
            }
        }
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
        let path = state.files.get(fd)?.path.clone();
        let skip = usize::try_from(cookie).map_err(|_| Errno::Inval)?;
        let mut listing = Vec::new();
        let children = state.files.tree().children(&path);
        for (index, (name, is_directory)) in children.iter().enumerate().skip(skip) {
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
            listing.extend_from_slice(&(name.len() as u32).to_le_bytes());
            listing.extend_from_slice(&[kind, 0, 0, 0]);
            listing.extend_from_slice(name.as_bytes());
        }
        listing.truncate(len as usize);
        glue::write(buffer, &listing)?;
        Ok(glue::write_u32(out, listing.len() as u32)?)
    })
}
