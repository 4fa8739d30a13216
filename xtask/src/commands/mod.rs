//! The commands, one file each.

mod bench;
mod cli;
mod fidelity;
mod package;
mod passed_on;
mod run;
mod serve;
mod setup;
mod test;
mod tidy;

pub(crate) use cli::main;
