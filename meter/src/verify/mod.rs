//! The verifier: a proof that a module is metered, from the module alone.
//!
//! The verifier does not know how checks were placed, nor why. It decodes the finished module and
//! proves six things, the first two of which are what makes every run finite:
//!
//! 1. **Loops.** Every way around every loop of every function is paid for by a check on it, or is
//!    one of a number of iterations that were paid for beforehand.
//! 2. **Calls.** Every cycle of calls has a function with a check at its entry.
//! 3. **The counter.** No instruction but those of checks touches the counter, the floor or the hook.
//!    Checks only take from the counter, and only read the floor.
//! 4. **Bulk instructions.** Each is charged by its length.
//! 5. **Interrupts.** If there is a floor, every check looks at it; with a [stop
//!    function](crate::Options::stop), those that charge bulk instructions by length and those right before
//!    each instruction that throws do.
//! 6. **Memory.** If there is a [limit](crate::Options::memory), the memory is declared with a maximum, and
//!    every instruction that grows it is given what the limit leaves.
//!
//! # What it shares with the pass
//!
//! * `wasmparser`, which decodes and validates, and what is refused by name (`refusal`, `proposals`).
//! * How sections and bodies are found in the bytes (`module`), and bodies decoded (`scan`).
//! * What things cost: the [weights](crate::CostModel::weight) of instructions and the rates of bulk instructions.
//! * The words for an amount and a slow path (`checks`), but not how they are written.
//!
//! All else it has for itself: who may call whom ([`graph`], [`boundary`]), in which order that is
//! proved ([`recursion`]), what a path costs ([`body`]), and how checks, strips, bulk instructions and
//! the meter's own functions look ([`pattern`], [`strip`], [`bulk`], [`own`]).
//!
//! # The theorem
//!
//! Let a run start with the counter at `budget`, and let the host not add to it but in a hook. Up to any
//! point of the run,
//!
//! > work <= [`CostModel::damping`](crate::CostModel::damping) * (fuel spent) + debt
//!
//! where *work* is the sum of the [weights](crate::CostModel::weight) of all instructions executed, *fuel spent*
//! is the sum of what checks have charged, and *debt* is at most [`Proof::largest_debt`] for every
//! function that is active without a check at its entry. As every check charges at least one unit
//! and leaves for the slow path once the counter is below zero, the run ends: at once, or when the hook
//! gives no more, as no check is passed before it has raised the counter to zero or above.
//!
//! The proof follows the execution. Within one activation of a function, the difference between
//! work and payment is never more than the debt that the [walk over its body](body) has computed:
//! along forward paths by construction, and around loops because no way around adds to it. A call
//! of a function with a check at its entry adds nothing, since its debt is zero or less wherever it
//! calls, throws or returns. A call of any other adds what its walk has found; there is an order to
//! compute that in, because of the second point.
//!
//! The *run ends* also where exceptions are thrown by the slow path and caught again: once the
//! counter is below zero, no check is passed any more. So no function is entered that has a guard,
//! and no way around a loop is completed, except for the iterations of at most one strip each.
//! What is left are forward paths through finitely many functions.
//!
//! # What is assumed
//!
//! * The engine executes WebAssembly as specified.
//! * Host functions may call exported functions, and functions whose address they can get. What the
//!   host does in between is not metered, and neither is how often it calls.
//! * A host function that serves as the slow path does not return and does not call the module. A hook
//!   does not call the module either.
//! * The host writes the counter and the floor only as described in [`host`](crate::host).

mod body;
mod boundary;
mod bulk;
mod error;
mod frames;
mod graph;
mod layout;
mod own;
mod pattern;
mod places;
mod proof;
mod proved;
mod recursion;
mod strip;

pub use error::VerifyError;
pub use proof::Proof;
pub use proved::verify;
