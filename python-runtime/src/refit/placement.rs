//! The place of native code that is linked into the interpreter.
//!
//! The build script compiles with these, and the linker checks that they hold.

/// The memory for its constants and variables. The interpreter's stack starts at 16 MiB and grows down,
/// its own data begins there. So this leaves the stack 8 MiB, what a program has natively, and Python
/// itself ends at 1 MiB (`stack.rs`).
pub(crate) const DATA: std::ops::Range<u32> = 7 << 20..8 << 20;

/// The first element of the table that is free: as many has the interpreter's own.
pub(crate) const TABLE_BASE: u32 = 47_157;

/// The name of the module from which the linked code imports the interpreter's functions.
pub(crate) const INTERPRETER: &str = "interpreter";

/// The name of the module from which it imports a function as it was before it replaced it.
pub(crate) const ORIGINAL: &str = "original";

/// An export with this prefix replaces the interpreter's function of the name that follows.
pub(crate) const REPLACES: &str = "replace ";
