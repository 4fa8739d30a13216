//! The cost of metering in a few small kernels: `cargo bench -p belljar-meter`.
//!
//! Every kernel runs unmetered and metered in turns, so that all share what else the machine does;
//! the best of several rounds counts.

use std::time::{Duration, Instant};

use belljar_meter::{Options, meter, verify};
use wasmtime::{Config, Engine, Instance, Module, Store, TypedFunc};

/// Name, text, and argument of the exported function `f`.
const KERNELS: [(&str, &str, i32); 9] = [
    (
        "add two arrays (counted)",
        "(module (memory 2) (func (export \"f\") (param $n i32) (result i32) (local $i i32)
           (loop $outer
             (local.set $i (i32.const 0))
             (loop $l
               (f64.store (local.get $i) (f64.add (f64.load (local.get $i))
                                                  (f64.load offset=32768 (local.get $i))))
               (local.set $i (i32.add (local.get $i) (i32.const 8)))
               (br_if $l (i32.ne (local.get $i) (i32.const 32768))))
             (br_if $outer (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
           (local.get $i)))",
        20_000,
    ),
    (
        "short counted loops (4)",
        "(module (memory 1) (func (export \"f\") (param $n i32) (result i32) (local $i i32) (local $s i32)
           (loop $outer
             (local.set $i (i32.const 0))
             (loop $l
               (local.set $s (i32.xor (i32.mul (local.get $s) (i32.const 31))
                                      (i32.load8_u (local.get $i))))
               (local.set $i (i32.add (local.get $i) (i32.const 1)))
               (br_if $l (i32.ne (local.get $i) (i32.const 4))))
             (br_if $outer (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
           (local.get $s)))",
        10_000_000,
    ),
    (
        "find a byte (innermost, with an exit)",
        "(module (memory 1) (func (export \"f\") (param $n i32) (result i32) (local $i i32)
           (i32.store8 (i32.const 1000) (i32.const 1))
           (loop $outer
             (local.set $i (i32.const 0))
             (block $found
               (loop $l
                 (br_if $found (i32.load8_u (local.get $i)))
                 (local.set $i (i32.add (local.get $i) (i32.const 1)))
                 (br $l)))
             (br_if $outer (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
           (local.get $i)))",
        100_000,
    ),
    (
        "hash (innermost, long latency)",
        "(module (func (export \"f\") (param $n i32) (result i32) (local $h i64)
           (local.set $h (i64.const 88172645463325252))
           (block $done (loop $l
             (br_if $done (i32.eqz (local.get $n)))
             (local.set $h (i64.xor (local.get $h) (i64.shl (local.get $h) (i64.const 13))))
             (local.set $h (i64.xor (local.get $h) (i64.shr_u (local.get $h) (i64.const 7))))
             (local.set $h (i64.xor (local.get $h) (i64.shl (local.get $h) (i64.const 17))))
             (local.set $n (i32.sub (local.get $n) (i32.const 1)))
             (br $l)))
           (i32.wrap_i64 (local.get $h))))",
        100_000_000,
    ),
    (
        "fibonacci (recursion)",
        "(module (func $fib (export \"f\") (param $n i32) (result i32)
           (if (result i32) (i32.lt_u (local.get $n) (i32.const 2))
             (then (local.get $n))
             (else (i32.add (call $fib (i32.sub (local.get $n) (i32.const 1)))
                            (call $fib (i32.sub (local.get $n) (i32.const 2))))))))",
        36,
    ),
    (
        "small calls in a loop",
        "(module
           (func $step (param i32) (result i32) (i32.mul (i32.xor (local.get 0) (i32.const 77)) (i32.const 3)))
           (func (export \"f\") (param $n i32) (result i32) (local $s i32)
             (loop $l
               (local.set $s (call $step (call $step (local.get $s))))
               (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
             (local.get $s)))",
        50_000_000,
    ),
    (
        "calls through a table",
        "(module (type $t (func (param i32) (result i32))) (table 4 funcref)
           (elem (i32.const 0) func $a $b $a $b)
           (func $a (type $t) (i32.add (local.get 0) (i32.const 77)))
           (func $b (type $t) (i32.mul (local.get 0) (i32.const 77)))
           (func (export \"f\") (param $n i32) (result i32) (local $s i32)
             (loop $l
               (local.set $s (call_indirect (type $t) (local.get $s)
                               (i32.and (local.get $n) (i32.const 3))))
               (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
             (local.get $s)))",
        50_000_000,
    ),
    (
        "an interpreter's loop",
        "(module (memory 1) (data (i32.const 0) \"\\00\\01\\02\\00\\03\\01\\02\\02\\00\\01\\03\\00\\02\\01\\00\\04\")
           (func $slow (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
           (func (export \"f\") (param $n i32) (result i32) (local $pc i32) (local $acc i32)
             (block $halt (loop $next
               (block $op4 (block $op3 (block $op2 (block $op1 (block $op0
                 (br_table $op0 $op1 $op2 $op3 $op4
                   (i32.load8_u (local.tee $pc (i32.and (i32.add (local.get $pc) (i32.const 1))
                                                        (i32.const 15))))))
                 (local.set $acc (i32.add (local.get $acc) (i32.const 3))) (br $next))
                 (local.set $acc (i32.xor (local.get $acc) (i32.const 85))) (br $next))
                 (local.set $acc (i32.mul (local.get $acc) (i32.const 5))) (br $next))
                 (i32.store offset=64 (i32.const 0) (local.get $acc)) (br $next))
               (local.set $acc (call $slow (local.get $acc)))
               (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))
             (local.get $acc)))",
        5_000_000,
    ),
    (
        "small copies",
        "(module (memory 1) (func (export \"f\") (param $n i32) (result i32)
           (loop $l
             (memory.copy (i32.const 1000) (i32.const 0) (i32.and (local.get $n) (i32.const 63)))
             (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
           (i32.load (i32.const 1000))))",
        10_000_000,
    ),
];

const ROUNDS: u32 = 7;

struct Kernel {
    store: Store<()>,
    f: TypedFunc<i32, i32>,
}

impl Kernel {
    fn new(engine: &Engine, wasm: &[u8]) -> Self {
        let module = Module::new(engine, wasm).expect("a valid module");
        let mut store = Store::new(engine, ());
        let instance = Instance::new(&mut store, &module, &[]).expect("an instance");
        if let Some(fuel) = instance.get_global(&mut store, "belljar_fuel") {
            fuel.set(&mut store, i64::MAX.into())
                .expect("a mutable i64");
        }
        let f = instance.get_typed_func(&mut store, "f").expect("f");
        Self { store, f }
    }

    fn time(&mut self, argument: i32) -> Duration {
        let start = Instant::now();
        self.f.call(&mut self.store, argument).expect("it returns");
        start.elapsed()
    }
}

fn main() {
    let engine = Engine::new(&Config::new()).expect("an engine");
    let with_floor = Options::default();
    let without_floor = Options {
        floor: None,
        ..Options::default()
    };
    println!(
        "{:40} {:>10} {:>8} {:>8}",
        "", "plain", "metered", "no floor"
    );
    let mut products = [1.0; 2];
    for (name, text, argument) in KERNELS {
        let wasm = wat::parse_str(text).expect("a valid kernel");
        let mut kernels = vec![Kernel::new(&engine, &wasm)];
        for options in [&with_floor, &without_floor] {
            let metered = meter(&wasm, options).expect("it can be metered").wasm;
            verify(&metered, options).expect("it can be verified");
            kernels.push(Kernel::new(&engine, &metered));
        }
        let mut best = [Duration::MAX; 3];
        for _ in 0..ROUNDS {
            for (best, kernel) in best.iter_mut().zip(&mut kernels) {
                *best = kernel.time(argument).min(*best);
            }
        }
        let ratios = [1, 2].map(|i| best[i].as_secs_f64() / best[0].as_secs_f64());
        println!(
            "{name:40} {:>10.1?} {:>8.3} {:>8.3}",
            best[0], ratios[0], ratios[1]
        );
        products
            .iter_mut()
            .zip(ratios)
            .for_each(|(product, ratio)| *product *= ratio);
    }
    let means = products.map(|product| product.powf(1.0 / KERNELS.len() as f64));
    println!(
        "{:40} {:>10} {:>8.3} {:>8.3}",
        "geometric mean", "", means[0], means[1]
    );
}
