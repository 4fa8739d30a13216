//! Runs untrusted Python: one script in, one JSON answer out, a fresh WebAssembly sandbox every
//! time.
//!
//! ```no_run
//! use belljar::{Belljar, Completion, Program};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let belljar = Belljar::builder().build()?;
//! let script = "def main(numbers):\n    return sum(numbers)";
//! let outcome = belljar.execute(&Program::function(script).input("[1, 2, 3]"))?;
//! match outcome.completion {
//!     Completion::Value(json) => println!("{json}"),
//!     Completion::Fault(fault) => println!("{}: {}", fault.kind, fault.message),
//!     Completion::Exited(code) => println!("exited with {code}"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A sandbox sees no files, no network, no processes, and is bounded in instructions (fuel), time,
//! memory and output: see [`Limits`]. Whatever a script does, [`Belljar::execute`] returns an
//! [`Outcome`] that says so; an [`Error`] means that the script never ran.

mod belljar;
mod cancel;
mod error;
mod hearing;
mod sandbox;
mod watchdog;

pub use belljar::{Belljar, Builder, RuntimeInfo};
pub use belljar_contract::caps::{
    DISPLAY_BYTES, DISPLAY_ITEM_BYTES, DISPLAY_ITEMS, RESULT_BYTES, SCRIPT_BYTES,
};
pub use belljar_contract::{
    Body, Completion, DisplayItem, ErrorBody, ErrorType, Fault, FaultKind, InvalidLimit, Limit,
    LimitPolicy, LimitValues, Limits, Mode, Outcome, Program, Refusal, Rejection, Truncated, Usage,
};
pub use belljar_engine::pagemap::refuse_huge_pages;
pub use cancel::Canceller;
pub use error::Error;
pub use hearing::{Heard, Listener};
pub use sandbox::Remains;
