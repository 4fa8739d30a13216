//! Wasmtime's settings for the front, each with its reason.

use super::effort::Effort;
use belljar_engine::pagemap;
use std::sync::Arc;
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Store,
    UpdateDeadline,
};

/// The most memory that a front may have. It holds a request of 1 MiB and an answer of at most
/// 14 MiB, with what was displayed, a few times over.
const MEMORY_BYTES: usize = 64 << 20;

/// How much of its memory is reset by copying and stays resident: all that an ordinary request
/// touches. Not more, since after a rush a thousand instances may each have kept as much.
const KEEP_RESIDENT_BYTES: usize = 512 << 10;

/// Core instances, memories and tables that a component of Rust's standard library consists of,
/// with room to spare.
const CORE_INSTANCES: u32 = 8;

/// An engine with room for `instances` at once.
pub(super) fn engine(instances: u32) -> wasmtime::Result<Engine> {
    let mut config = Config::new();
    // Deadlines: see `limit`.
    config.epoch_interruption(true);
    // Nothing of this is used by it: less to go wrong.
    config.wasm_memory64(false);
    config.wasm_relaxed_simd(false);
    // Small reservations, so that a thousand instances need no terabytes of address space; the
    // bounds checks that this costs are lost in the noise of a request.
    config.memory_reservation(MEMORY_BYTES as u64);
    config.memory_guard_size(64 << 10);
    config.memory_init_cow(true);

    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(instances)
        .total_core_instances(instances.saturating_mul(CORE_INSTANCES))
        .total_memories(instances)
        .total_tables(instances.saturating_mul(2))
        .total_stacks(instances)
        .total_gc_heaps(0);
    pool.max_memories_per_component(1)
        .max_tables_per_component(2)
        .max_core_instances_per_component(CORE_INSTANCES)
        .max_memory_size(MEMORY_BYTES);
    pool.linear_memory_keep_resident(KEEP_RESIDENT_BYTES)
        .table_keep_resident(64 << 10);
    pool.async_stack_keep_resident(64 << 10);
    pool.pagemap_scan(if pagemap::is_available() {
        Enabled::Yes
    } else {
        Enabled::No
    });
    // Instances are made and dropped in quick succession: few slots stay warm and do the work.
    pool.max_unused_warm_slots(64);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    Engine::new(&config)
}

/// Bounds what an instance may do: it gives way at every tick, and is stopped when it has computed
/// for longer than it may.
pub(super) fn limit<T>(store: &mut Store<T>, effort: Arc<Effort>) {
    store.set_epoch_deadline(1);
    // Called when code runs that is past its deadline: once by an instance that computes, after each
    // tick, and once by an instance that waited, when it is woken.
    store.epoch_deadline_callback(move |_| {
        Ok(if effort.is_over() {
            UpdateDeadline::Interrupt
        } else {
            UpdateDeadline::Yield(1)
        })
    });
}
