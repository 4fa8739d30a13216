//! Environment, random bytes, exit; and what the interpreter's own build asks of its host.

use super::{allocate, give_list, serve};
use crate::glue;
use crate::run::stop;
use belljar_surface::Stop;

/// The most random bytes that a call gives, which must give as many as are asked for: more is a
/// script's mistake, and the memory for it is taken twice.
const MAX_RANDOM_BYTES: u64 = 1 << 20;

#[unsafe(export_name = "wasi:random/random@0.2.0#get-random-bytes")]
extern "C" fn get_random_bytes(len: u64, out: u32) {
    if len > MAX_RANDOM_BYTES {
        glue::stop()
    }
    let len = len as u32;
    let address = allocate(len as usize);
    serve(|call, _| {
        call.fill_random(address, len)?;
        glue::write_u32(out, address)?;
        Ok(glue::write_u32(out.wrapping_add(4), len)?)
    });
}

/// A script's environment and arguments come with its request.
#[unsafe(export_name = "wasi:cli/environment@0.2.0#get-environment")]
extern "C" fn get_environment(out: u32) {
    give_list(out, &[], 0);
}

#[unsafe(export_name = "wasi:cli/environment@0.2.0#get-arguments")]
extern "C" fn get_arguments(out: u32) {
    give_list(out, &[], 0);
}

/// `result`: 0 is success. A status of its own comes through the door: see `door.rs`.
#[unsafe(export_name = "wasi:cli/exit@0.2.0#exit")]
extern "C" fn exit(status: i32) {
    stop(Stop::Exit(i32::from(status != 0)))
}

/// The module that stands between preview 1 and 0.2 elsewhere keeps a state; there is none here.
#[unsafe(export_name = "wasi_snapshot_preview1#reset_adapter_state")]
extern "C" fn reset_adapter_state() {}
