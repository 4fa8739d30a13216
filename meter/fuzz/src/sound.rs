//! Whatever the verifier accepts is stopped in time: with little fuel, no function does more work than
//! the verifier's theorem allows, none gains fuel, and none makes the memory larger than its limit.
//!
//! That is asked of metered modules, and of such that somebody has changed since.

use belljar_meter::{Options, Proof, VerifyError, verify};

use super::{
    choices,
    machine::{End, Machine},
    mutate::mutated,
    noise::Noise,
};

/// The fuel of a run that is to be stopped.
const LITTLE: i64 = 300;

/// The pages that a run may add to its memory.
const FEW: u32 = 1;

/// The most work that growing memory can be, in a run: it is charged when it has succeeded. The modules have
/// two memories of 16 pages at most, and a page is as much as filling its bytes, eight at a time.
const GROWTH: u64 = 2 * 16 * (65_536 / 8);

/// The most work that a run can do for some units of fuel.
///
/// That is the verifier's theorem, and the work of checks themselves, which the theorem leaves out: at
/// most 10 for every unit, as most charge at least one, or a fifth of what they charge for, as those that
/// may charge nothing are at instructions which weigh 40 and more. What the interpreter counts before it
/// is done is at most one function's.
pub fn most_work(options: &Options, proof: &Proof, spent: i64) -> u64 {
    let units = spent.max(0).unsigned_abs().saturating_add(1);
    let paid = units.saturating_mul(options.costs.damping + 10);
    let debt = proof.largest_debt + 5_000;
    (paid + debt).saturating_mul(5) / 4 + GROWTH
}

/// Runs every function of a module that was proved to be metered.
///
/// # Panics
///
/// If the proof promised too much.
pub fn stops(wasm: &[u8], options: &Options, proof: &Proof, noise: &mut Noise) -> u64 {
    let mut stopped = 0;
    let Some(functions) = Machine::new(wasm).map(|machine| machine.functions()) else {
        return 0;
    };
    for name in functions {
        let mut machine = Machine::new(wasm).expect("as before");
        machine.set_fuel(LITTLE);
        let limit = machine.limit_memory(FEW);
        let most = most_work(options, proof, LITTLE);
        let (end, work) = machine.call(&name, noise, most);
        assert_ne!(
            end,
            End::Endless,
            "`{name}` does more than {most} for {LITTLE} units: {options:?}, {proof}"
        );
        let left = machine.fuel();
        assert!(
            left <= LITTLE,
            "`{name}` has gained {} units with {work} of work",
            left - LITTLE
        );
        if let Some(limit) = limit {
            let pages = machine.pages();
            assert!(pages <= limit, "`{name}` has {pages} pages, not {limit}");
        }
        stopped += u64::from(left < 0);
    }
    stopped
}

/// The fate of a changed module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// There was nothing to change.
    Unchanged,
    /// It is no module any more.
    Invalid,
    /// The verifier has refused it.
    Refused,
    /// The verifier has accepted it, and rightly.
    Accepted,
}

/// Meters a module, changes something in it, and asks the verifier.
///
/// # Panics
///
/// If the verifier accepts what is not metered any more.
pub fn check_changed(original: &[u8], noise: &mut Noise) -> Verdict {
    let mut options = choices::options(noise);
    let metered = choices::metered(original, &mut options).wasm;
    let Some((changed, what)) = mutated(&metered, noise) else {
        return Verdict::Unchanged;
    };
    match verify(&changed, &options) {
        Err(VerifyError::Module(_)) => Verdict::Invalid,
        Err(_) => Verdict::Refused,
        Ok(proof) => {
            let told = Told(&what);
            stops(&changed, &options, &proof, noise);
            drop(told);
            Verdict::Accepted
        }
    }
}

/// Says what was changed, if what follows panics.
struct Told<'t>(&'t str);

impl Drop for Told<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the change: {}", self.0);
        }
    }
}
