//! What the front asks of the world around it.

use crate::contract::{Outcome, Program, Rejection, RuntimeInfo};

/// The executor, and the little else that HTTP logic needs and can't compute.
///
/// The component implements it with its imports; tests implement it with a fake.
pub trait Host {
    /// Runs one program in a fresh sandbox.
    ///
    /// # Errors
    ///
    /// When no line of the program was run.
    fn execute(&self, program: &Program) -> Result<Outcome, Rejection>;

    /// Says what the executor is and grants.
    ///
    /// # Errors
    ///
    /// When the executor can't take programs at the moment.
    fn describe(&self) -> Result<RuntimeInfo, Rejection>;

    /// A configuration variable; `None` where it has no value.
    fn variable(&self, name: &str) -> Option<String>;

    /// A number that nobody can guess and that won't come again.
    fn random(&self) -> u64;

    /// Tells the operator, not the client.
    fn log(&self, line: &str);
}
