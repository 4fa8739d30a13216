//! All rules, one after the other.

use super::allowed::Allowed;
use super::sources::Sources;
use super::{circles, contents, folders, length, numbers, openings};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
use std::time::Instant;

/// The list of what deviates already.
const LIST: &str = "xtask/tidy.toml";

/// Checks every rule; fails with all that deviates and is not listed, and all that is listed and
/// deviates no longer, which `accept_shrink` takes out of the list instead.
pub(crate) fn check(root: &Path, accept_shrink: bool) -> Result<()> {
    let started = Instant::now();
    let sources = Sources::list(root)?;
    let findings = [
        length::find(&sources)?,
        contents::find(&sources)?,
        circles::find(&sources)?,
        folders::find(&sources)?,
        numbers::find(&sources)?,
        openings::find(&sources)?,
    ];
    let mut allowed = Allowed::parse(&sources.read(LIST)?).context(LIST)?;
    let mut differences = allowed.compare(&findings).context(LIST)?;
    if accept_shrink && !differences.shrunk.is_empty() {
        allowed.shrink(&findings);
        let path = root.join(LIST);
        fs::write(&path, allowed.to_toml()).with_context(|| format!("could not write {LIST}"))?;
        differences.shrunk.clear();
    }
    for line in &differences.grown {
        eprintln!("xtask: {line}");
    }
    for line in &differences.shrunk {
        eprintln!("xtask: {LIST}: {line}");
    }
    if !differences.grown.is_empty() {
        bail!("tidy: see above; {LIST} lists what is older, and nothing is added to it");
    }
    if !differences.shrunk.is_empty() {
        bail!("tidy: better than {LIST} says: run `cargo xtask tidy --accept-shrink`");
    }
    let seconds = started.elapsed().as_secs_f64();
    eprintln!("xtask: tidy: ok, {seconds:.1} s");
    Ok(())
}
