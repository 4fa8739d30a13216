//! Percentiles of measured times.

use std::time::Duration;

/// Measured times of one thing, sorted.
#[derive(Debug)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// Takes at least one time.
    pub(crate) fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// The time that this share (0 to 1) of all is not above, in milliseconds.
    pub(crate) fn percentile_ms(&self, share: f64) -> f64 {
        let last = self.0.len().saturating_sub(1);
        // A share of an index: exact enough for any number of measurements we make.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a share of an index"
        )]
        let index = (last as f64 * share).round() as usize;
        self.0
            .get(index)
            .map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
    }

    /// The median, in milliseconds.
    pub(crate) fn p50_ms(&self) -> f64 {
        self.percentile_ms(0.50)
    }
}
