//! The ends of workers.

use super::lie::Lie;
use super::losing::Loss;
use crate::worker::frame::FrameError;
use std::io;

/// The reason for the end of a worker's life.
#[derive(Debug, thiserror::Error)]
pub(crate) enum End {
    #[error("the pool is shut down")]
    ShutDown,
    #[error("its process ended")]
    Closed,
    #[error("its connection failed: {0}")]
    Connection(#[from] io::Error),
    #[error("it could not be started: {0}")]
    Spawn(#[source] io::Error),
    #[error("it could not get ready: {0}")]
    Failed(String),
    #[error("it was not ready in time")]
    Late,
    #[error("it sent {0}")]
    Frame(#[from] FrameError),
    #[error("it sent a result that is not JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("it sent a message out of order")]
    Order,
    #[error("it told more of an execution than was read")]
    Flood,
    #[error("it spoke of {0}")]
    Lie(#[from] Lie),
    #[error("it did not answer in time: it is stuck")]
    Stuck,
    #[error("it is replaced: it kept much memory, and there is nothing to do")]
    Renewed,
}

impl End {
    /// The loss that it is to the executions that the worker had.
    pub(crate) fn loss(&self) -> Loss {
        match self {
            Self::ShutDown => Loss::ShutDown,
            _ => Loss::Died,
        }
    }

    /// Tells whether it is our doing, and nothing to worry about.
    pub(crate) fn is_wanted(&self) -> bool {
        matches!(self, Self::ShutDown | Self::Renewed)
    }
}
