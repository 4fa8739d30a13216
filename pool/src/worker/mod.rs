//! The worker: a child process in which scripts run.
//!
//! A worker is the same binary, started by the [pool](crate::pool) with one end of a socket pair as
//! its standard input and nothing else of its parent's: no environment, no open files but standard
//! error. Its life:
//!
//! 1. [`process::main`] reads the first frame, which says which image to load and how many
//!    sandboxes to make.
//! 2. It loads the image, and then gives up what it no longer needs: see [`confine`].
//! 3. Its threads read programs from the socket, run them, each in a fresh sandbox, and write the
//!    outcomes back: see [`serve`], and [`leaders`] for which of them reads; while a script sleeps, its
//!    [`place`] is another's. One more thread tells what scripts
//!    give while they run, of those that somebody listens to: see [`telling`].
//! 4. It ends when the socket does, that is with its parent.
//!
//! [`protocol`] has the messages, [`frame`] how they are delimited, [`wire`] and [`wire_events`] what
//! is in them; the parent uses them too.

mod confine;
mod crew;
mod few;
pub(crate) mod frame;
mod leaders;
#[cfg(test)]
mod leaders_simulation;
mod place;
mod probe;
mod process;
pub(crate) mod protocol;
mod serve;
mod telling;
mod unsent;
pub(crate) mod wire;
pub(crate) mod wire_events;

pub use process::main;
