//! The clocks a script sees: the host's, or virtual ones. As natively, see `engine/src/clock.rs`.

/// Where every monotonic clock starts, so that a restored snapshot never sees it run backwards.
const MONOTONIC_START_NS: u64 = 100_000_000_000_000;

/// The first instant of a virtual clock: 2026-01-01T00:00:00Z.
const VIRTUAL_EPOCH_NS: u64 = 1_767_225_600_000_000_000;

/// What one look at a virtual clock adds to it, so that loops that wait for time to pass end.
const VIRTUAL_STEP_NS: u64 = 1_000;

/// The host's clocks, or time that moves only when it is looked at or slept through.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Clock {
    Real,
    Virtual { elapsed_ns: u64 },
}

impl Clock {
    /// Nanoseconds since the Unix epoch; `real` gives the host's.
    pub(crate) fn realtime_ns(&mut self, real: impl FnOnce() -> u64) -> u64 {
        match self {
            Self::Real => real(),
            Self::Virtual { .. } => VIRTUAL_EPOCH_NS.saturating_add(self.tick(0)),
        }
    }

    /// Nanoseconds on a clock that never goes back; `elapsed_ns` is the real time since the start.
    pub(crate) fn monotonic_ns(&mut self, elapsed_ns: u64) -> u64 {
        MONOTONIC_START_NS.saturating_add(self.tick(elapsed_ns))
    }

    fn tick(&mut self, real_ns: u64) -> u64 {
        match self {
            Self::Real => real_ns,
            Self::Virtual { elapsed_ns } => {
                *elapsed_ns = elapsed_ns.saturating_add(VIRTUAL_STEP_NS);
                *elapsed_ns
            }
        }
    }

    /// Lets virtual time pass; how much has passed then. `None` for the host's clocks.
    pub(crate) fn pass_virtually(&mut self, ns: u64) -> Option<u64> {
        let Self::Virtual { elapsed_ns } = self else {
            return None;
        };
        *elapsed_ns = elapsed_ns.saturating_add(ns);
        Some(*elapsed_ns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn virtual_time_moves_when_it_is_looked_at_or_slept_through() {
        let mut clock = Clock::Virtual { elapsed_ns: 0 };
        let first = clock.realtime_ns(|| unreachable!());
        assert_eq!(first, VIRTUAL_EPOCH_NS + 1000);
        assert_eq!(clock.pass_virtually(9_000), Some(10_000));
        assert_eq!(clock.monotonic_ns(5), MONOTONIC_START_NS + 11_000);
        assert_eq!(Clock::Real.pass_virtually(1), None);
        assert_eq!(Clock::Real.monotonic_ns(5), MONOTONIC_START_NS + 5);
    }
}
