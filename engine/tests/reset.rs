//! What the patch of Wasmtime is for: a sandbox that is used again is as new, and where it was.
//!
//! With the crate as published there is nothing to see here: then memory is given back.

use belljar_engine::{EngineSettings, Metering, Pool, pagemap};
use std::fs::File;
use std::os::unix::fs::FileExt;
use wasmtime::{Engine, ExternRef, Instance, Memory, Module, Rooted, Store};

const PAGE: usize = 4096;

/// An interpreter in small: a memory with an image, another one, and a use for the collector.
const MODULE: &str = r#"(module
    (memory (export "memory") 64)
    (memory 1)
    (table 1 externref)
    (data (i32.const 0) "image")
    (func (export "keep") (param externref) (table.set (i32.const 0) (local.get 0))))"#;

fn engine(sandboxes: u32) -> Engine {
    let settings = EngineSettings {
        metering: Metering::Off,
        optimized: false,
        pool: Some(Pool { sandboxes }),
    };
    settings.engine().unwrap()
}

fn instance(engine: &Engine, module: &Module) -> (Store<()>, Instance, Memory) {
    let mut store = Store::new(engine, ());
    let instance = Instance::new(&mut store, module, &[]).unwrap();
    let memory = instance.get_memory(&mut store, "memory").unwrap();
    (store, instance, memory)
}

/// Whether the kernel has swapped this page out: bit 62 of its entry in the page map.
fn is_swapped(address: usize) -> bool {
    let mut entry = [0; 8];
    let map = File::open("/proc/self/pagemap").unwrap();
    let offset = (address / PAGE * 8) as u64;
    map.read_exact_at(&mut entry, offset).unwrap();
    u64::from_ne_bytes(entry) >> 62 & 1 == 1
}

#[test]
fn what_was_swapped_out_is_reset_too() {
    if !pagemap::is_available() {
        eprintln!("skipped: sandboxes are not reset page by page here");
        return;
    }
    let engine = engine(1);
    let module = Module::new(&engine, wat::parse_str(MODULE).unwrap()).unwrap();
    let (mut store, _, memory) = instance(&engine, &module);
    let dirty = PAGE..64 * PAGE;
    memory.data_mut(&mut store)[..64 * PAGE].fill(0xAA);
    let address = memory.data_ptr(&store) as usize;
    // SAFETY: asks the kernel to swap out pages of a memory that is there; what is in them stays.
    let asked = unsafe {
        libc::madvise(
            (address + dirty.start) as *mut libc::c_void,
            dirty.len(),
            libc::MADV_PAGEOUT,
        )
    };
    if asked != 0
        || !dirty
            .clone()
            .step_by(PAGE)
            .any(|at| is_swapped(address + at))
    {
        eprintln!("skipped: nothing is swapped out here");
        return;
    }
    drop(store);

    let (store, _, memory) = instance(&engine, &module);
    let bytes = memory.data(&store);
    assert_eq!(memory.data_ptr(&store) as usize, address);
    assert!(bytes.starts_with(b"image\0"));
    assert!(bytes[5..].iter().all(|byte| *byte == 0), "another's data");
}

#[test]
fn a_memory_is_not_taken_for_the_collectors_heap() {
    if !pagemap::is_available() {
        eprintln!("skipped: sandboxes are not reset page by page here");
        return;
    }
    const SANDBOXES: u32 = 4;
    let engine = engine(SANDBOXES);
    let module = Module::new(&engine, wat::parse_str(MODULE).unwrap()).unwrap();
    // All at once, so that each has places of its own, which are then free.
    let all: Vec<_> = (0..SANDBOXES).map(|_| instance(&engine, &module)).collect();
    let mut places: Vec<_> = all
        .iter()
        .map(|(store, _, memory)| memory.data_ptr(store))
        .collect();
    drop(all);
    for round in 0..100 {
        let (mut store, instance, memory) = instance(&engine, &module);
        let place = memory.data_ptr(&store);
        assert!(places.contains(&place), "round {round}");
        let keep = instance
            .get_typed_func::<Option<Rooted<ExternRef>>, ()>(&mut store, "keep")
            .unwrap();
        let value = ExternRef::new(&mut store, round).unwrap();
        // On its own stack, as scripts are run.
        belljar_engine::run_now(keep.call_async(&mut store, Some(value))).unwrap();
    }
    // None of the other three was touched: all four are as they were.
    let all: Vec<_> = (0..SANDBOXES).map(|_| instance(&engine, &module)).collect();
    let mut now: Vec<_> = all
        .iter()
        .map(|(store, _, memory)| memory.data_ptr(store))
        .collect();
    places.sort_unstable();
    now.sort_unstable();
    assert_eq!(now, places);
}
