//! A metered module does what the original does, costs the same every time, and is stopped by a unit
//! less than it costs.

use belljar_meter::{Options, Proof, SlowPath, verify};

use super::{
    choices,
    machine::{End, Machine},
    noise::Noise,
    sound::{self, most_work},
};

/// More fuel than any of this needs.
const AMPLE: i64 = 1 << 50;

/// The work that the original may do before it is taken to be endless.
const PATIENCE: u64 = 500_000;

/// The behaviour of a module, as far as it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seen {
    /// Calls that ended as they did before.
    pub calls: u64,
    /// Those of them that returned.
    pub returned: u64,
    /// Functions that were stopped because they had little fuel.
    pub stopped: u64,
    /// The most that a call has cost.
    pub most: i64,
    /// Loops that are run in strips.
    pub strips: u64,
}

/// The outcome and the cost of one call.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Call {
    end: End,
    state: u64,
    spent: i64,
    work: u64,
}

/// Meters a module in some way and runs it beside the original.
///
/// # Panics
///
/// If they differ, or the meter does not keep a promise.
pub fn check(original: &[u8], noise: &mut Noise) -> Seen {
    let mut options = choices::options(noise);
    let metered = choices::metered(original, &mut options).wasm;
    let proof = verify(&metered, &options)
        .unwrap_or_else(|error| panic!("not verified: {error}, {options:?}"));
    let mut seen = Seen {
        strips: proof.strips,
        ..Seen::default()
    };

    let seed = noise.next();
    let calls = |wasm: &[u8], fuel, patience| behaviour(wasm, seed, fuel, patience);
    let expected = calls(original, None, PATIENCE);
    let found = calls(&metered, Some(AMPLE), 20 * PATIENCE);
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(
            (&found.end, found.state),
            (&expected.end, expected.state),
            "{options:?}"
        );
        check_price(found, &options, &proof);
        seen.calls += 1;
        seen.returned += u64::from(matches!(found.end, End::Returned(_)));
        seen.most = seen.most.max(found.spent);
    }
    let again = calls(&metered, Some(AMPLE), 20 * PATIENCE);
    assert_eq!(found, again, "the same run, the same fuel: {options:?}");
    check_limits(&metered, seed, &found, &options);
    seen.stopped = sound::stops(&metered, &options, &proof, noise);
    seen
}

/// A call has cost something, or has done next to nothing.
fn check_price(call: &Call, options: &Options, proof: &Proof) {
    let Call { spent, work, .. } = *call;
    assert!(spent >= 0, "a call has cost {spent} units: {options:?}");
    let most = most_work(options, proof, spent);
    assert!(work <= most, "{work} for {spent} units: {options:?}");
}

/// Checks that the cost of the first call is enough for it, and a unit less is not.
fn check_limits(metered: &[u8], seed: u64, found: &[Call], options: &Options) {
    let Some(first) = found.first().filter(|first| first.spent > 0) else {
        return;
    };
    for fuel in [first.spent, first.spent - 1] {
        let calls = behaviour(metered, seed, Some(fuel), 20 * PATIENCE);
        let Some(call) = calls.first() else {
            // A hook is called too, so what calls as deep as it may can't ask.
            let asks = matches!(options.slow_path, SlowPath::Ask { .. });
            assert!(asks, "{fuel} of {first:?}: it does not end, {options:?}");
            continue;
        };
        let is_enough = call.spent <= fuel;
        assert_eq!(
            is_enough,
            fuel == first.spent,
            "{fuel} of {first:?}: {call:?}, {options:?}"
        );
        // Asking a hook is work, of which there is more with small slices.
        let seen = |call: &Call| (call.end.clone(), call.state, call.spent);
        assert!(
            !is_enough || seen(call) == seen(first),
            "{call:?}, {first:?}"
        );
    }
}

/// The behaviour of a module: every function is called once, up to the first that does not end or calls too
/// deep, which are not comparable.
fn behaviour(wasm: &[u8], seed: u64, fuel: Option<i64>, patience: u64) -> Vec<Call> {
    let Some(mut machine) = Machine::new(wasm) else {
        return Vec::new();
    };
    if fuel.is_some() {
        machine.limit_memory(u32::MAX);
    }
    let mut noise = Noise::new(seed);
    let mut calls = Vec::new();
    for name in machine.functions() {
        if let Some(fuel) = fuel {
            machine.set_fuel(fuel);
        }
        let (end, work) = machine.call(&name, &mut noise, patience);
        if matches!(end, End::Endless | End::TooDeep) {
            break;
        }
        calls.push(Call {
            end,
            state: machine.state(),
            spent: fuel.map_or(0, |fuel| fuel - machine.fuel()),
            work,
        });
    }
    calls
}
