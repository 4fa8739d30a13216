//! The scheduler without processes: events in, frames out, and the time is what the test says.

use super::answer::Answer;
use super::config::PoolConfig;
use super::losing::Loss;
use super::metrics::Counters;
use super::running::{Outlet, Worker};
use super::scheduler::{Abandoned, Lie, Scheduler, Submission, resume};
use super::watching::Watched;
use crate::{Completion, Event, FaultKind, Outcome, Rejection, Truncated, Usage};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// What a worker was sent.
#[derive(Debug, Clone, Default)]
struct Sent(Arc<Mutex<Vec<Vec<u8>>>>);

impl Outlet for Sent {
    fn push(&self, frame: &[u8]) {
        self.0.lock().unwrap().push(frame.to_vec());
    }

    fn flush(&self) {}
}

/// A pool on paper.
struct Paper {
    scheduler: Scheduler<Sent>,
    counters: Counters,
    now: Instant,
    sent: HashMap<u64, Sent>,
    answers: HashMap<u64, oneshot::Receiver<Answer>>,
}

/// The frame of a program is its number: a length, 8 bytes.
fn frame_of(id: u64) -> Vec<u8> {
    id.to_le_bytes().to_vec()
}

impl Paper {
    fn new(workers: u32, places: u32, change: impl FnOnce(&mut PoolConfig)) -> Self {
        let mut config = PoolConfig {
            workers,
            sandboxes_per_worker: places,
            ..PoolConfig::default()
        };
        change(&mut config);
        let mut paper = Self {
            scheduler: Scheduler::new(&config),
            counters: Counters::default(),
            now: Instant::now(),
            sent: HashMap::new(),
            answers: HashMap::new(),
        };
        for index in 0..workers {
            paper.start(index as usize);
        }
        paper
    }

    fn start(&mut self, index: usize) -> u64 {
        let key = self.scheduler.take_id();
        let sent = Sent::default();
        self.sent.insert(key, sent.clone());
        let worker = Worker::new(key, sent, 0, Vec::new());
        self.scheduler.attach(index, worker);
        self.settle();
        key
    }

    fn settle(&mut self) {
        while self.scheduler.dispatch(self.now, &self.counters).is_some() {}
    }

    fn submit(&mut self, client: &str) -> Result<u64, Rejection> {
        let id = self.scheduler.take_id();
        let (sender, answer) = oneshot::channel();
        let submission = Submission {
            frame: frame_of(id),
            timeout: Duration::from_secs(30),
            output_bytes: 1 << 20,
            answer: sender,
            events: Some(crate::events().0),
        };
        let (now, counters) = (self.now, &self.counters);
        self.scheduler
            .submit(id, client, submission, now, counters)?;
        self.answers.insert(id, answer);
        Ok(id)
    }

    /// The worker that has an execution now.
    fn worker_of(&self, id: u64) -> Option<u64> {
        let mut workers = self.scheduler.workers.iter();
        let worker = workers.find(|worker| worker.running.contains_key(&id));
        worker.map(|worker| worker.key)
    }

    fn runs(&self, id: u64) -> bool {
        self.worker_of(id).is_some()
    }

    fn finish(&mut self, id: u64) {
        let worker = self.worker_of(id).expect("it should run");
        let (now, counters) = (self.now, &self.counters);
        self.scheduler
            .finish(worker, id, Ok(outcome()), now, counters)
            .unwrap();
        self.settle();
    }

    fn park(&mut self, id: u64, bytes: u64) -> Result<(), Lie> {
        let worker = self.worker_of(id).expect("it should run");
        self.scheduler.park(worker, id, bytes)?;
        self.settle();
        Ok(())
    }

    fn wake(&mut self, id: u64) -> Result<(), Lie> {
        let worker = self.worker_of(id).expect("it should run");
        self.scheduler.wake(worker, id)?;
        self.settle();
        Ok(())
    }

    /// How often an execution was told to go on.
    fn resumed(&self, id: u64) -> usize {
        let worker = self.worker_of(id).expect("it should run");
        let sent = self.sent[&worker].0.lock().unwrap();
        sent.iter().filter(|frame| **frame == resume(id)).count()
    }

