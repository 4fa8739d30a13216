//! Why a script did not run at all.

use crate::limits::LimitError;

/// The script never reached a sandbox.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no script, or only white space.
    #[error("the script is empty")]
    MissingScript,
    /// The script is too long; the size is in bytes.
    #[error("the script has {0} bytes, the limit is {limit}", limit = crate::SCRIPT_BYTES)]
    ScriptTooLarge(usize),
    /// The input is not JSON.
    #[error("the input is not valid JSON: {0}")]
    InvalidInput(String),
    /// An argument or variable cannot be given to a program.
    #[error("{0}")]
    InvalidArgument(String),
    /// A limit is outside of what may be asked for.
    #[error(transparent)]
    Limit(#[from] LimitError),
    /// The image cannot be used.
    #[error(transparent)]
    Image(#[from] belljar_python_runtime::Error),
    /// The engine refused: this machine lacks something, or the image is for another.
    #[error("{step}: {source:#}")]
    Engine {
        /// What was being done.
        step: &'static str,
        /// Why it failed.
        source: wasmtime::Error,
    },
}

impl Error {
    /// A closure for `map_err` on Wasmtime's operations.
    pub(crate) fn engine(step: &'static str) -> impl FnOnce(wasmtime::Error) -> Self {
        move |source| Self::Engine { step, source }
    }
}
