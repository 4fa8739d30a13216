//! Tests of the reset that the patch of Wasmtime makes possible: a sandbox that is used again is as
//! new, and where it was.
//!
//! With the crate as published there is nothing to see here: then memory is given back.

#![expect(clippy::unwrap_used, reason = "in a test, the panic is the report")]

use belljar_engine::{EngineSettings, Metering, Pool, pagemap};
use std::fs::File;
use std::os::unix::fs::FileExt;
use wasmtime::{Engine, ExternRef, Instance, Memory, Module, Rooted, Store};

const PAGE: usize = 4096;

/// An interpreter in small: a memory with an image, another one, and a use for the collector.
const MODULE: &str = r#"(module
    (memory (export "memory") 64 256)
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

/// `true` if sandboxes are reset page by page here. To be asked before the first engine is made:
/// what is known of pages without asking the kernel is only used if huge ones were refused before.
fn is_page_by_page() -> bool {
    pagemap::refuse_huge_pages();
    let available = pagemap::is_available();
    if !available {
        eprintln!("skipped: sandboxes are not reset page by page here");
    }
    available
}

/// `true` if the kernel has swapped this page out: bit 62 of its entry in the page map.
fn is_swapped(address: usize) -> bool {
    let mut entry = [0; 8];
    let map = File::open("/proc/self/pagemap").unwrap();
    let offset = (address / PAGE * 8) as u64;
    map.read_exact_at(&mut entry, offset).unwrap();
    u64::from_ne_bytes(entry) >> 62 & 1 == 1
}

#[test]
fn what_was_swapped_out_is_reset_too() {
    if !is_page_by_page() {
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
    if !is_page_by_page() {
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

#[test]
fn whatever_is_written_where_the_next_one_finds_nothing() {
    is_page_by_page();
    let engine = engine(2);
    let module = Module::new(&engine, wat::parse_str(MODULE).unwrap()).unwrap();
    let pristine = |bytes: &[u8]| {
        let (image, rest) = bytes.split_at(5);
        image == b"image" && rest.iter().all(|byte| *byte == 0)
    };
    let mut state = 1_u64;
    let mut random = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as usize % below
    };
    for round in 0..2_000 {
        let (mut store, _, memory) = instance(&engine, &module);
        assert!(pristine(memory.data(&store)), "round {round}");
        // Another that is used meanwhile, now and then, so that places change hands.
        let other = (random(8) == 0).then(|| instance(&engine, &module));
        // Mostly it is the same few pages that are written, and nothing is asked of the kernel.
        for _ in 0..random(10) {
            memory.data_mut(&mut store)[random(20) * PAGE] = 1;
        }
        if random(16) == 0 {
            let at = random(memory.data_size(&store));
            memory.data_mut(&mut store)[at] = 2;
        }
        // What is grown is new, although a tenant before had it too.
        if random(16) == 0 {
            let size = memory.data_size(&store);
            memory.grow(&mut store, 1 + random(16) as u64).unwrap();
            let bytes = memory.data_mut(&mut store);
            assert!(bytes[size..].iter().all(|byte| *byte == 0), "round {round}");
            let at = size + random(bytes.len() - size);
            bytes[at] = 3;
        }
        if let Some((mut store, _, memory)) = other {
            assert!(pristine(memory.data(&store)), "round {round}");
            let at = random(memory.data_size(&store));
            memory.data_mut(&mut store)[at] = 4;
        }
    }
}
