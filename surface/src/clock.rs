//! The clocks a guest sees.

use crate::{Cause, Machine, Stop};
use core::time::Duration;

/// The start of every monotonic clock, so that a restored snapshot never sees it run backwards:
/// preparation takes a few virtual seconds, this is far above.
const MONOTONIC_START_NS: u64 = 100_000 * 1_000_000_000;

/// The first instant of a virtual clock: 2026-01-01T00:00:00Z.
const VIRTUAL_EPOCH_NS: u64 = 1_767_225_600 * 1_000_000_000;

/// The time that one look at a virtual clock adds to it, so that loops that wait for time to pass end.
const VIRTUAL_STEP_NS: u64 = 1_000;

/// The time as the guest sees it: real, or virtual and the same on every run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// The machine's clocks.
    Real,
    /// Time that moves only when it is looked at or slept through.
    Virtual {
        /// Virtual time since the start of the run.
        elapsed_ns: u64,
        /// The virtual time after which the run counts as late.
        deadline_ns: u64,
    },
}

impl Clock {
    /// A virtual clock on which the run may spend `deadline`.
    pub fn virtual_until(deadline: Duration) -> Self {
        Self::Virtual {
            elapsed_ns: 0,
            deadline_ns: u64::try_from(deadline.as_nanos()).unwrap_or(u64::MAX),
        }
    }

    /// Nanoseconds since the Unix epoch.
    pub(crate) fn realtime_ns(&mut self, machine: &impl Machine) -> u64 {
        match self {
            Self::Real => machine.realtime_ns(),
            Self::Virtual { .. } => VIRTUAL_EPOCH_NS.saturating_add(self.tick(machine)),
        }
    }

    /// Nanoseconds on a clock that never goes back.
    pub(crate) fn monotonic_ns(&mut self, machine: &impl Machine) -> u64 {
        MONOTONIC_START_NS.saturating_add(self.tick(machine))
    }

    fn tick(&mut self, machine: &impl Machine) -> u64 {
        match self {
            Self::Real => machine.elapsed_ns(),
            Self::Virtual { elapsed_ns, .. } => {
                *elapsed_ns = elapsed_ns.saturating_add(VIRTUAL_STEP_NS);
                *elapsed_ns
            }
        }
    }

    /// Lets time pass: by waiting, or virtually at once.
    ///
    /// # Errors
    ///
    /// The reason why the run ends meanwhile.
    pub(crate) fn pass(&mut self, machine: &mut impl Machine, ns: u64) -> Result<(), Stop> {
        let Self::Virtual {
            elapsed_ns,
            deadline_ns,
        } = self
        else {
            return machine.sleep(ns);
        };
        *elapsed_ns = elapsed_ns.saturating_add(ns);
        if *elapsed_ns > *deadline_ns {
            return Err(Stop::Interrupted(Cause::Timeout));
        }
        Ok(())
    }
}
