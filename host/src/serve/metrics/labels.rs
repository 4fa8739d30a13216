//! The values of labels.

use crate::{Completion, Outcome, Rejection};

/// How an execution can end: what [`outcome_name`] gives.
pub(super) const OUTCOMES: [&str; 16] = [
    "result",
    "exited",
    "syntax_error",
    "missing_main",
    "exception",
    "exit",
    "not_serializable",
    "fuel_exhausted",
    "timeout",
    "memory_exceeded",
    "output_exceeded",
    "result_too_large",
    "stack_overflow",
    "cancelled",
    "crashed",
    "internal",
];

/// Why a program can be rejected: what [`rejection_name`] gives.
pub(super) const REJECTIONS: [&str; 4] = [
    "invalid_limit",
    "invalid_program",
    "overloaded",
    "unavailable",
];

/// Statuses that are counted by themselves; what else there may be is `other`.
pub(super) const STATUSES: [(u16, &str); 19] = [
    (200, "200"),
    (204, "204"),
    (400, "400"),
    (401, "401"),
    (404, "404"),
    (405, "405"),
    (408, "408"),
    (413, "413"),
    (414, "414"),
    (415, "415"),
    (417, "417"),
    (421, "421"),
    (422, "422"),
    (431, "431"),
    // Ours, for clients that went away.
    (499, "499"),
    (500, "500"),
    (501, "501"),
    (503, "503"),
    (0, "other"),
];

/// The label for a status.
pub(super) fn status_name(status: u16) -> &'static str {
    STATUSES
        .iter()
        .find(|(code, _)| *code == status)
        .map_or("other", |(_, name)| name)
}

/// The name of an outcome: `result`, `exited`, or that of the fault.
pub(crate) fn outcome_name(outcome: &Outcome) -> &'static str {
    match &outcome.completion {
        Completion::Value(_) => "result",
        Completion::Exited(_) => "exited",
        Completion::Fault(fault) => fault.kind.name(),
    }
}

/// The name of a rejection.
pub(crate) fn rejection_name(rejection: &Rejection) -> &'static str {
    match rejection {
        Rejection::InvalidLimit(_) => "invalid_limit",
        Rejection::InvalidProgram(_) => "invalid_program",
        Rejection::Overloaded { .. } => "overloaded",
        Rejection::Unavailable(_) => "unavailable",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FaultKind;

    #[test]
    fn every_fault_is_an_outcome() {
        for name in &OUTCOMES[2..] {
            let kind: FaultKind = serde_json::from_str(&format!("\"{name}\"")).unwrap();
            assert_eq!(kind.name(), *name);
        }
        assert_eq!(OUTCOMES.len() - 2, FaultKind::Internal as usize + 1);
    }
}
