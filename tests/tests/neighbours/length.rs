//! The length of the suite.

use std::time::Duration;

/// The time that each part of a test takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Length {
    /// Before the attack, for comparison.
    pub(crate) quiet: Duration,
    /// During the attack, if that has no reason of its own for longer.
    pub(crate) attack: Duration,
    /// `true` if every hostile script has a turn, with all that it asks for.
    pub(crate) whole: bool,
}

/// By `BELLJAR_NEIGHBOURS`: `full`, or short.
pub(crate) fn length() -> Length {
    match std::env::var("BELLJAR_NEIGHBOURS").as_deref() {
        Ok("full") => Length {
            quiet: Duration::from_millis(1500),
            attack: Duration::from_secs(3),
            whole: true,
        },
        Ok("") | Err(_) => Length {
            quiet: Duration::from_millis(1000),
            attack: Duration::from_millis(1500),
            whole: false,
        },
        Ok(other) => panic!("BELLJAR_NEIGHBOURS is `full` or not set, not {other:?}"),
    }
}
