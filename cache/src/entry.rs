//! The one way in which an entry comes to be.

use crate::Error;
use std::fs;
use std::io;
use std::path::Path;
use tempfile::{Builder, TempDir};

/// The beginning of the names of directories that are yet to become entries.
const NEW: &str = ".new-";

/// An empty directory in the cache, removed when dropped.
pub(crate) fn scratch(root: &Path) -> Result<TempDir, Error> {
    Builder::new()
        .prefix(NEW)
        .tempdir_in(root)
        .map_err(Error::io("could not create a directory in", root))
}

/// Moves a complete directory to where its entry is to be. An entry that is there is replaced: it is
/// damaged, or says the same.
pub(crate) fn publish(new: TempDir, root: &Path, entry: &Path) -> Result<(), Error> {
    // Moved away whole, so that nobody sees it half removed.
    let old = scratch(root)?;
    match fs::rename(entry, old.path().join("old")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(Error::io("could not remove", entry)(error));
        }
        _ => {}
    }
    match fs::rename(new.path(), entry) {
        Ok(()) => {
            // It is no longer where it would be removed.
            let _ = new.keep();
            Ok(())
        }
        // Somebody else was quicker, with the same.
        Err(error) if is_occupied(&error) => Ok(()),
        Err(error) => Err(Error::io("could not create", entry)(error)),
    }
}

fn is_occupied(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists
    )
}

/// The bytes of all files below a directory.
pub(crate) fn size_of(directory: &Path) -> Result<u64, Error> {
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

    #[test]
    fn who_is_late_keeps_the_entry_that_is_there() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        let entry = root.join("thing");
        fs::create_dir(&entry).unwrap();
        fs::write(entry.join("file"), "first").unwrap();
        let new = scratch(root).unwrap();
        fs::write(new.path().join("file"), "second").unwrap();
        // What happens when the entry appears between the two moves.
        let error = fs::rename(new.path(), &entry).unwrap_err();
        assert!(is_occupied(&error), "{error}");
    }

    #[test]
    fn a_damaged_entry_is_replaced_and_nothing_is_left_behind() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        let entry = root.join("thing");
        for text in ["damaged", "whole"] {
            let new = scratch(root).unwrap();
            fs::write(new.path().join(text), text).unwrap();
            publish(new, root, &entry).unwrap();
        }
        assert_eq!(fs::read(entry.join("whole")).unwrap(), b"whole");
        assert!(!entry.join("damaged").exists());
        assert_eq!(fs::read_dir(root).unwrap().count(), 1);
    }
}
