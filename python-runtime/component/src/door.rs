//! `host.call`: where the harness hands over its answer. The small edition's door has no response.

use crate::glue;
use crate::run::{Answer, State, stop};
use crate::shown::{HEADER_BYTES, ITEM_BYTES};
use belljar_surface::{Machine, Stop, toll};

/// Room for a fault's message and traceback; the harness cuts them far below.
pub(crate) const FAULT_BYTES: u64 = 1 << 20;

const VALUE: u8 = 1;
const FAULT: u8 = 2;
const EXITED: u8 = 3;
const DISPLAY: u8 = 4;
const DISPLAY_CUT: u8 = 5;

/// The small edition's `os._exit`: WASI 0.2 has no status but success and failure.
const EXIT: u8 = 6;

/// Our code for "the host does not answer this".
const REFUSED: i32 = -2;

/// Takes at most one answer; a later one replaces it.
#[unsafe(export_name = "host.call")]
extern "C" fn call(address: u32, len: u32, out_address: u32, out_len: u32) -> i32 {
    match serve(address, len) {
        // The answer to an answer is empty: no buffer is needed.
        Ok(true) => {
            let written = glue::write_u32(out_address, 0).and(glue::write_u32(out_len, 0));
            if written.is_ok() { 0 } else { REFUSED }
        }
        Ok(false) => REFUSED,
        Err(reason) => stop(reason),
    }
}

#[unsafe(export_name = "belljar:interpreter/door#call")]
extern "C" fn call_without_response(address: u32, len: u32) {
    if let (Ok([EXIT]), Ok(status)) = (
        glue::read_array(address),
        glue::read_array(address.wrapping_add(1)),
    ) && len == 5
    {
        stop(Stop::Exit(i32::from_le_bytes(status)))
    }
    // What is no answer leaves the run without one.
    if let Err(reason) = serve(address, len) {
        stop(reason)
    }
}

/// Takes what comes, and then its price.
fn serve(address: u32, len: u32) -> Result<bool, Stop> {
    let taken = take(address, len)?;
    if let Some(state) = State::current() {
        state.settle(toll::of_door(len, state.interpreter.memory_bytes()))?;
    }
    Ok(taken)
}

fn take(address: u32, len: u32) -> Result<bool, Stop> {
    let (Some(state), Some(content_len)) = (State::current(), len.checked_sub(1)) else {
        return Ok(false);
    };
    let Ok([kind]) = glue::read_array(address) else {
        return Ok(false);
    };
    if kind == DISPLAY || kind == DISPLAY_CUT {
        show(state, kind, address, content_len);
        return Ok(true);
    }
    let limit = if kind == VALUE {
        state.result_bytes
    } else {
        FAULT_BYTES
    };
    if u64::from(content_len) > limit {
        return Err(Stop::AnswerTooLarge(content_len as usize));
    }
    let make = match kind {
        VALUE => Answer::Value,
        FAULT => Answer::Fault,
        EXITED => Answer::Exited,
        _ => return Ok(false),
    };
    let Ok(content) = glue::read(address.wrapping_add(1), content_len) else {
        return Ok(false);
    };
    state.answer = Some(make(content));
    Ok(true)
}

/// Takes what a script displays. What is too large is not even copied.
fn show(state: &mut State, kind: u8, address: u32, len: u32) {
    let fits = len as usize <= ITEM_BYTES + HEADER_BYTES;
    let content = (kind == DISPLAY && fits)
        .then(|| glue::read(address.wrapping_add(1), len).ok())
        .flatten();
    match content {
        Some(content) => state.shown.take(&content),
        None => state.shown.is_cut = true,
    }
}
