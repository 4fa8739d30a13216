//! Cancelling an execution from another thread.

use crate::sandbox::Places;
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
    interrupt: Arc<Interrupt>,
    places: Arc<Places>,
}

impl Canceller {
    pub(crate) fn new(places: Arc<Places>) -> Self {
        Self {
            interrupt: Arc::new(Interrupt::default()),
            places,
        }
    }

    /// Stops the execution, now or as soon as it starts. It ends with a `cancelled` fault.
    pub fn cancel(&self) {
        self.interrupt.raise(Cause::Cancelled);
        self.places.wake_waiters();
    }

    /// What stops the execution: for whoever has others run [while it waits](Interrupt::set_desk).
    pub fn interrupt(&self) -> &Arc<Interrupt> {
        &self.interrupt
    }
}
