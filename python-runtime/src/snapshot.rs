//! Turning a prepared instance into a module that starts where it stopped.

use crate::{Error, Result};
use belljar_engine::{Door, Guest, run_now};
use wasmparser::{Parser, Payload};
use wasmtime::{Instance, Store, Val};
use wasmtime_wizer::{InstanceState, ModuleContext, SnapshotVal, ValType, Wizer};

/// The export that starts Python; it is not needed any more in a snapshot.
pub(crate) const INITIALIZE: &str = "wizer.initialize";

fn wizer() -> Wizer {
    let mut wizer = Wizer::new();
    wizer.init_func(INITIALIZE);
    wizer
}

/// The module with its hidden state exported, and what is needed to write the snapshot.
pub(crate) fn instrument(wasm: &[u8]) -> Result<(ModuleContext<'_>, Vec<u8>)> {
    wizer()
        .instrument(wasm)
        .map_err(Error::wasm("instrumenting the interpreter"))
}

/// The state of `instance` as a module, without custom sections.
pub(crate) fn take<D: Door>(
    context: &ModuleContext<'_>,
    store: &mut Store<Guest<D>>,
    instance: Instance,
) -> Result<Vec<u8>> {
    let mut state = State { store, instance };
    let wizer = wizer();
    let snapshot = run_now(wizer.snapshot(context, &mut state))
        .map_err(Error::wasm("writing the snapshot"))?;
    strip(&snapshot)
}

/// An instance as the snapshot crate wants to see it.
struct State<'a, D: 'static> {
    store: &'a mut Store<Guest<D>>,
    instance: Instance,
}

impl<D: Door> InstanceState for State<'_, D> {
    /// # Panics
    ///
    /// As the trait says: for a name that the instrumented module does not export.
    async fn global_get(&mut self, name: &str, _: ValType) -> SnapshotVal {
        let global = self.instance.get_global(&mut *self.store, name);
        match global.map(|global| global.get(&mut *self.store)) {
            Some(Val::I32(value)) => SnapshotVal::I32(value),
            Some(Val::I64(value)) => SnapshotVal::I64(value),
            Some(Val::F32(bits)) => SnapshotVal::F32(bits),
            Some(Val::F64(bits)) => SnapshotVal::F64(bits),
            Some(Val::V128(value)) => SnapshotVal::V128(value.as_u128()),
            other => panic!("the instrumented module exports no number `{name}`: {other:?}"),
        }
    }

    /// # Panics
    ///
    /// As the trait says: for a name that the instrumented module does not export.
    async fn memory_contents(&mut self, name: &str, contents: impl FnOnce(&[u8]) + Send) {
        match self.instance.get_memory(&mut *self.store, name) {
            Some(memory) => contents(memory.data(&*self.store)),
            None => panic!("the instrumented module exports no memory `{name}`"),
        }
    }
}

/// A module without its custom sections: names (14 MB) and build notes that no one reads at run
/// time, and that would be carried into every compiled image.
pub(crate) fn strip(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut stripped = wasm.get(..8).unwrap_or_default().to_vec();
    let mut start = 8;
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.map_err(|error| Error::Abi(format!("not a module: {error}")))?;
        // Sections come in order and without gaps; the parser reports where each content lies, so
        // a section is everything from the end of the one before to the end of its content.
        let end = match &payload {
            Payload::CustomSection(section) => {
                start = section.range().end;
                continue;
            }
            other => match other.as_section() {
                Some((_, range)) => range.end,
                None => continue,
            },
        };
        stripped.extend_from_slice(&wasm[start..end]);
        start = end;
    }
    Ok(stripped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stripping_removes_custom_sections_and_nothing_else() {
        // (module (memory 1)) with a custom section "x" before and after.
        let custom = [0_u8, 3, 1, b'x', 7];
        let memory = [5_u8, 3, 1, 0, 1];
        let header = b"\0asm\x01\0\0\0".as_slice();
        let module = [header, &custom, &memory, &custom].concat();
        assert_eq!(strip(&module).unwrap(), [header, &memory].concat());
    }

    #[test]
    fn what_is_not_a_module_is_refused() {
        assert!(strip(b"#!/bin/sh").is_err());
    }
}
