//! Arguments, environment, clocks, random bytes, exit.

use super::errno::Errno;
use super::{Failure, MODULE, finish};
use crate::{Door, Guest, Stop};
use wasmtime::{Caller, Linker};

/// The interpreter's own command line. A script's arguments come with its request.
const PROGRAM: &str = "python";

/// The most random bytes a call gives: a guest that asks for gigabytes must not hold the host's
/// thread beyond the reach of its deadline. wasi-libc asks again for the rest.
const MAX_RANDOM_BYTES: u32 = 1 << 20;

pub(super) fn add_to_linker<D: Door>(linker: &mut Linker<Guest<D>>) -> wasmtime::Result<()> {
    linker.func_wrap(
        MODULE,
        "args_sizes_get",
        |mut caller: Caller<'_, Guest<D>>, count, size| {
            finish(list_sizes(
                &mut caller,
                |_| vec![PROGRAM.to_owned()],
                count,
                size,
            ))
        },
    )?;
    linker.func_wrap(
        MODULE,
        "args_get",
        |mut caller: Caller<'_, Guest<D>>, list, bytes| {
            finish(list_get(
                &mut caller,
                |_| vec![PROGRAM.to_owned()],
                list,
                bytes,
            ))
        },
    )?;
    linker.func_wrap(
        MODULE,
        "environ_sizes_get",
        |mut caller: Caller<'_, Guest<D>>, count, size| {
            finish(list_sizes(
                &mut caller,
                |guest| guest.environment.clone(),
                count,
                size,
            ))
        },
    )?;
    linker.func_wrap(
        MODULE,
        "environ_get",
        |mut caller: Caller<'_, Guest<D>>, list, bytes| {
            finish(list_get(
                &mut caller,
                |guest| guest.environment.clone(),
                list,
                bytes,
            ))
        },
    )?;
    linker.func_wrap(MODULE, "clock_res_get", clock_res_get)?;
    linker.func_wrap(MODULE, "clock_time_get", clock_time_get)?;
    linker.func_wrap(MODULE, "random_get", random_get)?;
    linker.func_wrap(MODULE, "sched_yield", |_: Caller<'_, Guest<D>>| 0_i32)?;
    linker.func_wrap(
        MODULE,
        "proc_exit",
        |_: Caller<'_, Guest<D>>, status: i32| -> wasmtime::Result<()> {
            Err(wasmtime::Error::new(Stop::Exit(status)))
        },
    )?;
    Ok(())
}

fn list_sizes<D: Door>(
    caller: &mut Caller<'_, Guest<D>>,
    list: impl Fn(&Guest<D>) -> Vec<String>,
    count: u32,
    size: u32,
) -> Result<(), Failure> {
    let (mut memory, guest) = Guest::split(caller);
    let list = list(guest);
    let bytes: usize = list.iter().map(|item| item.len() + 1).sum();
    memory.write_u32(count, u32::try_from(list.len()).map_err(|_| Errno::Inval)?)?;
    memory.write_u32(size, u32::try_from(bytes).map_err(|_| Errno::Inval)?)?;
    Ok(())
}

fn list_get<D: Door>(
    caller: &mut Caller<'_, Guest<D>>,
    list: impl Fn(&Guest<D>) -> Vec<String>,
    mut pointers: u32,
    mut bytes: u32,
) -> Result<(), Failure> {
    let (mut memory, guest) = Guest::split(caller);
    for item in list(guest) {
        memory.write_u32(pointers, bytes)?;
        memory.write(bytes, item.as_bytes())?;
        let len = u32::try_from(item.len()).map_err(|_| Errno::Inval)?;
        memory.write(bytes.checked_add(len).ok_or(Errno::Fault)?, &[0])?;
        bytes = bytes.checked_add(len + 1).ok_or(Errno::Fault)?;
        pointers = pointers.checked_add(4).ok_or(Errno::Fault)?;
    }
    Ok(())
}

fn clock_res_get<D: Door>(
    mut caller: Caller<'_, Guest<D>>,
    clock: u32,
    out: u32,
) -> wasmtime::Result<i32> {
    let (mut memory, _) = Guest::split(&mut caller);
    finish(match clock {
        0..=3 => memory.write_u64(out, 1).map_err(Failure::from),
        _ => Err(Errno::Inval.into()),
    })
}

fn clock_time_get<D: Door>(
    mut caller: Caller<'_, Guest<D>>,
    clock: u32,
    _precision: u64,
    out: u32,
) -> wasmtime::Result<i32> {
    let (mut memory, guest) = Guest::split(&mut caller);
    let now = match clock {
        0 => guest.clock.realtime_ns(),
        // Processor time (2, 3) is not accounted: time since the start is the nearest thing.
        1..=3 => guest.clock.monotonic_ns(),
        _ => return finish(Err(Errno::Inval.into())),
    };
    finish(memory.write_u64(out, now).map_err(Failure::from))
}

fn random_get<D: Door>(
    mut caller: Caller<'_, Guest<D>>,
    out: u32,
    len: u32,
) -> wasmtime::Result<i32> {
    let (mut memory, guest) = Guest::split(&mut caller);
    finish((|| {
        if len > MAX_RANDOM_BYTES {
            return Err(Errno::Inval.into());
        }
        guest.entropy.fill(memory.slice_mut(out, len)?);
        Ok(())
    })())
}
