//! What a running script gives, for whoever wants it before the end.

use crate::DisplayItem;
use belljar_engine::Stream;
use std::sync::Arc;

/// Something that a script gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It wrote to stdout: bytes, which may end in the middle of a character. None at all come once,
    /// as the first event, when the script has got its sandbox.
    Stdout(Vec<u8>),
    /// It wrote to stderr, likewise.
    Stderr(Vec<u8>),
    /// It displayed something.
    Display(DisplayItem),
}

/// Hears what a script gives, from the thread that runs it: it must not wait for long.
pub(crate) type Listener = Arc<dyn Fn(Heard<'_>) + Send + Sync>;

/// An event where it happens.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Heard<'a> {
    Output(Stream, &'a [u8]),
    Display(&'a DisplayItem),
}
