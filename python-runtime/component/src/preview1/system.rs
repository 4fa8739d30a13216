//! Arguments, environment, clocks, random bytes, exit.

use super::errno::Errno;
use super::serve;
use crate::glue;
use crate::run::{Stop, stop};
use crate::toll::RANDOM_BYTE;

/// The interpreter's own command line: one item. A script's arguments come with its request.
const PROGRAM: &[u8] = b"python\0";

/// The most random bytes a call gives. wasi-libc asks for 256 at a time.
pub(super) const MAX_RANDOM_BYTES: u32 = 64 << 10;

#[unsafe(no_mangle)]
extern "C" fn args_sizes_get(count: u32, size: u32) -> i32 {
    serve(|_| {
        glue::write_u32(count, 1)?;
        Ok(glue::write_u32(size, PROGRAM.len() as u32)?)
    })
}

#[unsafe(no_mangle)]
extern "C" fn args_get(list: u32, bytes: u32) -> i32 {
    serve(|_| {
        glue::write_u32(list, bytes)?;
        Ok(glue::write(bytes, PROGRAM)?)
    })
}

#[unsafe(no_mangle)]
extern "C" fn environ_sizes_get(count: u32, size: u32) -> i32 {
    serve(|_| {
        glue::write_u32(count, 0)?;
        Ok(glue::write_u32(size, 0)?)
    })
}

#[unsafe(no_mangle)]
extern "C" fn environ_get(_list: u32, _bytes: u32) -> i32 {
    serve(|_| Ok(()))
}

#[unsafe(no_mangle)]
extern "C" fn clock_res_get(clock: u32, out: u32) -> i32 {
    serve(|_| match clock {
        0..=3 => Ok(glue::write_u64(out, 1)?),
        _ => Err(Errno::Inval.into()),
    })
}

#[unsafe(no_mangle)]
extern "C" fn clock_time_get(clock: u32, _precision: u64, out: u32) -> i32 {
    serve(|state| {
        let now = match clock {
            0 => state.clock.realtime_ns(glue::wall_ns),
            // Processor time (2, 3) is not accounted: time since the start is the nearest thing.
            1..=3 => {
                let elapsed = state.elapsed_ns();
                state.clock.monotonic_ns(elapsed)
            }
            _ => return Err(Errno::Inval.into()),
        };
        Ok(glue::write_u64(out, now)?)
    })
}

#[unsafe(no_mangle)]
extern "C" fn random_get(out: u32, len: u32) -> i32 {
    serve(|state| {
        if len > MAX_RANDOM_BYTES {
            return Err(Errno::Inval.into());
        }
        state.toll.owe(RANDOM_BYTE, len);
        Ok(glue::write(out, &state.random(len as usize))?)
    })
}

#[unsafe(no_mangle)]
extern "C" fn sched_yield() -> i32 {
    serve(|_| Ok(()))
}

#[unsafe(no_mangle)]
extern "C" fn proc_exit(status: i32) {
    stop(Stop::Exit(status))
}
