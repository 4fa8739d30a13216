//! Messages of a worker about its executions, each passed on to the part that deals with it.

use super::lie::Lie;
use super::life::Heard;
use super::scheduler::Scheduler;
use crate::Rejection;
use std::time::Instant;

impl Scheduler {
    /// Takes what a worker said. Gives back what is for others to take.
    ///
    /// # Errors
    ///
    /// When it cannot be so. Then nothing has changed.
    pub(crate) fn hear<'a>(
        &mut self,
        worker: u64,
        heard: Heard<'a>,
        now: Instant,
    ) -> Result<Option<Heard<'a>>, Lie> {
        match heard {
            Heard::Done { id, result } => self.finish(worker, id, result, now)?,
            Heard::NoSandbox { id, .. } => {
                let none = Rejection::Unavailable("no sandbox could be made".to_owned());
                self.finish(worker, id, Err(none), now)?;
            }
            Heard::Parked { id, bytes } => self.park(worker, id, bytes, now)?,
            Heard::Woke { id } => self.wake(worker, id, now)?,
            Heard::Alive => self.note_alive(worker)?,
            other @ (Heard::Ready(_) | Heard::Told { .. } | Heard::Probed(_)) => {
                return Ok(Some(other));
            }
        }
        Ok(None)
    }
}
