//! Which of a worker's threads take on programs.
//!
//! A core does most when it runs one short program after the other, each to its end, and all in the
//! same sandbox: its caches then hold the half megabyte of memory that a small program uses. So of
//! a worker's threads, the runners, only as many are *on duty* as the worker has cores. A runner on
//! duty reads what the server sends, executes it itself, and goes on reading: nothing is handed from
//! thread to thread, and nobody is woken.
//!
//! While it executes it does not read. So a runner whose program is not over within [`PATIENCE`],
//! because it sleeps or computes, is relieved: an idle one takes its place, and it becomes idle
//! itself when it is done. There is one runner more than there are sandboxes: somebody can always
//! read that a program is to be cancelled.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a program keeps a runner before another takes over its duty: the longest that a program
/// behind one that takes long, or a cancellation, waits to be read. A line of pandas is over by then
/// even on a busy core.
const PATIENCE: Duration = Duration::from_millis(3);

/// Who is on duty, and what was read but not begun.
#[derive(Debug)]
pub(super) struct Roster<T> {
    state: Mutex<State<T>>,
    /// Calls an idle runner to duty; one for each.
    calls: Vec<Condvar>,
    /// Calls the usher when there is something to watch.
    begun: Condvar,
}

#[derive(Debug)]
struct State<T> {
    /// Tasks that were read together with the one that their reader took, in order.
    waiting: VecDeque<T>,
    /// How many more runners should be on duty.
    vacancies: u32,
    /// The runners that have nothing to do. The last one is the next to be called: what it left in
    /// its core's caches is the freshest.
    idle: Vec<usize>,
    runners: Vec<Runner>,
    usher_sleeps: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct Runner {
    on_duty: bool,
    /// Since when it executes something, if it is on duty.
    since: Option<Instant>,
}

impl<T> Roster<T> {
    /// For this many runners, of which so many are to be on duty.
    pub(super) fn new(runners: usize, on_duty: u32) -> Self {
        Self {
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                vacancies: on_duty.max(1),
                idle: Vec::with_capacity(runners),
                runners: vec![Runner::default(); runners],
                usher_sleeps: false,
            }),
            calls: (0..runners).map(|_| Condvar::new()).collect(),
            begun: Condvar::new(),
        }
    }

    /// Waits until this runner is on duty. It says so when it begins, and after each task.
    pub(super) fn report(&self, index: usize) {
        let mut state = self.lock();
        state.runners[index].since = None;
        if state.runners[index].on_duty || state.appoint(index) {
            return;
        }
        state.idle.push(index);
        while !state.runners[index].on_duty {
            let wait = self.calls[index].wait(state);
            state = wait.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Notes a task that was read.
    pub(super) fn add(&self, task: T) {
        self.lock().waiting.push_back(task);
    }

    /// Gives the first task to this runner, which is on duty. `None` if it has to read one.
    pub(super) fn begin(&self, index: usize) -> Option<T> {
        let mut state = self.lock();
        let task = state.waiting.pop_front()?;
        state.runners[index].since = Some(Instant::now());
        let wake_usher = std::mem::take(&mut state.usher_sleeps);
        drop(state);
        if wake_usher {
            self.begun.notify_one();
        }
        Some(task)
    }

    /// Relieves those who are kept for too long. Never returns.
    pub(super) fn usher(&self) -> ! {
        let mut state = self.lock();
        loop {
            let next = state.relieve(Instant::now());
            self.fill(&mut state);
            state = match next {
                Some(wait) => {
                    let wait = self.begun.wait_timeout(state, wait);
                    wait.unwrap_or_else(PoisonError::into_inner).0
                }
                None => {
                    state.usher_sleeps = true;
                    let wait = self.begun.wait(state);
                    wait.unwrap_or_else(PoisonError::into_inner)
                }
            };
        }
    }

    /// Relieves this runner now: what it executes waits. It reports when it is done.
    pub(super) fn leave(&self, index: usize) {
        let mut state = self.lock();
        if std::mem::take(&mut state.runners[index]).on_duty {
            state.vacancies += 1;
            self.fill(&mut state);
        }
    }

    /// Calls those who are idle to duty, as long as somebody is missing.
    fn fill(&self, state: &mut State<T>) {
        while state.vacancies > 0
            && let Some(index) = state.idle.pop()
        {
            state.appoint(index);
            self.calls[index].notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> State<T> {
    /// Puts this runner on duty if one is missing.
    fn appoint(&mut self, index: usize) -> bool {
        if self.vacancies == 0 {
            return false;
        }
        self.vacancies -= 1;
        self.runners[index].on_duty = true;
        true
    }

    /// Relieves the runners that are kept for too long, and says when to look again: `None` when
    /// none of those on duty executes anything.
    fn relieve(&mut self, now: Instant) -> Option<Duration> {
        let mut next: Option<Duration> = None;
        for runner in &mut self.runners {
            let Some(since) = runner.since else { continue };
            let left = PATIENCE.saturating_sub(now.saturating_duration_since(since));
            if left.is_zero() {
                *runner = Runner::default();
                self.vacancies += 1;
            } else {
                next = Some(next.map_or(left, |next| next.min(left)));
            }
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::thread::{sleep, spawn};

    /// A task: it is over when this receives something.
    type Task = Receiver<()>;

    struct Work {
        roster: Roster<Task>,
        source: Mutex<Receiver<Task>>,
    }

    /// Starts runners that say which of them begins something.
    fn start(runners: usize, on_duty: u32) -> (Arc<Work>, Sender<Task>, Receiver<usize>) {
        let (tasks, source) = channel();
        let (sender, reports) = channel();
        let work = Arc::new(Work {
            roster: Roster::new(runners, on_duty),
            source: Mutex::new(source),
        });
        for index in 0..runners {
            let (work, sender) = (Arc::clone(&work), sender.clone());
            spawn(move || {
                loop {
                    work.roster.report(index);
                    let task = loop {
                        let source = work.source.lock().unwrap();
                        if let Some(task) = work.roster.begin(index) {
                            break task;
                        }
                        let Ok(task) = source.recv() else { return };
                        work.roster.add(task);
                    };
                    if sender.send(index).is_err() {
                        return;
                    }
                    let _ = task.recv();
                }
            });
        }
        let usher = Arc::clone(&work);
        spawn(move || usher.roster.usher());
        let all_but = runners - on_duty as usize;
        until(|| work.roster.lock().idle.len() == all_but);
        (work, tasks, reports)
    }

    fn until(done: impl Fn() -> bool) {
        let start = Instant::now();
        while !done() {
            assert!(start.elapsed() < Duration::from_secs(60), "in vain");
            sleep(Duration::from_micros(100));
        }
    }

    #[test]
    fn what_takes_long_keeps_nobody_waiting() {
        let (_work, tasks, reports) = start(4, 1);
        let mut ends = Vec::new();
        for _ in 0..3 {
            let (end, task) = channel();
            tasks.send(task).unwrap();
            ends.push(end);
        }
        // None of them ends, and yet all are begun, by different runners.
        let mut begun: Vec<_> = (0..3).map(|_| reports.recv().unwrap()).collect();
        begun.sort_unstable();
        begun.dedup();
        assert_eq!(begun.len(), 3);
        // The fourth runner is there to read.
        let (end, task) = channel();
        tasks.send(task).unwrap();
        reports.recv().unwrap();
        // And when all are busy, whoever ends is on duty again.
        let (_end, fifth) = channel();
        tasks.send(fifth).unwrap();
        assert!(reports.recv_timeout(4 * PATIENCE).is_err());
        end.send(()).unwrap();
        reports.recv().unwrap();
    }

    #[test]
    fn all_that_is_short_is_done_by_those_on_duty() {
        let (work, tasks, reports) = start(4, 1);
        let duty = |work: &Work| {
            let state = work.roster.lock();
            state.runners.iter().position(|runner| runner.on_duty)
        };
        for _ in 0..50 {
            let runner = duty(&work);
            let (end, task) = channel();
            end.send(()).unwrap();
            tasks.send(task).unwrap();
            assert_eq!(Some(reports.recv().unwrap()), runner);
            // On a machine that pauses it may be relieved all the same.
            until(|| {
                let state = work.roster.lock();
                state.idle.len() == 3 && state.runners.iter().all(|runner| runner.since.is_none())
            });
        }
    }

    #[test]
    fn nothing_is_lost_and_no_duty_either() {
        const TASKS: usize = 20_000;
        let work = Arc::new((Roster::new(5, 2), AtomicUsize::new(0), AtomicUsize::new(0)));
        for index in 0..5 {
            let work = Arc::clone(&work);
            spawn(move || {
                let (roster, read, done) = &*work;
                loop {
                    roster.report(index);
                    let task: usize = loop {
                        if let Some(task) = roster.begin(index) {
                            break task;
                        }
                        match read.fetch_add(1, Ordering::Relaxed) {
                            task if task < TASKS => roster.add(task),
                            _ => sleep(Duration::from_millis(1)),
                        }
                    };
                    if task.is_multiple_of(4_000) {
                        sleep(2 * PATIENCE);
                    }
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let usher = Arc::clone(&work);
        spawn(move || usher.0.usher());
        until(|| work.2.load(Ordering::Relaxed) == TASKS && work.0.lock().idle.len() == 3);
        let state = work.0.lock();
        assert_eq!(
            state.runners.iter().filter(|runner| runner.on_duty).count(),
            2
        );
        assert_eq!(state.vacancies, 0);
    }
}
