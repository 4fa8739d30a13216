//! The errors of the cache.

use std::io;
use std::path::PathBuf;

/// A cache that cannot be used, with what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no cache directory to work in.
    #[error(
        "no cache directory: set BELLJAR_CACHE to a directory that Belljar may fill (about 1.5 GB)"
    )]
    NoDirectory,
    /// A file or directory that code is loaded from can be written to by others.
    #[error(
        "others could put native code into {}: it must belong to you{} and be writable by its \
         owner alone (chmod {})",
        path.display(),
        if *or_root { " or to root" } else { "" },
        if path.is_dir() { "700" } else { "go-w" }
    )]
    NotPrivate {
        /// The file or directory.
        path: PathBuf,
        /// True where it may belong to root as well.
        or_root: bool,
    },
    /// A file operation failed.
    #[error("{action} {}: {source}", path.display())]
    Io {
        /// The action, as in "could not read".
        action: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
}

impl Error {
    /// A closure for `map_err` on file operations.
    pub fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }
}
