//! Turns: the order in which places are given.

use super::books::{Books, Cause, Standing};

impl Books {
    /// An execution gets a place of a worker: it has to be its turn.
    pub(in super::super) fn judge_giving(&mut self, id: u64, worker: u64, is_anew: bool, now: u64) {
        let case = &self.cases[&id];
        let (client, bytes, deaths) = (case.client.clone(), case.bytes, case.deaths);
        assert_eq!(is_anew, deaths > 0, "{id}");
        assert!(deaths <= 2, "{id} is executed three times at most");
        let staff = &self.workers[&worker];
        assert!(!staff.is_drained, "{worker} gets nothing new");
        assert!(staff.places < self.rules.places, "{worker} has no place");
        assert!(!staff.is_for_one, "{worker} is another's alone");
        let is_alone = case.standing == Standing::Alone;
        if is_alone {
            assert!(staff.has.is_empty(), "{id} is to be alone");
            assert_eq!(self.alone.first(), Some(&id), "the oldest is first");
        } else {
            assert_eq!(case.standing, Standing::Line, "{id}");
            self.judge_turn(id, &client);
        }
        self.leave_line(id);
        let turn = self.last_turn();
        if !is_alone {
            self.client(&client).turn = turn;
        }
        let most = self.rules.queue_bytes;
        let holding = self.client(&client);
        holding.places += 1;
        let is_kept = holding.kept_bytes + bytes <= most / 2;
        let is_kept = is_kept && self.kept_bytes + bytes <= most;
        if is_kept {
            self.kept_bytes += bytes;
            self.client(&client).kept_bytes += bytes;
        }
        let staff = self.workers.get_mut(&worker).unwrap();
        staff.places += 1;
        staff.has.insert(id);
        staff.is_for_one = is_alone;
        let case = self.cases.get_mut(&id).unwrap();
        case.standing = Standing::Runs;
        (case.worker, case.since, case.is_kept) = (worker, now, is_kept);
        self.tally.given += 1;
    }

    fn judge_turn(&self, id: u64, name: &str) {
        let client = &self.clients[name];
        let held = client.places;
        assert!(
            held < 3 * self.free(),
            "{name} has enough, with {held} of {}",
            self.free()
        );
        assert_eq!(client.line.front(), Some(&id), "{name}'s are in order");
        for (other, theirs) in &self.clients {
            if let Some(next) = theirs.line.front() {
                let key = (theirs.places, theirs.turn);
                assert!(
                    key >= (held, client.turn),
                    "it was {next}'s turn, {other}'s, not {id}'s"
                );
            }
            if theirs.back.iter().any(|id| self.can_return(*id)) {
                assert!(
                    theirs.places >= held,
                    "{other} holds less, and wants to go on"
                );
                assert!(other != name, "{name}'s own goes on before {id} begins");
            }
        }
    }

    fn can_return(&self, id: u64) -> bool {
        self.workers[&self.cases[&id].worker].places < self.rules.places
    }

    /// An execution that slept goes on: it has to be its turn.
    pub(in super::super) fn judge_resuming(&mut self, id: u64, worker: u64) {
        let case = &self.cases[&id];
        assert_eq!(case.worker, worker, "{id} is elsewhere");
        let name = case.client.clone();
        let bytes = match case.standing {
            Standing::Waits => {
                assert_eq!(self.cause, Cause::Wakes(id), "{id} kept its place");
                self.cases.get_mut(&id).unwrap().standing = Standing::Runs;
                return;
            }
            Standing::Returns(bytes) => bytes,
            other => panic!("{id} does not want to go on: {other:?}"),
        };
        assert!(self.can_return(id), "{worker} has no place");
        let client = &self.clients[&name];
        let held = client.places;
        assert!(held < 3 * self.free(), "{name} has enough");
        let first = client.back.iter().find(|id| self.can_return(**id));
        assert_eq!(first, Some(&id), "{name}'s are in order");
        // It may have the place of its client's next one, before which it goes.
        let is_next = self.is_next(&name);
        for (other, theirs) in &self.clients {
            if let Some(next) = theirs.back.iter().find(|id| self.can_return(**id)) {
                let key = (theirs.places, theirs.back_turn);
                let is_turn = key >= (held, client.back_turn);
                assert!(is_turn || is_next, "it was {next}'s turn, {other}'s");
                assert!(
                    theirs.places >= held,
                    "{other} holds less, and wants to go on"
                );
            }
            if !theirs.line.is_empty() && self.has_place_for_new() {
                assert!(
                    theirs.places >= held,
                    "{other} holds less, and wants to begin"
                );
            }
        }
        let turn = self.last_turn();
        self.parked_bytes -= bytes;
        let client = self.client(&name);
        client.back.retain(|other| *other != id);
        client.back_turn = turn;
        client.places += 1;
        client.parked -= 1;
        client.parked_bytes -= bytes;
        let staff = self.workers.get_mut(&worker).unwrap();
        (staff.places, staff.parked) = (staff.places + 1, staff.parked - 1);
        self.cases.get_mut(&id).unwrap().standing = Standing::Runs;
    }

    /// After an execution has woken: if it kept its place it goes on.
    pub(in super::super) fn judge_waking(&self) {
        if let Cause::Wakes(id) = self.cause {
            let standing = self.cases[&id].standing;
            assert_ne!(standing, Standing::Waits, "{id} waits for nothing");
        }
    }

    /// Tells whether a client is the next in line.
    fn is_next(&self, name: &str) -> bool {
        let waiting = self.clients.iter().filter(|(_, one)| !one.line.is_empty());
        let first = waiting.min_by_key(|(_, one)| (one.places, one.turn));
        first.is_some_and(|(first, _)| first == name)
    }

    /// Tells whether there is a place for something new, whichever worker may be kept for one alone.
    fn has_place_for_new(&self) -> bool {
        let is_one_kept = !self.alone.is_empty();
        let mut open = self.workers.values().filter(|staff| {
            staff.places < self.rules.places && !staff.is_drained && !staff.is_for_one
        });
        open.nth(usize::from(is_one_kept)).is_some()
    }

    /// After all is done that was to be done: no place is free that somebody may have.
    pub(in super::super) fn judge_rest(&self) {
        let free = self.free();
        for (name, client) in &self.clients {
            if client.places >= 3 * free {
                continue;
            }
            let waits = !client.line.is_empty() && self.has_place_for_new();
            assert!(
                !waits,
                "{name} waits for nothing, with {} places",
                client.places
            );
            let returns = client.back.iter().find(|id| self.can_return(**id));
            assert_eq!(returns, None, "{name} could go on");
        }
    }
}
