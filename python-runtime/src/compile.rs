//! Native code for this machine.

use crate::{Digest, Error, Result};
use belljar_engine::EngineSettings;
use std::hash::{DefaultHasher, Hash, Hasher};
use wasmtime::Engine;

/// Compiles a module with these settings.
pub(crate) fn compile(wasm: &[u8], settings: EngineSettings) -> Result<Vec<u8>> {
    let engine = settings
        .engine()
        .map_err(Error::wasm("starting the compiler"))?;
    engine
        .precompile_module(wasm)
        .map_err(Error::wasm("compiling"))
}

/// A text that is the same exactly for engines that can load each other's code: it covers
/// Wasmtime's version, every setting that matters, and the features of this CPU.
pub(crate) fn compatibility(settings: EngineSettings) -> Result<String> {
    let engine: Engine = settings
        .engine()
        .map_err(Error::wasm("starting the compiler"))?;
    // The standard library's hasher with its fixed keys: stable for one build of Belljar, and a
    // change of it only means that an image is made anew.
    let mut hasher = DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut hasher);
    Ok(Digest::of(&hasher.finish().to_le_bytes())
        .short()
        .to_owned())
}
