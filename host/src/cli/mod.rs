//! The command line, a file for each command.

mod command;
mod executor;
mod output;
mod package;
mod progress;
mod run;
mod runtime;
mod serve;
mod worker;

pub(crate) use command::main;
