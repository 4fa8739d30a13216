//! Hearing what a script gives while it runs.

use belljar_contract::DisplayItem;
use belljar_engine::{Cause, Stream};
use std::sync::Arc;

/// Hears what a script gives, from the thread that runs it. It may keep the script waiting until
/// somebody has read what it gave; an error is the cause for which the script was stopped meanwhile.
pub type Listener = Arc<dyn Fn(Heard<'_>) -> Result<(), Cause> + Send + Sync>;

/// Something that a script gives, where it happens.
#[derive(Debug, Clone, Copy)]
pub enum Heard<'a> {
    /// It writes to a stream: bytes, which may end in the middle of a character.
    Output(Stream, &'a [u8]),
    /// It displays something.
    Display(&'a DisplayItem),
}
