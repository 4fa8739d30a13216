//! The reasons for which the pass does not meter a module.

use crate::proposals::Proposal;

/// The reason why a module was not metered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MeterError {
    /// The bytes are not a valid module of the accepted features.
    #[error("not a valid WebAssembly module: {0}")]
    Invalid(#[from] wasmparser::Error),

    /// The module uses something whose control flow or cost the pass does not model. Metering it
    /// anyway could leave a way to run for nothing, so it is refused by name.
    #[error("{}", unsupported_message(*proposal, construct, *function))]
    Unsupported {
        /// The proposal that brought the construct in.
        proposal: Proposal,
        /// The construct as the module spells it, for example `return_call`.
        construct: String,
        /// The function it was found in, or `None` if it is in another section.
        function: Option<u32>,
    },

    /// A name that the pass is to export something under is already an export.
    #[error("the module already exports `{name}`; choose another name for the meter's export")]
    ExportTaken {
        /// The name in question.
        name: String,
    },

    /// The slow path names an import that the module does not have.
    #[error("the module imports no {kind} `{module}` `{name}` for the slow path to use")]
    MissingImport {
        /// The kind of import that was looked for: `function` or `tag`.
        kind: &'static str,
        /// The import's module.
        module: String,
        /// The import's name.
        name: String,
    },

    /// The function or tag of the slow path takes parameters or has results.
    #[error("the {kind} `{name}` of the slow path must have neither parameters nor results")]
    SlowPathSignature {
        /// The kind of import: `function` or `tag`.
        kind: &'static str,
        /// Its name.
        name: String,
    },

    /// A memory is to be limited, but the module does not define exactly one.
    #[error("memory can be limited in a module that defines exactly one, and imports none")]
    NotOneMemory,

    /// A memory is to be limited to less than it starts with.
    #[error("the memory starts with {initial} pages, more than the maximum of {maximum}")]
    MemoryTooLarge {
        /// The pages it starts with.
        initial: u64,
        /// The pages it was to have at most.
        maximum: u32,
    },

    /// A function has so many locals that the few the checks need do not fit.
    #[error("function {function} has {locals} locals, which leaves no room for the meter's own")]
    TooManyLocals {
        /// The function's index.
        function: u32,
        /// The number of its locals, parameters included.
        locals: u64,
    },

    /// The parameters of the cost model contradict each other.
    #[error("cost model: {0}")]
    CostModel(&'static str),
}

/// The result of every step of the pass.
pub(crate) type Result<T, E = MeterError> = std::result::Result<T, E>;

fn unsupported_message(proposal: Proposal, construct: &str, function: Option<u32>) -> String {
    match function {
        Some(index) => format!("function {index} uses `{construct}` of the {proposal} proposal"),
        None => format!("the module uses {construct} of the {proposal} proposal"),
    }
}
