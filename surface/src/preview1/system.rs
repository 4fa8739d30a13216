//! Arguments, environment, clocks, random bytes.

use crate::{Call, Errno, Failure, Machine};

/// The interpreter's own command line. A script's arguments come with its request.
const ARGUMENTS: [&str; 1] = ["python"];

/// The most random bytes a call gives. wasi-libc asks for 256 at a time.
pub(crate) const MAX_RANDOM_BYTES: u32 = 64 << 10;

/// The largest number of a clock: wall, monotonic, and two of processor time.
const LAST_CLOCK: u32 = 3;

impl<M: Machine> Call<'_, M> {
    /// `args_sizes_get`: the number of arguments and of their bytes.
    pub fn args_sizes_get(&mut self, count: u32, size: u32) -> Result<(), Failure> {
        write_sizes(self.machine, &ARGUMENTS, count, size)
    }

    /// `args_get`: the arguments.
    pub fn args_get(&mut self, pointers: u32, bytes: u32) -> Result<(), Failure> {
        write_list(self.machine, &ARGUMENTS, pointers, bytes)
    }

    /// `environ_sizes_get`: the number of variables and of their bytes.
    pub fn environ_sizes_get(&mut self, count: u32, size: u32) -> Result<(), Failure> {
        write_sizes(self.machine, &self.surface.environment, count, size)
    }

    /// `environ_get`: the variables.
    pub fn environ_get(&mut self, pointers: u32, bytes: u32) -> Result<(), Failure> {
        write_list(self.machine, &self.surface.environment, pointers, bytes)
    }

    /// `clock_res_get`: a nanosecond.
    pub fn clock_res_get(&mut self, clock: u32, out: u32) -> Result<(), Failure> {
        check_clock(clock)?;
        Ok(self.machine.write_u64(out, 1)?)
    }

    /// `clock_time_get`: the time on a clock.
    pub fn clock_time_get(&mut self, clock: u32, _: u64, out: u32) -> Result<(), Failure> {
        let now = self.now_ns(clock)?;
        Ok(self.machine.write_u64(out, now)?)
    }

    /// The time on a clock, by its number.
    pub(super) fn now_ns(&mut self, clock: u32) -> Result<u64, Errno> {
        match clock {
            0 => Ok(self.realtime_ns()),
            // Processor time (2, 3) is not accounted: time since the start is the nearest thing.
            1..=LAST_CLOCK => Ok(self.monotonic_ns()),
            _ => Err(Errno::Inval),
        }
    }

    /// `random_get`: random bytes. More than a call gives are refused, because there is no way to say
    /// how many there are.
    pub fn random_get(&mut self, out: u32, len: u32) -> Result<(), Failure> {
        if len > MAX_RANDOM_BYTES {
            return Err(Errno::Inval.into());
        }
        self.fill_random(out, len)
    }

    /// `sched_yield`: there is nobody to yield to.
    pub fn sched_yield(&mut self) -> Result<(), Failure> {
        Ok(())
    }
}

/// Checks that there is such a clock.
pub(super) fn check_clock(clock: u32) -> Result<(), Errno> {
    if clock > LAST_CLOCK {
        return Err(Errno::Inval);
    }
    Ok(())
}

fn write_sizes(
    machine: &mut impl Machine,
    list: &[impl AsRef<str>],
    count: u32,
    size: u32,
) -> Result<(), Failure> {
    let bytes: usize = list.iter().map(|item| item.as_ref().len() + 1).sum();
    machine.write_u32(count, u32::try_from(list.len()).map_err(|_| Errno::Inval)?)?;
    Ok(machine.write_u32(size, u32::try_from(bytes).map_err(|_| Errno::Inval)?)?)
}

/// Neither list is the script's: they are a few words, the same for everybody.
fn write_list(
    machine: &mut impl Machine,
    list: &[impl AsRef<str>],
    mut pointers: u32,
    mut bytes: u32,
) -> Result<(), Failure> {
    for item in list {
        let text = item.as_ref().as_bytes();
        let len = u32::try_from(text.len()).map_err(|_| Errno::Inval)?;
        machine.write_u32(pointers, bytes)?;
        machine.write(bytes, text)?;
        machine.write(bytes.checked_add(len).ok_or(Errno::Fault)?, &[0])?;
        bytes = bytes.checked_add(len + 1).ok_or(Errno::Fault)?;
        pointers = pointers.checked_add(4).ok_or(Errno::Fault)?;
    }
    Ok(())
}
