//! The meter's promises, asked of random modules.
//!
//! | question | module |
//! |---|---|
//! | does a metered module do what the original did, and cost the same every time? | [`equal`] |
//! | is whatever the verifier accepts stopped in time, also if somebody has changed it since it was metered? | [`sound`] |
//!
//! Modules ([`original`]) come from wasm-smith ([`smith`]), which covers the instructions, and from [`program`], which covers
//! the ways through a function. They run in an interpreter that counts work as the meter defines it
//! ([`machine`]), so that the verifier's theorem can be held against what really happens.
//!
//! The targets in `fuzz_targets/` ask for as long as one lets them; the meter's tests include these
//! files and ask some hundred times.

pub mod author;
pub mod choices;
pub mod equal;
pub mod machine;
pub mod mutate;
pub mod noise;
pub mod original;
pub mod program;
pub mod shape;
pub mod smith;
pub mod sound;
pub mod splice;
