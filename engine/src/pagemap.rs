//! Resetting a sandbox page by page: only those pages that its guest has written.
//!
//! `PAGEMAP_SCAN` (Linux 6.7) tells the pooling allocator which pages of a memory are dirty. It copies
//! the image over those, instead of giving the whole memory back to the kernel and paying a page
//! fault for each page at the next run.
//!
//! Wasmtime as published overlooks a dirty page that was swapped out or is being moved (its pull
//! request 14357): the next tenant would read it. So this is used only with our patch, which mends
//! that among other things. Without it everything works, several times slower per execution.

use std::sync::OnceLock;
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

/// The kind of Wasmtime that this is. Our builds through `cargo xtask` patch it and say so by this
/// variable; a plain `cargo build` has the crate as published.
pub const REGION_LIMIT: PageMapRegions = match option_env!("BELLJAR_PAGEMAP_REGIONS") {
    Some(_) => PageMapRegions::Raised,
    None => PageMapRegions::Stock,
};

/// The kind of Wasmtime that this binary was built with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageMapRegions {
    /// The crate as published.
    Stock,
    /// The crate with `patches/wasmtime-sandbox-reset.patch`: up to 1,024 regions a reset.
    Raised,
}

impl std::fmt::Display for PageMapRegions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Stock => "stock (none: memory is given back)",
            Self::Raised => "patched (1024 regions)",
        })
    }
}

/// `true` if sandboxes are reset page by page: it needs our patch, Linux 6.7 and a readable
/// `/proc/self/pagemap`.
pub fn is_available() -> bool {
    static AVAILABLE: OnceLock<bool> = OnceLock::new();
    *AVAILABLE.get_or_init(|| {
        if REGION_LIMIT == PageMapRegions::Stock {
            return false;
        }
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

/// Has the kernel give this process no huge pages, from now on and for the processes that it starts.
///
/// Scripts write a few hundred small pages here and there; huge ones are of no use to them. And
/// without huge pages only a page fault gives a sandbox a page of its own: when the process has taken
/// none since a sandbox was wiped last, our patch of Wasmtime wipes the pages it knows of, and asks
/// the kernel nothing: an execution then has 16 us of the kernel's time instead of 66. To be called
/// before the first sandboxes are made. It is a setting of the whole process, so a program that embeds
/// sandboxes decides for itself.
pub fn refuse_huge_pages() {
    #[cfg(target_os = "linux")]
    // SAFETY: takes numbers. Where it is refused, all works as before.
    unsafe {
        libc::prctl(libc::PR_SET_THP_DISABLE, 1, 0, 0, 0);
    }
}
