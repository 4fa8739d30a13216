//! Cancelling an execution from another thread.

use crate::sandbox::Sandboxes;
use belljar_engine::{Cause, Interrupt};
use std::sync::Arc;

/// Cancels the execution it is given to.
///
/// ```no_run
/// # use belljar::{Belljar, Program};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let belljar = Belljar::builder().build()?;
/// let canceller = belljar.canceller();
/// let other = canceller.clone();
/// std::thread::spawn(move || other.cancel());
/// let outcome = belljar.execute_with(&Program::program("while True: pass"), &canceller)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Canceller {
    pub(crate) interrupt: Arc<Interrupt>,
    sandboxes: Arc<Sandboxes>,
}

impl Canceller {
    pub(crate) fn new(sandboxes: Arc<Sandboxes>) -> Self {
        Self {
            interrupt: Arc::new(Interrupt::default()),
            sandboxes,
        }
    }

    /// Stops the execution, now or as soon as it starts. It ends with a `cancelled` fault.
    pub fn cancel(&self) {
        self.interrupt.raise(Cause::Cancelled);
        self.sandboxes.look();
    }
}
