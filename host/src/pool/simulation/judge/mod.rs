//! The judge of a simulation: keeps books of its own, from what it sees go in and out, and holds the
//! scheduler to what is promised.
//!
//! - Everything that was accepted is answered once, with its own outcome, or forgotten because whoever
//!   asked left before it ran.
//! - A place goes to whose client holds least; clients that hold the same take turns; a client's own
//!   are served in their order. Nobody has three times as many places as are free, and no place stays
//!   free that somebody may have.
//! - What sleeps gives up its place, within bounds, and gets one like anything else.
//! - What lost its worker without having given anything is executed again, before its client's others;
//!   after the second time alone; and is blamed only when it was alone with the last of several.
//! - Nothing is said not to be stoppable that can be stopped, and no worker is ended without a reason.
//!
//! `books` is what it keeps, `turns` judges who gets a place, `fates` what becomes of those whose
//! worker is lost, `verdicts` the answers.

mod books;
mod fates;
mod turns;
mod verdicts;

pub(super) use books::{Books, Standing, Tally};
