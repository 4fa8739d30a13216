//! The component: the one inside this program or another, and its native code.

use super::engine;
use crate::config::Config;
use belljar_cache::{Cache, Error as CacheError};
use belljar_python_runtime::Digest;
use std::borrow::Cow;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use wasmtime::Engine;
use wasmtime::component::Component;

/// The component that was built with this program; empty where none was.
const INSIDE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/front.wasm"));

/// The component's file beside the binary, for one that has none inside.
const FILE: &str = "belljar_front.wasm";

/// The native code in its entry of the cache.
const CODE: &str = "front.cwasm";

/// Instances beyond one for each connection: one that was asked to make room for another may have got a
/// request at that moment, and is answered.
const SPARE_INSTANCES: u32 = 64;

/// Bytes of SHA-256 in front of the native code.
const DIGEST_BYTES: usize = 64;

/// The text of an error in one line: some of Wasmtime's show bytes, each on a line of its own.
fn one_line(error: &wasmtime::Error) -> String {
    let text = format!("{error:#}");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A front that cannot be hosted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FrontError {
    #[error(
        "the HTTP front is missing: this belljar was built without it, and there is no {}; build both \
         with `cargo xtask setup`, or name it with --component or BELLJAR_COMPONENT", .0.display()
    )]
    Missing(PathBuf),
    #[error("could not read the HTTP front {}: {error}", path.display())]
    Read { path: PathBuf, error: io::Error },
    #[error("{} is not a component that can be compiled: {}", path.display(), one_line(error))]
    Compile {
        path: PathBuf,
        error: wasmtime::Error,
    },
    #[error("could not start Wasmtime for the HTTP front: {0:#}")]
    Engine(wasmtime::Error),
    #[error("the HTTP front does not fit this belljar, build both from the same version: {0:#}")]
    Link(wasmtime::Error),
    #[error("could not start a thread: {0}")]
    Ticker(io::Error),
}

/// A component and the engine that it is compiled for.
pub(crate) struct Compiled {
    pub(super) engine: Engine,
    pub(super) component: Component,
}

impl Compiled {
    /// Finds the component of this configuration and compiles it, unless the cache has its code.
    pub(crate) fn find(config: &Config) -> Result<Self, FrontError> {
        let (path, wasm) = read(config)?;
        let instances = config.http.max_connections.saturating_add(SPARE_INSTANCES);
        let engine = engine::engine(instances).map_err(FrontError::Engine)?;
        let compile = |error| FrontError::Compile {
            path: path.clone(),
            error,
        };
        let cache = Cache::open()
            .inspect_err(|error| tracing::warn!(%error, "every start compiles the front"))
            .ok();
        let entry = entry(&engine, &wasm);
        if let Some(code) = cache.as_ref().and_then(|cache| load(&cache.entry(&entry))) {
            // SAFETY: the code is the output of `precompile_component` by an engine of the same
            // compatibility hash, from a directory that only this user can write to, and its digest
            // says that it is whole.
            match unsafe { Component::deserialize(&engine, &code) } {
                Ok(component) => return Ok(Self { engine, component }),
                Err(error) => {
                    tracing::warn!(error = format!("{error:#}"), "compiling the front anew")
                }
            }
        }
        let code = engine.precompile_component(&wasm).map_err(compile)?;
        if let Some(cache) = cache
            && let Err(error) = store(&cache, &entry, &code)
        {
            tracing::warn!(%error, "the front's code could not be kept: every start compiles it");
        }
        // SAFETY: it comes straight from `precompile_component`.
        let component = unsafe { Component::deserialize(&engine, &code) }.map_err(compile)?;
        Ok(Self { engine, component })
    }
}

/// The configured component, or the one inside this program, or the one beside it; with its path.
fn read(config: &Config) -> Result<(PathBuf, Cow<'static, [u8]>), FrontError> {
    let binary = std::env::current_exe().unwrap_or_default();
    let path = match &config.front.component {
        Some(path) => path.clone(),
        None if !INSIDE.is_empty() => return Ok((binary, Cow::Borrowed(INSIDE))),
        None => binary.with_file_name(FILE),
    };
    match fs::read(&path) {
        Ok(wasm) => Ok((path, Cow::Owned(wasm))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(match &config.front.component {
                Some(_) => FrontError::Read { path, error },
                None => FrontError::Missing(path),
            })
        }
        Err(error) => Err(FrontError::Read { path, error }),
    }
}

/// The name of the cache's entry for this component and engine.
fn entry(engine: &Engine, wasm: &[u8]) -> String {
    // The standard library's hasher with its fixed keys: stable for one build of Belljar, and a
    // change of it only means that the code is made anew.
    let mut hasher = DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut hasher);
    let key = format!("{} {:016x}", Digest::of(wasm), hasher.finish());
    Digest::of(key.as_bytes()).entry("front")
}

/// The native code, if it is there and whole.
fn load(entry: &Path) -> Option<Vec<u8>> {
    let mut digest = fs::read(entry.join(CODE)).ok()?;
    let code = (digest.len() > DIGEST_BYTES).then(|| digest.split_off(DIGEST_BYTES))?;
    (Digest::of(&code).to_string().as_bytes() == digest).then_some(code)
}

/// Keeps the native code, with its digest.
fn store(cache: &Cache, entry: &str, code: &[u8]) -> Result<(), CacheError> {
    let digest = Digest::of(code).to_string();
    cache.create(entry, |directory| {
        let path = directory.join(CODE);
        let content = [digest.as_bytes(), code].concat();
        fs::write(&path, content).map_err(CacheError::io("could not write", path))
    })?;
    Ok(())
}
