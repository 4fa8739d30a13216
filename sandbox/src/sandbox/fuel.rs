//! The fuel of one execution.

use super::door::ScriptDoor;
use belljar_engine::{Code, Guest, Interrupt, Meter, Metering};
use wasmtime::{AsContextMut, Store, StoreContextMut};

/// What counts the instructions of an execution, and what it was given.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fuel {
    given: u64,
    counter: Counter,
}

#[derive(Debug, Clone, Copy)]
enum Counter {
    Module(Meter),
    /// For benchmarks only: nothing interrupts such a run.
    Engine,
    /// The same.
    None,
}

/// Epochs that never pass: what is compared is the price of looking at them.
const NEVER: u64 = u64::MAX / 2;

impl Fuel {
    /// Gives an instance its fuel.
    pub(super) fn fill(
        store: &mut Store<Guest<ScriptDoor>>,
        metering: Metering,
        given: u64,
    ) -> wasmtime::Result<Self> {
        let (given, counter) = match metering {
            Metering::Module => {
                let meter = store.data().meter();
                let meter = meter.ok_or_else(|| wasmtime::Error::msg("it has no meter"))?;
                (meter.fill(store, given)?, Counter::Module(meter))
            }
            Metering::Engine => {
                store.set_fuel(given)?;
                store.set_epoch_deadline(NEVER);
                (given, Counter::Engine)
            }
            Metering::Off => (given, Counter::None),
        };
        Ok(Self { given, counter })
    }

    /// Calls `run` while raising `interrupt` stops what it executes of `code`.
    pub(super) fn run_interruptible<R>(
        self,
        store: &mut Store<Guest<ScriptDoor>>,
        code: Option<&Code>,
        interrupt: &Interrupt,
        run: impl FnOnce(StoreContextMut<'_, Guest<ScriptDoor>>) -> R,
    ) -> std::io::Result<R> {
        let store = store.as_context_mut();
        match (self.counter, code) {
            (Counter::Module(meter), Some(code)) => interrupt.run(code, &meter, store, run),
            _ => Ok(run(store)),
        }
    }

    /// What was spent. More than what was given when that was used up: a stretch of code is paid for
    /// before it is begun, and the one that was not is in the sum.
    pub(super) fn spent(self, store: &mut Store<Guest<ScriptDoor>>) -> u64 {
        match self.counter {
            Counter::Module(meter) => {
                let left = i128::from(meter.left(store));
                u64::try_from(i128::from(self.given) - left).unwrap_or(u64::MAX)
            }
            Counter::Engine => self.given.saturating_sub(store.get_fuel().unwrap_or(0)),
            Counter::None => 0,
        }
    }
}