    /// Checks what must always be so.
    fn check(&self) {
        let scheduler = &self.scheduler;
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut parked: HashMap<&str, (usize, u64)> = HashMap::new();
        for worker in &scheduler.workers {
            use super::running::Standing::{Parked, Returns, Runs, Waits};
            let (mut have, mut have_not) = (0, 0);
            for running in worker.running.values() {
                match running.standing {
                    Runs | Waits => {
                        have += 1;
                        *places.entry(&running.client).or_default() += 1;
                    }
                    Parked(bytes) | Returns(bytes) => {
                        have_not += 1;
                        let parked = parked.entry(&running.client).or_default();
                        *parked = (parked.0 + 1, parked.1 + bytes);
                    }
                }
            }
            assert_eq!((worker.places, worker.parked), (have, have_not));
            assert!(worker.places <= 8 && worker.parked <= scheduler.parking.per_worker);
        }
        let bytes: u64 = parked.values().map(|(_, bytes)| bytes).sum();
        assert_eq!(bytes, scheduler.parking.bytes_now);
        assert!(bytes <= scheduler.parking.bytes);
        for client in ["a", "b", "c", "d"] {
            let holding = scheduler.clients.of(client);
            assert_eq!(holding.places, *places.get(client).unwrap_or(&0));
            let (count, bytes) = *parked.get(client).unwrap_or(&(0, 0));
            assert_eq!((holding.parked, holding.parked_bytes), (count, bytes));
        }
    }
}

fn outcome() -> Outcome {
    Outcome {
        completion: Completion::Exited(0),
        stdout: Vec::new(),
        stderr: Vec::new(),
        display: Vec::new(),
        truncated: Truncated::default(),
        usage: Usage {
            duration: Duration::ZERO,
            fuel: 0,
            memory_bytes: 0,
        },
    }
}

#[test]
fn one_client_never_has_more_than_three_quarters_of_the_places() {
    for places in 1..=8 {
        let mut paper = Paper::new(2, places, |_| {});
        let greedy: Vec<u64> = (0..40).map(|_| paper.submit("a").unwrap()).collect();
        let all = 2 * places as usize;
        let has = greedy.iter().filter(|id| paper.runs(**id)).count();
        assert_eq!(has, all - all / 4, "of {all}");
        if all >= 4 {
            let modest = paper.submit("b").unwrap();
            assert!(paper.runs(modest), "somebody else finds a place of {all}");
        }
        paper.check();
    }
}

#[test]
fn several_greedy_clients_leave_a_place_too() {
    let mut paper = Paper::new(2, 8, |_| {});
    for _ in 0..40 {
        for client in ["a", "b", "c", "d"] {
            paper.submit(client).unwrap();
        }
    }
    let modest = paper.submit("e").unwrap();
    assert!(paper.runs(modest));
}

#[test]
fn a_free_place_goes_to_who_holds_least() {
    let mut paper = Paper::new(1, 4, |_| {});
    let held: Vec<u64> = (0..3).map(|_| paper.submit("a").unwrap()).collect();
    let more = paper.submit("a").unwrap();
    let other = [paper.submit("b").unwrap(), paper.submit("b").unwrap()];
    assert!(!paper.runs(more), "three of four are enough");
    assert!(paper.runs(other[0]) && !paper.runs(other[1]));
    paper.finish(held[0]);
    assert!(paper.runs(other[1]) && !paper.runs(more));
}

#[test]
fn who_sleeps_keeps_nobody_waiting() {
    let mut paper = Paper::new(2, 8, |config| config.parked_per_worker = 200);
    for _ in 0..200 {
        let id = paper.submit("a").unwrap();
        assert!(paper.runs(id), "the others sleep");
        paper.park(id, 1 << 20).unwrap();
        paper.check();
    }
    let load = paper.scheduler.load();
    assert_eq!((load.running, load.parked, load.queued), (200, 200, 0));
}

#[test]
fn who_wakes_goes_on_before_what_is_new_of_the_same_client() {
    let mut paper = Paper::new(1, 1, |_| {});
    let sleeper = paper.submit("a").unwrap();
    paper.park(sleeper, 0).unwrap();
    let runs = paper.submit("a").unwrap();
    let new = paper.submit("a").unwrap();
    paper.wake(sleeper).unwrap();
    assert_eq!(paper.resumed(sleeper), 0, "the place is taken");
    paper.finish(runs);
    assert_eq!(paper.resumed(sleeper), 1);
    assert!(!paper.runs(new));
    paper.finish(sleeper);
    assert!(paper.runs(new));
}

