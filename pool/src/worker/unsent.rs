//! What becomes of an execution whose outcome is too large to be sent.

use crate::{Completion, Fault, FaultKind, Outcome, Truncated};

/// An outcome instead of one that has so many bytes.
pub(super) fn outcome(bytes: usize, limit: usize) -> Outcome {
    let message = format!(
        "The script's answer, output and display have {bytes} bytes together, the limit is {limit}. \
         Return, print or display less"
    );
    let fault = Fault::new(FaultKind::ResultTooLarge, message);
    Outcome {
        truncated: Truncated {
            stdout: true,
            stderr: true,
            display: true,
        },
        ..Outcome::bare(Completion::Fault(fault))
    }
}
