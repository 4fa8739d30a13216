//! Wasmtime's settings, each with its reason.

use crate::pagemap;
use wasmtime::{
    Collector, Config, Enabled, Engine, InstanceAllocationStrategy, OptLevel,
    PoolingAllocationConfig,
};

/// The stack WebAssembly may use. CPython's own recursion checks assume 8 MiB, the usual size of a
/// native main thread; what goes beyond ends in a clean trap.
const WASM_STACK_BYTES: usize = 8 << 20;

/// The stack a sandbox runs on: its own, so that the caller's thread may have any size. Host
/// functions run on it too, on top of what WebAssembly used, so it is larger by a wide margin:
/// overflowing it would abort the whole process.
const SANDBOX_STACK_BYTES: usize = 16 << 20;

/// The largest linear memory that can be offered: all that 32-bit addresses reach.
pub const MAX_MEMORY_BYTES: usize = 4 << 30;

/// Linear memories a pooled sandbox has: Python's, the meter's floor, and the collector's heap for
/// exceptions.
const MEMORIES: u32 = 3;

/// Table slots a pooled sandbox has room for. The interpreter declares 47,157.
const TABLE_ELEMENTS: usize = 65_536;

/// Bytes of bookkeeping Wasmtime may keep for an instance: it grows with the number of functions,
/// and the interpreter's 89,060 need 1.6 MB.
const INSTANCE_BYTES: usize = 16 << 20;

/// The part of a sandbox's memory that is reset by copying after a run, and so stays resident for
/// the next one; the rest is given back to the kernel. What is resident is all that any run in this
/// sandbox wrote, and each reset copies it (5 MiB a millisecond), while a page that is given back
/// costs the next run that writes it a fault. A run of pandas writes 1 to 4 MiB; twice that bounds
/// the reset to a millisecond or two, and the memory of a sandbox that waits.
const KEEP_RESIDENT_BYTES: usize = 8 << 20;

/// The same for its table.
const TABLE_KEEP_RESIDENT_BYTES: usize = 512 << 10;

/// The way in which a run's instructions are counted, and interrupts are looked for. An image is
/// made for one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Metering {
    /// The module itself: `belljar-meter` has compiled a counter and checks into it.
    #[default]
    Module,
    /// Wasmtime, by its fuel and its epochs. Only to be compared with.
    Engine,
    /// Nobody: while an image is prepared, and to be compared with. Nothing stops such a run.
    Off,
}

/// The settings in which the engines that we build differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EngineSettings {
    /// The way in which instructions are counted.
    pub metering: Metering,
    /// Spend time on good code; `false` to get preparation, which runs once, over quickly.
    pub optimized: bool,
    /// Keep sandboxes ready in a pool. `None` allocates each from the operating system.
    pub pool: Option<Pool>,
}

/// A pool of sandboxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// The number that can exist at once.
    pub sandboxes: u32,
}

impl EngineSettings {
    /// For running scripts with `sandboxes` at once.
    pub fn execution(sandboxes: u32) -> Self {
        Self {
            metering: Metering::Module,
            optimized: true,
            pool: Some(Pool { sandboxes }),
        }
    }

    /// For running the interpreter once, to take a snapshot of it.
    pub fn preparation() -> Self {
        Self {
            metering: Metering::Off,
            optimized: false,
            pool: None,
        }
    }

    /// An engine with these settings.
    ///
    /// # Errors
    ///
    /// When this machine cannot provide them, usually for want of address space.
    pub fn engine(&self) -> wasmtime::Result<Engine> {
        Engine::new(&self.config())
    }

    /// Wasmtime's configuration.
    pub fn config(&self) -> Config {
        let mut config = Config::new();

        // What the interpreter is built with. Exceptions are allocated by the collector; the
        // reference-counting one frees them without pauses.
        config.wasm_exceptions(true);
        config.collector(Collector::DeferredReferenceCounting);
        // The fused multiply-add of matrix products. It rounds once whatever the processor.
        config.wasm_relaxed_simd(true);
        config.relaxed_simd_deterministic(true);
        // Off: what it does not use only widens what a guest could reach.
        config.wasm_memory64(false);
        config.wasm_tail_call(false);

        config.max_wasm_stack(WASM_STACK_BYTES);
        config.async_stack_size(SANDBOX_STACK_BYTES);

        // Either would make CPU-bound Python half as slow again: the module counts for itself.
        let by_engine = self.metering == Metering::Engine;
        config.consume_fuel(by_engine);
        config.epoch_interruption(by_engine);

        config.cranelift_opt_level(if self.optimized {
            OptLevel::Speed
        } else {
            OptLevel::None
        });
        // Traps are reported to scripts' authors, who have no use for offsets into CPython: leaving
        // the tables out saves 60 MB of the compiled image.
        config.generate_address_map(false);
        config.wasm_backtrace_max_frames(None);

        // Map the snapshot copy-on-write whatever its size; by default only up to 16 MiB.
        config.memory_init_cow(true);
        config.memory_guaranteed_dense_image_size(u64::MAX);
        // The whole 32-bit address space, so that compiled code needs no bounds checks.
        config.memory_reservation(MAX_MEMORY_BYTES as u64);
        // Not the default, but required: eager tables made a tiny run take 3.4 ms.
        config.table_lazy_init(true);

        if let Some(pool) = self.pool {
            config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool.allocation()));
        }
        config
    }
}

impl Pool {
    fn allocation(self) -> PoolingAllocationConfig {
        let mut pool = PoolingAllocationConfig::new();
        let memories = self.sandboxes.saturating_mul(MEMORIES);
        pool.total_core_instances(self.sandboxes)
            .total_memories(memories)
            .total_tables(self.sandboxes)
            .total_stacks(self.sandboxes)
            .total_gc_heaps(self.sandboxes)
            .max_memories_per_module(2);
        pool.max_memory_size(MAX_MEMORY_BYTES)
            .table_elements(TABLE_ELEMENTS)
            .max_core_instance_size(INSTANCE_BYTES);
        if pagemap::is_available() {
            pool.pagemap_scan(Enabled::Yes);
            pool.linear_memory_keep_resident(KEEP_RESIDENT_BYTES)
                .table_keep_resident(TABLE_KEEP_RESIDENT_BYTES);
        } else {
            // Then what would be kept is the lowest so many bytes, written or not.
            pool.pagemap_scan(Enabled::No);
        }
        // Unused sandboxes keep their memory's image mapped, so that the next run starts warm.
        pool.max_unused_warm_slots(memories);
        // Give memory back at once: what a tenant wrote must not linger.
        pool.decommit_batch_size(1);
        pool
    }
}
