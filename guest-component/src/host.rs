//! The front's view of the world around it.

use crate::contract::{DisplayItem, Outcome, Program, Rejection, RuntimeInfo};

/// A program, and who it is for.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// The program to run.
    pub program: Program,
    /// The request's name, for logs.
    pub request_id: String,
}

/// An event of a running program.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// It wrote to stdout.
    Stdout(Vec<u8>),
    /// It wrote to stderr.
    Stderr(Vec<u8>),
    /// It displayed something.
    Display(DisplayItem),
    /// It ended: the outcome has everything. Comes alone.
    Finished(Outcome),
}

/// The executor, and the little else that HTTP logic needs and can't compute.
///
/// The component implements it with its imports; tests implement it with a fake.
pub trait Host {
    /// Runs one program in a fresh sandbox.
    ///
    /// # Errors
    ///
    /// When no line of the program was run.
    fn execute(&self, job: Job) -> Result<Outcome, Rejection>;

    /// Starts a program whose events are then asked for; gives it back where this can't be had.
    fn start(&self, job: Job) -> Option<Job>;

    /// Waits for the next events of the program that was started. None say that it runs and is
    /// silent.
    ///
    /// # Errors
    ///
    /// When no line of the program was run: instead of the first events.
    fn next(&self) -> Result<Vec<Event>, Rejection>;

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