#[test]
fn a_herd_that_wakes_does_not_keep_others_from_starting() {
    let mut paper = Paper::new(1, 2, |config| {
        config.queue_length = 3;
        config.parked_per_worker = 400;
    });
    let herd: Vec<u64> = (0..200)
        .map(|_| {
            let id = paper.submit("a").unwrap();
            paper.park(id, 0).unwrap();
            id
        })
        .collect();
    for id in &herd {
        paper.wake(*id).unwrap();
    }
    let new = paper.submit("b").unwrap();
    let first = herd.iter().find(|id| paper.resumed(**id) == 1).unwrap();
    paper.finish(*first);
    assert!(paper.runs(new), "it holds nothing, the herd holds one");
    paper.finish(new);
    for _ in 1..200 {
        let next = herd
            .iter()
            .find(|id| paper.runs(**id) && paper.resumed(**id) == 1);
        paper.finish(*next.expect("all of them get their turn"));
        paper.check();
    }
    assert_eq!(paper.scheduler.load().running, 0);
}

#[test]
fn what_is_parked_is_bounded_for_all_and_for_each() {
    let mut paper = Paper::new(1, 8, |config| {
        config.parked_per_worker = 10;
        config.parked_bytes = 100 << 20;
    });
    let sleep = |paper: &mut Paper, client: &str, bytes: u64| {
        let id = paper.submit(client).unwrap();
        assert!(paper.runs(id));
        paper.park(id, bytes).unwrap();
        paper.check();
        id
    };
    for _ in 0..6 {
        sleep(&mut paper, "a", 0);
    }
    assert_eq!(paper.scheduler.load().parked, 5, "half is for one");
    assert_eq!(paper.scheduler.clients.of("a").places, 1);
    sleep(&mut paper, "b", 60 << 20);
    assert_eq!(paper.scheduler.clients.of("b").places, 1, "too large");
    let large = sleep(&mut paper, "c", 50 << 20);
    assert_eq!(paper.scheduler.clients.of("c").parked, 1);
    sleep(&mut paper, "d", 50 << 20);
    assert_eq!(paper.scheduler.clients.of("d").places, 1, "too much");
    // Who keeps its place goes on at once.
    paper.finish(large);
    assert_eq!(paper.scheduler.parking.bytes_now, 5 * (256 << 10));
}

#[test]
fn what_is_parked_can_end_and_be_given_up() {
    let mut paper = Paper::new(1, 1, |_| {});
    let [first, second] = [(), ()].map(|()| {
        let id = paper.submit("a").unwrap();
        paper.park(id, 0).unwrap();
        id
    });
    let runs = paper.submit("b").unwrap();
    paper.wake(second).unwrap();
    let (now, counters) = (paper.now, &paper.counters);
    let abandoned = paper.scheduler.abandon(second, b"cancel", now, counters);
    assert!(matches!(abandoned, Abandoned::Running(_)));
    // Its worker answers, wherever it stood; and so when it is late.
    paper.finish(second);
    paper.finish(first);
    paper.check();
    assert!(paper.runs(runs));
    assert_eq!(paper.scheduler.load().parked, 0);
}

#[test]
fn nonsense_about_waiting_is_a_lie() {
    let mut paper = Paper::new(1, 2, |_| {});
    let id = paper.submit("a").unwrap();
    let worker = paper.worker_of(id).unwrap();
    assert_eq!(paper.wake(id), Err(Lie::NotWaiting));
    assert_eq!(paper.scheduler.park(worker, 77, 0), Err(Lie::NotGiven));
    assert_eq!(paper.park(id, 0), Ok(()));
    assert_eq!(paper.park(id, 0), Err(Lie::NotRunning));
    assert_eq!(paper.wake(id), Ok(()));
    assert_eq!(paper.wake(id), Err(Lie::NotWaiting));
    assert_eq!(paper.scheduler.wake(worker, 77).err(), Some(Lie::NotGiven));
}

impl Paper {
    /// A worker dies, and another takes its place.
    fn die(&mut self, worker: u64) -> usize {
        let (now, counters) = (self.now, &self.counters);
        let lost = self.scheduler.lose(worker, Loss::Died, now, counters);
        self.start(0);
        lost
    }

    fn answer(&mut self, id: u64) -> Option<Answer> {
        self.answers.get_mut(&id)?.try_recv().ok()
    }

    fn has_crashed(&mut self, id: u64) -> bool {
        let Some((Ok(outcome), _)) = self.answer(id) else {
            return false;
        };
        matches!(outcome.completion, Completion::Fault(fault) if fault.kind == FaultKind::Crashed)
    }
}

