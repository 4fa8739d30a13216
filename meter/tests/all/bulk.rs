//! Bulk instructions cost what they move, and do what they did.

use wasmtime::{Trap, Val};

use crate::support::{AMPLE, End, Run, check, interruptible, metered, plain, wasm};

#[test]
fn filling_is_charged_by_length() {
    let text = "(module (memory 64)
                  (func (export \"f\") (param i32 i32 i32)
                    (memory.fill (local.get 0) (local.get 1) (local.get 2))))";
    // Short ones cost the same whatever their length, as part of the path they are on: here, of a
    // function that is called by the host alone and so charges nothing.
    let (end, spent) = check(text, "f", &[Val::I32(0), Val::I32(9), Val::I32(256)]);
    assert_eq!((end, spent), (End::Returned(vec![]), 0));
    for length in [257, 4096, 262_144, 262_145, 1_000_000, 4_194_304] {
        let (end, spent) = check(text, "f", &[Val::I32(0), Val::I32(9), Val::I32(length)]);
        assert_eq!(end, End::Returned(vec![]));
        let expected = i64::from(length) / 8;
        assert!(
            (expected..expected + 64).contains(&spent),
            "{length}: {spent}"
        );
    }
}

#[test]
fn short_lengths_are_charged_on_their_path() {
    let text = "(module (memory 1)
                  (func (export \"f\") (param $n i32)
                    (loop $l
                      (memory.fill (i32.const 0) (i32.const 9) (i32.and (local.get $n) (i32.const 255)))
                      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))";
    let (end, spent) = check(text, "f", &[Val::I32(10_000)]);
    assert_eq!(end, End::Returned(vec![]));
    // A branch, a subtraction, a mask, the call, the shortcut, and 40 units for the instruction.
    assert!((450_000..600_000).contains(&spent), "{spent}");
}

#[test]
fn constant_lengths_are_part_of_the_path() {
    let text = |length: u32| {
        format!(
            "(module (memory 64) (func (export \"f\") (param i32)
               (memory.fill (local.get 0) (i32.const 1) (i32.const {length}))
               (memory.copy (local.get 0) (i32.const 1) (i32.const {length}))))"
        )
    };
    let (_, summary, _) = metered(&text(24), &plain());
    assert_eq!((summary.placed.bulk, summary.helpers), (0, 0));
    let (_, summary, _) = metered(&text(100_000), &plain());
    assert_eq!((summary.placed.bulk, summary.helpers), (2, 2));
    for length in [0, 24, 4096, 4097, 100_000] {
        check(&text(length), "f", &[Val::I32(0)]);
    }
}

