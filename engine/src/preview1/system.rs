//! Arguments, environment, clocks, random bytes, exit.

use super::errno::Errno;
use super::{Failure, MODULE, serve};
use crate::toll::RANDOM_BYTE;
use crate::{Door, Guest, GuestMemory, Stop};
use wasmtime::{Caller, Linker};

/// The interpreter's own command line. A script's arguments come with its request.
const PROGRAM: &str = "python";

/// The most random bytes a call gives. wasi-libc asks for 256 at a time.
pub(super) const MAX_RANDOM_BYTES: u32 = 64 << 10;

pub(super) fn add_to_linker<D: Door>(linker: &mut Linker<Guest<D>>) -> wasmtime::Result<()> {
    type C<'a, D> = Caller<'a, Guest<D>>;
    linker.func_wrap(
        MODULE,
        "args_sizes_get",
        |mut c: C<'_, D>, count: u32, size: u32| {
            serve(&mut c, |memory, _| {
                list_sizes(memory, &[PROGRAM.to_owned()], count, size)
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "args_get",
        |mut c: C<'_, D>, list: u32, bytes: u32| {
            serve(&mut c, |memory, _| {
                list_get(memory, &[PROGRAM.to_owned()], list, bytes)
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "environ_sizes_get",
        |mut c: C<'_, D>, count: u32, size: u32| {
            serve(&mut c, |memory, guest| {
                list_sizes(memory, &guest.environment, count, size)
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "environ_get",
        |mut c: C<'_, D>, list: u32, bytes: u32| {
            serve(&mut c, |memory, guest| {
                list_get(memory, &guest.environment, list, bytes)
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "clock_res_get",
        |mut c: C<'_, D>, clock: u32, out: u32| {
            serve(&mut c, |memory, _| match clock {
                0..=3 => Ok(memory.write_u64(out, 1)?),
                _ => Err(Errno::Inval.into()),
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "clock_time_get",
        |mut c: C<'_, D>, clock: u32, _precision: u64, out: u32| {
            serve(&mut c, |memory, guest| {
                clock_time_get(memory, guest, clock, out)
            })
        },
    )?;
    linker.func_wrap(
        MODULE,
        "random_get",
        |mut c: C<'_, D>, out: u32, len: u32| {
            serve(&mut c, |memory, guest| random_get(memory, guest, out, len))
        },
    )?;
    linker.func_wrap(MODULE, "sched_yield", |mut c: C<'_, D>| {
        serve(&mut c, |_, _| Ok(()))
    })?;
    linker.func_wrap(
        MODULE,
        "proc_exit",
        |_: C<'_, D>, status: i32| -> wasmtime::Result<()> {
            Err(wasmtime::Error::new(Stop::Exit(status)))
        },
    )?;
    Ok(())
}

fn list_sizes(
    memory: &mut GuestMemory<'_>,
    list: &[String],
    count: u32,
    size: u32,
) -> Result<(), Failure> {
    let bytes: usize = list.iter().map(|item| item.len() + 1).sum();
    memory.write_u32(count, u32::try_from(list.len()).map_err(|_| Errno::Inval)?)?;
    memory.write_u32(size, u32::try_from(bytes).map_err(|_| Errno::Inval)?)?;
    Ok(())
}

/// Neither list is the script's: they are a few words, the same for everybody.
fn list_get(
    memory: &mut GuestMemory<'_>,
    list: &[String],
    mut pointers: u32,
    mut bytes: u32,
) -> Result<(), Failure> {
    for item in list {
        memory.write_u32(pointers, bytes)?;
        memory.write(bytes, item.as_bytes())?;
        let len = u32::try_from(item.len()).map_err(|_| Errno::Inval)?;
        memory.write(bytes.checked_add(len).ok_or(Errno::Fault)?, &[0])?;
        bytes = bytes.checked_add(len + 1).ok_or(Errno::Fault)?;
        pointers = pointers.checked_add(4).ok_or(Errno::Fault)?;
    }
    Ok(())
}

fn clock_time_get<D: Door>(
    memory: &mut GuestMemory<'_>,
    guest: &mut Guest<D>,
    clock: u32,
    out: u32,
) -> Result<(), Failure> {
    let now = match clock {
        0 => guest.clock.realtime_ns(),
        // Processor time (2, 3) is not accounted: time since the start is the nearest thing.
        1..=3 => guest.clock.monotonic_ns(),
        _ => return Err(Errno::Inval.into()),
    };
    Ok(memory.write_u64(out, now)?)
}

fn random_get<D: Door>(
    memory: &mut GuestMemory<'_>,
    guest: &mut Guest<D>,
    out: u32,
    len: u32,
) -> Result<(), Failure> {
    if len > MAX_RANDOM_BYTES {
        return Err(Errno::Inval.into());
    }
    guest.toll.owe(RANDOM_BYTE, len as usize);
    guest.entropy.fill(memory.slice_mut(out, len)?);
    Ok(())
}