#[test]
fn what_a_lost_worker_had_is_executed_again_and_whoever_is_alone_with_three_is_blamed() {
    let mut paper = Paper::new(1, 8, |_| {});
    let killer = paper.submit("a").unwrap();
    let neighbour = paper.submit("b").unwrap();
    for _ in 0..2 {
        let worker = paper.worker_of(killer).unwrap();
        assert_eq!(paper.worker_of(neighbour), Some(worker));
        assert_eq!(paper.die(worker), 0);
    }
    // Alone, one after the other; nobody new meanwhile, where there is one worker.
    let new = paper.submit("c").unwrap();
    let first = if paper.runs(killer) {
        killer
    } else {
        neighbour
    };
    for id in [first, killer + neighbour - first] {
        assert!(paper.runs(id) && paper.scheduler.load().running == 1);
        if id == killer {
            let worker = paper.worker_of(killer).unwrap();
            assert_eq!(paper.die(worker), 1);
            assert!(paper.has_crashed(killer));
        } else {
            paper.finish(neighbour);
            assert!(matches!(paper.answer(neighbour), Some((Ok(_), _))));
        }
        paper.check();
    }
    assert!(paper.runs(new));
    assert_eq!(paper.counters.retried.get(), 4);
}

#[test]
fn who_gets_a_worker_to_itself_waits_until_it_is_empty_and_others_go_elsewhere() {
    let mut paper = Paper::new(2, 2, |_| {});
    let killer = paper.submit("a").unwrap();
    let worker = paper.worker_of(killer).unwrap();
    let others: Vec<u64> = (0..3).map(|_| paper.submit("b").unwrap()).collect();
    paper.die(worker);
    let worker = paper.worker_of(killer).unwrap();
    paper.die(worker);
    let running: Vec<u64> = others
        .iter()
        .copied()
        .filter(|id| paper.runs(*id))
        .collect();
    for id in running {
        paper.finish(id);
    }
    let alone = paper.worker_of(killer).or_else(|| {
        paper.settle();
        paper.worker_of(killer)
    });
    let alone = alone.expect("it runs by now");
    let mut slots = paper.scheduler.workers.iter();
    let slot = slots.find(|slot| slot.key == alone).unwrap();
    assert_eq!(slot.running.len(), 1);
    let new = paper.submit("c").unwrap();
    assert!(paper.worker_of(new).is_some_and(|other| other != alone));
    paper.check();
}

#[test]
fn what_was_given_or_not_kept_or_given_up_does_not_begin_anew() {
    let mut paper = Paper::new(1, 8, |config| config.queue_bytes = 40);
    // Programs have 8 bytes: half of 40 is room for two of a client.
    let ids: Vec<u64> = (0..4).map(|_| paper.submit("a").unwrap()).collect();
    let other = paper.submit("b").unwrap();
    let worker = paper.worker_of(other).unwrap();
    let event = Event::Stdout(b"out".to_vec());
    let (_, mut allowance) = paper.scheduler.telling(worker, other).unwrap();
    assert!(allowance.covers(&event));
    paper.scheduler.told(worker, other, allowance);
    let (now, counters) = (paper.now, &paper.counters);
    paper.scheduler.abandon(ids[0], b"", now, counters);
    assert_eq!(paper.die(worker), 4);
    assert!(paper.runs(ids[1]));
    for id in [ids[2], ids[3], other] {
        let answer = paper.answer(id);
        assert!(matches!(answer, Some((Err(Rejection::Unavailable(_)), _))));
    }
    assert_eq!(paper.scheduler.kept_bytes, 8);
    assert_eq!(paper.scheduler.clients.of("a").kept_bytes, 8);
}

#[test]
fn without_workers_nobody_waits_for_ever() {
    let mut paper = Paper::new(1, 2, |_| {});
    let id = paper.submit("a").unwrap();
    let worker = paper.worker_of(id).unwrap();
    let (now, counters) = (paper.now, &paper.counters);
    paper.scheduler.lose(worker, Loss::Died, now, counters);
    let patience = Duration::from_secs(30);
    paper
        .scheduler
        .give_up(patience, now + patience / 2, counters);
    assert_eq!(paper.scheduler.load().queued, 1);
    paper
        .scheduler
        .give_up(patience, now + 2 * patience, counters);
    assert!(matches!(paper.answer(id), Some((Err(_), _))));
}

