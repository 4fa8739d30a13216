//! Scripts of attacks, as programs.

use super::field::{run, streamed};
use super::{blame, frames, hogs, sleepers, streams, told, unstoppable};
use serde_json::{Value, json};

/// A script that aims at others, for `POST /run`.
#[derive(Debug, Clone, Copy)]
pub struct Malice {
    /// The name: a word for what it aims at.
    pub name: &'static str,
    /// The program.
    pub script: &'static str,
    /// Its limit of time.
    pub timeout_ms: u32,
}

impl Malice {
    /// As it is sent.
    pub fn request(&self) -> Vec<u8> {
        run(&self.body())
    }

    /// The same for an answer that comes while it runs.
    pub fn streamed(&self) -> Vec<u8> {
        streamed(&self.body())
    }

    /// The body of the request.
    pub fn body(&self) -> Value {
        json!({ "script": self.script, "limits": { "timeout_ms": self.timeout_ms } })
    }
}

/// All of them.
pub fn malices() -> impl Iterator<Item = &'static Malice> {
    [
        frames::SCRIPTS,
        unstoppable::SCRIPTS,
        streams::SCRIPTS,
        sleepers::SCRIPTS,
        blame::SCRIPTS,
        told::SCRIPTS,
        hogs::SCRIPTS,
    ]
    .into_iter()
    .flatten()
}
