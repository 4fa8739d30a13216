//! The pool with real worker processes, which are this package's program.
//!
//! They need the image: `belljar runtime build` makes it.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests fail as tests do: by panicking"
)]

mod cancelling;
mod confinement;
mod containment;
mod events;
mod fake;
mod orphans;
mod scheduling;
mod sleeping;
mod speed;
mod support;
