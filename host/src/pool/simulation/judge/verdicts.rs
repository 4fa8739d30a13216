//! The answers.

use super::books::{Books, Case, Cause, Fate, Standing};
use crate::pool::machine::Answer;
use crate::{Completion, FaultKind, Outcome, Rejection};

impl Books {
    /// A client asks for an execution. Comes before its answer.
    pub(in super::super) fn submit(
        &mut self,
        id: u64,
        client: &str,
        bytes: usize,
        timeout_us: u64,
        now: u64,
    ) {
        self.cause = Cause::Submits(id);
        let case = Case {
            client: client.to_owned(),
            bytes,
            timeout_us,
            standing: Standing::Line,
            worker: 0,
            since: now,
            deaths: 0,
            is_kept: false,
            is_abandoned: None,
            is_answered: false,
        };
        assert!(self.cases.insert(id, case).is_none(), "{id} is new");
        if self.client(client).line.is_empty() {
            self.client(client).turn = self.last_turn();
        }
        self.client(client).line.push_back(id);
        self.tally.accepted += 1;
    }

    /// It was not accepted: that has to have a reason.
    pub(in super::super) fn judge_refusal(&mut self, id: u64, rejection: &Rejection) {
        self.leave_line(id);
        self.tally.accepted -= 1;
        let case = self.cases.remove(&id).unwrap();
        match rejection {
            Rejection::Unavailable(_) => assert!(self.is_refusing, "{id} is refused"),
            Rejection::Overloaded { .. } => {
                self.tally.overloaded += 1;
                let (length, bytes) = self.waiting(None);
                let is_full = length >= self.rules.queue_length;
                let is_large = length > 0 && bytes + case.bytes > self.rules.queue_bytes;
                assert!(is_full || is_large, "{length} wait, with {bytes} bytes");
                if is_full {
                    // The others could not make room: whoever has more than this one would have loses
                    // what is more, and that is not enough.
                    let own = self.waiting(Some(&case.client)).0 + 1;
                    let clients = self.clients.values();
                    let more = clients.map(|client| client.line.len().saturating_sub(own));
                    let needed = length + 1 - self.rules.queue_length;
                    assert!(more.sum::<usize>() < needed, "there was room for {id}");
                }
            }
            other => panic!("{id}: {other}"),
        }
    }

    /// The number of those that wait, and their bytes: of one client, or of all.
    fn waiting(&self, client: Option<&str>) -> (usize, usize) {
        let mut sum = (0, 0);
        for (name, client_of) in &self.clients {
            if client.is_none_or(|client| client == name) {
                for id in &client_of.line {
                    sum = (sum.0 + 1, sum.1 + self.cases[id].bytes);
                }
            }
        }
        sum
    }

    /// A worker says that an execution has ended.
    pub(in super::super) fn finish(&mut self, id: u64) {
        self.cause = Cause::Ends(id);
        self.release(id);
    }

    /// Whoever asked for an execution has left.
    pub(in super::super) fn abandon(&mut self, id: u64, now: u64) {
        self.cause = Cause::Abandons(id);
        if let Some(case) = self.cases.get_mut(&id)
            && case.standing != Standing::Over
        {
            case.is_abandoned = Some(now);
            self.tally.abandoned += 1;
        }
    }

    pub(in super::super) fn expire(&mut self, id: u64) {
        self.cause = Cause::Expires(id);
    }

    pub(in super::super) fn watch(&mut self, worker: u64, hangs: bool) {
        self.cause = Cause::Watches(worker);
        if let Some(staff) = self.workers.get_mut(&worker) {
            staff.is_suspect |= hangs;
        }
    }

    /// The scheduler looks for those who waited too long for another worker.
    pub(in super::super) fn give_up(&mut self) {
        self.cause = Cause::GivesUp;
    }

    pub(in super::super) fn refuse(&mut self) {
        self.is_refusing = true;
    }

    pub(in super::super) fn clear(&mut self) {
        self.cause = Cause::Clears;
    }

    /// A worker is asked whether it lives: it gets nothing new.
    pub(in super::super) fn judge_asking(&mut self, worker: u64) {
        assert_eq!(self.cause, Cause::Watches(worker));
        let staff = self.workers.get_mut(&worker).unwrap();
        assert!(!staff.is_drained, "{worker} is asked once");
        staff.is_drained = true;
        assert!(staff.is_suspect, "{worker} is taken for stuck, and is not");
    }

    /// A worker is asked to stop an execution.
    pub(in super::super) fn judge_cancelling(&mut self, id: u64, worker: u64) {
        assert_eq!(self.cause, Cause::Abandons(id));
        assert_eq!(self.cases[&id].worker, worker);
    }

