//! The ways in which a module can be metered that every engine can run.

use belljar_meter::{CostModel, MemoryLimit, MeterError, Metered, Options, SlowPath, meter};

use super::noise::Noise;

/// The names of what the meter exports.
pub const FUEL: &str = "fuel";
/// See [`FUEL`].
pub const FLOOR: &str = "floor";
/// See [`FUEL`].
pub const STOP: &str = "halt";
/// See [`FUEL`].
pub const HOOK: &str = "hook";
/// See [`FUEL`].
pub const PAGES: &str = "pages";
/// See [`FUEL`].
pub const REFUSED: &str = "refused";

/// Options, by chance.
pub fn options(noise: &mut Noise) -> Options {
    let mut coin = || noise.pick(2) == 1;
    let hook = HOOK.to_owned();
    let small = CostModel {
        damping: 16,
        max_region: 200,
        max_unguarded: 40,
        max_unguarded_indirect: 10,
        strip: 64,
    };
    Options {
        fuel: FUEL.to_owned(),
        floor: coin().then(|| FLOOR.to_owned()),
        stop: coin().then(|| STOP.to_owned()),
        slow_path: if coin() {
            SlowPath::Ask { hook }
        } else {
            SlowPath::Trap
        },
        memory: coin().then(|| MemoryLimit {
            pages: PAGES.to_owned(),
            refused: REFUSED.to_owned(),
            maximum: 1 << 16,
        }),
        // What a `start` function may use.
        initial_fuel: u32::MAX,
        costs: if coin() { small } else { CostModel::default() },
        ..Options::default()
    }
}

/// Meters a module, and gives up the limit of its memory if it has not exactly one.
///
/// # Panics
///
/// If it can't be metered: these modules can.
pub fn metered(original: &[u8], options: &mut Options) -> Metered {
    match meter(original, options) {
        Err(MeterError::NotOneMemory) => {
            options.memory = None;
            metered(original, options)
        }
        result => result.unwrap_or_else(|error| panic!("not metered: {error}")),
    }
}
