//! The lock that set-ups wait for.

use crate::Error;
use std::fs::{File, OpenOptions};
use std::path::Path;

const FILE: &str = "set-up.lock";

/// Holds off other set-ups that use the same cache, until dropped.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "the lock is held as long as the file is open")] File);

impl Lock {
    /// Takes the lock of a cache. `waiting` is called first if somebody else has it.
    pub(crate) fn take(root: &Path, waiting: impl FnOnce()) -> Result<Self, Error> {
        let path = root.join(FILE);
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
        Ok(Self(file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_waits_for_the_first_and_says_so() {
        let directory = tempfile::tempdir().unwrap();
        let first = Lock::take(directory.path(), || panic!("nobody has it")).unwrap();
        let (said, hears) = std::sync::mpsc::channel();
        std::thread::scope(|scope| {
            let second = scope.spawn(|| {
                Lock::take(directory.path(), || said.send(()).expect("somebody hears")).unwrap();
            });
            hears.recv().unwrap();
            assert!(!second.is_finished());
            drop(first);
        });
        Lock::take(directory.path(), || panic!("nobody has it")).unwrap();
    }
}
