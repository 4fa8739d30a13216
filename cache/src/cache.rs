//! The directory and its entries.

use crate::entry::{publish, scratch, size_of};
use crate::{Error, Lock, Owners, require_private};
use std::env;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A directory of entries: `$BELLJAR_CACHE`, or `belljar` in the user's cache directory.
///
/// It is private to the user (0700): it holds native code that we load.
#[derive(Debug, Clone)]
pub struct Cache {
    root: PathBuf,
}

impl Cache {
    /// The cache of this user.
    ///
    /// # Errors
    ///
    /// When no directory is known, or it cannot be made private.
    pub fn open() -> Result<Self, Error> {
        let set = |name| {
            env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        let root = set("BELLJAR_CACHE")
            .or_else(|| set("XDG_CACHE_HOME").map(|cache| cache.join("belljar")))
            .or_else(|| set("HOME").map(|home| home.join(".cache").join("belljar")))
            .ok_or(Error::NoDirectory)?;
        Self::at(root)
    }

    /// The cache in the directory `root`, which is created if need be.
    ///
    /// # Errors
    ///
    /// When it cannot be created, or others can write to it.
    pub fn at(root: impl Into<PathBuf>) -> Result<Self, Error> {
        let root = root.into();
        // Programs that are started elsewhere are told of its entries.
        let root =
            std::path::absolute(&root).map_err(Error::io("could not find the directory", &root))?;
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&root)
            .map_err(Error::io("could not create the cache directory", &root))?;
        require_private(&root, Owners::User)?;
        Ok(Self { root })
    }

    /// The cache's directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The place where the entry `name` is or would be.
    pub fn entry(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// The entry `name` if it is there.
    pub fn find(&self, name: &str) -> Option<PathBuf> {
        let entry = self.entry(name);
        entry.is_dir().then_some(entry)
    }

    /// Creates an entry: `fill` writes into an empty directory, which then takes the entry's
    /// place. An entry that was there before (a damaged one) is removed.
    ///
    /// # Errors
    ///
    /// What `fill` fails with, and when the cache cannot be written to. Nothing is left behind.
    pub fn create<E: From<Error>>(
        &self,
        name: &str,
        fill: impl FnOnce(&Path) -> Result<(), E>,
    ) -> Result<PathBuf, E> {
        let new = scratch(&self.root)?;
        fill(new.path())?;
        let entry = self.entry(name);
        publish(new, &self.root, &entry)?;
        Ok(entry)
    }

    /// The entry `name`, created by `fill` if it is not there. Two set-ups at once wait for each
    /// other; `waiting` is called when this one has to.
    ///
    /// # Errors
    ///
    /// As for [`create`](Self::create).
    pub fn ensure<E: From<Error>>(
        &self,
        name: &str,
        waiting: impl FnOnce(),
        fill: impl FnOnce(&Path) -> Result<(), E>,
    ) -> Result<PathBuf, E> {
        if let Some(entry) = self.find(name) {
            return Ok(entry);
        }
        let _lock = self.lock(waiting)?;
        // Whoever held the lock may have made it.
        match self.find(name) {
            Some(entry) => Ok(entry),
            None => self.create(name, fill),
        }
    }

    /// An empty directory beside the entries, for downloads: removed when dropped.
    ///
    /// # Errors
    ///
    /// When the cache cannot be written to.
    pub fn scratch(&self) -> Result<TempDir, Error> {
        scratch(&self.root)
    }

    /// Waits until no other set-up works in this cache. `waiting` is called first if there is one.
    ///
    /// # Errors
    ///
    /// When the cache cannot be written to.
    pub fn lock(&self, waiting: impl FnOnce()) -> Result<Lock, Error> {
        Lock::take(&self.root, waiting)
    }

    /// Removes every entry of the cache; returns how many bytes that freed.
    ///
    /// # Errors
    ///
    /// When something cannot be removed.
    pub fn clean(&self) -> Result<u64, Error> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    /// The errors of a caller.
    #[derive(Debug)]
    struct Broken;

    impl From<Error> for Broken {
        fn from(_: Error) -> Self {
            Self
        }
    }

    impl From<io::Error> for Broken {
        fn from(_: io::Error) -> Self {
            Self
        }
    }

    #[test]
    fn an_entry_appears_whole_or_not_at_all() {
        let directory = tempfile::tempdir().unwrap();
        let cache = Cache::at(directory.path().join("cache")).unwrap();
        let failed = cache.create("thing", |path| {
            fs::write(path.join("half"), b"x")?;
            Err(Broken)
        });
        assert!(failed.is_err());
        assert_eq!(cache.find("thing"), None);
        assert_eq!(
            fs::read_dir(cache.root()).unwrap().count(),
            0,
            "nothing is left behind"
        );
        let fill = |path: &Path| Ok::<_, Broken>(fs::write(path.join("whole"), b"xyz")?);
        let entry = cache.create("thing", fill).unwrap();
        assert_eq!(fs::read(entry.join("whole")).unwrap(), b"xyz");
        assert_eq!(cache.find("thing"), Some(entry));
        assert_eq!(cache.clean().unwrap(), 3);
        assert_eq!(cache.find("thing"), None);
    }

    #[test]
    fn an_entry_is_made_once() {
        let directory = tempfile::tempdir().unwrap();
        let cache = Cache::at(directory.path()).unwrap();
        let made = std::sync::atomic::AtomicU32::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let fill = |path: &Path| {
                        made.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        Ok::<_, Broken>(fs::write(path.join("file"), b"x")?)
                    };
                    let entry = cache.ensure("thing", || {}, fill).unwrap();
                    assert!(entry.join("file").exists());
                });
            }
        });
        assert_eq!(made.into_inner(), 1);
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
