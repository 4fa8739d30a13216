//! Wasmtime with the settings of Spin 4.1, and components compiled by it.

use anyhow::{Context, Result};
use belljar_cache::{Cache, key};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use wasmtime::component::Component;
use wasmtime::{Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

/// Spin's default for `SPIN_MAX_INSTANCE_COUNT`.
const INSTANCES: u32 = 1_000;

/// The native code in its entry of the cache.
const CODE: &str = "component.cwasm";

/// The engine, as `spin-core` makes it. What is not set there is Wasmtime's default, the wasm stack
/// of 512 KiB among it.
pub(crate) fn engine(exceptions: bool) -> Result<Engine> {
    let mut config = Config::new();
    config.epoch_interruption(true);
    config.wasm_exceptions(exceptions);
    let mut pool = PoolingAllocationConfig::default();
    pool.total_component_instances(INSTANCES)
        .total_memories(INSTANCES)
        .total_tables(2 * INSTANCES)
        .total_stacks(INSTANCES)
        .total_core_instances(4 * INSTANCES)
        .table_elements(100_000)
        .max_component_instance_size(10 << 20)
        .max_core_instance_size(10 << 20)
        .max_core_instances_per_component(200)
        .max_tables_per_component(64)
        .max_memories_per_component(32)
        .max_tables_per_module(2)
        .max_memories_per_module(2)
        .max_memory_size(4 << 30)
        .linear_memory_keep_resident(2 << 20)
        .table_keep_resident(512 << 10);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    Engine::new(&config).map_err(|error| anyhow::anyhow!("starting Wasmtime: {error:#}"))
}

/// A component as native code: from the cache, or compiled into it.
pub(crate) fn compile(engine: &Engine, id: &str, wasm: &[u8]) -> Result<Component> {
    let cache = Cache::open()?;
    let mut hasher = DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut hasher);
    let key = key(format!("{} {:016x}", key(wasm), hasher.finish()));
    let waiting = || eprintln!("Waiting for another set-up ...");
    let entry = cache.ensure(&format!("spin-host-{key}"), waiting, |directory| {
        eprintln!("Compiling {id} ({} KiB) ...", wasm.len() >> 10);
        let code = engine
            .precompile_component(wasm)
            .map_err(|error| anyhow::anyhow!("compiling {id}: {error:#}"))?;
        fs::write(directory.join(CODE), code).context("writing native code")
    })?;
    let path = entry.join(CODE);
    // SAFETY: the file is the output of `precompile_component` by an engine of the same
    // compatibility hash, in a directory that only this user can write to.
    unsafe { Component::deserialize_file(engine, &path) }
        .map_err(|error| anyhow::anyhow!("loading {id}: {error:#}"))
}
