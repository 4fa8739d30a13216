//! The rules of this repository that a program can check: CONTRIBUTING.md's "Taste" as a test.
//!
//! Each rule is a module that says where the sources deviate from it, and by how much. What deviates
//! already is listed in `xtask/tidy.toml`; the list may only shrink ([`allowed`]).

mod allowed;
mod circles;
mod constants;
mod contents;
mod deviations;
mod folders;
mod imports;
mod length;
mod modules;
mod numbers;
mod openings;
mod rules;
mod sources;

pub(crate) use rules::check;
