//! Random modules behave as before, whatever they do.
//!
//! Every module is made to end by itself (by wasm-smith, which puts in a counter of its own), then
//! metered and verified, and run beside the original.

use std::{
    env,
    hash::{DefaultHasher, Hash, Hasher},
};

use belljar_meter::Options;
use wasmtime::{Extern, Trap, Val, ValType};

use crate::{
    fuzz::{
        noise::Noise,
        smith::{self, Shape},
    },
    support::{AMPLE, End, Run, all_options, metered_bytes},
};

/// The number of modules that are tried. More can be asked for in `BELLJAR_METER_CASES`.
pub(crate) fn cases() -> u64 {
    env::var("BELLJAR_METER_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(150)
}

/// A random module that ends, or `None` if this seed yields none.
pub(crate) fn module(seed: u64) -> Option<Vec<u8>> {
    let shape = Shape {
        exceptions: true,
        imports: seed.is_multiple_of(4),
        turns: Some(200),
    };
    smith::module(&Noise::new(seed).bytes(4000), shape)
}

/// Parameters for a function, the same for the same seed. `None` if it needs something that can't
/// be made up.
fn arguments(run: &mut Run, name: &str, noise: &mut Noise) -> Option<Vec<Val>> {
    let function = run.instance.get_func(&mut run.store, name)?;
    let small = |noise: &mut Noise| (noise.next() >> 40) as u32 & 0x1ff;
    let make = |ty: ValType| {
        Some(match ty {
            ValType::I32 => Val::I32(small(noise).cast_signed() - 16),
            ValType::I64 => Val::I64(i64::from(small(noise))),
            ValType::F32 => Val::F32((small(noise) as f32).to_bits()),
            ValType::F64 => Val::F64(f64::from(small(noise)).to_bits()),
            ValType::V128 => Val::V128(u128::from(noise.next()).into()),
            ValType::Ref(ty) if ty.is_nullable() => Val::null_ref(ty.heap_type()),
            ValType::Ref(_) => return None,
        })
    };
    function.ty(&run.store).params().map(make).collect()
}

/// A digest of everything the module exports, but the meter's own.
fn state(run: &mut Run) -> u64 {
    let mut hasher = DefaultHasher::new();
    let exports: Vec<(String, Extern)> = run
        .instance
        .exports(&mut run.store)
        .map(|e| (e.name().to_owned(), e.into_extern()))
        .collect();
    for (name, export) in exports {
        if OURS.contains(&name.as_str()) {
            continue;
        }
        match export {
            Extern::Memory(memory) => memory.data(&run.store).hash(&mut hasher),
            Extern::Global(global) => {
                crate::support::bits(&global.get(&mut run.store)).hash(&mut hasher);
            }
            Extern::Table(table) => table.size(&run.store).hash(&mut hasher),
            _ => {}
        }
        name.hash(&mut hasher);
    }
    hasher.finish()
}

/// The exports of the pass.
const OURS: [&str; 5] = ["fuel", "floor", "halt", "stop", "hook"];

fn exported_functions(run: &mut Run) -> Vec<String> {
    let exports: Vec<_> = run
        .instance
        .exports(&mut run.store)
        .map(|e| (e.name().to_owned(), e.into_extern()))
        .collect();
    exports
        .into_iter()
        .filter(|(name, export)| {
            matches!(export, Extern::Func(_)) && !OURS.contains(&name.as_str())
        })
        .map(|(name, _)| name)
        .collect()
}

/// The behaviour of a module: how each exported function ends, with what state, and what it spends.
fn behaviour(wasm: &[u8], seed: u64, fuel: Option<i64>) -> Option<Vec<(End, u64, i64)>> {
    let mut run = Run::new(wasm).ok()?;
    let mut noise = Noise::new(seed);
    let mut seen = Vec::new();
    for name in exported_functions(&mut run) {
        let Some(arguments) = arguments(&mut run, &name, &mut noise) else {
            continue;
        };
        if let Some(fuel) = fuel {
            run.set_fuel(fuel);
        }
        let end = run.call(&name, &arguments);
        if matches!(end, End::Trapped(Trap::StackOverflow)) {
            // A metered function's frame is not the same size.
            break;
        }
        let spent = fuel.map_or(0, |fuel| fuel - run.fuel());
        seen.push((end, state(&mut run), spent));
    }
    Some(seen)
}

#[test]
fn random_modules_do_what_they_did() {
    let (mut run, mut calls, mut charged, mut stopped) = (0, 0, 0, 0);
    for seed in 0..cases() {
        let Some(original) = module(seed) else {
            continue;
        };
        let options = &all_options()[(seed % 7) as usize];
        let options = Options {
            initial_fuel: u32::MAX,
            ..options.clone()
        };
        let (metered, ..) = metered_bytes(&original, &options);

        let Some(expected) = behaviour(&original, seed, None) else {
            continue;
        };
        run += 1;
        let found = behaviour(&metered, seed, Some(AMPLE)).expect("it can be instantiated too");
        assert_eq!(found.len(), expected.len(), "seed {seed}");
        for (call, (found, expected)) in found.iter().zip(&expected).enumerate() {
            assert_eq!(
                (&found.0, found.1),
                (&expected.0, expected.1),
                "seed {seed}, call {call}"
            );
            assert!(found.2 >= 0, "seed {seed}, call {call}");
            calls += 1;
        }
        let again = behaviour(&metered, seed, Some(AMPLE));
        assert_eq!(
            again.as_ref(),
            Some(&found),
            "seed {seed}: the same run, the same fuel"
        );

        // With less fuel than the most expensive call spends, that call does not end as before;
        // unless it throws at the end, or catches what stops it.
        let most = found.iter().map(|(_, _, spent)| *spent).max().unwrap_or(0);
        charged += u64::from(most > 0);
        if most > 0 {
            let short = behaviour(&metered, seed, Some(most - 1)).expect("it can be instantiated");
            let is_stopped = short.iter().any(|(_, _, spent)| *spent >= most);
            assert!(is_stopped, "seed {seed}: {most} {short:?}");
            stopped += 1;
        }
    }
    println!("{run} modules, {calls} calls; {charged} modules were charged, {stopped} stopped");
    assert!(
        run > cases() / 3 && charged > run / 8,
        "the modules are worth something: {run} {charged}"
    );
}
