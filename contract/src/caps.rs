//! The fixed bounds: those that no request and no configuration changes.

/// The longest script, in bytes of UTF-8.
pub const SCRIPT_BYTES: usize = 100 << 10;

/// The most arguments, and the most variables of the environment: what a body has room for otherwise is
/// a third of a million empty ones, each of which costs more than its byte, here and in the sandbox.
pub const ITEMS: usize = 10_000;

/// The deepest nesting of an input: interpreters decode JSON by recursion, some on a small stack.
pub const INPUT_DEPTH: usize = 128;

/// The largest result, in bytes of JSON.
pub const RESULT_BYTES: usize = 4 << 20;

/// The largest fault that a script may report, in bytes of JSON: its message and traceback. The
/// harness cuts them far below. (In memory they are no longer than this: JSON has no escape that is
/// shorter than its character.)
pub const FAULT_BYTES: usize = 1 << 20;

/// The most items that a script may display.
pub const DISPLAY_ITEMS: usize = 32;

/// The largest of them, in bytes: its media type, its words and its data.
pub const DISPLAY_ITEM_BYTES: usize = 2 << 20;

/// All of them together, in bytes.
pub const DISPLAY_BYTES: usize = 4 << 20;

/// The size of a page of WebAssembly memory, in bytes.
pub const PAGE_BYTES: u64 = 64 << 10;

/// The largest linear memory, in bytes: what addresses of 32 bits reach.
pub const MEMORY_BYTES: u64 = 4 << 30;

/// The interpreter's own part of linear memory, in mebibytes: the least that any sandbox has. The
/// documents and `--help` say it; a test compares it with the image.
pub const INTERPRETER_MIB: u64 = 337;
