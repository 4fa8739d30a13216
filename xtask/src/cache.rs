//! The cache that this shares with `belljar`: directories keyed by digests.

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::env;
use std::fmt::Write;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

/// `$BELLJAR_CACHE`, or `belljar` in the user's cache directory.
#[derive(Debug)]
pub(crate) struct Cache {
    root: PathBuf,
}

impl Cache {
    pub(crate) fn open() -> Result<Self> {
        let set = |name| {
            env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        let root = set("BELLJAR_CACHE")
            .or_else(|| set("XDG_CACHE_HOME").map(|cache| cache.join("belljar")))
            .or_else(|| set("HOME").map(|home| home.join(".cache").join("belljar")))
            .context("no cache directory: set BELLJAR_CACHE to one")?;
        Self::at(&root)
    }

    fn at(root: &Path) -> Result<Self> {
        let root = std::path::absolute(root)?;
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&root)
            .with_context(|| format!("could not create {}", root.display()))?;
        // We build what lies there. Whether it belongs to us is for `belljar` to check, before
        // anything of it is run.
        if fs::metadata(&root)?.mode() & 0o022 != 0 {
            bail!(
                "will not use the cache directory {}: others can write to it (chmod 700)",
                root.display()
            );
        }
        Ok(Self { root })
    }

    /// The entry `name`, made by `fill` if it is not there.
    ///
    /// `fill` writes into an empty directory that takes the entry's place when it is complete, so
    /// that an entry is there whole or not at all. Two set-ups at once wait for each other.
    pub(crate) fn entry(
        &self,
        name: &str,
        fill: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<PathBuf> {
        let entry = self.root.join(name);
        if entry.exists() {
            return Ok(entry);
        }
        let _lock = self.lock()?;
        if entry.exists() {
            return Ok(entry);
        }
        // Under the lock it can only be what an interrupted set-up left behind.
        let new = self.root.join(".new-xtask");
        remove(&new)?;
        fs::create_dir(&new).with_context(|| format!("could not create {}", new.display()))?;
        let filled = fill(&new).and_then(|()| {
            fs::rename(&new, &entry)
                .with_context(|| format!("could not create {}", entry.display()))
        });
        if filled.is_err() {
            // Else the next set-up does it; that it failed is what matters here.
            let _ = remove(&new);
        }
        filled.map(|()| entry)
    }

    /// The entry `name` if it is there.
    pub(crate) fn find(&self, name: &str) -> Option<PathBuf> {
        let entry = self.root.join(name);
        entry.exists().then_some(entry)
    }

    /// Waits until no other set-up works in this cache, `belljar runtime clean` included. The file
    /// is the one that `belljar` locks.
    fn lock(&self) -> Result<File> {
        let path = self.root.join("set-up.lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| format!("could not open {}", path.display()))?;
        if file.try_lock().is_err() {
            eprintln!("xtask: waiting for another set-up to finish");
            file.lock()
                .with_context(|| format!("could not lock {}", path.display()))?;
        }
        Ok(file)
    }
}

/// The part of an entry's name that stands for what it was made from.
pub(crate) fn key(content: &str) -> String {
    let digest = Sha256::digest(content);
    digest.iter().take(6).fold(String::new(), |mut key, byte| {
        let _ = write!(key, "{byte:02x}");
        key
    })
}

fn remove(directory: &Path) -> Result<()> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("could not remove {}", directory.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn an_entry_is_made_once_and_whole() {
        let directory = tempfile::tempdir().unwrap();
        let cache = Cache::at(&directory.path().join("cache")).unwrap();
        let failed = cache.entry("thing", |path| {
            fs::write(path.join("half"), "x").unwrap();
            bail!("broken")
        });
        assert_eq!(failed.unwrap_err().to_string(), "broken");
        assert_eq!(cache.find("thing"), None);

        let entry = cache
            .entry("thing", |path| Ok(fs::write(path.join("whole"), "x")?))
            .unwrap();
        assert!(entry.join("whole").exists() && !entry.join("half").exists());
        let again = cache.entry("thing", |_| panic!("it is there")).unwrap();
        assert_eq!(again, entry);
    }

    #[test]
    fn a_directory_that_others_can_write_to_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o777)).unwrap();
        let error = Cache::at(directory.path()).unwrap_err().to_string();
        assert!(error.contains("chmod 700"), "{error}");
    }

    #[test]
    fn a_key_is_the_start_of_the_sha_256() {
        assert_eq!(key(""), "e3b0c44298fc");
    }
}
