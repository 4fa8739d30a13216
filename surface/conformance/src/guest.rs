//! A case as a WebAssembly module.

use crate::case::{Case, Step};
use crate::{dispatch, world};
use std::fmt::Write;

/// The part of its memory that a guest shows at the end: from the start on.
pub(super) const SHOWN_BYTES: u32 = 10 << 10;

/// The address of the errnos of its calls, in that part, and of the buffer with which it is shown.
const ERRNOS: u32 = 7 << 10;
const LAST_BUFFER: u32 = ERRNOS - 32;

/// The address at which a guest takes a request, which it does not read: behind all that cases use.
pub const REQUEST_ADDRESS: u32 = 2 << 20;

/// The address of the errno of a call.
pub(super) fn errno_address(step: usize) -> u32 {
    ERRNOS + step as u32 * 4
}

/// The buffer with which a guest shows its memory.
pub(super) fn last_buffer() -> (u32, Vec<u8>) {
    let words = [0, SHOWN_BYTES];
    (
        LAST_BUFFER,
        words.into_iter().flat_map(u32::to_le_bytes).collect(),
    )
}

/// The call by which it does.
pub(super) fn last_step() -> Step {
    Step {
        function: "fd_write",
        arguments: vec![1, LAST_BUFFER.into(), 1, u64::from(LAST_BUFFER) + 16],
        errno: 0,
    }
}

impl Case {
    /// The case as a module's text: it exports `memory`, `host_alloc` and `turn`, which makes the
    /// calls. `more` are fields of the module that the engine wants besides.
    pub fn guest(&self, more: &str) -> String {
        let mut text = String::from("(module\n");
        let mut line = |written: std::fmt::Arguments<'_>| {
            // Writing to a string does not fail.
            let _ = writeln!(text, "{written}");
        };
        for (name, types) in dispatch::FUNCTIONS {
            let parameters = types.join(" ");
            line(format_args!(
                "(import \"wasi_snapshot_preview1\" \"{name}\" \
                 (func ${name} (param {parameters}) (result i32)))"
            ));
        }
        line(format_args!(
            "(import \"wasi_snapshot_preview1\" \"proc_exit\" (func $proc_exit (param i32)))"
        ));
        let pages = world::MEMORY_PAGES;
        line(format_args!(
            "(memory (export \"memory\") {pages} {pages})\n{more}"
        ));
        for (address, bytes) in self.data.iter().chain([&last_buffer()]) {
            let escaped: String = bytes.iter().map(|byte| format!("\\{byte:02x}")).collect();
            line(format_args!("(data (i32.const {address}) \"{escaped}\")"));
        }
        line(format_args!(
            "(func (export \"host_alloc\") (param i32) (result i32) (i32.const {REQUEST_ADDRESS}))"
        ));
        line(format_args!(
            "(func (export \"turn\") (param i32 i32) (result i32)"
        ));
        for (index, step) in self.steps.iter().enumerate() {
            let call = call(step);
            match step.function {
                "proc_exit" => line(format_args!("{call}")),
                _ => line(format_args!(
                    "(i32.store (i32.const {}) {call})",
                    errno_address(index)
                )),
            }
        }
        line(format_args!("(drop {})", call(&last_step())));
        line(format_args!("(i32.const 0)))"));
        text
    }
}

fn call(step: &Step) -> String {
    let found = dispatch::FUNCTIONS
        .iter()
        .find(|(name, _)| *name == step.function);
    let types = found.map_or(&["i32"][..], |(_, types)| types);
    let mut text = format!("(call ${}", step.function);
    for (index, ty) in types.iter().enumerate() {
        let argument = step.arguments.get(index).copied().unwrap_or_default();
        // Writing to a string does not fail.
        let _ = match *ty {
            "i64" => write!(text, " (i64.const {argument})"),
            _ => write!(text, " (i32.const {})", argument as u32),
        };
    }
    text.push(')');
    text
}
