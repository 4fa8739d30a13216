//! Reading, writing and asking about descriptors.

use super::errno::Errno;
use super::{Failure, MODULE, finish};
use crate::{Door, Guest, GuestMemory, Stream};
use wasmtime::{Caller, Linker};

/// The preopened root directory: the first descriptor after the three streams, where wasi-libc
/// looks for it.
pub(super) const ROOT: u32 = 3;

const STDIN: u32 = 0;
const STDOUT: u32 = 1;
const STDERR: u32 = 2;

/// The most buffers one gathered read or write may name. POSIX asks for at least 16; more would be
/// host work that no fuel pays for.
const MAX_IOVECS: u32 = 1024;

const FILETYPE_CHARACTER_DEVICE: u8 = 2;
pub(super) const FILETYPE_DIRECTORY: u8 = 3;
pub(super) const FILETYPE_REGULAR_FILE: u8 = 4;

const RIGHT_FD_READ: u64 = 1 << 1;
const RIGHT_FD_WRITE: u64 = 1 << 6;

pub(super) fn add_to_linker<D: Door>(linker: &mut Linker<Guest<D>>) -> wasmtime::Result<()> {
    linker.func_wrap(
        MODULE,
        "fd_write",
        |mut caller: Caller<'_, Guest<D>>, fd, iovecs, count, out| {
            finish(fd_write(&mut caller, fd, iovecs, count, out))
        },
    )?;
    linker.func_wrap(
        MODULE,
        "fd_read",
        |mut caller: Caller<'_, Guest<D>>, fd, iovecs, count, out| {
            finish(fd_read(&mut caller, fd, iovecs, count, out))
        },
    )?;
    linker.func_wrap(
        MODULE,
        "fd_fdstat_get",
        |mut caller: Caller<'_, Guest<D>>, fd, out| finish(fd_fdstat_get(&mut caller, fd, out)),
    )?;
    linker.func_wrap(
        MODULE,
        "fd_fdstat_set_flags",
        |_: Caller<'_, Guest<D>>, fd: u32, _flags: u32| match fd {
            STDIN..=STDERR => 0,
            _ => Errno::Badf as i32,
        },
    )?;
    linker.func_wrap(
        MODULE,
        "fd_advise",
        |_: Caller<'_, Guest<D>>, _fd: u32, _offset: u64, _len: u64, _advice: u32| 0_i32,
    )?;
    Ok(())
}

fn fd_write<D: Door>(
    caller: &mut Caller<'_, Guest<D>>,
    fd: u32,
    iovecs: u32,
    count: u32,
    out: u32,
) -> Result<(), Failure> {
    let (mut memory, guest) = Guest::split(caller);
    let stream = match fd {
        STDOUT => Stream::Stdout,
        STDERR => Stream::Stderr,
        _ => return Err(Errno::Badf.into()),
    };
    let mut written = 0_u32;
    for index in 0..count.min(MAX_IOVECS) {
        let (address, len) = iovec(&memory, iovecs, index)?;
        guest.output.write(stream, memory.slice(address, len)?)?;
        written = written.checked_add(len).ok_or(Errno::Inval)?;
    }
    memory.write_u32(out, written)?;
    Ok(())
}

fn fd_read<D: Door>(
    caller: &mut Caller<'_, Guest<D>>,
    fd: u32,
    iovecs: u32,
    count: u32,
    out: u32,
) -> Result<(), Failure> {
    let (mut memory, guest) = Guest::split(caller);
    let mut read = 0_u32;
    for index in 0..count.min(MAX_IOVECS) {
        let (address, len) = iovec(&memory, iovecs, index)?;
        let target = memory.slice_mut(address, len)?;
        let bytes = match fd {
            STDIN => guest.stdin.take(target.len()),
            STDOUT | STDERR => return Err(Errno::Badf.into()),
            ROOT => return Err(Errno::Isdir.into()),
            _ => guest.files.read(fd, target.len())?,
        };
        target[..bytes.len()].copy_from_slice(bytes);
        // `len` is a u32 and `bytes` is no longer than it.
        #[expect(clippy::cast_possible_truncation, reason = "bounded by `len`, a u32")]
        let got = bytes.len() as u32;
        read = read.checked_add(got).ok_or(Errno::Inval)?;
        if got < len {
            break;
        }
    }
    memory.write_u32(out, read)?;
    Ok(())
}

/// The `index`th (address, length) of a gathered read or write.
pub(super) fn iovec(
    memory: &GuestMemory<'_>,
    iovecs: u32,
    index: u32,
) -> Result<(u32, u32), Failure> {
    let at = iovecs.checked_add(index * 8).ok_or(Errno::Fault)?;
    let len_at = at.checked_add(4).ok_or(Errno::Fault)?;
    Ok((memory.read_u32(at)?, memory.read_u32(len_at)?))
}

fn fd_fdstat_get<D: Door>(
    caller: &mut Caller<'_, Guest<D>>,
    fd: u32,
    out: u32,
) -> Result<(), Failure> {
    let (mut memory, guest) = Guest::split(caller);
    // Streams have no right to seek or tell: that is how wasi-libc knows a pipe from a terminal,
    // and Python whether to use colours.
    let (filetype, rights) = match fd {
        STDIN => (FILETYPE_CHARACTER_DEVICE, RIGHT_FD_READ),
        STDOUT | STDERR => (0, RIGHT_FD_WRITE),
        ROOT => (FILETYPE_DIRECTORY, u64::MAX),
        _ => (guest.files.filetype(fd)?, u64::MAX),
    };
    let mut stat = [0; 24];
    stat[0] = filetype;
    stat[8..16].copy_from_slice(&rights.to_le_bytes());
    if fd > STDERR {
        stat[16..24].copy_from_slice(&u64::MAX.to_le_bytes());
    }
    memory.write(out, &stat)?;
    Ok(())
}
