//! Reading, writing and asking about descriptors.

use super::errno::Errno;
use super::{Failure, serve};
use crate::glue;
use crate::output::Stream;
use crate::run::{State, Stop};

/// The preopened root directory: the first descriptor after the three streams, where wasi-libc
/// looks for it.
pub(super) const ROOT: u32 = 3;

const STDIN: u32 = 0;
const STDOUT: u32 = 1;
const STDERR: u32 = 2;

/// The most buffers one gathered read or write may name.
const MAX_IOVECS: u32 = 1024;

const FILETYPE_CHARACTER_DEVICE: u8 = 2;
pub(super) const FILETYPE_DIRECTORY: u8 = 3;
pub(super) const FILETYPE_REGULAR_FILE: u8 = 4;

const RIGHT_FD_READ: u64 = 1 << 1;
const RIGHT_FD_WRITE: u64 = 1 << 6;

#[unsafe(no_mangle)]
extern "C" fn fd_write(fd: u32, iovecs: u32, count: u32, out: u32) -> i32 {
    serve(|state| {
        let stream = match fd {
            STDOUT => Stream::Stdout,
            STDERR => Stream::Stderr,
            _ => return Err(Errno::Badf.into()),
        };
        let mut written = 0_u32;
        for index in 0..count.min(MAX_IOVECS) {
            let (address, len) = iovec(iovecs, index)?;
            write(state, stream, address, len)?;
            written = written.checked_add(len).ok_or(Errno::Inval)?;
        }
        Ok(glue::write_u32(out, written)?)
    })
}

/// Keeps what fits; the run ends with what does not.
fn write(state: &mut State, stream: Stream, address: u32, len: u32) -> Result<(), Failure> {
    let room = state.output.room(stream);
    let kept = u64::from(len).min(room) as u32;
    let bytes = glue::read(address, kept)?;
    state.output.append(stream, &bytes);
    if u64::from(len) > room {
        state.output.exceeded = Some(stream);
        return Err(Stop::OutputExceeded(stream).into());
    }
    Ok(())
}

#[unsafe(no_mangle)]
extern "C" fn fd_read(fd: u32, iovecs: u32, count: u32, out: u32) -> i32 {
    serve(|state| {
        let mut read = 0_u32;
        for index in 0..count.min(MAX_IOVECS) {
            let (address, len) = iovec(iovecs, index)?;
            let got = match fd {
                STDIN => read_stdin(state, address, len)?,
                STDOUT | STDERR => return Err(Errno::Badf.into()),
                ROOT => return Err(Errno::Isdir.into()),
                _ => state.files.read(fd, address, len)?,
            };
            read = read.checked_add(got).ok_or(Errno::Inval)?;
            if got < len {
                break;
            }
        }
        Ok(glue::write_u32(out, read)?)
    })
}

fn read_stdin(state: &mut State, address: u32, len: u32) -> Result<u32, Failure> {
    let rest = &state.stdin[state.stdin_position..];
    let bytes = &rest[..rest.len().min(len as usize)];
    glue::write(address, bytes)?;
    state.stdin_position += bytes.len();
    Ok(bytes.len() as u32)
}

/// The `index`th (address, length) of a gathered read or write.
pub(super) fn iovec(iovecs: u32, index: u32) -> Result<(u32, u32), Failure> {
    let at = iovecs.checked_add(index * 8).ok_or(Errno::Fault)?;
    let len_at = at.checked_add(4).ok_or(Errno::Fault)?;
    Ok((glue::read_u32(at)?, glue::read_u32(len_at)?))
}

#[unsafe(no_mangle)]
extern "C" fn fd_fdstat_get(fd: u32, out: u32) -> i32 {
    serve(|state| {
        // Streams have no right to seek or tell: that is how wasi-libc knows a pipe from a
        // terminal, and Python whether to use colours.
        let (filetype, rights) = match fd {
            STDIN => (FILETYPE_CHARACTER_DEVICE, RIGHT_FD_READ),
            STDOUT | STDERR => (0, RIGHT_FD_WRITE),
            ROOT => (FILETYPE_DIRECTORY, u64::MAX),
            _ => (state.files.filetype(fd)?, u64::MAX),
        };
        let mut stat = [0; 24];
        stat[0] = filetype;
        stat[8..16].copy_from_slice(&rights.to_le_bytes());
        if fd > STDERR {
            stat[16..24].copy_from_slice(&u64::MAX.to_le_bytes());
        }
        Ok(glue::write(out, &stat)?)
    })
}

#[unsafe(no_mangle)]
extern "C" fn fd_fdstat_set_flags(fd: u32, _flags: u32) -> i32 {
    match fd {
        STDIN..=STDERR => 0,
        _ => Errno::Badf as i32,
    }
}

#[unsafe(no_mangle)]
extern "C" fn fd_advise(_fd: u32, _offset: u64, _len: u64, _advice: u32) -> i32 {
    0
}
