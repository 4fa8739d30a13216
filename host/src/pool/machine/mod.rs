//! The pool's decisions: pure machines, which get the time and what has happened, and answer with what
//! is to be done.
//!
//! Nothing in here waits, reads a clock, or knows a socket, a process or an event loop. So the same
//! machines run in a server, driven by the shell around them (`pool::driver`, `pool::talk`), and
//! in the simulation (`pool::simulation`), where a seed says when workers die, clients leave, frames are
//! late and the clock stands still.
//!
//! - [`Scheduler`] decides who runs where and when, for the whole pool. `submitting`, `dispatching`, `hearing`,
//!   `ending`, `telling`, `parking`, `losing`, `watching` are what it does, a file for each; `queue`,
//!   `clients`, `running` and `room` are what it keeps; `invariants` is what must always be true of that.
//! - [`Action`] is what it wants done.
//! - [`Life`] is the conversation with one worker, from its start to its [`End`].
//! - [`Slot`] decides when the next worker is started in the place of one that ended.
//! - [`Outbox`] holds the bytes that a connection has not taken yet.
//! - [`Renewal`] decides when a worker is replaced for the memory that it keeps.

mod action;
mod allowance;
mod answer;
mod backoff;
mod clients;
mod dispatching;
mod end;
mod ending;
mod hearing;
mod hearsay;
mod invariants;
mod lie;
mod life;
mod losing;
mod outbox;
mod parking;
mod queue;
mod renewal;
mod room;
mod rules;
mod running;
mod scheduler;
mod slot;
mod submitting;
mod telling;
#[cfg(test)]
mod tests;
mod waiting;
mod watching;

pub(crate) use action::Action;
pub(crate) use answer::Answer;
pub(crate) use end::End;
pub(crate) use hearsay::{CHARACTERS, hearsay};
pub(crate) use life::{Heard, LOOK, Life, Look};
#[cfg(test)]
pub(crate) use losing::Loss;
pub(crate) use outbox::Outbox;
pub(crate) use renewal::Renewal;
pub(crate) use rules::Rules;
pub(crate) use running::Worker;
pub(crate) use scheduler::Scheduler;
pub(crate) use slot::{Next, Slot};
pub(crate) use submitting::Place;
pub(crate) use telling::believed;
pub(crate) use waiting::Submission;
