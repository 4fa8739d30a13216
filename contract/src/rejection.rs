//! The rejection of a program that never reached a sandbox.

use crate::{InvalidLimit, Refusal};
use alloc::string::{String, ToString as _};
use core::fmt;
use core::time::Duration;

/// The reason why there is no outcome: a program never reached a sandbox, or its run there is lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejection {
    /// A limit is outside of what may be asked for.
    InvalidLimit(InvalidLimit),
    /// The program is none: the front should have refused it.
    Refused(Refusal),
    /// Too much is waiting already.
    Overloaded {
        /// The time after which it is worth trying again.
        retry_after: Duration,
    },
    /// No sandbox can be had now, for example during shutdown; or what ran the program is lost.
    Unavailable(String),
    /// The executor failed by a fault of its own.
    Internal(String),
}

impl Rejection {
    /// The seconds after which it is worth trying again, for `Retry-After`. Rounded up, or clients
    /// would come back too early.
    #[must_use]
    pub fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Self::Overloaded { retry_after } => {
                let ms = u64::try_from(retry_after.as_millis()).unwrap_or(u64::MAX);
                Some(ms.div_ceil(1000).max(1))
            }
            Self::Unavailable(_) => Some(1),
            _ => None,
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidLimit(limit) => limit.fmt(f),
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Overloaded { retry_after } => write!(
                f,
                "too many executions are waiting; try again in {} ms",
                retry_after.as_millis()
            ),
            Self::Unavailable(reason) => write!(f, "no sandbox is available: {reason}"),
            Self::Internal(reason) => write!(f, "the executor failed: {reason}"),
        }
    }
}

impl core::error::Error for Rejection {}

impl From<InvalidLimit> for Rejection {
    fn from(limit: InvalidLimit) -> Self {
        match limit.requested {
            // Not over anybody's maximum: it is nothing that can be asked for.
            0 => Self::Refused(Refusal::Invalid(limit.to_string())),
            _ => Self::InvalidLimit(limit),
        }
    }
}

impl From<Refusal> for Rejection {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