    /// Nobody waits for an execution: it has to be so.
    pub(in super::super) fn judge_forgetting(&mut self, id: u64) {
        assert_eq!(self.cause, Cause::Abandons(id));
        assert!(!self.cases[&id].is_answered);
        self.leave_line(id);
        self.cases.get_mut(&id).unwrap().is_answered = true;
        self.tally.ended += 1;
    }

    /// An execution begins anew: it has to be one that does.
    pub(in super::super) fn judge_pausing(&self, id: u64) {
        let Cause::Loses(fates) = &self.cause else {
            panic!("{id} is paused");
        };
        assert_eq!(fates.get(&id), Some(&Fate::Again));
    }

    /// An execution is answered: once, and with what is so.
    pub(in super::super) fn judge_answer(&mut self, id: u64, answer: &Answer, now: u64) {
        let case = &self.cases[&id];
        assert!(!case.is_answered, "{id} is answered once");
        self.tally.ended += 1;
        match &answer.0 {
            Ok(outcome) => self.judge_outcome(id, outcome, now),
            Err(rejection) => self.judge_rejection(id, rejection, now),
        }
        self.cases.get_mut(&id).unwrap().is_answered = true;
    }

    fn judge_outcome(&mut self, id: u64, outcome: &Outcome, now: u64) {
        if self.cause == Cause::Ends(id) {
            assert_eq!(
                outcome.stdout,
                id.to_string().into_bytes(),
                "{id} gets its own"
            );
            return;
        }
        let Completion::Fault(fault) = &outcome.completion else {
            panic!("{id}: {outcome:?}");
        };
        match (&mut self.cause, fault.kind) {
            (Cause::Loses(fates), FaultKind::Crashed) => {
                assert_eq!(fates.remove(&id), Some(Fate::Crashed), "{id} is to blame");
                self.tally.crashed += 1;
            }
            (Cause::Loses(fates), FaultKind::Cancelled) => {
                assert_eq!(
                    fates.remove(&id),
                    Some(Fate::Cancelled),
                    "{id} is shut down"
                );
            }
            (Cause::Watches(worker), FaultKind::Timeout) => {
                let case = &self.cases[&id];
                assert_eq!(case.worker, *worker);
                assert!(self.workers[worker].is_suspect, "{id} can be stopped");
                let patience = u64::try_from(self.rules.stuck_after.as_micros()).unwrap();
                let is_late = now > case.since + case.timeout_us + patience;
                let is_left = case
                    .is_abandoned
                    .is_some_and(|since| now > since + patience);
                assert!(is_late || is_left, "{id} still has time");
                self.tally.unstoppable += 1;
            }
            (cause, kind) => panic!("{id}: {kind} because of {cause:?}"),
        }
    }

    fn judge_rejection(&mut self, id: u64, rejection: &Rejection, now: u64) {
        if self.cause == Cause::Ends(id) {
            panic!("{id}: {rejection}");
        }
        let case = &self.cases[&id];
        let patience = u64::try_from(self.rules.patience.as_micros()).unwrap();
        match (&mut self.cause, rejection) {
            (Cause::Loses(fates), Rejection::Unavailable(_)) => {
                assert_eq!(
                    fates.remove(&id),
                    Some(Fate::Lost),
                    "{id} cannot begin anew"
                );
                self.tally.lost += 1;
                return;
            }
            (Cause::GivesUp, Rejection::Unavailable(_)) => {
                assert!(
                    case.deaths > 0 && now > case.since + patience,
                    "{id} may wait"
                );
            }
            (Cause::Clears, Rejection::Unavailable(_)) => {}
            (Cause::Expires(other), Rejection::Overloaded { .. }) => {
                assert_eq!((*other, case.deaths), (id, 0));
                assert!(now >= case.since + patience, "{id} may wait");
                self.tally.overloaded += 1;
            }
            (Cause::Submits(new), Rejection::Overloaded { .. }) => {
                let new = *new;
                // Whoever has most makes room, with its newest.
                let asks = &self.cases[&new].client;
                assert_ne!(asks, &case.client, "nobody makes room for itself");
                assert_eq!(self.clients[&case.client].line.back(), Some(&id));
                let theirs = self.waiting(Some(&case.client));
                let own = self.waiting(Some(asks));
                assert!(theirs.0 >= own.0 || theirs.1 >= own.1, "{id} has less");
                self.tally.overloaded += 1;
            }
            (cause, rejection) => panic!("{id}: {rejection} because of {cause:?}"),
        }
        self.leave_line(id);
    }
}
