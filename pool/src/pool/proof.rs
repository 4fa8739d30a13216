//! How a worker is confined, as the kernel says: what it says of itself may be a lie.

use std::fs;
use std::path::Path;

/// What the kernel does not tell of another process, so that the worker's word has to do. It gives it before
/// it has seen any script.
const CLAIMED: [&str; 1] = ["landlock"];

/// Limits that are zero in `/proc/PID/limits` when a worker has taken its own: files, processes, the
/// size of files and of core dumps.
const ZERO_LIMITS: [&str; 4] = [
    "Max open files",
    "Max processes",
    "Max file size",
    "Max core file size",
];

/// What confines a process: of the means that a worker claims, those that are so.
pub(super) fn isolation(pid: u32, claimed: &[String]) -> Vec<String> {
    let process = Path::new("/proc").join(pid.to_string());
    let threads = threads(&process);
    let all = |is_so: &dyn Fn(&str) -> bool| {
        !threads.is_empty() && threads.iter().all(|status| is_so(status))
    };
    // It is a process apart: we started it.
    let mut found = vec!["worker_process"];
    if all(&|status| field(status, "NoNewPrivs") == Some("1")) {
        found.push("no_new_privs");
    }
    let is_none = |set: Option<&str>| set.is_some_and(|set| set.bytes().all(|digit| digit == b'0'));
    if all(&|status| {
        ["CapPrm", "CapEff"]
            .iter()
            .all(|set| is_none(field(status, set)))
    }) {
        found.push("no_capabilities");
    }
    found.extend(
        CLAIMED
            .iter()
            .filter(|means| claimed.iter().any(|claim| claim == *means)),
    );
    let limits = fs::read_to_string(process.join("limits")).unwrap_or_default();
    if ZERO_LIMITS.iter().all(|limit| is_zero(&limits, limit)) {
        found.push("rlimits");
    }
    // 2 is a filter. Which one it does not say.
    if all(&|status| field(status, "Seccomp") == Some("2")) {
        found.push("seccomp");
    }
    found.into_iter().map(str::to_owned).collect()
}

/// The statuses of all threads.
fn threads(process: &Path) -> Vec<String> {
    let tasks = fs::read_dir(process.join("task")).into_iter().flatten();
    let statuses = tasks.flatten().map(|task| task.path().join("status"));
    // A thread that has ended since has no status.
    statuses
        .filter_map(|path| fs::read_to_string(path).ok())
        .collect()
}

fn field<'a>(status: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = status.lines();
    lines.find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(':')?.trim()))
}

/// Whether soft and hard limit are zero.
fn is_zero(limits: &str, name: &str) -> bool {
    let mut lines = limits.lines();
    let values = lines.find_map(|line| line.strip_prefix(name));
    values.is_some_and(|values| {
        let mut values = values.split_whitespace();
        values.next() == Some("0") && values.next() == Some("0")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_not_a_fact() {
        let claims = ["seccomp", "rlimits", "landlock", "magic"].map(str::to_owned);
        let found = isolation(std::process::id(), &claims);
        assert!(found.contains(&"worker_process".to_owned()));
        assert!(found.contains(&"landlock".to_owned()), "nobody else knows");
        for means in ["rlimits", "magic"] {
            assert!(!found.contains(&means.to_owned()), "{found:?}");
        }
        assert_eq!(isolation(u32::MAX, &[]), ["worker_process"]);
    }

    #[test]
    fn the_kernels_tables_are_understood() {
        let status = "Name:\tx\nNoNewPrivs:\t1\nSeccomp:\t2\nSeccomp_filters:\t1\n";
        assert_eq!(field(status, "Seccomp"), Some("2"));
        assert_eq!(field(status, "CapEff"), None);
        let limits = "Max open files            0                    0                    files\n\
                      Max processes             0                    7                    processes\n";
        assert!(is_zero(limits, "Max open files"));
        assert!(!is_zero(limits, "Max processes"));
        assert!(!is_zero(limits, "Max file size"));
    }
}
