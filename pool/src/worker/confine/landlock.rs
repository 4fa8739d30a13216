//! Landlock: access to files, TCP ports, and to processes outside.

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset,
    RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
};
use std::path::Path;

/// The newest version of Landlock whose every right we deny. Older kernels deny what they know of.
const VERSION: ABI = ABI::V6;

/// The kernel's description of this process: the page map is there.
const SELF: &str = "/proc/self";

/// Leaves this thread the right to read below `image` and below its own `/proc` entry. Returns
/// whether this kernel has Landlock.
pub(super) fn only_read(image: &Path) -> Result<bool, RulesetError> {
    let mut rules = everything()?;
    for path in [image, Path::new(SELF)] {
        // What is not there needs no rule; loading the image will say so.
        if let Ok(directory) = PathFd::new(path) {
            let reading = AccessFs::ReadFile | AccessFs::ReadDir;
            rules = rules.add_rule(PathBeneath::new(directory, reading))?;
        }
    }
    restrict(rules)
}

/// Leaves this thread no right to any file.
pub(super) fn nothing() -> Result<bool, RulesetError> {
    restrict(everything()?)
}

/// A set of rules that denies all that Landlock can deny.
fn everything() -> Result<RulesetCreated, RulesetError> {
    Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(VERSION))?
        .handle_access(AccessNet::from_all(VERSION))?
        .scope(Scope::from_all(VERSION))?
        .create()
}

fn restrict(rules: RulesetCreated) -> Result<bool, RulesetError> {
    let status = rules.restrict_self()?;
    Ok(status.ruleset != RulesetStatus::NotEnforced)
}
