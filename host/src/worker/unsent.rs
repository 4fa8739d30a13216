//! What becomes of an execution whose outcome is too large to be sent.

use crate::{Completion, Fault, FaultKind, Outcome, Truncated, Usage};
use std::time::Duration;

/// An outcome instead of one that has so many bytes.
pub(super) fn outcome(bytes: usize, limit: usize) -> Outcome {
    let message = format!(
        "The script's answer, output and display have {bytes} bytes together, the limit is {limit}. \
         Return, print or display less"
    );
    Outcome {
        completion: Completion::Fault(Fault {
            kind: FaultKind::ResultTooLarge,
            message,
            traceback: None,
            line: None,
            column: None,
            exit_code: None,
        }),
        stdout: Vec::new(),
        stderr: Vec::new(),
        display: Vec::new(),
        truncated: Truncated {
            stdout: true,
            stderr: true,
            display: true,
        },
        usage: Usage {
            duration: Duration::ZERO,
            fuel: 0,
            memory_bytes: 0,
        },
    }
}
