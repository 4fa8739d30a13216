//! Random programs with much control flow do what they did, and pay for what they do.

use belljar_meter::Options;
use wasmtime::{Config, Engine, Instance, Store, Val};

use crate::{
    fuzz::{
        noise::Noise,
        program,
        shape::{Shape, TURNS},
    },
    random::cases,
    support::{AMPLE, End, Run, all_options, metered_bytes},
};

/// A program whose export `f` takes and returns a number, and which ends.
pub(crate) fn program(seed: u64) -> Vec<u8> {
    let shape = Shape {
        exceptions: true,
        ends: true,
    };
    program::program(&mut Noise::new(seed + 1), shape)
}

/// The behaviour of a program with some arguments: how it ends each time, and in which state.
fn behaviour(run: &mut Run, fuel: Option<i64>) -> Vec<(End, Vec<u64>, i64)> {
    let mut seen = Vec::new();
    for argument in [0, 1, 7, -3, 1000] {
        if let Some(fuel) = fuel {
            run.set_fuel(fuel);
        }
        let turns = run
            .instance
            .get_global(&mut run.store, "turns")
            .expect("a global");
        turns
            .set(&mut run.store, Val::I32(TURNS))
            .expect("a mutable i32");
        let end = run.call("f", &[Val::I32(argument)]);
        let mut state: Vec<u64> = Vec::new();
        for name in ["turns", "state"] {
            let global = run
                .instance
                .get_global(&mut run.store, name)
                .expect("a global");
            state.push(crate::support::bits(&global.get(&mut run.store)));
        }
        let memory = run
            .instance
            .get_memory(&mut run.store, "memory")
            .expect("the memory");
        let bytes = memory.data(&run.store);
        state.push(bytes.len() as u64);
        state.push(
            bytes
                .iter()
                .fold(0, |sum: u64, b| sum.wrapping_mul(31) + u64::from(*b)),
        );
        seen.push((end, state, fuel.map_or(0, |fuel| fuel - run.fuel())));
    }
    seen
}

#[test]
fn random_programs_do_what_they_did() {
    let counting = Engine::new(Config::new().wasm_exceptions(true).consume_fuel(true));
    let counting = counting.expect("an engine");
    let (mut calls, mut returned, mut most, mut strips, mut around) = (0, 0, 0, 0, 0);
    for seed in 0..cases() {
        let original = program(seed);
        for options in all_options()
            .into_iter()
            .skip((seed % 4) as usize)
            .step_by(2)
        {
            check_program(seed, &original, &options, &mut |end, spent, proof| {
                calls += 1;
                returned += u64::from(matches!(end, End::Returned(_)));
                most = most.max(spent);
                strips += proof.strips;
                around += proof.loops;
            });
        }
        check_work(seed, &original, &counting);
    }
    println!(
        "{calls} calls, {returned} returned; {around} loops, {strips} in strips; {most} units"
    );
    assert!(
        returned > calls / 10 && strips > 0,
        "{calls} {returned} {strips}"
    );
}

fn check_program(
    seed: u64,
    original: &[u8],
    options: &Options,
    count: &mut impl FnMut(&End, i64, &belljar_meter::Proof),
) {
    let (metered, _, proof) = metered_bytes(original, options);
    let expected = behaviour(&mut Run::new(original).expect("an instance"), None);
    let found = behaviour(&mut Run::new(&metered).expect("an instance"), Some(AMPLE));
    for (call, (found, expected)) in found.iter().zip(&expected).enumerate() {
        assert_eq!(
            (&found.0, &found.1),
            (&expected.0, &expected.1),
            "seed {seed}, call {call}"
        );
        assert!(found.2 >= 0);
        count(&found.0, found.2, &proof);
    }
    let again = behaviour(&mut Run::new(&metered).expect("an instance"), Some(AMPLE));
    assert_eq!(found, again, "seed {seed}: the same run, the same fuel");

    let spent = found[0].2;
    for budget in [spent / 3, spent - 1] {
        if budget < spent && budget >= 0 {
            let mut run = Run::new(&metered).expect("an instance");
            let (_, short) = run.spend(budget, "f", &[Val::I32(0)]);
            assert!(
                short > budget,
                "seed {seed}: {budget} of {spent} units are enough"
            );
        }
    }
}

/// Checks that a run's spending bounds the number of instructions that it executes, as counted by
/// the engine (which also counts those that are free for us).
fn check_work(seed: u64, original: &[u8], engine: &Engine) {
    let options = &all_options()[0];
    let (metered, _, proof) = metered_bytes(original, options);
    let module = wasmtime::Module::new(engine, original).expect("a module");
    let mut store = Store::new(engine, ());
    store.set_fuel(u64::MAX).expect("fuel is on");
    let instance = Instance::new(&mut store, &module, &[]).expect("an instance");
    let f = instance.get_func(&mut store, "f").expect("f");
    let ended = f.call(&mut store, &[Val::I32(1)], &mut [Val::I32(0)]);
    let executed = u64::MAX - store.get_fuel().expect("fuel is on");

    let mut run = Run::new(&metered).expect("an instance");
    let (_, spent) = run.spend(AMPLE, "f", &[Val::I32(1)]);
    let most = 6 * (16 * spent.unsigned_abs() + proof.largest_debt + 2000);
    assert!(
        executed <= most,
        "seed {seed}: {executed} for {spent} units, {ended:?}"
    );
}
