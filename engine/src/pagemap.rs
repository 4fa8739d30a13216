//! Whether the kernel can tell us which pages a guest has written.
//!
//! `PAGEMAP_SCAN` (Linux 6.7) lets the pooling allocator reset only the dirty pages of a memory by
//! copying, instead of giving the whole of it back to the kernel and paying a page fault for each
//! page at the next run. Without it everything works, several times slower per execution.

use std::sync::OnceLock;
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

/// How Wasmtime limits itself when it asks for dirty regions.
///
/// The stock crate asks for at most 32 regions and gives the rest of the memory back. Our builds
/// through `cargo xtask` raise that number with a one-line patch and say so by this variable; a
/// plain `cargo build` has the stock crate.
pub const REGION_LIMIT: PageMapRegions = match option_env!("BELLJAR_PAGEMAP_REGIONS") {
    Some(_) => PageMapRegions::Raised,
    None => PageMapRegions::Stock,
};

/// Which Wasmtime this binary was built with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageMapRegions {
    /// The crate as published: 32 regions a reset.
    Stock,
    /// The crate with `patches/wasmtime-pagemap-regions.patch`: 1,024 regions a reset.
    Raised,
}

impl std::fmt::Display for PageMapRegions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Stock => "stock (32 regions)",
            Self::Raised => "patched (1024 regions)",
        })
    }
}

/// Whether `PAGEMAP_SCAN` works for this process: it needs Linux 6.7 and a readable
/// `/proc/self/pagemap`.
pub fn is_available() -> bool {
    static AVAILABLE: OnceLock<bool> = OnceLock::new();
    *AVAILABLE.get_or_init(|| {
        // The allocator itself is the only authority: asked for the scan, it refuses to start
        // where there is none.
        let mut pool = PoolingAllocationConfig::new();
        pool.total_core_instances(1)
            .total_memories(1)
            .total_tables(1)
            .total_stacks(1);
        pool.total_gc_heaps(1)
            .max_memory_size(1 << 16)
            .table_elements(1);
        pool.pagemap_scan(Enabled::Yes);
        let mut config = Config::new();
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
        config.memory_reservation(1 << 16).memory_guard_size(0);
        Engine::new(&config).is_ok()
    })
}
