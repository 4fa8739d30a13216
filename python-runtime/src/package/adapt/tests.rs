use super::*;
use belljar_meter::{Options, meter};
use wasmtime::{Engine, Func, Instance, Module, Ref, Store, Val};

const FUEL: &str = "fuel";

const PROGRAM: &str = "(module
    (memory (export \"memory\") 2)
    (table 1 funcref)
    (global (mut i32) (i32.const 0))
    (func (export \"nothing\"))
    (func (export \"grow\") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export \"spin\") (param i32) (result i32)
        (loop $again
            (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
        (i32.const 7)))";

struct Adapted {
    store: Store<u32>,
    instance: Instance,
}

impl Adapted {
    /// The program, with a hook that counts and refills, up to `refills` times.
    fn new(refills: u32) -> Self {
        let options = Options {
            fuel: FUEL.to_owned(),
            floor: None,
            ..Options::default()
        };
        let metered = meter(&wat::parse_str(PROGRAM).unwrap(), &options).unwrap();
        belljar_meter::verify(&metered.wasm, &options).unwrap();
        let wasm = adapt(&metered.wasm, FUEL, 10).unwrap();
        let engine = Engine::default();
        let module = Module::new(&engine, &wasm).unwrap();
        let mut store = Store::new(&engine, 0);
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        let fuel = instance.get_global(&mut store, FUEL).unwrap();
        let hook = Func::wrap(&mut store, move |mut caller: wasmtime::Caller<'_, u32>| {
            *caller.data_mut() += 1;
            if *caller.data() > refills {
                return Err(wasmtime::Error::msg("no more"));
            }
            let left = fuel.get(&mut caller).unwrap_i64();
            fuel.set(&mut caller, Val::I64(left + 1000))
        });
        let hooks = instance.get_table(&mut store, HOOKS).unwrap();
        hooks.set(&mut store, 0, Ref::Func(Some(hook))).unwrap();
        Self { store, instance }
    }

    fn set(&mut self, name: &str, value: Val) {
        let global = self.instance.get_global(&mut self.store, name).unwrap();
        global.set(&mut self.store, value).unwrap();
    }

    fn get(&mut self, name: &str) -> Val {
        let global = self.instance.get_global(&mut self.store, name).unwrap();
        global.get(&mut self.store)
    }

    fn call(&mut self, name: &str, argument: i32) -> wasmtime::Result<i32> {
        let function = self.instance.get_typed_func(&mut self.store, name)?;
        function.call(&mut self.store, argument)
    }
}

#[test]
fn a_run_goes_on_for_as_long_as_the_hook_gives_it_fuel_and_costs_the_same() {
    let mut whole = Adapted::new(0);
    whole.set(FUEL, Val::I64(1_000_000));
    assert_eq!(whole.call("spin", 5000).unwrap(), 7);
    let spent = 1_000_000 - whole.get(FUEL).unwrap_i64();
    assert!(spent > 5000, "{spent}");

    let mut sliced = Adapted::new(u32::MAX);
    sliced.set(FUEL, Val::I64(0));
    assert_eq!(sliced.call("spin", 5000).unwrap(), 7);
    let slices = i64::from(*sliced.store.data());
    assert!(slices > 1, "{slices}");
    assert_eq!(slices * 1000 - sliced.get(FUEL).unwrap_i64(), spent);

    let mut stopped = Adapted::new(2);
    stopped.set(FUEL, Val::I64(0));
    assert!(stopped.call("spin", 5000).is_err());
    assert_eq!(*stopped.store.data(), 3);
}

#[test]
fn memory_grows_to_its_limit_and_no_further() {
    let mut run = Adapted::new(0);
    run.set(FUEL, Val::I64(i64::MAX));
    assert_eq!(run.call("grow", 1).unwrap(), -1, "no limit is set yet");
    run.set(REFUSED, Val::I32(0));
    run.set(PAGE_LIMIT, Val::I32(5));
    assert_eq!(run.call("grow", 3).unwrap(), 2);
    assert_eq!(run.get(REFUSED).unwrap_i32(), 0);
    assert_eq!(run.call("grow", 1).unwrap(), -1);
    assert_eq!(run.call("grow", -1).unwrap(), -1);
    assert_eq!(run.get(REFUSED).unwrap_i32(), 1);
    run.set(PAGE_LIMIT, Val::I32(-1));
    assert_eq!(run.call("grow", 6).unwrap(), -1, "over the maximum");
}

#[test]
fn an_interpreter_larger_than_the_maximum_is_refused() {
    let options = Options {
        fuel: FUEL.to_owned(),
        ..Options::default()
    };
    let metered = meter(&wat::parse_str(PROGRAM).unwrap(), &options).unwrap();
    let error = adapt(&metered.wasm, FUEL, 1).unwrap_err();
    assert!(error.to_string().contains("memory_bytes"), "{error}");
}
