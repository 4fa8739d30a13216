//! Reading, writing and asking about descriptors.

use super::errno::Errno;
use super::vectors::Vectors;
use super::{Failure, MODULE, serve};
use crate::{Door, Guest, GuestMemory, Stream};
use wasmtime::{Caller, Linker};

/// The preopened root directory: the first descriptor after the three streams, where wasi-libc
/// looks for it.
pub(super) const ROOT: u32 = 3;

const STDIN: u32 = 0;
const STDOUT: u32 = 1;
const STDERR: u32 = 2;

pub(super) const FILETYPE_CHARACTER_DEVICE: u8 = 2;
pub(super) const FILETYPE_DIRECTORY: u8 = 3;
pub(super) const FILETYPE_REGULAR_FILE: u8 = 4;

const RIGHT_FD_READ: u64 = 1 << 1;
const RIGHT_FD_WRITE: u64 = 1 << 6;

pub(super) fn add_to_linker<D: Door>(linker: &mut Linker<Guest<D>>) -> wasmtime::Result<()> {
    type C<'a, D> = Caller<'a, Guest<D>>;
    linker.func_wrap(
        MODULE,
        "fd_write",
        |mut c: C<'_, D>, fd: u32, list: u32, count: u32, out: u32| {
            let buffers = Vectors { list, count };
            serve(&mut c, |memory, guest| {
                fd_write(memory, guest, fd, buffers, out)
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "fd_read",
        |mut c: C<'_, D>, fd: u32, list: u32, count: u32, out: u32| {
            let buffers = Vectors { list, count };
            serve(&mut c, |memory, guest| {
                fd_read(memory, guest, fd, buffers, out)
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "fd_fdstat_get",
        |mut c: C<'_, D>, fd: u32, out: u32| {
            serve(&mut c, |memory, guest| {
                fd_fdstat_get(memory, guest, fd, out)
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "fd_fdstat_set_flags",
        |mut c: C<'_, D>, fd: u32, _flags: u32| {
            serve(&mut c, |_, _| match fd {
                STDIN..=STDERR => Ok(()),
                _ => Err(Errno::Badf.into()),
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "fd_advise",
        |mut c: C<'_, D>, _fd: u32, _offset: u64, _len: u64, _advice: u32| {
            serve(&mut c, |_, _| Ok(()))
        },
    )?;
    Ok(())
}

fn fd_write<D: Door>(
    memory: &mut GuestMemory<'_>,
    guest: &mut Guest<D>,
    fd: u32,
    buffers: Vectors,
    out: u32,
) -> Result<(), Failure> {
    guest.files.check_stream(fd)?;
    let stream = match fd {
        STDOUT => Stream::Stdout,
        STDERR => Stream::Stderr,
        _ => return Err(Errno::Badf.into()),
    };
    let written = buffers.drain(memory, guest, |guest, bytes| {
        Ok(guest.output.write(stream, bytes)?)
    })?;
    memory.write_u32(out, written)?;
    Ok(())
}

fn fd_read<D: Door>(
    memory: &mut GuestMemory<'_>,
    guest: &mut Guest<D>,
    fd: u32,
    buffers: Vectors,
    out: u32,
) -> Result<(), Failure> {
    guest.files.check_stream(fd)?;
    let read = buffers.fill(memory, guest, |guest, target, _| match fd {
        STDIN => Ok(guest.stdin.read(target)),
        STDOUT | STDERR => Err(Errno::Badf.into()),
        ROOT => Err(Errno::Isdir.into()),
        _ => guest.read_file(fd, None, target),
    })?;
    memory.write_u32(out, read)?;
    Ok(())
}

fn fd_fdstat_get<D: Door>(
    memory: &mut GuestMemory<'_>,
    guest: &mut Guest<D>,
    fd: u32,
    out: u32,
) -> Result<(), Failure> {
    guest.files.check_stream(fd)?;
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
