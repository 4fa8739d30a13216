//! The server of a simulated world: the machines, and what drives them.
//!
//! What this does is what `pool::driver` and `pool::talk` do, without waiting for anything. All
//! that goes in and out is shown to the judge.

use super::agenda::{Agenda, Happening};
use super::judge::{Books, Standing};
use crate::pool::machine::{
    End, Heard, LOOK, Life, Look, Next, Outbox, Place, Rules, Scheduler, Slot, Submission, Worker,
    believed,
};
use crate::pool::metrics::Counters;
use crate::worker::frame::{self, FrameBuffer};
use crate::worker::protocol::{Request, Start, response_bytes};
use crate::{LimitPolicy, Limits, Program, Rejection};
use std::collections::BTreeMap;
use std::hash::DefaultHasher;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The time in which a worker has to get ready.
const START_TIMEOUT: Duration = Duration::from_secs(3);

/// The waits between restarts.
const RESTART_WAITS: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(5));

#[derive(Debug)]
pub(super) struct Server {
    pub(super) scheduler: Scheduler,
    pub(super) counters: Arc<Counters>,
    pub(super) books: Books,
    slots: Vec<Slot>,
    pub(super) lives: BTreeMap<u64, Connection>,
    epoch: Instant,
    is_stopped: bool,
    /// Of all that was done: two worlds with the same seed have the same.
    pub(super) trace: DefaultHasher,
}

/// A worker as the server sees it.
#[derive(Debug)]
pub(super) struct Connection {
    slot: usize,
    life: Life,
    inbox: FrameBuffer,
    pub(super) outbox: Outbox,
    has_left: bool,
}

impl Server {
    pub(super) fn new(rules: Rules) -> Self {
        let counters = Arc::<Counters>::default();
        let epoch = Instant::now();
        let slot = || Slot::new(RESTART_WAITS, epoch, Arc::clone(&counters));
        Self {
            scheduler: Scheduler::new(rules, Arc::clone(&counters)),
            books: Books::new(rules),
            slots: (0..rules.workers).map(|_| slot()).collect(),
            lives: BTreeMap::new(),
            epoch,
            is_stopped: false,
            trace: DefaultHasher::new(),
            counters,
        }
    }

    fn time(&self, agenda: &Agenda) -> Instant {
        self.epoch + Duration::from_micros(agenda.now)
    }

    /// A client asks for an execution. Says whether it has to wait.
    pub(super) fn submit(
        &mut self,
        id: u64,
        client: &str,
        script: &str,
        timeout_ms: u64,
        is_heard: bool,
        agenda: &mut Agenda,
    ) -> Result<Place, Rejection> {
        let program = Program::function(script).limits(Limits {
            timeout_ms: Some(timeout_ms),
            ..Limits::default()
        });
        let frame = frame::encode(&Request::Execute {
            id,
            program: (&program).into(),
            tell: is_heard,
        })
        .unwrap();
        let timeout_us = timeout_ms * 1_000;
        self.books
            .submit(id, client, frame.len(), timeout_us, agenda.now);
        let submission = Submission {
            frame: Arc::new(frame),
            timeout: Duration::from_millis(timeout_ms),
            output_bytes: 1 << 20,
            is_heard,
        };
        let now = self.time(agenda);
        let result = self.scheduler.submit(id, client, submission, now);
        if let Err(rejection) = &result {
            self.books.judge_refusal(id, rejection);
        }
        self.perform(agenda);
        if let Ok(place) = result {
            let waits = self.books.cases[&id].stands() == Standing::Line;
            assert_eq!(
                place == Place::Queued,
                waits,
                "{id} is where it is said to be"
            );
        }
        result
    }

    pub(super) fn abandon(&mut self, id: u64, agenda: &mut Agenda) {
        self.books.abandon(id, agenda.now);
        self.scheduler.abandon(id, self.time(agenda));
        self.perform(agenda);
    }

    pub(super) fn expire(&mut self, id: u64, agenda: &mut Agenda) {
        self.books.expire(id);
        self.scheduler.expire(id, self.time(agenda));
        self.perform(agenda);
    }

    pub(super) fn refuse(&mut self) {
        self.books.refuse();
        self.scheduler.refuse();
    }

