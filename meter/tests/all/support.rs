//! Metering a module and running it, in a few words.

use std::{cell::RefCell, sync::OnceLock, thread, time::Duration};

use belljar_meter::{
    MemoryLimit, Options, Proof, SlowPath, StopTag, Summary, VerifyError, meter, verify,
};
use wasmtime::{Config, Engine, Global, Instance, Linker, Module, OptLevel, Store, Trap, Val};

/// More fuel than any test needs.
pub(crate) const AMPLE: i64 = 1 << 50;

/// One engine for all tests. A run that the meter fails to stop is stopped by the engine after some
/// seconds, so that the test fails instead of hanging.
pub(crate) fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let mut config = Config::new();
        config.wasm_exceptions(true).wasm_multi_memory(true);
        config
            .epoch_interruption(true)
            .cranelift_nan_canonicalization(true);
        config.memory_reservation(1 << 24);
        config.cranelift_opt_level(OptLevel::None);
        let engine = Engine::new(&config).expect("an engine");
        let ticking = engine.clone();
        thread::spawn(move || {
            loop {
                thread::sleep(Duration::from_secs(1));
                ticking.increment_epoch();
            }
        });
        engine
    })
}

pub(crate) fn wasm(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("a valid module")
}

/// Without a floor, so that nothing can interrupt a run.
pub(crate) fn plain() -> Options {
    Options {
        fuel: "fuel".into(),
        floor: None,
        ..Options::default()
    }
}

/// With a floor.
pub(crate) fn interruptible() -> Options {
    Options {
        floor: Some("floor".into()),
        ..plain()
    }
}

/// With a stop function, so that most checks need not look at the floor.
pub(crate) fn stoppable() -> Options {
    Options {
        stop: Some("halt".into()),
        ..interruptible()
    }
}

pub(crate) fn throwing(options: Options) -> Options {
    let tag = StopTag::Define {
        export: "stop".into(),
    };
    Options {
        slow_path: SlowPath::Throw(tag),
        ..options
    }
}

/// With a hook, which is empty unless a test puts something there.
pub(crate) fn asking(options: Options) -> Options {
    let hook = "hook".into();
    Options {
        slow_path: SlowPath::Ask { hook },
        ..options
    }
}

/// With a limit for the memory, of at most ten pages.
pub(crate) fn limited(options: Options) -> Options {
    Options {
        memory: Some(MemoryLimit {
            pages: "pages".into(),
            refused: "refused".into(),
            maximum: 10,
        }),
        ..options
    }
}

/// With and without a floor and a stop function, and with every slow path that needs no import.
pub(crate) fn all_options() -> [Options; 7] {
    [
        plain(),
        interruptible(),
        stoppable(),
        asking(interruptible()),
        throwing(plain()),
        throwing(interruptible()),
        throwing(stoppable()),
    ]
}

/// Meters and verifies a module given as text.
pub(crate) fn metered(text: &str, options: &Options) -> (Vec<u8>, Summary, Proof) {
    metered_bytes(&wasm(text), options)
}

pub(crate) fn metered_bytes(wasm: &[u8], options: &Options) -> (Vec<u8>, Summary, Proof) {
    let metered = meter(wasm, options).expect("the module can be metered");
    let proof = verify(&metered.wasm, options).expect("the metered module can be verified");
    (metered.wasm, metered.summary, proof)
}

/// Verifies a module given as text that imitates a metered one.
pub(crate) fn verified(text: &str) -> Result<Proof, VerifyError> {
    verify(&wasm(text), &plain())
}

/// The end of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    Returned(Vec<u64>),
    Trapped(Trap),
    Thrown,
    Failed(String),
}

/// Compiles a module, unless it is one of the last few that this thread has compiled.
fn compiled(wasm: &[u8]) -> wasmtime::Result<Module> {
    thread_local! {
        static RECENT: RefCell<Vec<(Vec<u8>, Module)>> = const { RefCell::new(Vec::new()) };
    }
    RECENT.with_borrow_mut(|recent| {
        if let Some((_, module)) = recent.iter().find(|(bytes, _)| bytes == wasm) {
            return Ok(module.clone());
        }
        let module = Module::new(engine(), wasm)?;
        if recent.len() == 4 {
            recent.remove(0);
        }
        recent.push((wasm.to_vec(), module.clone()));
        Ok(module)
    })
}

/// An instance with its store.
pub(crate) struct Run {
    pub store: Store<()>,
    pub instance: Instance,
}

impl Run {
    /// Instantiates a module; imported functions return zeros.
    pub(crate) fn new(wasm: &[u8]) -> wasmtime::Result<Self> {
        let module = compiled(wasm)?;
        let mut store = Store::new(engine(), ());
        store.set_epoch_deadline(20);
        let mut linker = Linker::new(engine());
        linker.define_unknown_imports_as_default_values(&mut store, &module)?;
        let instance = linker.instantiate(&mut store, &module)?;
        Ok(Self { store, instance })
    }

