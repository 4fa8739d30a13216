//! The scheduler on paper: one promise after the other, each in its simplest case. Whether all of them
//! hold together, whatever happens, is what `pool::simulation` looks for.

mod losing;
mod paper;
mod parking;
mod purity;
mod sharing;
mod watching;
