//! Taking on executions, and giving up those that wait.

use super::action::{Action, Frame};
use super::answer::shutting_down;
use super::scheduler::Scheduler;
use super::waiting::{Submission, Waiting};
use crate::Rejection;
use crate::worker::frame;
use crate::worker::protocol::Request;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The shortest and the longest wait that clients are told when there is too much to do.
const RETRY_AFTER: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));

/// Where an execution is once it was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// It has a place.
    Given,
    /// It waits for one.
    Queued,
}

impl Scheduler {
    /// Takes an execution, of a number that no other has.
    ///
    /// # Errors
    ///
    /// When there is too much to do. An execution for which this is the answer gets no other.
    pub(crate) fn submit(
        &mut self,
        id: u64,
        client: &str,
        submission: Submission,
        now: Instant,
    ) -> Result<Place, Rejection> {
        if self.is_refusing {
            return Err(shutting_down());
        }
        let waiting = Waiting {
            submission,
            since: now,
            deaths: 0,
        };
        if self.queue.is_empty()
            && self.alone.is_empty()
            && self.returning.is_empty()
            && self.may_have_another(self.clients.of(client).places)
            && let Some(index) = self.least_loaded()
        {
            self.counters.accepted.add(1);
            self.give(index, client, id, waiting, now);
            self.check(now);
            return Ok(Place::Given);
        }
        let bytes = waiting.submission.frame.len();
        let Ok(evicted) = self.queue.make_room(client, bytes) else {
            self.counters.overloaded.add(1);
            return Err(self.overloaded());
        };
        for (other, evicted) in evicted {
            self.counters.overloaded.add(1);
            let rejection = self.overloaded();
            self.turn_away(other, &evicted, rejection, now);
        }
        self.counters.accepted.add(1);
        self.queue.push(client, id, bytes, waiting);
        self.settle(now);
        Ok(match self.queue.holds(id) {
            true => Place::Queued,
            false => Place::Given,
        })
    }

    /// Gives an execution up: nobody waits for it any more. If it runs its worker is asked to stop it.
    pub(crate) fn abandon(&mut self, id: u64, now: Instant) {
        let alone = self.alone.iter().position(|(other, ..)| *other == id);
        let alone = alone.and_then(|index| self.alone.remove(index));
        if alone.is_some() || self.queue.remove(id).is_some() {
            self.counters.abandoned.add(1);
            self.counters.ended.add(1);
            self.actions.push(Action::Forget { id });
            if self.is_refusing {
                self.actions.push(Action::Changed);
            }
            // It may have been what a worker was kept empty for.
            self.settle(now);
            return;
        }
        let stuck_after = self.rules.stuck_after;
        for worker in &mut self.workers {
            if let Some(running) = worker.running.get_mut(&id) {
                running.abandoned = Some(now);
                running.stuck_at = running.stuck_at.min(now + stuck_after);
                self.counters.abandoned.add(1);
                let frame = framed(&Request::Cancel { id });
                let worker = worker.key;
                self.actions.push(Action::Send { worker, frame });
                return;
            }
        }
    }

    /// Rejects an execution that has waited for its first place for as long as one may. Does nothing if
    /// it has a place, or had one: then it is [looked after](Self::give_up) like all of those.
    pub(crate) fn expire(&mut self, id: u64, now: Instant) {
        let is_new = |other, waiting: &Waiting| other == id && waiting.deaths == 0;
        if self.queue.which(is_new).is_empty() {
            return;
        }
        if let Some(waiting) = self.queue.remove(id) {
            self.counters.overloaded.add(1);
            let rejection = self.overloaded();
            self.turn_away(id, &waiting, rejection, now);
        }
        self.settle(now);
    }

    /// Rejects all that waits.
    pub(crate) fn clear(&mut self, now: Instant) {
        let alone = std::mem::take(&mut self.alone);
        for (id, _, waiting) in alone {
            self.turn_away(id, &waiting, shutting_down(), now);
        }
        while let Some((id, waiting)) = self.queue.pop() {
            self.turn_away(id, &waiting, shutting_down(), now);
        }
        self.settle(now);
    }

    /// Answers an execution that never ran.
    pub(super) fn turn_away(
        &mut self,
        id: u64,
        waiting: &Waiting,
        rejection: Rejection,
        now: Instant,
    ) {
        let waited = now.saturating_duration_since(waiting.since);
        self.answer(id, (Err(rejection), waited));
    }

    /// A rejection with the time that what waits now will take.
    fn overloaded(&self) -> Rejection {
        let sandboxes = (self.rules.workers * self.rules.places).max(1);
        let rounds = self.queue.len() as f64 / sandboxes as f64;
        let (least, most) = RETRY_AFTER;
        let estimate = Duration::try_from_secs_f64(self.pace * rounds).unwrap_or(most);
        Rejection::Overloaded {
            retry_after: estimate.clamp(least, most),
        }
    }
}

/// A message to a worker.
pub(super) fn framed(request: &Request<'_>) -> Frame {
    // Those of a number or two, which these are, always have a form.
    Arc::new(frame::encode(request).unwrap_or_default())
}
