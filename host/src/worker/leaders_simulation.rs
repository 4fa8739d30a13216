//! A simulation of a worker's threads: in which order they get a core, how long each task takes, and
//! when tasks come, is what a seed says.

use super::leaders::{Leaders, PATIENCE};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The longest that a thread which could go on does not get a core.
const DELAY_US: u64 = 200;

/// The state of a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    Reports,
    Follows,
    /// It leads, and looks for a task.
    Leads,
    /// It has the connection, and waits for something to read.
    Reads,
    /// It executes a task, which ends, or waits, at this time.
    Executes {
        task: usize,
        until: u64,
        sleeps: bool,
    },
}

/// A task that was sent: when, how long it takes, and whether it sleeps first.
#[derive(Debug, Clone, Copy)]
struct Sent {
    at: u64,
    takes: u64,
    sleeps: bool,
}

struct World {
    random: u64,
    now: u64,
    epoch: Instant,
    leaders: Leaders<usize>,
    threads: Vec<(Doing, u64)>,
    /// The thread that has the connection.
    reader: Option<usize>,
    sent: Vec<Sent>,
    unread: VecDeque<usize>,
    begun: Vec<u64>,
    done: usize,
    /// When leaders are looked at next.
    look: Option<u64>,
    relieved: usize,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut world = Self {
            random: seed,
            now: 0,
            epoch: Instant::now(),
            leaders: Leaders::new(0, 0),
            threads: Vec::new(),
            reader: None,
            sent: Vec::new(),
            unread: VecDeque::new(),
            begun: Vec::new(),
            done: 0,
            look: Some(0),
            relieved: 0,
        };
        let sandboxes = 1 + world.below(8);
        let leaders = 1 + world.below(4);
        let runners = usize::try_from(sandboxes + 1).unwrap();
        world.leaders = Leaders::new(runners, u32::try_from(leaders).unwrap());
        world.threads = vec![(Doing::Reports, 0); runners];
        let mut at = 0;
        for task in 0..300 {
            at += world.below(2_000);
            let is_long = world.below(5) == 0;
            let sleeps = world.below(6) == 0;
            let takes = 10 + world.below(if is_long { 40_000 } else { 500 });
            world.sent.push(Sent { at, takes, sleeps });
            world.unread.push_back(task);
        }
        world
    }

    fn below(&mut self, below: u64) -> u64 {
        let factor = 6_364_136_223_846_793_005;
        self.random = self.random.wrapping_mul(factor).wrapping_add(1);
        (self.random >> 33) % below
    }

    fn time(&self) -> Instant {
        self.epoch + Duration::from_micros(self.now)
    }

    /// A thread goes on after a while.
    fn go_on(&mut self, index: usize, doing: Doing) {
        let delay = 1 + self.below(DELAY_US);
        self.threads[index] = (doing, self.now + delay);
    }

    fn wake(&mut self, promoted: &[usize]) {
        for index in promoted {
            assert_eq!(
                self.threads[*index].0,
                Doing::Follows,
                "who is woken followed"
            );
            self.go_on(*index, Doing::Leads);
        }
    }

    /// Tells whether a sandbox is free: the server sends no more than that.
    fn has_sandbox(&self) -> bool {
        let read = self.sent.len() - self.unread.len();
        read - self.done + 1 < self.threads.len()
    }

    fn step(&mut self, index: usize) {
        match self.threads[index].0 {
            Doing::Follows => {}
            Doing::Reports => match self.leaders.report(index) {
                true => self.go_on(index, Doing::Leads),
                false => self.threads[index] = (Doing::Follows, u64::MAX),
            },
            Doing::Leads | Doing::Reads => {
                if let Some(begun) = self.leaders.begin(index, self.time()) {
                    if self.reader == Some(index) {
                        self.reader = None;
                    }
                    let task = begun.task;
                    assert_eq!(self.begun[task], u64::MAX, "{task} is begun once");
                    self.begun[task] = self.now;
                    if begun.is_first {
                        assert_eq!(self.look, None);
                        self.look = Some(self.now);
                    }
                    let Sent { takes, sleeps, .. } = self.sent[task];
                    let until = self.now + takes;
                    let doing = Doing::Executes {
                        task,
                        until,
                        sleeps,
                    };
                    self.threads[index] = (doing, until);
                    return;
                }
                if self.reader.is_none_or(|reader| reader == index) {
                    self.reader = Some(index);
                    self.read();
                }
                self.go_on(index, Doing::Reads);
            }
            Doing::Executes { task, sleeps, .. } if sleeps => {
                // From here on it waits; it goes on elsewhere, with its thread.
                let promoted = self.leaders.leave(index);
                self.wake(&promoted);
                let until = self.now + 5_000;
                let doing = Doing::Executes {
                    task,
                    until,
                    sleeps: false,
                };
                self.threads[index] = (doing, until);
            }
            Doing::Executes { .. } => {
                self.done += 1;
                self.go_on(index, Doing::Reports);
            }
        }
    }

    /// Reads what has arrived: sometimes several at once.
    fn read(&mut self) {
        let mut most = 1 + self.below(3);
        while most > 0
            && let Some(task) = self.unread.front().copied()
            && self.sent[task].at <= self.now
            && self.has_sandbox()
        {
            self.unread.pop_front();
            self.leaders.add(task);
            most -= 1;
        }
    }

    fn run(mut self) -> usize {
        self.begun = vec![u64::MAX; self.sent.len()];
        while self.done < self.sent.len() {
            let next = self.threads.iter().map(|(_, at)| *at).min();
            let next = next.unwrap_or(u64::MAX).min(self.look.unwrap_or(u64::MAX));
            assert!(next < u64::MAX, "all wait for each other");
            self.now = self.now.max(next);
            if self.look.is_some_and(|look| look <= self.now) {
                let relief = self.leaders.relieve(self.time());
                self.relieved += relief.promoted.len();
                self.wake(&relief.promoted);
                let micros = |wait: Duration| u64::try_from(wait.as_micros()).unwrap();
                self.look = relief.next.map(|wait| self.now + micros(wait) + 1);
            }
            for index in 0..self.threads.len() {
                if self.threads[index].1 <= self.now {
                    self.step(index);
                }
            }
            self.judge();
        }
        self.relieved
    }

    /// Whoever waits to be read waits no longer than it takes to relieve a leader, as long as there is
    /// a sandbox; and somebody always reads, or is about to.
    fn judge(&self) {
        let executing = self.threads.iter().filter_map(|(doing, _)| match doing {
            Doing::Executes { until, .. } => Some(*until),
            _ => None,
        });
        assert!(
            executing.count() < self.threads.len(),
            "somebody can always read"
        );
        let is_free = |doing: &Doing| !matches!(doing, Doing::Executes { .. } | Doing::Follows);
        let somebody = self.threads.iter().any(|(doing, _)| is_free(doing));
        let is_watched = self.look.is_some_and(|look| {
            let patience = u64::try_from(PATIENCE.as_micros()).unwrap();
            look <= self.now + patience + 1
        });
        assert!(
            somebody || is_watched,
            "somebody reads, or is relieved soon"
        );
    }
}

#[test]
fn every_task_is_begun_once_and_a_long_one_keeps_nobody_waiting() {
    let mut relieved = 0;
    for seed in 0..200 {
        let world = World::new(seed);
        struct Seed(u64);
        impl Drop for Seed {
            fn drop(&mut self) {
                if std::thread::panicking() {
                    eprintln!("seed {}", self.0);
                }
            }
        }
        let seed = Seed(seed);
        relieved += world.run();
        drop(seed);
    }
    assert!(relieved > 1_000, "{relieved}");
}