    pub(super) fn shut_down(&mut self, agenda: &mut Agenda) {
        self.books.clear();
        self.scheduler.clear(self.time(agenda));
        self.perform(agenda);
        self.is_stopped = true;
        let keys: Vec<u64> = self.lives.keys().copied().collect();
        for key in keys {
            self.end(key, &End::ShutDown, agenda);
        }
    }

    /// Starts a worker, or tries to.
    pub(super) fn start(
        &mut self,
        slot: usize,
        key: u64,
        is_possible: bool,
        agenda: &mut Agenda,
    ) -> bool {
        let now = self.time(agenda);
        if self.is_stopped {
            return false;
        }
        self.slots[slot].start(now);
        if !is_possible {
            self.scheduler.note_failed_start(slot);
            self.perform(agenda);
            let end = End::Spawn(std::io::ErrorKind::OutOfMemory.into());
            self.succeed(slot, &end, agenda);
            return false;
        }
        let mut connection = Connection {
            slot,
            life: Life::new(now, START_TIMEOUT),
            inbox: FrameBuffer::new(response_bytes(&LimitPolicy::default())),
            outbox: Outbox::default(),
            has_left: false,
        };
        let start = frame::encode(&Request::Start(Start {
            image: "/image",
            sandboxes: 1,
            parked: 1,
            parked_bytes: 1,
            cores: 1,
            default: LimitPolicy::default().default.to_array(),
            maximum: LimitPolicy::default().maximum.to_array(),
            seccomp: true,
            landlock: true,
        }));
        connection.outbox.push(&start.unwrap());
        self.lives.insert(key, connection);
        self.flush(key, agenda);
        self.look_later(key, agenda);
        true
    }

    fn look_later(&self, key: u64, agenda: &mut Agenda) {
        let after = u64::try_from(LOOK.as_micros()).unwrap();
        let due = agenda.now + after;
        agenda.add(after, Happening::Looks { key, due });
    }

    /// Bytes have arrived from a worker. Says whether it lives on.
    pub(super) fn read(&mut self, key: u64, mut bytes: &[u8], agenda: &mut Agenda) {
        while !bytes.is_empty() {
            let Some(connection) = self.lives.get_mut(&key) else {
                return;
            };
            let space = connection.inbox.space();
            let count = space.len().min(bytes.len());
            space[..count].copy_from_slice(&bytes[..count]);
            connection.inbox.filled(count);
            bytes = &bytes[count..];
            if let Err(end) = self.hear(key, agenda) {
                self.end(key, &end, agenda);
            }
        }
    }

    fn hear(&mut self, key: u64, agenda: &mut Agenda) -> Result<(), End> {
        let now = self.time(agenda);
        loop {
            let Some(connection) = self.lives.get_mut(&key) else {
                return Ok(());
            };
            let slot = connection.slot;
            let Some(message) = connection.inbox.next()? else {
                return Ok(());
            };
            let heard = connection.life.hear(message)?;
            match &heard {
                Heard::Done { id, .. } => self.books.finish(*id),
                Heard::Parked { id, bytes } => self.books.park(*id, *bytes),
                Heard::Woke { id } => self.books.wake(*id),
                _ => {}
            }
            match self.scheduler.hear(key, heard, now)? {
                None => {}
                Some(Heard::Ready(ready)) => {
                    self.books.attach(key);
                    let worker = Worker::new(key, 0, ready.isolation);
                    self.scheduler.attach(slot, worker, now);
                }
                Some(Heard::Told { id, events }) => {
                    self.books.tell(id);
                    let allowance = self.scheduler.telling(key, id)?;
                    let mut tale = believed(events, allowance);
                    assert!(tale.by_ref().count() > 0, "{id} gave something");
                    self.scheduler.told(key, id, tale.left()?);
                }
                Some(other) => panic!("nobody asked for it: {other:?}"),
            }
            self.perform(agenda);
            self.books.judge_waking();
        }
    }

    /// A worker's connection is closed.
    pub(super) fn close(&mut self, key: u64, agenda: &mut Agenda) {
        if self.lives.contains_key(&key) {
            self.end(key, &End::Closed, agenda);
        }
    }

