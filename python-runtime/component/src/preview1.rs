//! `wasi_snapshot_preview1` as exports: the [surface](belljar_surface) over the interpreter, with the
//! same answers and prices as natively (`engine/src/preview1.rs`).

use crate::machine::Interpreter;
use crate::run::{State, stop};
use belljar_surface::{Call, Errno, Failure, Stop};

/// Exports the functions of the surface's list.
macro_rules! export {
    ($($name:ident($($argument:ident: $type:ty),*);)+) => {
        $(#[unsafe(no_mangle)]
        extern "C" fn $name($($argument: $type),*) -> i32 {
            serve(|call| call.$name($($argument),*))
        })+
    };
}

belljar_surface::preview1!(export);

#[unsafe(no_mangle)]
extern "C" fn proc_exit(status: i32) {
    stop(Stop::Exit(status))
}

/// One call of the interpreter's: it is answered and paid for, and then looks at the clock.
fn serve(call: impl FnOnce(&mut Call<'_, Interpreter>) -> Result<(), Failure>) -> i32 {
    let Some(state) = State::current() else {
        return Errno::Badf as i32;
    };
    let served = state.surface.serve(&mut state.interpreter, call);
    match served.and_then(|served| state.settle(served.price).map(|()| served.errno)) {
        Ok(errno) => errno,
        Err(reason) => stop(reason),
    }
}
