//! Conversions of the surface's reasons to end a run into those of the contract.

use crate::{AnswerTooLarge, Stop, Stream};
use belljar_surface as surface;

impl From<surface::Stop> for Stop {
    fn from(stop: surface::Stop) -> Self {
        match stop {
            surface::Stop::Exit(code) => Self::Exit(code),
            surface::Stop::Interrupted(cause) => cause.into(),
            surface::Stop::OutOfFuel => Self::FuelExhausted,
            surface::Stop::OutputExceeded(stream) => Self::OutputExceeded(stream.into()),
            surface::Stop::AnswerTooLarge(bytes) => Self::AnswerTooLarge(AnswerTooLarge { bytes }),
        }
    }
}

impl From<surface::Cause> for Stop {
    fn from(cause: surface::Cause) -> Self {
        match cause {
            surface::Cause::Timeout => Self::Timeout,
            surface::Cause::Cancelled => Self::Cancelled,
        }
    }
}

impl From<surface::Stream> for Stream {
    fn from(stream: surface::Stream) -> Self {
        match stream {
            surface::Stream::Stdout => Self::Stdout,
            surface::Stream::Stderr => Self::Stderr,
        }
    }
}
