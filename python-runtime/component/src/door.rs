//! `host.call`: where the harness hands over its answer. The small edition's door has no response.

use crate::glue;
use crate::run::{State, stop};
use belljar_contract::{AnswerTooLarge, Taken, Wanted, door};
use belljar_surface::{Machine, Stop, toll};

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
    if let (Ok([door::EXIT]), Ok(status)) = (
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

/// Takes one message. One that is too large is not even copied.
fn take(address: u32, len: u32) -> Result<bool, Stop> {
    let (Some(state), Some(content_len)) = (State::current(), len.checked_sub(1)) else {
        return Ok(false);
    };
    let Ok([kind]) = glue::read_array(address) else {
        return Ok(false);
    };
    let delivery = &mut state.delivery;
    match delivery
        .expect(kind, content_len as usize)
        .map_err(too_large)?
    {
        Wanted::Nothing => return Ok(true),
        Wanted::Refused => return Ok(false),
        Wanted::Content => {}
    }
    let Ok(content) = glue::read(address.wrapping_add(1), content_len) else {
        if kind == door::DISPLAY {
            delivery.display.cut();
        }
        return Ok(kind == door::DISPLAY);
    };
    let taken = delivery.take(kind, content).map_err(too_large)?;
    Ok(taken != Taken::Refused)
}

fn too_large(answer: AnswerTooLarge) -> Stop {
    Stop::AnswerTooLarge(answer.bytes)
}
