//! The metrics for operators: `/metrics` on the admin listener.
//!
//! Labels have closed sets of values, listed in [`labels`], and every series exists from the start,
//! at zero. What the [`pool`] counts is asked for when it is read.

mod counters;
mod labels;
mod pool;

pub(crate) use counters::Metrics;
pub(crate) use labels::{outcome_name, rejection_name};
pub(crate) use pool::PoolReading;
