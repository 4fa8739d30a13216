//! The values of labels.

use belljar_contract::{Completion, FaultKind, Outcome, Rejection};

/// How an execution can end: what [`outcome_name`] gives.
pub(super) const OUTCOMES: [&str; FaultKind::ALL.len() + 2] = {
    let mut names = [RESULT; FaultKind::ALL.len() + 2];
    names[1] = EXITED;
    let mut at = 0;
    while at < FaultKind::ALL.len() {
        names[at + 2] = FaultKind::ALL[at].name();
        at += 1;
    }
    names
};

const RESULT: &str = "result";
const EXITED: &str = "exited";

/// Why a program can be rejected: what [`rejection_name`] gives.
pub(super) const REJECTIONS: [&str; 5] = [
    "invalid_limit",
    "invalid_program",
    "overloaded",
    "unavailable",
    "internal",
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
        Completion::Value(_) => RESULT,
        Completion::Exited(_) => EXITED,
        Completion::Fault(fault) => fault.kind.name(),
    }
}

/// The name of a rejection.
pub(crate) fn rejection_name(rejection: &Rejection) -> &'static str {
    match rejection {
        Rejection::InvalidLimit(_) => "invalid_limit",
        Rejection::Refused(_) => "invalid_program",
        Rejection::Overloaded { .. } => "overloaded",
        Rejection::Unavailable(_) => "unavailable",
        Rejection::Internal(_) => "internal",
    }
}
