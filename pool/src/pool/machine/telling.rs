//! Output of executions that still run: how much of it is believed.

use super::allowance::Allowance;
use super::end::End;
use super::ending::take;
use super::lie::Lie;
use super::scheduler::Scheduler;
use crate::Event;
use crate::worker::frame::FrameError;
use crate::worker::wire_events::decode_events;

impl Scheduler {
    /// The allowance of an execution of which its worker tells something. What was told it cannot
    /// give a second time, so it is not executed anew from here on.
    ///
    /// # Errors
    ///
    /// When nothing of it can be told.
    pub(crate) fn telling(&mut self, worker: u64, id: u64) -> Result<Allowance, Lie> {
        let slot = self.workers.iter_mut().find(|slot| slot.key == worker);
        let Some(running) = slot.and_then(|slot| slot.running.get_mut(&id)) else {
            return Err(Lie::NotGiven);
        };
        if !running.is_heard {
            return Err(Lie::TooMuch);
        }
        if let Some(frame) = running.frame.take() {
            let holding = self.clients.of_mut(&running.client);
            take(&mut holding.kept_bytes, frame.len());
            take(&mut self.kept_bytes, frame.len());
        }
        Ok(running.allowance)
    }

    /// Notes what an execution may still tell.
    pub(crate) fn told(&mut self, worker: u64, id: u64, left: Allowance) {
        let slot = self.worker_mut(worker);
        if let Some(running) = slot.and_then(|slot| slot.running.get_mut(&id)) {
            running.allowance = left;
        }
    }
}

/// The events of one message, up to the first that cannot be true.
#[derive(Debug)]
pub(crate) struct Tale<I> {
    events: I,
    allowance: Allowance,
    wrong: Option<End>,
}

/// The events in the bytes of a message, of an execution that may give so much more.
pub(crate) fn believed(
    bytes: &[u8],
    allowance: Allowance,
) -> Tale<impl Iterator<Item = Result<Event, postcard::Error>>> {
    Tale {
        events: decode_events(bytes),
        allowance,
        wrong: None,
    }
}

impl<I: Iterator<Item = Result<Event, postcard::Error>>> Iterator for Tale<I> {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        if self.wrong.is_some() {
            return None;
        }
        match self.events.next()? {
            Ok(event) if self.allowance.covers(&event) => Some(event),
            Ok(_) => {
                self.wrong = Some(End::Lie(Lie::TooMuch));
                None
            }
            Err(error) => {
                self.wrong = Some(FrameError::from(error).into());
                None
            }
        }
    }
}

impl<I> Tale<I> {
    /// The rest of the allowance after all of them.
    ///
    /// # Errors
    ///
    /// When one of them cannot be true.
    pub(crate) fn left(self) -> Result<Allowance, End> {
        self.wrong.map_or(Ok(self.allowance), Err)
    }
}
