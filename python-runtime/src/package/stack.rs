//! The limits of CPython's C stack: where it keeps them, and the values that they should have on a
//! small one.
//!
//! CPython raises `RecursionError` before its C code recurses too deeply. On WebAssembly it can
//! only look at the stack it keeps in its own memory; that of the engine, which holds return
//! addresses and most variables, fills up along with it and traps when it is full. The wheel's
//! limits fit engines with megabytes. Spin gives 512 KiB, and a trap there is all that is left of
//! a run. So the shim sets narrower limits, found by trying how deep each kind of recursion gets.
//!
//! It is no guarantee: C code that keeps nothing in memory (the JSON decoder, comparisons,
//! deallocation) never gets near these limits, and traps.

use crate::{Error, Result};
use wasmparser::{DataKind, Operator, Parser, Payload};

/// The limits that an interpreter has when it is prepared, and those that it should have: bytes of
/// the stack in memory that C may use before Python refuses to recurse further (soft), and that it
/// may use in all (hard): below, Python gives up. The difference is room for errors.
pub(super) struct Limits {
    /// The start of the stack, and both limits as they are found: `c_stack_top`,
    /// `c_stack_soft_limit` and `c_stack_hard_limit` of the thread's state, addresses which
    /// `_Py_InitializeRecursionLimits` computes.
    prepared: [u32; 3],
    soft_bytes: u32,
    hard_bytes: u32,
}

/// CPython 3.15 of the full edition, with the limits that it is refitted to (`refit/stack.rs`).
///
/// On Spin's stack, the result encoder traps from 72 KiB on, and no kind of recursion that this can
/// catch at all does below. Less would catch parentheses in source (36 KiB), and leave Python that
/// calls itself through C with 70 levels; of this it gets 110.
pub(super) const FULL: Limits = Limits {
    prepared: [
        16 << 20,
        (16 << 20) - (1008 << 10),
        (16 << 20) - (1016 << 10),
    ],
    soft_bytes: 60 << 10,
    hard_bytes: 68 << 10,
};

/// CPython 3.14 of the small edition, which takes the whole of its stack in memory for usable.
pub(super) const SMALL: Limits = Limits {
    prepared: [1 << 20, 16 << 10, 8 << 10],
    soft_bytes: 60 << 10,
    hard_bytes: 68 << 10,
};

/// The fact for the shim: where the two limits are, and their new values.
pub(super) fn fact(wasm: &[u8], limits: &Limits) -> Result<String> {
    let failed = |what: &str| Error::Package(format!("the interpreter's stack limits: {what}"));
    let pattern = limits.prepared.map(u32::to_le_bytes).concat();
    let [start, ..] = limits.prepared;
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.map_err(|error| failed(&error.to_string()))?;
        let Payload::DataSection(segments) = payload else {
            continue;
        };
        for segment in segments {
            let segment = segment.map_err(|error| failed(&error.to_string()))?;
            let DataKind::Active { offset_expr, .. } = segment.kind else {
                continue;
            };
            let Ok(Operator::I32Const { value }) = offset_expr.get_operators_reader().read() else {
                continue;
            };
            let windows = segment.data.windows(pattern.len()).enumerate();
            let at = windows.filter(|(_, window)| *window == pattern.as_slice());
            // Far below 4 GiB: it lies in a memory of 32 bits.
            found.extend(at.map(|(at, _)| value.cast_unsigned() + at as u32));
        }
    }
    match found[..] {
        [top] if top % 4 == 0 => {
            let (soft, hard) = (start - limits.soft_bytes, start - limits.hard_bytes);
            Ok(format!("{} {soft} {hard}", top + 4))
        }
        _ => Err(failed(&format!(
            "found in {} places, expected one",
            found.len()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limits_are_found_in_one_place_or_refused() {
        let text = |data: &str| {
            let module = format!("(module (memory 300) (data (i32.const 4096) \"{data}\"))");
            wat::parse_str(module).unwrap()
        };
        // 0x1000000, 0xf04000, 0xf02000
        let limits = r"\00\00\00\01\00\40\f0\00\00\20\f0\00";
        let found = fact(&text(&format!("....{limits}")), &FULL).unwrap();
        let start = FULL.prepared[0];
        assert_eq!(
            found,
            format!(
                "4104 {} {}",
                start - FULL.soft_bytes,
                start - FULL.hard_bytes
            )
        );
        assert!(fact(&text("nothing"), &FULL).is_err());
        assert!(fact(&text(&format!("{limits}{limits}")), &FULL).is_err());
    }
}
