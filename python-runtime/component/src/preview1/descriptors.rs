//! Reading, writing and asking about descriptors.

use super::errno::Errno;
use super::vectors::gather;
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

pub(super) const FILETYPE_CHARACTER_DEVICE: u8 = 2;
pub(super) const FILETYPE_DIRECTORY: u8 = 3;
pub(super) const FILETYPE_REGULAR_FILE: u8 = 4;

const RIGHT_FD_READ: u64 = 1 << 1;
const RIGHT_FD_WRITE: u64 = 1 << 6;

#[unsafe(no_mangle)]
extern "C" fn fd_write(fd: u32, iovecs: u32, count: u32, out: u32) -> i32 {
    serve(|state| {
        state.files.check_stream(fd)?;
        let stream = match fd {
            STDOUT => Stream::Stdout,
            STDERR => Stream::Stderr,
            _ => return Err(Errno::Badf.into()),
        };
        let written = gather(state, iovecs, count, |state, address, len, _| {
            write(state, stream, address, len).map(|()| len)
        })?;
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
        state.files.check_stream(fd)?;
        let read = gather(state, iovecs, count, |state, address, len, _| match fd {
            STDIN => read_stdin(state, address, len),
            STDOUT | STDERR => Err(Errno::Badf.into()),
            ROOT => Err(Errno::Isdir.into()),
            _ => state.read_file(fd, None, address, len),
        })?;
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

#[unsafe(no_mangle)]
extern "C" fn fd_fdstat_get(fd: u32, out: u32) -> i32 {
    serve(|state| {
        state.files.check_stream(fd)?;
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
    serve(|_| match fd {
        STDIN..=STDERR => Ok(()),
        _ => Err(Errno::Badf.into()),
    })
}

#[unsafe(no_mangle)]
extern "C" fn fd_advise(_fd: u32, _offset: u64, _len: u64, _advice: u32) -> i32 {
    serve(|_| Ok(()))
}
