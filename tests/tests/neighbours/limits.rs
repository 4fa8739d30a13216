//! Limits of what residents may feel of an attack.

use belljar_tests::neighbours::{Kind, Report, SERVER_KEPT_BYTES, SERVER_PEAK_BYTES};
use std::time::Duration;

/// The factor by which 99 of 100 answers may take longer than in quiet. On two cores that are both
/// busy with others' scripts each gets its share in turn, and no more than its share.
const RATIO: u32 = 20;

/// No answer in quiet counts as faster than this: on a quiet machine a tiny script takes a third
/// of a millisecond, and twenty times that is less than one turn of the scheduler with sixteen
/// scripts on two cores.
const SHORTEST_QUIET: Duration = Duration::from_millis(5);

/// The longest that 99 of 100 answers may take.
const LONGEST: Duration = Duration::from_secs(1);

/// The factor where the machine is so busy with something else that answers take long in quiet:
/// there that second says nothing, and twenty times are too many.
const RATIO_BUSY: u32 = 5;

/// The complaint that those who asked under attack waited too long, if they did.
pub(crate) fn too_late(quiet: &Report, attacked: &Report) -> Option<String> {
    let late: Vec<String> = attacked
        .times()
        .filter_map(|(kind, times)| {
            let bound = bound(quiet, kind);
            let p99 = times.p99();
            (p99 > bound).then(|| {
                format!(
                    "99 of 100 {} answers took up to {p99:.2?}: in quiet {:.2?}, allowed {bound:.2?}",
                    kind.name(),
                    quiet.times_of(kind).p99()
                )
            })
        })
        .collect();
    (!late.is_empty()).then(|| late.join("; "))
}

fn bound(quiet: &Report, kind: Kind) -> Duration {
    let quiet = quiet.times_of(kind).p99().max(SHORTEST_QUIET);
    (quiet * RATIO).min(LONGEST.max(quiet * RATIO_BUSY))
}

/// The complaint that the server took too much memory, if it did.
pub(crate) fn too_much(before: u64, peak: u64) -> Option<String> {
    let grown = peak.saturating_sub(before);
    (grown > SERVER_PEAK_BYTES).then(|| format!("the server grew by {} MiB", grown >> 20))
}

/// `true` if this is what it had before.
pub(crate) fn is_back(before: u64, now: u64) -> bool {
    now <= before + SERVER_KEPT_BYTES
}
