//! The contract of Belljar: what a program, its limits, its outcome and its errors are.
//!
//! Every way into Belljar (the HTTP API, the command line, the executor protocol, the component, the
//! library) takes and gives the same things, in the same words. They are written here, once; the
//! ways in are adapters. In reading order:
//!
//! - [`Program`] and the [`Refusal`]s of what is none; [`Limits`], [`LimitPolicy`] and the table of
//!   limits behind them, [`Limit::facts`]; the fixed [`caps`];
//! - [`request`]: a program as the harness reads it; [`Delivery`]: what comes back through the door
//!   of a sandbox, with the [`DisplayCollector`];
//! - [`Verdict`]: from how a run ended to its [`Completion`]; [`Outcome`];
//! - [`FaultKind`] and [`ErrorType`]: the tables of what can go wrong;
//! - [`Body`] and [`ErrorBody`]: the JSON of the HTTP API and of `belljar run`;
//! - [`protocol`]: the JSON of the executor protocol;
//! - [`adapt_wit!`]: conversions to and from the types that are generated from `wit/`.
//!
//! The crate knows nothing else of Belljar, and has no standard library, so that components without
//! one can use it.

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

#[doc(hidden)]
pub mod __private {
    pub use alloc::{
        boxed::Box,
        string::{String, ToString},
        vec::Vec,
    };
}

mod body;
pub mod caps;
mod collector;
mod delivery;
mod display;
mod error_type;
mod fault_kind;
mod limit;
mod outcome;
mod policy;
mod program;
pub mod protocol;
mod refusal;
mod rejection;
pub mod request;
mod result;
mod runtime;
#[cfg(feature = "surface")]
mod surface;
mod text;
mod verdict;
mod wit;

pub use body::{Body, ErrorBody};
pub use collector::{DisplayCollector, ITEM_HEADER_BYTES};
pub use delivery::{Answer, AnswerTooLarge, Delivery, Taken, Wanted, door};
pub use display::DisplayItem;
pub use error_type::ErrorType;
pub use fault_kind::FaultKind;
pub use limit::{Limit, LimitFacts, LimitValues, Limits, Unit};
pub use outcome::{Completion, Fault, Outcome, Stream, Truncated, Usage};
pub use policy::{InvalidLimit, LimitPolicy};
pub use program::{Mode, Program};
pub use refusal::Refusal;
pub use rejection::Rejection;
pub use runtime::{PackageVersion, RuntimeInfo};
pub use text::Lossy;
pub use verdict::{Ending, Stop, Verdict};
