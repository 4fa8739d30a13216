//! Changing the bytes of a function in a module.

use std::ops::Range;

use wasm_encoder::{CodeSection, Module, RawSection};
use wasmparser::{FunctionBody, Parser, Payload};

/// A module with other bodies in place of its own: what `change` says for the body at a position, or
/// what is there.
///
/// # Panics
///
/// If the module is not valid.
pub fn rewritten(
    wasm: &[u8],
    change: impl Fn(usize, &FunctionBody<'_>) -> Option<Vec<u8>>,
) -> Vec<u8> {
    let mut module = Module::new();
    let mut code = CodeSection::new();
    let mut position = 0;
    let mut remaining = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.expect("a valid module") {
            Payload::CodeSectionStart { count, .. } => remaining = count,
            Payload::CodeSectionEntry(body) => {
                match change(position, &body) {
                    Some(changed) => code.raw(&changed),
                    None => code.raw(body.as_bytes()),
                };
                position += 1;
                remaining -= 1;
                if remaining == 0 {
                    module.section(&code);
                }
            }
            other => {
                if let Some((id, range)) = other.as_section() {
                    module.section(&RawSection {
                        id,
                        data: &wasm[range],
                    });
                }
            }
        }
    }
    module.finish()
}

/// A module with some bytes of one function replaced by others.
///
/// # Panics
///
/// If the module is not valid, or the bytes are not in that function.
pub fn replaced(wasm: &[u8], function: usize, range: Range<usize>, with: &[u8]) -> Vec<u8> {
    rewritten(wasm, |position, body| {
        (position == function).then(|| {
            let bytes = body.range();
            [
                &wasm[bytes.start..range.start],
                with,
                &wasm[range.end..bytes.end],
            ]
            .concat()
        })
    })
}
