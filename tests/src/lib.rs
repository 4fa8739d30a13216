//! The parts that the end-to-end tests share.
//!
//! - [`script`] and [`program`] build an execution, run it through the library and say what must
//!   come of it: `script("def main(): 1/0").run().fails_with("exception")`.
//! - [`Cli`] runs the real binary.
//! - [`conformance`] reads the cases that are folders; they know nothing of how they are executed.
//! - [`Hostile`] is a script that attacks, with what may come of it.
//! - [`cpu_clock::CpuClock`] is the processor time of a thread.
//! - [`seeded`] has scripts that give the same everywhere.
//! - [`endless`] has scripts that never end.
//! - [`client::Client`] is a client with an address of its own, which may behave badly.
//! - [`neighbours`] are clients that don't; [`attacks`] is what others do meanwhile.
//! - [`LOOPS`](loops::LOOPS) are loops of one kind of work each.
//! - [`http::Server`] is a real server; [`schemathesis`] judges its API.

pub mod attacks;
pub mod client;
pub mod conformance;
pub mod cpu_clock;
pub mod endless;
pub mod host_calls;
pub mod http;
pub mod loops;
pub mod neighbours;
pub mod schemathesis;
pub mod seeded;

mod cli;
mod hostile;
mod run;
mod runtime;
mod script;

pub use cli::{Cli, Finished, binary};
pub use hostile::{Hostile, May};
pub use run::Run;
pub use runtime::{for_strangers, image_directory, sandboxes, shared};
pub use script::{Script, program, script};