    pub(crate) fn set_fuel(&mut self, fuel: i64) {
        let counter = self.counter();
        counter
            .set(&mut self.store, Val::I64(fuel))
            .expect("a mutable i64");
    }

    pub(crate) fn fuel(&mut self) -> i64 {
        self.counter().get(&mut self.store).unwrap_i64()
    }

    fn counter(&mut self) -> Global {
        self.instance
            .get_global(&mut self.store, "fuel")
            .expect("the counter")
    }

    pub(crate) fn call(&mut self, name: &str, arguments: &[Val]) -> End {
        let function = self
            .instance
            .get_func(&mut self.store, name)
            .expect("the function");
        let count = function.ty(&self.store).results().len();
        let mut results = vec![Val::I32(0); count];
        match function.call(&mut self.store, arguments, &mut results) {
            Ok(()) => End::Returned(results.iter().map(bits).collect()),
            Err(error) => match error.downcast_ref::<Trap>() {
                Some(trap) => End::Trapped(*trap),
                None if error.is::<wasmtime::ThrownException>() => {
                    self.store.take_pending_exception();
                    End::Thrown
                }
                None => End::Failed(format!("{error:?}")),
            },
        }
    }

    /// Calls with a budget, and returns how the call ended and what it has spent.
    pub(crate) fn spend(&mut self, budget: i64, name: &str, arguments: &[Val]) -> (End, i64) {
        self.set_fuel(budget);
        let end = self.call(name, arguments);
        (end, budget - self.fuel())
    }
}

/// A value as a number that can be compared.
pub(crate) fn bits(value: &Val) -> u64 {
    match value {
        Val::I32(v) => u64::from(v.cast_unsigned()),
        Val::I64(v) => v.cast_unsigned(),
        Val::F32(v) => u64::from(*v),
        Val::F64(v) => *v,
        Val::V128(v) => {
            let v = v.as_u128();
            (v ^ (v >> 64)) as u64
        }
        Val::FuncRef(f) => u64::from(f.is_some()),
        Val::ExternRef(r) => u64::from(r.is_some()),
        _ => 0,
    }
}

/// Calls an exported function of the original and of the metered module, under every option, and
/// checks that they end alike, that the run is charged the same every time, and that a budget below
/// what it spends stops it. Returns how it ended and what it spends.
pub(crate) fn check(text: &str, name: &str, arguments: &[Val]) -> (End, i64) {
    let mut seen = None;
    for options in all_options() {
        let original = Run::new(&wasm(text))
            .expect("an instance")
            .call(name, arguments);
        let (metered, ..) = metered(text, &options);
        let run = |budget| {
            Run::new(&metered)
                .expect("an instance")
                .spend(budget, name, arguments)
        };

        let (end, spent) = run(AMPLE);
        assert_eq!(end, original, "{options:?}");
        assert_eq!(
            run(AMPLE),
            (end.clone(), spent),
            "the same run, the same fuel"
        );
        assert_eq!(run(spent), (end.clone(), spent), "what it spends is enough");
        if spent > 0 {
            let stopped = match options.slow_path {
                SlowPath::Trap => End::Trapped(Trap::UnreachableCodeReached),
                SlowPath::Ask { .. } => End::Trapped(Trap::IndirectCallToNull),
                _ => End::Thrown,
            };
            for budget in [0, spent / 2, spent - 1] {
                let mut run = Run::new(&metered).expect("an instance");
                let (end, _) = run.spend(budget, name, arguments);
                assert_eq!(end, stopped, "with {budget} of {spent} units, {options:?}");
                assert!(
                    run.fuel() < 0,
                    "the counter tells that the fuel was used up"
                );
            }
        }
        assert_eq!(
            *seen.get_or_insert((end.clone(), spent)),
            (end, spent),
            "{options:?}"
        );
    }
    seen.expect("there are options")
}

/// Checks that a function that never returns is stopped, under every option.
pub(crate) fn check_endless(text: &str, name: &str, arguments: &[Val]) {
    check_endless_with(text, name, arguments, &[0, 1, 1000, 1_000_000]);
}

/// The same, with budgets of one's own.
pub(crate) fn check_endless_with(text: &str, name: &str, arguments: &[Val], budgets: &[i64]) {
    for options in all_options() {
        let (metered, ..) = metered(text, &options);
        for &budget in budgets {
            let mut run = Run::new(&metered).expect("an instance");
            let (end, _) = run.spend(budget, name, arguments);
            match options.slow_path {
                SlowPath::Trap => assert_eq!(end, End::Trapped(Trap::UnreachableCodeReached)),
                SlowPath::Ask { .. } => assert_eq!(end, End::Trapped(Trap::IndirectCallToNull)),
                // Code that catches everything can return normally.
                _ => assert!(matches!(end, End::Thrown | End::Returned(_)), "{end:?}"),
            }
            assert!(run.fuel() < 0, "with {budget} units, {options:?}");
        }
    }
}