#[test]
fn what_cannot_be_stopped_is_answered_for_and_its_neighbours_end_in_peace() {
    let mut paper = Paper::new(1, 8, |_| {});
    let stuck = paper.submit("a").unwrap();
    let worker = paper.worker_of(stuck).unwrap();
    paper.now += Duration::from_secs(20);
    let neighbour = paper.submit("b").unwrap();
    let watch = |paper: &mut Paper| paper.scheduler.watch(worker, paper.now, &paper.counters);
    assert!(matches!(watch(&mut paper), Watched::Fine));
    paper.now += Duration::from_secs(13);
    assert!(matches!(watch(&mut paper), Watched::Asked(_)));
    let new = paper.submit("c").unwrap();
    assert!(!paper.runs(new), "it gets nothing new");
    assert!(paper.scheduler.note_alive(worker));
    assert!(matches!(watch(&mut paper), Watched::Fine));
    let Some((Ok(outcome), _)) = paper.answer(stuck) else {
        panic!("it should be answered");
    };
    assert!(
        matches!(outcome.completion, Completion::Fault(fault) if fault.kind == FaultKind::Timeout)
    );
    // Another worker takes over.
    paper.start(0);
    assert!(paper.runs(new));
    paper.finish(neighbour);
    assert!(matches!(watch(&mut paper), Watched::Stuck));
    let (now, counters) = (paper.now, &paper.counters);
    assert_eq!(paper.scheduler.lose(worker, Loss::Died, now, counters), 1);
    paper.check();
}

#[test]
fn a_worker_that_does_not_live_is_ended_at_once() {
    let mut paper = Paper::new(1, 8, |_| {});
    let id = paper.submit("a").unwrap();
    let worker = paper.worker_of(id).unwrap();
    paper.now += Duration::from_secs(33);
    let watch = |paper: &mut Paper| paper.scheduler.watch(worker, paper.now, &paper.counters);
    assert!(matches!(watch(&mut paper), Watched::Asked(_)));
    assert!(matches!(watch(&mut paper), Watched::Fine));
    paper.now += Duration::from_secs(3);
    assert!(matches!(watch(&mut paper), Watched::Stuck));
    assert_eq!(paper.die(worker), 0);
    assert!(paper.runs(id), "it is executed again");
}

/// Ten thousand events in no order that makes sense: nothing is ever counted wrong, and in the end
/// nothing is left.
#[test]
fn whatever_happens_the_books_are_right() {
    let mut state = 7_u64;
    let mut random = move |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as usize % below
    };
    let mut paper = Paper::new(3, 8, |config| {
        config.parked_per_worker = 20;
        config.parked_bytes = 64 << 20;
    });
    let mut open: Vec<u64> = Vec::new();
    for _ in 0..10_000 {
        paper.now += Duration::from_millis(1);
        let pick = |open: &[u64], random: usize| open[random % open.len()];
        match random(10) {
            0..=3 => {
                if let Ok(id) = paper.submit(["a", "b", "c", "d"][random(4)]) {
                    open.push(id);
                }
            }
            4..=5 if !open.is_empty() => {
                let id = pick(&open, random(1 << 20));
                if paper.runs(id) {
                    let _ = paper.park(id, random(8 << 20) as u64);
                }
            }
            6..=7 if !open.is_empty() => {
                let id = pick(&open, random(1 << 20));
                if paper.runs(id) {
                    let _ = paper.wake(id);
                }
            }
            8 if !open.is_empty() => {
                let id = pick(&open, random(1 << 20));
                let (now, counters) = (paper.now, &paper.counters);
                if let Abandoned::Waiting = paper.scheduler.abandon(id, b"", now, counters) {
                    open.retain(|other| *other != id);
                }
                paper.settle();
            }
            9 if !open.is_empty() => {
                let id = pick(&open, random(1 << 20));
                if paper.runs(id) {
                    paper.finish(id);
                    open.retain(|other| *other != id);
                }
            }
            _ => {}
        }
        paper.check();
    }
    while let Some(id) = open.iter().copied().find(|id| paper.runs(*id)) {
        paper.finish(id);
        open.retain(|other| *other != id);
        paper.check();
    }
    // Some had to make room in the queue, and were told so.
    open.retain(|id| {
        let answer = paper.answers.get_mut(id).and_then(|it| it.try_recv().ok());
        !matches!(answer, Some((Err(Rejection::Overloaded { .. }), _)))
    });
    assert!(open.is_empty(), "{} never ran", open.len());
    let load = paper.scheduler.load();
    assert_eq!((load.running, load.parked, load.queued), (0, 0, 0));
    assert!(paper.scheduler.returning.is_empty());
}