/// Copies and fills with every overlap, at the edges of memory and of chunks.
#[test]
fn memory_is_the_same_afterwards() {
    let text = "(module (memory (export \"m\") 32)
                  (func (export \"copy\") (param i32 i32 i32)
                    (memory.copy (local.get 0) (local.get 1) (local.get 2)))
                  (func (export \"fill\") (param i32 i32 i32)
                    (memory.fill (local.get 0) (local.get 1) (local.get 2))))";
    const SIZE: i32 = 32 << 16;
    const CHUNK: i32 = 1 << 18;
    let (metered, ..) = metered(text, &interruptible());
    let mut original = Run::new(&wasm(text)).expect("an instance");
    let mut metered = Run::new(&metered).expect("an instance");
    let pattern: Vec<u8> = (0..SIZE.cast_unsigned())
        .map(|i| (i * i / 7 + i / 251) as u8)
        .collect();

    let lengths = [
        0,
        1,
        CHUNK - 1,
        CHUNK,
        CHUNK + 1,
        3 * CHUNK + 17,
        SIZE - 5,
        SIZE,
        SIZE + 1,
        -1,
    ];
    let starts = [
        0,
        3,
        CHUNK,
        2 * CHUNK + 1,
        SIZE - 3 * CHUNK - 17,
        SIZE,
        SIZE + 1,
        -1,
    ];
    for name in ["copy", "fill"] {
        for length in lengths {
            for to in starts {
                for from in [0, 5, CHUNK + 7, SIZE - 3 * CHUNK - 17, SIZE, -1] {
                    let arguments = [Val::I32(to), Val::I32(from), Val::I32(length)];
                    let mut memories = Vec::new();
                    let mut ends = Vec::new();
                    for run in [&mut original, &mut metered] {
                        let memory = run.instance.get_memory(&mut run.store, "m").expect("m");
                        memory.write(&mut run.store, 0, &pattern).expect("it fits");
                    }
                    ends.push(original.call(name, &arguments));
                    ends.push(metered.spend(AMPLE, name, &arguments).0);
                    for run in [&mut original, &mut metered] {
                        let memory = run.instance.get_memory(&mut run.store, "m").expect("m");
                        memories.push(memory.data(&run.store).to_vec());
                    }
                    assert_eq!(ends[0], ends[1], "{name} {arguments:?}");
                    assert!(memories[0] == memories[1], "{name} {arguments:?}");
                }
            }
        }
    }
}

#[test]
fn an_access_out_of_bounds_still_traps_before_it_writes() {
    let text = "(module (memory (export \"m\") 8)
                  (func (export \"f\") (memory.fill (i32.const 1) (i32.const 9) (i32.const 524288))))";
    let (module, ..) = metered(text, &plain());
    let mut run = Run::new(&module).expect("an instance");
    let (end, _) = run.spend(AMPLE, "f", &[]);
    assert_eq!(end, End::Trapped(Trap::MemoryOutOfBounds));
    let memory = run.instance.get_memory(&mut run.store, "m").expect("m");
    assert!(memory.data(&run.store).iter().all(|byte| *byte == 0));
}

#[test]
fn a_long_copy_is_stopped_within_a_chunk() {
    let text = "(module (memory (export \"m\") 1024)
                  (func (export \"f\") (memory.fill (i32.const 0) (i32.const 9) (i32.const 67108864))))";
    let (module, ..) = metered(text, &interruptible());
    let mut run = Run::new(&module).expect("an instance");
    let (end, _) = run.spend(1_000_000, "f", &[]);
    assert_eq!(end, End::Trapped(Trap::UnreachableCodeReached));
    let memory = run.instance.get_memory(&mut run.store, "m").expect("m");
    let filled = memory
        .data(&run.store)
        .iter()
        .filter(|byte| **byte == 9)
        .count();
    assert!((4_000_000..=8_000_000).contains(&filled), "{filled}");
}

#[test]
fn two_memories() {
    let text = "(module (memory $a 4) (memory $b (export \"b\") 4) (data (memory $a) (i32.const 0) \"abcd\")
                  (func (export \"f\") (param i32) (result i32)
                    (memory.copy $b $a (i32.const 8) (i32.const 0) (local.get 0))
                    (memory.copy $b $b (i32.const 100) (i32.const 8) (local.get 0))
                    (memory.fill $b (i32.const 101) (i32.const 1) (i32.const 1))
                    (i32.load $b (i32.const 100))))";
    let (_, summary, _) = metered(text, &interruptible());
    assert_eq!(summary.helpers, 2);
    check(text, "f", &[Val::I32(4)]);
}

#[test]
fn passive_segments_and_tables() {
    let text = "(module (memory 1) (table $t 10 funcref) (table $u 10 funcref)
                  (data $d \"hello, world\") (elem $e func $f $g)
                  (func $f) (func $g)
                  (func (export \"f\") (param $n i32) (result i32 i32)
                    (memory.init $d (i32.const 8) (i32.const 0) (local.get $n))
                    (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 2))
                    (table.copy $u $t (i32.const 1) (i32.const 0) (local.get $n))
                    (table.fill $t (i32.const 0) (ref.null func) (local.get $n))
                    (data.drop $d) (elem.drop $e)
                    (i32.load (i32.const 8))
                    (ref.is_null (table.get $u (i32.const 2)))))";
    for n in [0, 2, 9, 11, -1] {
        check(text, "f", &[Val::I32(n)]);
    }
}

#[test]
fn growing_is_charged_if_it_succeeds() {
    let text = "(module (memory 1 100) (table $t 1 50 funcref)
                  (func (export \"memory\") (param i32) (result i32) (memory.grow (local.get 0)))
                  (func (export \"table\") (param i32) (result i32)
                    (table.grow $t (ref.null func) (local.get 0))))";
    for (name, amount, expected) in [
        ("memory", 0, 0),
        ("memory", 10, 10 * 8192),
        ("memory", 1000, 0),
        ("memory", -1, 0),
        ("table", 10, 40),
        ("table", 1000, 0),
        ("table", -1, 0),
    ] {
        let (_, spent) = check(text, name, &[Val::I32(amount)]);
        assert!(
            (expected..expected + 110).contains(&spent),
            "{name} {amount}: {spent}"
        );
    }
}

#[test]
fn a_loop_of_bulk_instructions_is_charged_for_all_of_them() {
    let text = "(module (memory 16)
                  (func (export \"f\") (param $n i32)
                    (loop $again
                      (memory.copy (i32.const 0) (i32.const 500000) (i32.const 500000))
                      (memory.fill (i32.const 0) (i32.const 1) (local.get $n))
                      (local.set $n (i32.sub (local.get $n) (i32.const 1)))
                      (br_if $again (local.get $n)))))";
    let (_, spent) = check(text, "f", &[Val::I32(50)]);
    assert!(spent > 50 * 62_500, "{spent}");
}
