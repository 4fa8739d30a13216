//! `wasi:io/poll`: how a script sleeps.

use super::{give_list, serve, words};
use crate::glue;
use crate::machine::Interpreter;
use alloc::vec::Vec;
use belljar_surface::{Call, Failure, toll};

/// The most pollables that one call may name. The C library uses one for each descriptor and one
/// for a timeout.
const MAX_POLLED: u32 = 64;

/// The most pollables there are at a time: the C library drops each when it has waited.
const MAX_POLLABLES: usize = 1024;

/// Things to wait for: when each is due, on the clock that scripts see. Handles count from 1.
#[derive(Default)]
pub(crate) struct Pollables(Vec<Option<u64>>);

impl Pollables {
    /// One that is due at a time; zero is always. Those that are never dropped share the last place.
    pub(super) fn add(&mut self, due_ns: u64) -> u32 {
        let free = self.0.iter().position(Option::is_none);
        let slot = free.unwrap_or_else(|| {
            if self.0.len() < MAX_POLLABLES {
                self.0.push(None);
            }
            self.0.len() - 1
        });
        self.0[slot] = Some(due_ns);
        slot as u32 + 1
    }

    fn due_ns(&self, handle: u32) -> u64 {
        let slot = self.0.get((handle as usize).wrapping_sub(1));
        slot.copied().flatten().unwrap_or(0)
    }

    fn remove(&mut self, handle: u32) {
        if let Some(slot) = self.0.get_mut((handle as usize).wrapping_sub(1)) {
            *slot = None;
        }
    }
}

/// Waits for one of these times; now.
fn wait(
    call: &mut Call<'_, Interpreter>,
    due_ns: impl Iterator<Item = u64>,
) -> Result<u64, Failure> {
    let now = call.monotonic_ns();
    let wait = due_ns.min().unwrap_or(0).saturating_sub(now);
    if wait == 0 {
        return Ok(now);
    }
    call.sleep(wait)?;
    // What was waited for is due, whatever the clock's last digits say.
    Ok(now.saturating_add(wait).max(call.monotonic_ns()))
}

#[unsafe(export_name = "wasi:io/poll@0.2.0#[method]pollable.block")]
extern "C" fn block(handle: u32) {
    serve(|call, pollables| {
        let due = pollables.due_ns(handle);
        wait(call, core::iter::once(due)).map(drop)
    });
}

#[unsafe(export_name = "wasi:io/poll@0.2.0#poll")]
extern "C" fn poll(list: u32, count: u32, out: u32) {
    let ready = serve(|call, pollables| {
        call.owe(toll::ITEM, count.min(MAX_POLLED));
        let mut due = Vec::new();
        for index in 0..count.min(MAX_POLLED) {
            let handle = glue::read_u32(list.wrapping_add(index * 4))?;
            due.push(pollables.due_ns(handle));
        }
        let now = wait(call, due.iter().copied())?;
        let indices = (0..).zip(due).filter(|(_, due)| *due <= now);
        Ok(indices.map(|(index, _)| index).collect::<Vec<u32>>())
    });
    give_list(out, &words(&ready), ready.len() as u32);
}

#[unsafe(export_name = "wasi:io/poll@0.2.0#[resource-drop]pollable")]
extern "C" fn drop_pollable(handle: u32) {
    serve(|_, pollables| {
        pollables.remove(handle);
        Ok(())
    });
}
