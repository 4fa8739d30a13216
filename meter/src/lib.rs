//! Metering compiled into a WebAssembly module.
//!
//! [`meter`] takes a module and returns the same module with a counter of *fuel* in it and with
//! checks that take from the counter and stop the module when it is used up. The count is exact and
//! the same in every run on every machine, it needs no help from the engine, and it costs a few
//! percent. A run is also [stopped from outside](host): a host that can write to the module's memory
//! interrupts it with a single store, and one that handles signals at even less cost. [`verify`] proves from the finished module alone that it can't
//! run without paying.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use belljar_meter::{Options, meter, verify};
//!
//! let wasm = wat::parse_str("(module (func (export \"spin\") (loop $l (br $l))))")?;
//! let options = Options::default();
//! let metered = meter(&wasm, &options)?;
//! println!("{}", metered.summary);
//! let proof = verify(&metered.wasm, &options)?;
//! println!("{proof}");
//! # Ok(())
//! # }
//! ```
//!
//! What a host has to do is in [`host`].
//!
//! # The unit of fuel
//!
//! One unit is one WebAssembly instruction that does something: an addition, a load, a comparison,
//! a branch. Locals and constants are free, a division costs 5, a call 4, one through a table 12, and
//! copying memory one unit per eight bytes. A stretch of code between two checks is charged in one
//! piece, for the mean of its paths, and at least for a 256th part of its longest. The details are with
//! [`CostModel`]; whenever they change, [`COST_MODEL_VERSION`] does. A unit never pays for more than
//! 256 units' worth of work, which is proved for every module; on average it pays for about one.
//!
//! # How it works
//!
//! | step | module |
//! |---|---|
//! | read and validate; refuse by name what is not understood | `module`, `refusal`, `proposals`, `scan` |
//! | who may call whom, and which functions need a check so that no circle of calls is without | `callgraph`, `components`, `guards` |
//! | what the paths through a function cost, and where its loops are | `flow`, `loops`, `path_cost` |
//! | which loops can be charged some thousand iterations at a time | `counted`, `strips` |
//! | where checks go, and what they charge | `placement`, `costs` |
//! | the instructions of checks, and those around bulk instructions | `checks`, `bulk` |
//! | what is added besides: globals, a floor, functions of the meter's own | `additions`, `functions` |
//! | splice the checks into the bodies and put the module together | `rewrite`, `assemble` |
//! | prove that the result is metered | [`mod@verify`] |
//!
//! # Why it is sound
//!
//! A run that goes on for ever goes around some loop for ever, or calls deeper and deeper for ever.
//! Every way around a loop passes a check, but for the iterations of a strip, of which there are
//! boundedly many and which were charged when the strip began. Every circle of calls, direct,
//! through a table, or through the host, enters a function that begins with a check. And every
//! check takes at least one unit off a counter that nothing can add to but the host. So the counter
//! is used up at some point, and the next check ends the run.
//!
//! That is not only so in the end: what is executed between two checks was paid for before, up to
//! the factor above. A function that calls others twice which call others twice, and so on, is
//! charged for its leaves. The [verifier](mod@verify) proves both, and documents the theorem.
//!
//! # What is not covered
//!
//! * **What the host does** when the module calls it: sleeping, reading, filling buffers.
//! * **Time.** A unit is work, not time. A load that misses every cache takes a hundred times
//!   longer than an addition. Neither do frames cost by their size: a call with a thousand
//!   parameters costs as much as one without.
//! * **The stack.** Recursion is charged, but its depth is the engine's to limit. Checks take a
//!   little stack of their own, so a metered module may overflow a few frames earlier.
//! * **Compilation**, and instantiation up to the `start` function.

#![deny(missing_docs)]

mod additions;
mod assemble;
mod bulk;
mod callgraph;
mod checks;
mod components;
mod costs;
mod counted;
mod error;
mod flow;
mod functions;
mod guards;
pub mod host;
mod loops;
mod module;
mod options;
mod parallel;
mod pass;
mod path_cost;
mod placement;
mod proposals;
mod refusal;
mod rewrite;
mod scan;
mod strips;
mod summary;
pub mod verify;

pub use costs::{COST_MODEL_VERSION, CostModel};
pub use error::MeterError;
pub use options::{CustomSections, MemoryLimit, Options, SlowPath, StopTag};
pub use pass::{Metered, meter};
pub use proposals::Proposal;
pub use summary::{Placed, Summary};
pub use verify::{Proof, VerifyError, verify};
