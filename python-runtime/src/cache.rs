//! The cache: directories keyed by digests, created whole or not at all.

use crate::{Digest, Error, Result};
use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

/// Where everything bulky lives: `$BELLJAR_CACHE`, or `belljar` in the user's cache directory.
///
/// An entry is written into a temporary directory beside it and renamed into place, so that
/// whoever sees it sees all of it. The directory is private to the user (0700): it holds native
/// code that we load.
#[derive(Debug, Clone)]
pub struct Cache {
    root: PathBuf,
}

/// Holds off other set-ups that use the same cache, until dropped.
#[derive(Debug)]
pub(crate) struct Lock(
    #[expect(dead_code, reason = "the lock is held as long as the file is open")] File,
);

impl Cache {
    /// The cache of this user.
    ///
    /// # Errors
    ///
    /// When no directory is known, or it cannot be made private.
    pub fn open() -> Result<Self> {
        let set = |name| {
            std::env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        let root = set("BELLJAR_CACHE")
            .or_else(|| set("XDG_CACHE_HOME").map(|cache| cache.join("belljar")))
            .or_else(|| set("HOME").map(|home| home.join(".cache").join("belljar")))
            .ok_or(Error::NoCacheDirectory)?;
        Self::at(root)
    }

    /// The cache in the directory `root`, which is created if need be.
    ///
    /// # Errors
    ///
    /// When it cannot be created, or belongs to someone else.
    pub fn at(root: impl Into<PathBuf>) -> Result<Self> {
        let root = root.into();
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&root)
            .map_err(Error::io("could not create the cache directory", &root))?;
        let metadata = fs::metadata(&root).map_err(Error::io("could not look at", &root))?;
        // SAFETY: geteuid has no preconditions and cannot fail.
        let user = unsafe { libc::geteuid() };
        if metadata.uid() != user || metadata.mode() & 0o022 != 0 {
            let source = std::io::Error::new(
                std::io::ErrorKind::PermissionDenied,
                "others could put native code there: it must belong to you and be writable by you \
                 alone (chmod 700)",
            );
            return Err(Error::Io {
                action: "will not use the cache directory",
                path: root,
                source,
            });
        }
        Ok(Self { root })
    }

    /// The cache's directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the entry `kind` with this key is or would be.
    pub(crate) fn entry(&self, kind: &str, key: &Digest) -> PathBuf {
        self.root.join(format!("{kind}-{}", key.short()))
    }

    /// Creates an entry: `fill` writes into an empty directory, which then takes the entry's
    /// place. Whatever was there before (a damaged entry) is removed.
    pub(crate) fn create(
        &self,
        kind: &str,
        key: &Digest,
        fill: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<PathBuf> {
        let target = self.entry(kind, key);
        let temporary = tempfile::Builder::new()
            .prefix(".new-")
            .tempdir_in(&self.root)
            .map_err(Error::io("could not create a directory in", &self.root))?;
        fill(temporary.path())?;
        if target.exists() {
            fs::remove_dir_all(&target).map_err(Error::io("could not remove", &target))?;
        }
        let temporary = temporary.keep();
        fs::rename(&temporary, &target).map_err(Error::io("could not create", &target))?;
        Ok(target)
    }

    /// Waits until no other set-up works in this cache. `waiting` is called first if there is one.
    pub(crate) fn lock(&self, waiting: impl FnOnce()) -> Result<Lock> {
        let path = self.root.join("set-up.lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(Error::io("could not open", &path))?;
        if file.try_lock().is_err() {
            waiting();
            file.lock().map_err(Error::io("could not lock", &path))?;
        }
        Ok(Lock(file))
    }

    /// Removes every entry of the cache; returns how many bytes that freed.
    ///
    /// # Errors
    ///
    /// When something cannot be removed.
    pub fn clean(&self) -> Result<u64> {
        let _lock = self.lock(|| {})?;
        let mut freed = 0;
        for entry in fs::read_dir(&self.root).map_err(Error::io("could not list", &self.root))? {
            let path = entry
                .map_err(Error::io("could not list", &self.root))?
                .path();
            // Only directories are ours to remove; the lock file stays, for whoever waits on it.
            if path.is_dir() {
                freed += size_of(&path)?;
                fs::remove_dir_all(&path).map_err(Error::io("could not remove", &path))?;
            }
        }
        Ok(freed)
    }
}

/// The bytes of all files below a directory.
fn size_of(directory: &Path) -> Result<u64> {
    let mut total = 0;
    for entry in fs::read_dir(directory).map_err(Error::io("could not list", directory))? {
        let entry = entry.map_err(Error::io("could not list", directory))?;
        let metadata = entry
            .metadata()
            .map_err(Error::io("could not look at", entry.path()))?;
        total += if metadata.is_dir() {
            size_of(&entry.path())?
        } else {
            metadata.len()
        };
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn an_entry_appears_whole_or_not_at_all() {
        let directory = tempfile::tempdir().unwrap();
        let cache = Cache::at(directory.path().join("cache")).unwrap();
        let key = Digest::of(b"key");
        let failed = cache.create("thing", &key, |path| {
            fs::write(path.join("half"), b"x").unwrap();
            Err(Error::Wheel("broken".into()))
        });
        assert!(failed.is_err());
        assert!(!cache.entry("thing", &key).exists());
        assert_eq!(
            fs::read_dir(cache.root()).unwrap().count(),
            0,
            "nothing is left behind"
        );
        let entry = cache
            .create("thing", &key, |path| {
                fs::write(path.join("whole"), b"xyz").unwrap();
                Ok(())
            })
            .unwrap();
        assert_eq!(fs::read(entry.join("whole")).unwrap(), b"xyz");
        assert_eq!(cache.clean().unwrap(), 3);
        assert!(!entry.exists());
    }

    #[test]
    fn a_directory_that_others_can_write_to_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o777)).unwrap();
        let error = Cache::at(directory.path()).unwrap_err().to_string();
        assert!(error.contains("chmod 700"), "{error}");
    }

    #[test]
    fn the_cache_is_private() {
        let directory = tempfile::tempdir().unwrap();
        let cache = Cache::at(directory.path().join("new")).unwrap();
        assert_eq!(fs::metadata(cache.root()).unwrap().mode() & 0o777, 0o700);
    }
}
