//! Where things are.

use anyhow::{Context, Result};
use belljar_cache::Cache;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// This checkout of the repository, and the directories that builds from it go to.
#[derive(Debug)]
pub(crate) struct Checkout {
    root: PathBuf,
    target: PathBuf,
    cache: Cache,
}

impl Checkout {
    /// The checkout that Cargo runs this program for. Where it was built does not count: a checkout
    /// may have been copied together with its `target`.
    pub(crate) fn open() -> Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR")
            .context("CARGO_MANIFEST_DIR is not set: run this as `cargo xtask`")?;
        let root = Path::new(&manifest)
            .parent()
            .context("xtask lies in no directory")?
            .to_owned();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(target) if !target.is_empty() => std::path::absolute(target)?,
            _ => root.join("target"),
        };
        let cache = Cache::open()?;
        Ok(Self {
            root,
            target,
            cache,
        })
    }

    /// The directory with the workspace's Cargo.toml.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The entry of the cache with this name, made by `fill` in an empty directory if it is not there.
    pub(crate) fn cached(
        &self,
        name: &str,
        fill: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<PathBuf> {
        let waiting = || eprintln!("xtask: waiting for another set-up to finish");
        self.cache.ensure(name, waiting, fill)
    }

    /// The same if it is there.
    pub(crate) fn find_cached(&self, name: &str) -> Option<PathBuf> {
        self.cache.find(name)
    }

    /// A directory for one kind of build. Kinds do not share one: each would make the other's
    /// crates stale.
    pub(crate) fn target(&self, kind: &str) -> PathBuf {
        self.target.join(kind)
    }

    /// `cargo`, started in a directory of the checkout.
    pub(crate) fn cargo_in(&self, directory: &str) -> Command {
        // Cargo says by this variable which Cargo started us, and so spares us rustup's detour.
        let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let mut command = Command::new(cargo);
        command.current_dir(self.root.join(directory));
        command
    }

    /// `cargo` for the workspace.
    pub(crate) fn cargo(&self) -> Command {
        self.cargo_in("")
    }
}
