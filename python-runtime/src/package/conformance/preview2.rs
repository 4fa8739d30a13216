//! The calls of the small edition: they work on the state that the suite looks at, at the same prices.

use super::component::{component, execute, exports, fuel, shim, stdout};
use crate::package::glue::Imports;
use belljar_engine::EngineSettings;
use belljar_surface_conformance as conformance;

const SECOND_NS: u64 = 1_000_000_000;

/// The start of the monotonic clock, and of the virtual day.
const START_NS: u64 = 100_000 * SECOND_NS;
const EPOCH_S: u64 = 1_767_225_600;

/// Reads its input, draws random bytes, looks at clocks and sleeps for three seconds; it writes all of
/// that.
const GUEST: &str = r#"
    (import "shim" "wasi:io/streams@0.2.0#[method]input-stream.read"
      (func $read (param i32 i64 i32)))
    (import "shim" "wasi:io/streams@0.2.0#[method]output-stream.write"
      (func $write (param i32 i32 i32 i32)))
    (import "shim" "wasi:random/random@0.2.0#get-random-bytes" (func $random (param i64 i32)))
    (import "shim" "wasi:clocks/monotonic-clock@0.2.0#now" (func $now (result i64)))
    (import "shim" "wasi:clocks/wall-clock@0.2.0#now" (func $wall (param i32)))
    (import "shim" "wasi:clocks/monotonic-clock@0.2.0#subscribe-duration"
      (func $subscribe (param i64) (result i32)))
    (import "shim" "wasi:io/poll@0.2.0#poll" (func $poll (param i32 i32 i32)))
    (memory (export "memory") 40 40)
    (global $next (mut i32) (i32.const 0x1000))
    (func (export "host_alloc") (param $len i32) (result i32)
      (global.get $next)
      (global.set $next (i32.add (global.get $next) (local.get $len))))
    (func $show (param $list i32)
      (call $write (i32.const 2)
        (i32.load (local.get $list)) (i32.load offset=4 (local.get $list)) (i32.const 0x200)))
    (func (export "turn") (param i32 i32) (result i32)
      (call $read (i32.const 1) (i64.const 100) (i32.const 0x100))
      (call $show (i32.const 0x104))
      (call $random (i64.const 16) (i32.const 0x110))
      (call $show (i32.const 0x110))
      (i64.store (i32.const 0x120) (call $now))
      (call $wall (i32.const 0x128))
      (i32.store (i32.const 0x150) (call $subscribe (i64.const 3000000000)))
      (call $poll (i32.const 0x150) (i32.const 1) (i32.const 0x138))
      ;; How many are due.
      (i32.store (i32.const 0x138) (i32.load (i32.const 0x13c)))
      (i32.store (i32.const 0x13c) (i32.const 0))
      (i64.store (i32.const 0x140) (call $now))
      (call $write (i32.const 2) (i32.const 0x120) (i32.const 40) (i32.const 0x200))
      (i32.const 0))
"#;

#[test]
fn the_small_edition_works_on_the_same_state() {
    let Some(shim) = shim() else { return };
    let engine = EngineSettings::preparation().engine().unwrap();
    let guest = format!("(module {GUEST} {})", exports());
    let component = component(&shim, &conformance::pack(), &guest, Imports::Linked);
    let outcome = execute(&engine, &component);

    let numbers = [
        START_NS + 1_000,
        EPOCH_S,
        2_000,
        1,
        // Each of the looks at the clock since takes its time, and the sleep was until a time.
        START_NS + 3 * SECOND_NS + 5_000,
    ];
    let mut expected = conformance::STDIN.to_vec();
    expected.extend(conformance::random_bytes(16));
    expected.extend(numbers.map(u64::to_le_bytes).concat());
    assert_eq!(stdout(&outcome), expected);
    let calls = 10 * 1_000;
    let bytes = 2 * conformance::STDIN.len() as u64 + 16 * 4 + 16 + 40;
    assert_eq!(fuel(&outcome), calls + bytes + 100 + 50_000);
}
