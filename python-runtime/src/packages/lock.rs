//! The list of packages, each by its digest.

use crate::{Error, Result};

/// The list, as pip takes it.
pub(crate) const LOCK: &str = include_str!("../../packages.txt");

/// One package of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Locked {
    /// Its name, as its package index has it.
    pub(crate) name: &'static str,
    /// Its version.
    pub(crate) version: &'static str,
    /// The SHA-256 of its wheel.
    pub(crate) sha256: &'static str,
}

/// The packages, in the order of the list.
pub(crate) fn locked() -> Result<Vec<Locked>> {
    parse(LOCK)
}

fn parse(lock: &'static str) -> Result<Vec<Locked>> {
    lock.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            parse_line(line).ok_or_else(|| Error::Wheel(format!("no locked package: `{line}`")))
        })
        .collect()
}

fn parse_line(line: &'static str) -> Option<Locked> {
    let (requirement, sha256) = line.split_once(" --hash=sha256:")?;
    let (name, version) = requirement.split_once("==")?;
    let is_digest = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_digest.then_some(Locked {
        name,
        version,
        sha256,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_list_is_a_package_by_digest_and_none_is_twice() {
        let locked = locked().unwrap();
        let mut names: Vec<_> = locked.iter().map(|package| package.name).collect();
        assert!(names.contains(&"requests"), "{names:?}");
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), locked.len());
    }

    #[test]
    fn a_package_without_a_digest_is_refused() {
        for line in ["six==1.0", "six", "six==1.0 --hash=sha256:abc"] {
            let error = parse(line).unwrap_err().to_string();
            assert!(error.contains(line), "{error}");
        }
    }
}
