//! The errors of the verifier: everything that can be wrong with a metered module.

use crate::error::MeterError;

/// The reason why a module could not be proved to be metered. Offsets are those of the instruction
/// in the module's bytes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The module is invalid, or uses something that is not accepted.
    #[error(transparent)]
    Module(#[from] MeterError),

    /// There is no counter, no floor, no hook, or no limit for the memory under the configured name.
    #[error("`{export}` is not the export of {expected} that the module defines")]
    NoCounter {
        /// The name it should be exported under.
        export: String,
        /// The kind of export that was looked for.
        expected: &'static str,
    },

    /// The counter, or what else is the meter's own, can be reached in another way than under its name:
    /// as a second export, by a data segment, or from a table.
    #[error("what is the meter's own is also reached by {by}")]
    CounterShared {
        /// The export or data segment that reaches it.
        by: String,
    },

    /// The tag or the function of the slow path is missing or of the wrong type.
    #[error("there is no {expected} for the slow path")]
    NoSlowPath {
        /// The tag or function that was looked for.
        expected: String,
    },

    /// The memory has no maximum, or one that is higher than the options say, or it is not alone.
    #[error("the module does not define exactly one memory of at most {maximum} pages")]
    MemoryNotLimited {
        /// The pages that it may have at most.
        maximum: u32,
    },

    /// An instruction accesses the counter, or what else is the meter's own, but is not part of a check
    /// or of what limits memory.
    #[error("function {function} touches the counter outside of a check, at {offset:#x}")]
    CounterTouched {
        /// The function's index.
        function: u32,
        /// The offset of the instruction.
        offset: usize,
    },

    /// A way around a loop that can be taken for ever without paying.
    #[error(
        "function {function}: a way around the loop at {offset:#x} leaves {debt} units of work \
         unpaid"
    )]
    UnpaidLoop {
        /// The function's index.
        function: u32,
        /// The offset at which the loop starts.
        offset: usize,
        /// The work of one iteration that is not paid for.
        debt: i64,
    },

    /// A check charges a number of iterations, but what follows is not a loop that ends after
    /// them.
    #[error("function {function}: nothing bounds the iterations charged for at {offset:#x}")]
    UnboundedStrip {
        /// The function's index.
        function: u32,
        /// The offset at which the check starts.
        offset: usize,
    },

    /// A function has a check at its entry that does not pay for all that follows.
    #[error("function {function} is left or calls others with {debt} units of work unpaid")]
    UnpaidFunction {
        /// The function's index.
        function: u32,
        /// The work that is not paid for.
        debt: i64,
    },

    /// A function without a check at its entry leaves too much to be paid for by its callers.
    #[error("function {function} has no check at its entry and leaves {debt} units of work unpaid")]
    UnguardedFunction {
        /// The function's index.
        function: u32,
        /// The work that is not paid for.
        debt: i64,
    },

    /// Functions can call each other in a circle without a check at any entry.
    #[error("functions call each other in a circle without a check: {functions:?}")]
    UncheckedRecursion {
        /// The functions on the circle, by index.
        functions: Vec<u32>,
    },

    /// An instruction throws without a check right before it that looks at the floor, if there is one.
    #[error("function {function}: there is no check before the throw at {offset:#x}")]
    UncheckedThrow {
        /// The function's index.
        function: u32,
        /// The offset of the throw.
        offset: usize,
    },

    /// A bulk instruction that is not charged by its length, by a check that looks at the floor, if
    /// there is one; or an instruction that grows a limited memory by more than the limit may allow.
    #[error("function {function}: `{instruction}` at {offset:#x} is not charged by its length")]
    UnchargedBulk {
        /// The function's index.
        function: u32,
        /// The offset of the instruction.
        offset: usize,
        /// The instruction.
        instruction: &'static str,
    },
}

pub(super) type Result<T, E = VerifyError> = std::result::Result<T, E>;
