//! The interpreter without exception handling, for engines that do not have it (Wasmtime before 47,
//! so Spin before 4.1).
//!
//! Nothing catches any more and what would throw traps: C++ code that reports an error by throwing
//! ends the run, and so does everything that stops it.

use crate::{Error, Result};
use wasm_encoder::reencode::{self, Reencode, utils};
use wasm_encoder::{AbstractHeapType, Instruction, Module};
use wasmparser::{Operator, Parser};

/// The identifier of the section that declares tags.
const TAG_SECTION: u8 = 13;

/// The module without exceptions.
pub(super) fn lower(wasm: &[u8]) -> Result<Vec<u8>> {
    let failed =
        |error: &dyn std::fmt::Display| Error::Package(format!("lowering exceptions: {error}"));
    let mut module = Module::new();
    Lower
        .parse_core_module(&mut module, Parser::new(0), wasm)
        .map_err(|error| failed(&error))?;
    without_section(&module.finish(), TAG_SECTION).map_err(|error| failed(&error))
}

struct Lower;

type Reencoded<T> = std::result::Result<T, reencode::Error<std::convert::Infallible>>;

impl Reencode for Lower {
    type Error = std::convert::Infallible;

    fn abstract_heap_type(
        &mut self,
        ty: wasmparser::AbstractHeapType,
    ) -> Reencoded<AbstractHeapType> {
        // Values of this type are never made: any type that every engine knows will do.
        Ok(match utils::abstract_heap_type(self, ty) {
            AbstractHeapType::Exn => AbstractHeapType::Extern,
            other => other,
        })
    }

    fn instruction<'a>(&mut self, op: Operator<'a>) -> Reencoded<Instruction<'a>> {
        match op {
            Operator::TryTable { try_table } => {
                Ok(Instruction::Block(self.block_type(try_table.ty)?))
            }
            Operator::Throw { .. } | Operator::ThrowRef => Ok(Instruction::Unreachable),
            other => utils::instruction(self, other),
        }
    }
}

/// A module without one of its sections.
fn without_section(wasm: &[u8], unwanted: u8) -> wasmparser::Result<Vec<u8>> {
    let mut out = wasm.get(..8).unwrap_or_default().to_vec();
    let mut reader = wasmparser::BinaryReader::new(wasm.get(8..).unwrap_or_default(), 8);
    while !reader.eof() {
        let start = reader.original_position();
        let id = reader.read_u8()?;
        let len = reader.read_var_u32()?;
        reader.read_bytes(len as usize)?;
        if id != unwanted {
            out.extend_from_slice(&wasm[start..reader.original_position()]);
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasmparser::{Validator, WasmFeatures};

    #[test]
    fn what_threw_traps_and_the_module_needs_no_exceptions() {
        let text = "(module (tag $t (param i32))
            (func (export \"quiet\") (result i32)
                (block $caught (result i32)
                    (try_table (result i32) (catch $t $caught) (i32.const 7))))
            (func (export \"loud\") (param exnref) (result i32)
                (block $caught (result i32)
                    (try_table (catch $t $caught) (throw $t (i32.const 1)))
                    (i32.const 2))))";
        let lowered = lower(&wat::parse_str(text).unwrap()).unwrap();
        let features = WasmFeatures::default() - WasmFeatures::EXCEPTIONS;
        Validator::new_with_features(features)
            .validate_all(&lowered)
            .unwrap();
        let engine = wasmtime::Engine::default();
        let module = wasmtime::Module::new(&engine, &lowered).unwrap();
        let mut store = wasmtime::Store::new(&engine, ());
        let instance = wasmtime::Instance::new(&mut store, &module, &[]).unwrap();
        let quiet = instance
            .get_typed_func::<(), i32>(&mut store, "quiet")
            .unwrap();
        assert_eq!(quiet.call(&mut store, ()).unwrap(), 7);
        let loud = instance.get_func(&mut store, "loud").unwrap();
        let null = wasmtime::Val::ExternRef(None);
        let mut results = [wasmtime::Val::I32(0)];
        let error = loud.call(&mut store, &[null], &mut results).unwrap_err();
        let trap = error.downcast_ref::<wasmtime::Trap>();
        assert_eq!(trap, Some(&wasmtime::Trap::UnreachableCodeReached));
    }
}
