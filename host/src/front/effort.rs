//! The time that an instance computes, as far as it is bounded.
//!
//! What counts is time in which its code runs, or that of the host on its behalf. An instance that
//! waits for its executor, its client or its turn does not compute, however often it is woken: a
//! stream that lives for half a minute and is woken every 20 ms has computed a few milliseconds.

use super::tick::TICK;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

/// What an instance may compute for a request. An ordinary one takes 0.1 ms.
const ALLOWED: Duration = Duration::from_secs(2);

/// What it may compute in addition for each byte that its script gave: ten times what the dearest
/// one takes, a control character that becomes six.
const EARNED: Duration = Duration::from_nanos(200);

/// The most that counts of one turn. An instance gives way at every tick, so a turn that lasted
/// longer is one in which the machine did something else, or stood still.
const TURN: Duration = TICK.saturating_mul(2);

/// What an instance has computed, and how much it may. Its turns come one after the other, and so
/// do all accesses.
#[derive(Debug)]
pub(super) struct Effort {
    born: Instant,
    /// When the turn began, in nanoseconds from the birth.
    turn: AtomicU64,
    /// In nanoseconds.
    spent: AtomicU64,
    allowed: AtomicU64,
}

impl Effort {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            born: Instant::now(),
            turn: AtomicU64::new(0),
            spent: AtomicU64::new(0),
            allowed: AtomicU64::new(nanos(ALLOWED)),
        })
    }

    /// It was given so much to tell.
    pub(super) fn earn(&self, bytes: usize) {
        let earned = nanos(EARNED).saturating_mul(bytes as u64);
        self.allowed.fetch_add(earned, Ordering::Relaxed);
    }

    /// Whether it has computed for longer than it may, this turn included.
    pub(super) fn is_over(&self) -> bool {
        let spent = self.spent.load(Ordering::Relaxed) + self.this_turn();
        spent > self.allowed.load(Ordering::Relaxed)
    }

    fn begin(&self) {
        self.turn
            .store(nanos(self.born.elapsed()), Ordering::Relaxed);
    }

    fn end(&self) {
        self.spent.fetch_add(self.this_turn(), Ordering::Relaxed);
    }

    fn this_turn(&self) -> u64 {
        let since = nanos(self.born.elapsed()) - self.turn.load(Ordering::Relaxed);
        since.min(nanos(TURN))
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// A future whose turns count.
pub(super) struct Measured<T> {
    effort: Arc<Effort>,
    future: Pin<Box<dyn Future<Output = T> + Send>>,
}

impl<T> Measured<T> {
    pub(super) fn new(
        effort: Arc<Effort>,
        future: impl Future<Output = T> + Send + 'static,
    ) -> Self {
        let future = Box::pin(future);
        Self { effort, future }
    }
}

impl<T> Future for Measured<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        self.effort.begin();
        let polled = self.future.as_mut().poll(cx);
        self.effort.end();
        polled
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::pin::pin;
    use std::task::Waker;
    use std::thread::sleep;

    /// Polls this often a future that takes so long for it.
    fn turns(effort: &Arc<Effort>, count: u32, takes: Duration) {
        let future = poll_fn(move |_| {
            sleep(takes);
            Poll::<()>::Pending
        });
        let mut measured = pin!(Measured::new(Arc::clone(effort), future));
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..count {
            assert!(measured.as_mut().poll(&mut context).is_pending());
        }
    }

    #[test]
    fn being_woken_is_no_effort() {
        let effort = Effort::new();
        turns(&effort, 100_000, Duration::ZERO);
        assert!(!effort.is_over());
        // Nor is waiting.
        sleep(TURN);
        assert!(effort.spent.load(Ordering::Relaxed) < nanos(ALLOWED) / 2);
    }

    #[test]
    fn who_computes_is_stopped_and_who_was_given_more_to_do_later() {
        let effort = Effort::new();
        let needed = u32::try_from(ALLOWED.as_millis() / TURN.as_millis()).unwrap();
        turns(&effort, needed - 1, TURN);
        assert!(!effort.is_over(), "no turn counts for more than it may");
        turns(&effort, 2, TURN);
        assert!(effort.is_over());
        effort.earn(1 << 20);
        assert!(!effort.is_over());
    }
}
