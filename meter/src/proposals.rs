//! The WebAssembly proposals that the pass understands, and the names of the others.
//!
//! A meter must know every instruction that can transfer control or run for long. So the list of
//! what is accepted is closed, and an instruction that is not on it is refused by its name.

use std::fmt;

use wasmparser::{Operator, RefType, ValType, WasmFeatures};

use crate::error::{MeterError, Result};

/// Everything a module may use. Of relaxed SIMD, that is only the fused multiply-add
/// ([`is_multiply_add`]): results of the others differ between processors that are in use, and with them
/// the path taken and the fuel spent.
pub(crate) const ACCEPTED: WasmFeatures = WasmFeatures::MVP
    .union(WasmFeatures::MUTABLE_GLOBAL)
    .union(WasmFeatures::SATURATING_FLOAT_TO_INT)
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::MULTI_VALUE)
    .union(WasmFeatures::REFERENCE_TYPES)
    .union(WasmFeatures::BULK_MEMORY)
    .union(WasmFeatures::SIMD)
    .union(WasmFeatures::RELAXED_SIMD)
    .union(WasmFeatures::EXCEPTIONS)
    .union(WasmFeatures::MULTI_MEMORY)
    .union(WasmFeatures::EXTENDED_CONST);

/// A WebAssembly proposal whose constructs are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Proposal {
    /// `return_call` and its kin: a loop without a back edge.
    TailCalls,
    /// `try`, `catch`, `delegate`, `rethrow`: superseded by `try_table`.
    LegacyExceptions,
    /// Typed function references and `call_ref`.
    FunctionReferences,
    /// Structs, arrays, casts and the types that come with them.
    GarbageCollection,
    /// Custom descriptors for structs.
    CustomDescriptors,
    /// Shared memories and atomic instructions.
    Threads,
    /// Threads beyond shared memories.
    SharedEverythingThreads,
    /// Continuations.
    StackSwitching,
    /// `memory.discard`.
    MemoryControl,
    /// Memories and tables with 64-bit indices.
    Memory64,
    /// Vector instructions whose result depends on the processor, but for the fused multiply-add.
    RelaxedSimd,
    /// 128-bit arithmetic on pairs of integers.
    WideArithmetic,
    /// Memory pages of another size.
    CustomPageSizes,
    /// Import sections in the compact encoding.
    CompactImports,
    /// Components: meter the core modules inside of them.
    ComponentModel,
}

impl fmt::Display for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TailCalls => "tail call",
            Self::LegacyExceptions => "legacy exceptions",
            Self::FunctionReferences => "typed function references",
            Self::GarbageCollection => "garbage collection",
            Self::CustomDescriptors => "custom descriptors",
            Self::Threads => "threads",
            Self::SharedEverythingThreads => "shared-everything threads",
            Self::StackSwitching => "stack switching",
            Self::MemoryControl => "memory control",
            Self::Memory64 => "memory64",
            Self::RelaxedSimd => "relaxed SIMD",
            Self::WideArithmetic => "wide arithmetic",
            Self::CustomPageSizes => "custom page sizes",
            Self::CompactImports => "compact imports",
            Self::ComponentModel => "component model",
        })
    }
}

/// `true` if an instruction multiplies and adds in one. It rounds once on all processors that have such
/// an instruction (x86-64 from 2013 on, every 64-bit ARM), and an engine can be told to do so on any
/// other.
fn is_multiply_add(op: &Operator<'_>) -> bool {
    matches!(op, Operator::F32x4RelaxedMadd | Operator::F64x2RelaxedMadd)
}

/// Refuses an instruction that is outside of [`ACCEPTED`].
pub(crate) fn check_operator(op: &Operator<'_>, function: u32) -> Result<()> {
    if let Some((proposal, construct)) = foreign_operator(op)
        && !is_multiply_add(op)
    {
        return Err(MeterError::Unsupported {
            proposal,
            construct,
            function: Some(function),
        });
    }
    match op {
        Operator::RefNull { hty } => match RefType::new(true, *hty) {
            Some(ty) => check_type(ValType::Ref(ty), Some(function)),
            None => Ok(()),
        },
        Operator::TypedSelect { ty } => check_type(*ty, Some(function)),
        _ => Ok(()),
    }
}

/// Refuses a value type that is outside of [`ACCEPTED`].
pub(crate) fn check_type(ty: ValType, function: Option<u32>) -> Result<()> {
    let ValType::Ref(reference) = ty else {
        return Ok(());
    };
    if [RefType::FUNCREF, RefType::EXTERNREF, RefType::EXNREF].contains(&reference) {
        return Ok(());
    }
    let proposal = if reference.is_concrete_type_ref() || !reference.is_nullable() {
        Proposal::FunctionReferences
    } else {
        Proposal::GarbageCollection
    };
    Err(MeterError::Unsupported {
        proposal,
        construct: reference.to_string(),
        function,
    })
}

/// An instruction's proposal and name, if its proposal is not accepted.
fn foreign_operator(op: &Operator<'_>) -> Option<(Proposal, String)> {
    /// Maps the macro's tag of a proposal to ours.
    macro_rules! proposal {
        (gc) => {
            Proposal::GarbageCollection
        };
        (custom_descriptors) => {
            Proposal::CustomDescriptors
        };
        (tail_call) => {
            Proposal::TailCalls
        };
        (threads) => {
            Proposal::Threads
        };
        (shared_everything_threads) => {
            Proposal::SharedEverythingThreads
        };
        (legacy_exceptions) => {
            Proposal::LegacyExceptions
        };
        (function_references) => {
            Proposal::FunctionReferences
        };
        (memory_control) => {
            Proposal::MemoryControl
        };
        (stack_switching) => {
            Proposal::StackSwitching
        };
        (wide_arithmetic) => {
            Proposal::WideArithmetic
        };
        (relaxed_simd) => {
            Proposal::RelaxedSimd
        };
    }
    /// `None` for the accepted proposals, listed here one by one so that a new one in a later
    /// wasmparser fails to compile instead of slipping through.
    macro_rules! classify {
        (mvp $visit:ident) => {
            None
        };
        (sign_extension $visit:ident) => {
            None
        };
        (saturating_float_to_int $visit:ident) => {
            None
        };
        (bulk_memory $visit:ident) => {
            None
        };
        (reference_types $visit:ident) => {
            None
        };
        (simd $visit:ident) => {
            None
        };
        (exceptions $visit:ident) => {
            None
        };
        ($other:ident $visit:ident) => {
            Some((proposal!($other), instruction_name(stringify!($visit))))
        };
    }
    macro_rules! match_operators {
        ($(@$proposal:ident $op:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident ($($ann:tt)*))*) => {
            match op {
                $(Operator::$op { .. } => classify!($proposal $visit),)*
                // `Operator` is non-exhaustive.
                _ => Some((Proposal::GarbageCollection, format!("{op:?}"))),
            }
        };
    }
    wasmparser::for_each_operator!(match_operators)
}

/// `visit_return_call` is the method for what the text format calls `return_call`. Names with a
/// dot in them keep the underscore; that is near enough to find them.
fn instruction_name(visit: &str) -> String {
    visit.trim_start_matches("visit_").to_owned()
}
