//! The threads behind [`Leaders`]: those who follow wait here until they lead.

use super::leaders::Leaders;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// A worker's threads.
#[derive(Debug)]
pub(super) struct Crew<T> {
    leaders: Mutex<Leaders<T>>,
    /// Wakes a follower that leads; one for each runner.
    promoted: Vec<Condvar>,
    /// Wakes whoever relieves leaders when there is something to watch.
    begun: Condvar,
}

impl<T> Crew<T> {
    /// For this many runners, of which so many are to lead.
    pub(super) fn new(runners: usize, leaders: u32) -> Self {
        Self {
            leaders: Mutex::new(Leaders::new(runners, leaders)),
            promoted: (0..runners).map(|_| Condvar::new()).collect(),
            begun: Condvar::new(),
        }
    }

    /// Waits until this runner leads. It says so when it begins, and after each task.
    pub(super) fn report(&self, index: usize) {
        let mut leaders = self.lock();
        if leaders.report(index) {
            return;
        }
        while !leaders.leads(index) {
            let wait = self.promoted[index].wait(leaders);
            leaders = wait.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Notes a task that was read.
    pub(super) fn add(&self, task: T) {
        self.lock().add(task);
    }

    /// Gives the first task to this runner, which leads. `None` if it has to read one.
    pub(super) fn begin(&self, index: usize) -> Option<T> {
        let begun = self.lock().begin(index, Instant::now())?;
        if begun.is_first {
            self.begun.notify_one();
        }
        Some(begun.task)
    }

    /// Relieves the leaders that are kept for too long. Never returns.
    pub(super) fn relieve(&self) -> ! {
        let mut leaders = self.lock();
        loop {
            let relief = leaders.relieve(Instant::now());
            self.wake(&relief.promoted);
            leaders = match relief.next {
                Some(wait) => {
                    let wait = self.begun.wait_timeout(leaders, wait);
                    wait.unwrap_or_else(PoisonError::into_inner).0
                }
                None => {
                    let wait = self.begun.wait(leaders);
                    wait.unwrap_or_else(PoisonError::into_inner)
                }
            };
        }
    }

    /// Relieves this runner now: what it executes waits. It reports when it is done.
    pub(super) fn leave(&self, index: usize) {
        let promoted = self.lock().leave(index);
        self.wake(&promoted);
    }

    fn wake(&self, promoted: &[usize]) {
        for index in promoted {
            self.promoted[*index].notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Leaders<T>> {
        self.leaders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::leaders::PATIENCE;
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread::{sleep, spawn};
    use std::time::Duration;

    /// The rest is simulated, in `leaders_simulation`; here are the threads.
    #[test]
    fn every_task_is_done_once_by_whoever_leads() {
        const TASKS: usize = 20_000;
        let work = Arc::new((Crew::new(5, 2), AtomicUsize::new(0), AtomicUsize::new(0)));
        for index in 0..5 {
            let work = Arc::clone(&work);
            spawn(move || {
                let (crew, read, done) = &*work;
                loop {
                    crew.report(index);
                    let task: usize = loop {
                        if let Some(task) = crew.begin(index) {
                            break task;
                        }
                        match read.fetch_add(1, Ordering::Relaxed) {
                            task if task < TASKS => crew.add(task),
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
        let relieving = Arc::clone(&work);
        spawn(move || relieving.0.relieve());
        let begun = Instant::now();
        while work.2.load(Ordering::Relaxed) < TASKS {
            assert!(begun.elapsed() < Duration::from_secs(60), "in vain");
            sleep(Duration::from_millis(1));
        }
        assert_eq!(work.2.load(Ordering::Relaxed), TASKS);
    }
}
