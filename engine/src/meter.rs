//! The counter that was compiled into the module.

use belljar_meter::host::{FLOOR_EXPORT, FUEL_EXPORT, INTERRUPT, MAX_FUEL};
use std::sync::atomic::{AtomicI64, Ordering};
use wasmtime::{AsContext, AsContextMut, Global, Instance, Memory, Val};

/// The fuel of one instance. It counts in the instance itself, in a global that no code of the
/// guest can name; [`belljar_meter::host`] describes the protocol.
#[derive(Debug, Clone, Copy)]
pub struct Meter {
    fuel: Global,
    floor: Memory,
}

impl Meter {
    /// The meter of an instance; `None` if its module is not metered.
    pub fn of(mut store: impl AsContextMut, instance: &Instance) -> Option<Self> {
        Some(Self {
            fuel: instance.get_global(&mut store, FUEL_EXPORT)?,
            floor: instance.get_memory(&mut store, FLOOR_EXPORT)?,
        })
    }

    /// Gives the instance this much fuel, or the most that a meter holds, and returns how much that
    /// was. Until then it has none, and runs nothing.
    ///
    /// # Errors
    ///
    /// When the module's counter is not a 64-bit number that can be set.
    pub fn fill(&self, store: impl AsContextMut, fuel: u64) -> wasmtime::Result<u64> {
        let fuel = fuel.min(MAX_FUEL);
        self.fuel.set(store, Val::I64(fuel.cast_signed()))?;
        Ok(fuel)
    }

    /// The fuel that is left. Below zero it was used up: by how much is what the stretch of code
    /// that was not begun any more would have cost.
    pub fn left(&self, store: impl AsContextMut) -> i64 {
        self.fuel.get(store).i64().unwrap_or(0)
    }

    /// Takes this much fuel, for what the host did; what is left may be below zero then.
    pub(crate) fn charge(&self, mut store: impl AsContextMut, units: u64) -> i64 {
        let units = i64::try_from(units).unwrap_or(i64::MAX);
        let left = self.left(&mut store).saturating_sub(units);
        // It is a number that can be set: `fill` has set it.
        let _ = self.fuel.set(&mut store, Val::I64(left));
        left
    }

    /// The instance's floor.
    pub(crate) fn floor(&self, store: impl AsContext) -> Option<Floor> {
        let long_enough = self.floor.data_size(&store) >= size_of::<i64>();
        long_enough.then(|| Floor(self.floor.data_ptr(&store).cast_const().cast()))
    }
}

/// The place of an instance's floor in the host's memory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Floor(*const AtomicI64);

// SAFETY: it is only ever used for atomic stores, which any thread may do.
unsafe impl Send for Floor {}

impl Floor {
    /// Makes every check that looks at the floor end the run.
    ///
    /// # Safety
    ///
    /// The instance must still exist.
    pub(crate) unsafe fn raise(self) {
        // SAFETY: linear memory begins at a page's border, so it is aligned; the floor has at least
        // eight bytes, does not move because it never grows, and exists, says the caller.
        let floor = unsafe { &*self.0 };
        floor.store(INTERRUPT.to_le(), Ordering::Relaxed);
    }
}