    /// Looks after a worker, which has something that cannot be stopped, or has not.
    pub(super) fn look(&mut self, key: u64, due: u64, is_suspect: bool, agenda: &mut Agenda) {
        let now = self.time(agenda);
        let Some(connection) = self.lives.get_mut(&key) else {
            return;
        };
        let due = self.epoch + Duration::from_micros(due);
        match connection.life.look(due, now) {
            Ok(Look::Now) => self.look_later(key, agenda),
            Ok(Look::Late(late)) => {
                self.scheduler.excuse(key, late, now);
                return self.look_later(key, agenda);
            }
            Err(end) => return self.end(key, &end, agenda),
        }
        self.books.give_up();
        self.scheduler.give_up(now);
        self.perform(agenda);
        self.books.watch(key, is_suspect);
        let watched = self.scheduler.watch(key, now);
        self.perform(agenda);
        let Some(connection) = self.lives.get_mut(&key) else {
            return;
        };
        let slot = connection.slot;
        match connection.life.leaves(watched) {
            Ok(false) => {}
            Ok(true) => {
                connection.has_left = true;
                let next = self.slots[slot].left();
                self.follow(slot, next, agenda);
            }
            Err(end) => return self.end(key, &end, agenda),
        }
        // As one that keeps much memory.
        if agenda.random.once_in(50) && self.scheduler.retire(key) {
            self.books.retire(key);
            self.perform(agenda);
            self.end(key, &End::Renewed, agenda);
        }
    }

    /// A worker's life ends, for a reason that has to be a good one.
    fn end(&mut self, key: u64, end: &End, agenda: &mut Agenda) {
        let Some(connection) = self.lives.remove(&key) else {
            return;
        };
        match end {
            End::Closed | End::ShutDown | End::Renewed | End::Failed(_) | End::Late => {}
            End::Stuck => assert!(self.books.is_suspect(key), "{key} is not stuck"),
            other => panic!("an honest worker is ended: {other}"),
        }
        let now = self.time(agenda);
        let expected = self.books.lose(key, end.loss(), agenda.now);
        let lost = self.scheduler.lose(key, end.loss(), now);
        assert_eq!(lost, expected, "so many ended with {key}");
        self.perform(agenda);
        self.books.judge_loss();
        if !connection.life.was_ready() {
            self.scheduler.note_failed_start(connection.slot);
            self.perform(agenda);
        }
        if !connection.has_left {
            self.succeed(connection.slot, end, agenda);
        }
    }

    /// Sees to it that another worker comes.
    fn succeed(&mut self, slot: usize, end: &End, agenda: &mut Agenda) {
        let now = self.time(agenda);
        let next = self.slots[slot].ended(end, now);
        self.follow(slot, next, agenda);
    }

    fn follow(&mut self, slot: usize, next: Next, agenda: &mut Agenda) {
        let after = match next {
            Next::Start => Duration::ZERO,
            Next::StartAfter(wait) => {
                self.books.give_up();
                self.scheduler.give_up(self.time(agenda));
                self.perform(agenda);
                wait
            }
            Next::Rest => return,
        };
        let after = u64::try_from(after.as_micros()).unwrap();
        agenda.add(after, Happening::Starts { slot });
    }

    /// Tells whether a worker still is one.
    pub(super) fn has(&self, key: u64) -> bool {
        self.lives.contains_key(&key)
    }

    /// At the end: nothing is left, and everything was counted.
    pub(super) fn judge_end(&self) {
        let load = self.scheduler.load();
        assert_eq!((load.running, load.parked, load.queued), (0, 0, 0));
        let counted = self.counters.snapshot();
        let tally = &self.books.tally;
        assert_eq!(counted.accepted, counted.ended, "what is accepted ends");
        assert_eq!(
            (counted.accepted, counted.ended, counted.overloaded),
            (tally.accepted, tally.ended, tally.overloaded)
        );
        assert_eq!(
            (
                counted.abandoned,
                counted.retried,
                counted.queue_wait.count()
            ),
            (tally.abandoned, tally.retried, tally.given)
        );
    }

    /// Tells whether something still runs, answered or not.
    pub(super) fn is_busy(&self) -> bool {
        let load = self.scheduler.load();
        load.running + load.queued > 0
    }
}
