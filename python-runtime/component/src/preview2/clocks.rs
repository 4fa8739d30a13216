//! `wasi:clocks`.

use super::serve;
use crate::glue;
use belljar_surface::BadAddress;

const NS_PER_SECOND: u64 = 1_000_000_000;

#[unsafe(export_name = "wasi:clocks/monotonic-clock@0.2.0#now")]
extern "C" fn now() -> u64 {
    serve(|call, _| Ok(call.monotonic_ns()))
}

#[unsafe(export_name = "wasi:clocks/monotonic-clock@0.2.0#resolution")]
extern "C" fn resolution() -> u64 {
    1
}

#[unsafe(export_name = "wasi:clocks/monotonic-clock@0.2.0#subscribe-instant")]
extern "C" fn subscribe_instant(due_ns: u64) -> u32 {
    serve(|_, pollables| Ok(pollables.add(due_ns)))
}

#[unsafe(export_name = "wasi:clocks/monotonic-clock@0.2.0#subscribe-duration")]
extern "C" fn subscribe_duration(ns: u64) -> u32 {
    serve(|call, pollables| {
        let due = call.monotonic_ns().saturating_add(ns);
        Ok(pollables.add(due))
    })
}

#[unsafe(export_name = "wasi:clocks/wall-clock@0.2.0#now")]
extern "C" fn wall_now(out: u32) {
    serve(|call, _| {
        let ns = call.realtime_ns();
        Ok(write_datetime(out, ns)?)
    });
}

#[unsafe(export_name = "wasi:clocks/wall-clock@0.2.0#resolution")]
extern "C" fn wall_resolution(out: u32) {
    serve(|_, _| Ok(write_datetime(out, 1)?));
}

fn write_datetime(out: u32, ns: u64) -> Result<(), BadAddress> {
    glue::write_u64(out, ns / NS_PER_SECOND)?;
    // Below 2^32, as the remainder is below 10^9.
    glue::write_u32(out.wrapping_add(8), (ns % NS_PER_SECOND) as u32)
}
