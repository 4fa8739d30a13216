//! The state of one run.

use crate::files::Files;
use crate::toll::Toll;
use crate::{Clock, Entropy, Output, Stdin};
use alloc::string::String;
use alloc::vec::Vec;

/// The state behind the surface: everything that a guest can reach through it.
#[derive(Debug)]
pub struct Surface {
    /// Its clocks.
    pub clock: Clock,
    /// Its random bytes.
    pub entropy: Entropy,
    /// Its standard input.
    pub stdin: Stdin,
    /// The output it has written.
    pub output: Output,
    /// The interpreter's environment, `NAME=value` each. A script's comes with its request, as its
    /// command line does.
    pub environment: Vec<String>,
    /// Its files.
    pub(crate) files: Files,
    /// The price of the call that it makes just now.
    pub(crate) toll: Toll,
}

impl Surface {
    /// A surface with the machine's clocks and random bytes, empty input and environment, and room for
    /// `output_bytes` on each stream.
    pub fn new(output_bytes: usize) -> Self {
        Self {
            clock: Clock::Real,
            entropy: Entropy::System,
            stdin: Stdin::default(),
            output: Output::new(output_bytes),
            environment: Vec::new(),
            files: Files::default(),
            toll: Toll::default(),
        }
    }
}
