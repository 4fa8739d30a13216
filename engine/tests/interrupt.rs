//! A run is stopped wherever it is, once it is to be stopped, and not before.

#![expect(clippy::unwrap_used, reason = "in a test, the panic is the report")]

use belljar_engine::{Cause, Code, EngineSettings, Interrupt, Meter, Metering, Pool};
use belljar_meter::{Options, host};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use wasmtime::{AsContextMut, Engine, Linker, Module, Result, Store, Trap, Val};

/// Modules whose `f` does not end, each in another way; all of them import the same.
const ENDLESS: &[(&str, &str)] = &[
    (
        "a loop of nothing",
        "(func (export \"f\") (loop $l (br $l)))",
    ),
    (
        "a loop that calls",
        "(func $g (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
         (func (export \"f\") (local $i i32)
           (loop $l (local.set $i (call $g (local.get $i))) (br $l)))",
    ),
    (
        "memory",
        "(memory 1) (func (export \"f\") (local $i i32)
           (loop $l
             (i64.store (local.get $i) (i64.add (i64.load (local.get $i)) (i64.const 1)))
             (local.set $i (i32.and (i32.add (local.get $i) (i32.const 8)) (i32.const 0xfff8)))
             (br $l)))",
    ),
    (
        "the host, called all the time",
        "(func (export \"f\") (loop $l (call $host) (br $l)))",
    ),
    (
        "the engine's own functions",
        "(memory 4096) (func (export \"f\")
           (loop $l
             (memory.fill (i32.const 0) (i32.const 1) (i32.const 70000))
             (drop (memory.grow (i32.const 0)))
             (br $l)))",
    ),
    (
        "exceptions",
        "(tag $t (param i32))
         (func $thrower (param i32) (throw $t (local.get 0)))
         (func (export \"f\") (local $i i32)
           (loop $l
             (local.set $i (block $caught (result i32)
               (try_table (catch $t $caught) (call $thrower (local.get $i)))
               (i32.const 0)))
             (br $l)))",
    ),
    (
        "code that catches all it can",
        "(func $spin (loop $l (br $l)))
         (func (export \"f\")
           (loop $l (block $caught (try_table (catch_all $caught) (call $spin))) (br $l)))",
    ),
    (
        "a table",
        "(type $t (func (param i32) (result i32))) (table funcref (elem $a $b))
         (func $a (type $t) (i32.const 1)) (func $b (type $t) (i32.const 0))
         (func (export \"f\") (local $i i32)
           (loop $l
             (local.set $i (call_indirect (type $t) (local.get $i) (local.get $i)))
             (br $l)))",
    ),
];

/// A run that ends: its result is 1 + 2 + … + 300,000.
const FINITE: &str = "(func (export \"f\") (result i64) (local $i i64) (local $sum i64)
    (loop $l
      (local.set $i (i64.add (local.get $i) (i64.const 1)))
      (local.set $sum (i64.add (local.get $sum) (local.get $i)))
      (br_if $l (i64.ne (local.get $i) (i64.const 300000))))
    (local.get $sum))";
const SUM: i64 = 45_000_150_000;

/// A module, and where its runs can be stopped.
struct Sandbox {
    engine: Engine,
    module: Module,
    code: Code,
}

impl Sandbox {
    fn new(functions: &str) -> Self {
        let text = format!("(module (import \"host\" \"f\" (func $host)) {functions})");
        let options = Options {
            stop: Some(host::STOP_EXPORT.to_owned()),
            ..Options::default()
        };
        let metered = belljar_meter::meter(&wat::parse_str(text).unwrap(), &options).unwrap();
        belljar_meter::verify(&metered.wasm, &options).unwrap();
        let settings = EngineSettings {
            metering: Metering::Module,
            optimized: true,
            pool: Some(Pool { sandboxes: 4 }),
        };
        let engine = settings.engine().unwrap();
        let module = Module::new(&engine, metered.wasm).unwrap();
        let code = Code::of(&module).unwrap();
        Self {
            engine,
            module,
            code,
        }
    }

    /// Runs `f` in a fresh instance.
    fn run(&self, interrupt: &Interrupt) -> Result<i64> {
        let mut store = Store::new(&self.engine, ());
        let mut linker = Linker::new(&self.engine);
        linker.func_wrap("host", "f", || {}).unwrap();
        let instance = linker.instantiate(&mut store, &self.module).unwrap();
        let meter = Meter::of(&mut store, &instance).unwrap();
        meter.fill(&mut store, host::MAX_FUEL).unwrap();
        let f = instance.get_func(&mut store, "f").unwrap();
        let mut results = vec![Val::I64(0); f.ty(&store).results().len()];
        let called = interrupt.run(&self.code, &meter, store.as_context_mut(), |store| {
            belljar_engine::run_now(f.call_async(store, &[], &mut results))
        });
        called.unwrap()?;
        Ok(results.first().map_or(0, Val::unwrap_i64))
    }
}

/// Raises the interrupt after a while, on another thread; the answer is when.
fn raise_after(interrupt: &Arc<Interrupt>, pause: Duration) -> thread::JoinHandle<Instant> {
    let interrupt = Arc::clone(interrupt);
    thread::spawn(move || {
        thread::sleep(pause);
        let raised = Instant::now();
        interrupt.raise(Cause::Cancelled);
        raised
    })
}

fn assert_stopped(outcome: Result<i64>, what: &str) {
    let error = outcome.expect_err(what);
    let trap = error.downcast_ref::<Trap>();
    assert_eq!(
        trap,
        Some(&Trap::UnreachableCodeReached),
        "{what}: {error:?}"
    );
}

#[test]
fn whatever_does_not_end_is_stopped_every_time() {
    for (what, functions) in ENDLESS {
        let sandbox = Sandbox::new(functions);
        let mut delays = Vec::new();
        for round in 0..60 {
            let interrupt = Arc::new(Interrupt::default());
            // From before it begins to well within.
            let raiser = raise_after(&interrupt, Duration::from_micros(round * 37));
            let outcome = sandbox.run(&interrupt);
            delays.push(raiser.join().unwrap().elapsed());
            assert_stopped(outcome, what);
            assert_eq!(interrupt.raised(), Some(Cause::Cancelled));
        }
        // Half of them, as this machine may be busy with something else now and then.
        delays.sort_unstable();
        let typical = delays[delays.len() / 2];
        eprintln!("{what}: stopped after {typical:?}");
        assert!(typical < Duration::from_millis(20), "{what}: {typical:?}");
    }
}

#[test]
fn one_that_was_raised_before_stops_at_once() {
    let sandbox = Sandbox::new(ENDLESS[0].1);
    let interrupt = Interrupt::default();
    interrupt.raise(Cause::Timeout);
    assert_stopped(sandbox.run(&interrupt), "raised before");
    assert_stopped(sandbox.run(&interrupt), "and still");
}

/// The next run on the thread may still be hit by a signal that was meant for the last.
#[test]
fn the_next_run_on_the_thread_is_none_of_its_business() {
    let endless = Sandbox::new(ENDLESS[2].1);
    let finite = Sandbox::new(FINITE);
    for round in 0..100 {
        let interrupt = Arc::new(Interrupt::default());
        let raiser = raise_after(&interrupt, Duration::from_micros(round * 11));
        assert_stopped(endless.run(&interrupt), "memory");
        let next = finite.run(&Interrupt::default());
        assert_eq!(next.unwrap(), SUM);
        raiser.join().unwrap();
    }
}

#[test]
fn only_the_one_that_is_meant_is_stopped() {
    let endless = Sandbox::new(ENDLESS[1].1);
    let finite = Sandbox::new(FINITE);
    thread::scope(|scope| {
        let neighbour = scope.spawn(|| {
            for _ in 0..300 {
                assert_eq!(finite.run(&Interrupt::default()).unwrap(), SUM);
            }
        });
        while !neighbour.is_finished() {
            let interrupt = Arc::new(Interrupt::default());
            let raiser = raise_after(&interrupt, Duration::from_millis(1));
            assert_stopped(endless.run(&interrupt), "a loop that calls");
            raiser.join().unwrap();
        }
        neighbour.join().unwrap();
    });
}

/// The same signal for another reason, or for none.
#[test]
fn signals_that_mean_nothing_do_nothing() {
    let finite = Sandbox::new(FINITE);
    // It installs the handler, and without one the signal does nothing anyway.
    assert_eq!(finite.run(&Interrupt::default()).unwrap(), SUM);
    // SAFETY: takes nothing, and the answer is valid as long as the thread is.
    let this_thread = unsafe { libc::pthread_self() } as usize;
    let done = std::sync::atomic::AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                // SAFETY: the thread waits for this one before it ends.
                unsafe { libc::pthread_kill(this_thread as libc::pthread_t, libc::SIGURG) };
                thread::sleep(Duration::from_micros(20));
            }
        });
        for _ in 0..200 {
            assert_eq!(finite.run(&Interrupt::default()).unwrap(), SUM);
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}

#[test]
fn a_module_without_a_stop_function_is_refused() {
    let engine = Engine::default();
    let module = Module::new(
        &engine,
        wat::parse_str("(module (func (export \"f\")))").unwrap(),
    )
    .unwrap();
    let error = Code::of(&module).unwrap_err().to_string();
    assert!(error.contains(host::STOP_EXPORT), "{error}");
}
