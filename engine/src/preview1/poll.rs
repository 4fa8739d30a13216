//! `poll_oneoff`: how a guest sleeps.

use super::errno::Errno;
use super::{Failure, MODULE, serve};
use crate::toll::{ITEM, SLEEP};
use crate::{Door, Guest, GuestMemory, Stop};
use std::time::Duration;
use wasmtime::{Caller, Linker};

/// The most subscriptions of one call. The interpreter uses one or two.
const MAX_SUBSCRIPTIONS: u32 = 64;

const SUBSCRIPTION_BYTES: u32 = 48;
const EVENT_BYTES: u32 = 32;
const ABSOLUTE: u16 = 1;

pub(super) fn add_to_linker<D: Door>(linker: &mut Linker<Guest<D>>) -> wasmtime::Result<()> {
    linker.func_wrap(
        MODULE,
        "poll_oneoff",
        |mut caller: Caller<'_, Guest<D>>, subscriptions, events, count, out| {
            serve(&mut caller, |memory, guest| {
                poll_oneoff(memory, guest, subscriptions, events, count, out)
            })
        },
    )?;
    Ok(())
}

/// One thing a guest waits for.
struct Subscription {
    userdata: [u8; 8],
    kind: u8,
    /// How long from now; zero for a stream, which is always ready.
    wait: Duration,
}

fn poll_oneoff<D: Door>(
    memory: &mut GuestMemory<'_>,
    guest: &mut Guest<D>,
    subscriptions: u32,
    events: u32,
    count: u32,
    out: u32,
) -> Result<(), Failure> {
    if count == 0 || count > MAX_SUBSCRIPTIONS {
        return Err(Errno::Inval.into());
    }
    guest.toll.owe(ITEM, count as usize);
    let mut waiting = Vec::with_capacity(count as usize);
    for index in 0..count {
        let address = subscriptions
            .checked_add(index * SUBSCRIPTION_BYTES)
            .ok_or(Errno::Fault)?;
        waiting.push(read_subscription(memory, guest, address)?);
    }
    let shortest = waiting.iter().map(|one| one.wait).min().unwrap_or_default();
    if !shortest.is_zero() {
        guest.toll.owe(SLEEP, 1);
        let slept = match guest.clock.pass_virtually(shortest) {
            Some(passed) => passed,
            None => guest.interrupt.sleep(shortest, memory.0.len()),
        };
        slept.map_err(Stop::Interrupted)?;
    }
    let mut written = 0;
    for one in waiting.iter().filter(|one| one.wait <= shortest) {
        let address = events
            .checked_add(written * EVENT_BYTES)
            .ok_or(Errno::Fault)?;
        let mut event = [0; EVENT_BYTES as usize];
        event[..8].copy_from_slice(&one.userdata);
        event[10] = one.kind;
        memory.write(address, &event)?;
        written += 1;
    }
    memory.write_u32(out, written)?;
    Ok(())
}

fn read_subscription<D: Door>(
    memory: &GuestMemory<'_>,
    guest: &mut Guest<D>,
    address: u32,
) -> Result<Subscription, Failure> {
    let raw: [u8; SUBSCRIPTION_BYTES as usize] = memory.read(address)?;
    let u64_at = |at: usize| {
        raw[at..]
            .first_chunk()
            .map_or(0, |bytes| u64::from_le_bytes(*bytes))
    };
    let userdata = u64_at(0).to_le_bytes();
    let kind = raw[8];
    let wait = match kind {
        0 => {
            let timeout = u64_at(24);
            let absolute = u16::from_le_bytes([raw[40], raw[41]]) & ABSOLUTE != 0;
            let now = match (absolute, raw[16]) {
                (false, _) => 0,
                (true, 0) => guest.clock.realtime_ns(),
                (true, _) => guest.clock.monotonic_ns(),
            };
            Duration::from_nanos(timeout.saturating_sub(now))
        }
        1 | 2 => Duration::ZERO,
        _ => return Err(Errno::Inval.into()),
    };
    Ok(Subscription {
        userdata,
        kind,
        wait,
    })
}
