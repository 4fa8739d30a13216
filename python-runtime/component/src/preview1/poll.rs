//! `poll_oneoff`: how a script sleeps.

use super::errno::Errno;
use super::{Failure, serve};
use crate::glue;
use crate::run::State;
use crate::toll::{ITEM, SLEEP};
use alloc::vec::Vec;

/// The most subscriptions of one call. The interpreter uses one or two.
const MAX_SUBSCRIPTIONS: u32 = 64;

const SUBSCRIPTION_BYTES: u32 = 48;
const EVENT_BYTES: u32 = 32;
const ABSOLUTE: u8 = 1;

/// One thing a script waits for.
struct Subscription {
    userdata: [u8; 8],
    kind: u8,
    /// How long from now; zero for a stream, which is always ready.
    wait_ns: u64,
}

#[unsafe(no_mangle)]
extern "C" fn poll_oneoff(subscriptions: u32, events: u32, count: u32, out: u32) -> i32 {
    serve(|state| {
        if count == 0 || count > MAX_SUBSCRIPTIONS {
            return Err(Errno::Inval.into());
        }
        state.toll.owe(ITEM, count);
        let mut waiting = Vec::with_capacity(count as usize);
        for index in 0..count {
            let address = subscriptions
                .checked_add(index * SUBSCRIPTION_BYTES)
                .ok_or(Errno::Fault)?;
            waiting.push(subscription(state, address)?);
        }
        let shortest = waiting.iter().map(|one| one.wait_ns).min().unwrap_or(0);
        if shortest > 0 {
            state.toll.owe(SLEEP, 1);
            state.pass(shortest)?;
        }
        let mut written = 0;
        for one in waiting.iter().filter(|one| one.wait_ns <= shortest) {
            let address = events
                .checked_add(written * EVENT_BYTES)
                .ok_or(Errno::Fault)?;
            let mut event = [0; EVENT_BYTES as usize];
            event[..8].copy_from_slice(&one.userdata);
            event[10] = one.kind;
            glue::write(address, &event)?;
            written += 1;
        }
        Ok(glue::write_u32(out, written)?)
    })
}

fn subscription(state: &mut State, address: u32) -> Result<Subscription, Failure> {
    let raw: [u8; SUBSCRIPTION_BYTES as usize] = glue::read_array(address)?;
    let eight = |at: usize| raw[at..].first_chunk::<8>().copied().unwrap_or_default();
    let kind = raw[8];
    let wait_ns = match kind {
        0 => {
            let now = match (raw[40] & ABSOLUTE != 0, raw[16]) {
                (false, _) => 0,
                (true, 0) => state.clock.realtime_ns(glue::wall_ns),
                (true, _) => {
                    let elapsed = state.elapsed_ns();
                    state.clock.monotonic_ns(elapsed)
                }
            };
            u64::from_le_bytes(eight(24)).saturating_sub(now)
        }
        1 | 2 => 0,
        _ => return Err(Errno::Inval.into()),
    };
    Ok(Subscription {
        userdata: eight(0),
        kind,
        wait_ns,
    })
}
