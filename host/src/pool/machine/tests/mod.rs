//! The scheduler on paper: one promise after the other, each in its simplest case.

mod losing;
mod paper;
mod parking;
mod sharing;
mod watching;
