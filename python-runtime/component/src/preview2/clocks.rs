//! `wasi:clocks`.

use super::serve;
use crate::glue;

const NS_PER_SECOND: u64 = 1_000_000_000;

#[unsafe(export_name = "wasi:clocks/monotonic-clock@0.2.0#now")]
extern "C" fn now() -> u64 {
    serve(|state| Ok(state.script_ns()))
}

#[unsafe(export_name = "wasi:clocks/monotonic-clock@0.2.0#resolution")]
extern "C" fn resolution() -> u64 {
    1
}

#[unsafe(export_name = "wasi:clocks/monotonic-clock@0.2.0#subscribe-instant")]
extern "C" fn subscribe_instant(due_ns: u64) -> u32 {
    serve(|state| Ok(state.pollables.add(due_ns)))
}

#[unsafe(export_name = "wasi:clocks/monotonic-clock@0.2.0#subscribe-duration")]
extern "C" fn subscribe_duration(ns: u64) -> u32 {
    serve(|state| {
        let due = state.script_ns().saturating_add(ns);
        Ok(state.pollables.add(due))
    })
}

#[unsafe(export_name = "wasi:clocks/wall-clock@0.2.0#now")]
extern "C" fn wall_now(out: u32) {
    serve(|state| {
        let ns = state.clock.realtime_ns(glue::wall_ns);
        Ok(write_datetime(out, ns)?)
    });
}

#[unsafe(export_name = "wasi:clocks/wall-clock@0.2.0#resolution")]
extern "C" fn wall_resolution(out: u32) {
    serve(|_| Ok(write_datetime(out, 1)?));
}

fn write_datetime(out: u32, ns: u64) -> Result<(), glue::BadAddress> {
    glue::write_u64(out, ns / NS_PER_SECOND)?;
    // Below 2^32, as the remainder is below 10^9.
    glue::write_u32(out.wrapping_add(8), (ns % NS_PER_SECOND) as u32)
}
