//! The fate of executions whose worker is lost.

use super::books::{Books, Cause, Fate, Standing};
use crate::pool::machine::Loss;
use std::collections::BTreeMap;

impl Books {
    /// A worker is lost: decides what has to become of what it had. Says how many end with it.
    pub(in super::super) fn lose(&mut self, key: u64, loss: Loss, now: u64) -> usize {
        let Some(staff) = self.workers.get(&key) else {
            self.cause = Cause::None;
            return 0;
        };
        let ids: Vec<u64> = staff.has.iter().copied().collect();
        let was_alone = ids.len() == 1;
        let mut fates = BTreeMap::new();
        let mut ended = 0;
        for id in ids.into_iter().rev() {
            let is_kept = self.cases[&id].is_kept;
            self.release(id);
            let case = self.cases.get_mut(&id).unwrap();
            if case.is_answered {
                ended += 1;
                continue;
            }
            case.deaths += 1;
            let fate = if loss == Loss::ShutDown {
                Fate::Cancelled
            } else if case.deaths >= 2 && was_alone {
                Fate::Crashed
            } else if !is_kept || case.is_abandoned.is_some() {
                Fate::Lost
            } else {
                Fate::Again
            };
            fates.insert(id, fate);
            if fate != Fate::Again {
                ended += 1;
                continue;
            }
            self.tally.retried += 1;
            case.since = now;
            if case.deaths >= 2 {
                case.standing = Standing::Alone;
                self.alone.insert(id);
                continue;
            }
            case.standing = Standing::Line;
            let name = case.client.clone();
            if self.clients[&name].line.is_empty() {
                self.client(&name).turn = self.first_turn();
            }
            self.client(&name).line.push_front(id);
        }
        self.workers.remove(&key);
        self.cause = Cause::Loses(fates);
        ended
    }

    /// After a loss: all that had to be answered was.
    pub(in super::super) fn judge_loss(&mut self) {
        if let Cause::Loses(fates) = &self.cause {
            let mut left = fates.iter().filter(|(_, fate)| **fate != Fate::Again);
            assert_eq!(
                left.next(),
                None,
                "all that ended with its worker is answered at once"
            );
        }
        self.cause = Cause::None;
    }
}
