//! Why a script did not run at all.

use belljar_contract::{ErrorType, InvalidLimit, Refusal};

/// The script never reached a sandbox.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The program is none.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A limit is outside of what may be asked for.
    #[error(transparent)]
    Limit(#[from] InvalidLimit),
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
    /// The error that it is on doors that tell it in JSON.
    #[must_use]
    pub const fn error_type(&self) -> ErrorType {
        match self {
            Self::Refused(refusal) => refusal.error_type(),
            Self::Limit(_) => ErrorType::InvalidRequest,
            Self::Image(_) | Self::Engine { .. } => ErrorType::INTERNAL,
        }
    }

    /// A closure for `map_err` on Wasmtime's operations.
    pub(crate) fn engine(step: &'static str) -> impl FnOnce(wasmtime::Error) -> Self {
        move |source| Self::Engine { step, source }
    }
}
