//! The actions of a simulated server's scheduler, done.

use super::agenda::Agenda;
use super::server::Server;
use crate::pool::machine::Action;
use crate::worker::protocol::Request;
use std::hash::Hash;

impl Server {
    /// Does what the scheduler wants done, and has the judge look at it.
    pub(super) fn perform(&mut self, agenda: &mut Agenda) {
        let actions: Vec<Action> = self.scheduler.actions().collect();
        let mut flush = Vec::new();
        for action in actions {
            self.note(&action, agenda.now);
            match action {
                Action::Give {
                    worker,
                    id,
                    frame,
                    is_anew,
                } => {
                    self.books.judge_giving(id, worker, is_anew, agenda.now);
                    self.push(worker, &frame);
                    flush.push(worker);
                }
                Action::Send { worker, frame } => {
                    match postcard::from_bytes(&frame[4..]).unwrap() {
                        Request::Resume { id } => self.books.judge_resuming(id, worker),
                        Request::Cancel { id } => self.books.judge_cancelling(id, worker),
                        Request::Ping => self.books.judge_asking(worker),
                        other => panic!("nothing else is sent: {other:?}"),
                    }
                    self.push(worker, &frame);
                    flush.push(worker);
                }
                Action::Answer { id, answer } => {
                    self.books.judge_answer(id, &answer, agenda.now);
                }
                Action::Pause { id } => self.books.judge_pausing(id),
                Action::Forget { id } => self.books.judge_forgetting(id),
                Action::Changed => {}
            }
        }
        self.books.judge_rest();
        for key in flush {
            self.flush(key, agenda);
        }
    }

    fn note(&mut self, action: &Action, now: u64) {
        (now, format!("{action:?}")).hash(&mut self.trace);
    }

    fn push(&mut self, worker: u64, frame: &[u8]) {
        if let Some(connection) = self.lives.get_mut(&worker) {
            connection.outbox.push(frame);
        }
    }

    /// Sends what there is: as much at a time as the connection takes.
    pub(super) fn flush(&mut self, key: u64, agenda: &mut Agenda) {
        let Some(connection) = self.lives.get_mut(&key) else {
            return;
        };
        while !connection.outbox.unsent().is_empty() {
            let unsent = connection.outbox.unsent();
            let count = agenda.random.between(1, unsent.len() as u64);
            let count = usize::try_from(count).unwrap();
            agenda.send(key, true, &unsent[..count]);
            connection.outbox.note_sent(count);
        }
    }
}
