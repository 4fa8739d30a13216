//! Turns at long work: what clients' requests compute in this process, one piece at a time.
//!
//! A request's work is a future that computes for some milliseconds at a time (the front gives way at
//! every tick of its engine) and waits in between. Nearly all requests compute for a tenth of a
//! millisecond in all, and are polled as they come. What is *long* (a large body, or work that has once
//! taken long) is polled only in its client's turn, a few at a time, and beside the event loop instead
//! of on it: so the connections of others go on meanwhile, and a client with two hundred long requests
//! delays another's by one piece of work.

use std::collections::{HashMap, VecDeque};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::block_in_place;

/// The longest body that is not long work from the start, in bytes: it is decoded in less than a
/// millisecond.
const LONG_BYTES: usize = 32 << 10;

/// Work that computes this long at once is long: nearly a tick of the front. Not much less, or on a busy
/// machine a request that had to share its core would count.
const LONG_TIME: Duration = Duration::from_millis(8);

/// Who works, and who waits for that. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Turns(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// How many may work at once.
    places: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Who works or is called to.
    taken: usize,
    waiting: HashMap<String, VecDeque<Arc<Ticket>>>,
    /// The clients that wait, in the order of their turns.
    order: VecDeque<String>,
}

/// A wait for a turn.
#[derive(Debug)]
struct Ticket {
    called: AtomicBool,
    waker: Mutex<Waker>,
}

/// A request's part in the turns.
#[derive(Debug)]
pub(crate) struct Turn {
    turns: Turns,
    client: String,
    is_long: bool,
    ticket: Option<Arc<Ticket>>,
}

impl Turns {
    /// Turns of which so many are taken at once.
    pub(crate) fn new(places: usize) -> Self {
        Self(Arc::new(Inner {
            places: places.max(1),
            state: Mutex::default(),
        }))
    }

    /// A request's part, whose body has so many bytes.
    pub(crate) fn part(&self, client: &str, body_bytes: usize) -> Turn {
        Turn {
            turns: self.clone(),
            client: client.to_owned(),
            is_long: body_bytes > LONG_BYTES,
            ticket: None,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place if one is free; else a ticket to wait with.
    fn enter(&self, client: &str, waker: &Waker) -> Option<Arc<Ticket>> {
        let mut state = self.state();
        if state.taken < self.0.places {
            state.taken += 1;
            return None;
        }
        let ticket = Arc::new(Ticket {
            called: AtomicBool::new(false),
            waker: Mutex::new(waker.clone()),
        });
        match state.waiting.get_mut(client) {
            Some(waiting) => waiting.push_back(Arc::clone(&ticket)),
            None => {
                let waiting = VecDeque::from([Arc::clone(&ticket)]);
                state.waiting.insert(client.to_owned(), waiting);
                state.order.push_back(client.to_owned());
            }
        }
        Some(ticket)
    }

    /// Gives a place to the next who waits, or back.
    fn leave(&self) {
        let mut state = self.state();
        let Some(client) = state.order.pop_front() else {
            state.taken -= 1;
            return;
        };
        let Some(waiting) = state.waiting.get_mut(&client) else {
            unreachable!("whoever has a turn waits");
        };
        let next = waiting.pop_front();
        if waiting.is_empty() {
            state.waiting.remove(&client);
        } else {
            state.order.push_back(client);
        }
        drop(state);
        if let Some(ticket) = next {
            ticket.called.store(true, Ordering::Release);
            ticket.waker().wake_by_ref();
        }
    }

    /// Takes back a ticket; false if it was called.
    fn withdraw(&self, client: &str, ticket: &Arc<Ticket>) -> bool {
        let mut state = self.state();
        let Some(waiting) = state.waiting.get_mut(client) else {
            return false;
        };
        let Some(index) = waiting.iter().position(|other| Arc::ptr_eq(other, ticket)) else {
            return false;
        };
        waiting.remove(index);
        if waiting.is_empty() {
            state.waiting.remove(client);
            state.order.retain(|other| other != client);
        }
        true
    }
}

impl Ticket {
    fn waker(&self) -> MutexGuard<'_, Waker> {
        self.waker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// Does a piece of work when it is time for it.
    pub(crate) fn poll<T>(
        &mut self,
        cx: &mut Context<'_>,
        work: impl FnOnce(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        if !self.is_long {
            let start = Instant::now();
            let polled = work(cx);
            self.is_long = start.elapsed() > LONG_TIME;
            return polled;
        }
        match &self.ticket {
            Some(ticket) => {
                // In this order: whoever calls does so before it wakes.
                ticket.waker().clone_from(cx.waker());
                if !ticket.called.load(Ordering::Acquire) {
                    return Poll::Pending;
                }
                self.ticket = None;
            }
            None => {
                self.ticket = self.turns.enter(&self.client, cx.waker());
                if self.ticket.is_some() {
                    return Poll::Pending;
                }
            }
        }
        let _place = Working(&self.turns);
        beside_the_event_loop(|| work(cx))
    }

    /// Does all of a request's work, a piece at a time.
    pub(crate) async fn all<T>(mut self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        std::future::poll_fn(move |cx| self.poll(cx, |cx| Pin::as_mut(&mut work).poll(cx))).await
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take()
            && !self.turns.withdraw(&self.client, &ticket)
        {
            // It was called, and does not come.
            self.turns.leave();
        }
    }
}

/// A place that is given on when the work is done, or panics.
struct Working<'a>(&'a Turns);

impl Drop for Working<'_> {
    fn drop(&mut self) {
        self.0.leave();
    }
}

/// Computes while another thread takes over the event loop, where there can be another.
fn beside_the_event_loop<T>(work: impl FnOnce() -> T) -> T {
    let is_alone = Handle::try_current().map_or(true, |handle| {
        handle.runtime_flavor() == RuntimeFlavor::CurrentThread
    });
    if is_alone {
        work()
    } else {
        block_in_place(work)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::ready;

    /// Long work of so many pieces that notes who did each.
    async fn work(turns: Turns, client: &'static str, pieces: usize, log: Arc<Mutex<Vec<&str>>>) {
        let mut left = pieces;
        let mut turn = turns.part(client, LONG_BYTES + 1);
        std::future::poll_fn(|cx| {
            turn.poll(cx, |cx| {
                log.lock().unwrap().push(client);
                left -= 1;
                if left == 0 {
                    return Poll::Ready(());
                }
                cx.waker().wake_by_ref();
                Poll::Pending
            })
        })
        .await;
    }

    #[tokio::test]
    async fn clients_take_turns_whatever_each_has_to_do() {
        let turns = Turns::new(1);
        let log = Arc::new(Mutex::new(Vec::new()));
        let busy = turns.enter("somebody", Waker::noop());
        assert!(busy.is_none(), "the first need not wait");
        let mut tasks = Vec::new();
        for _ in 0..20 {
            tasks.push(tokio::spawn(work(
                turns.clone(),
                "greedy",
                4,
                Arc::clone(&log),
            )));
        }
        tokio::task::yield_now().await;
        tasks.push(tokio::spawn(work(
            turns.clone(),
            "modest",
            3,
            Arc::clone(&log),
        )));
        tokio::task::yield_now().await;
        turns.leave();
        for task in tasks {
            task.await.unwrap();
        }
        let log = log.lock().unwrap();
        assert_eq!(log.len(), 83);
        let last = log.iter().rposition(|client| *client == "modest");
        // One piece of the other's is between two of its own, or a few: it has to come back.
        assert!(last <= Some(15), "{log:?}");
        let state = turns.state();
        assert!(state.taken == 0 && state.waiting.is_empty() && state.order.is_empty());
    }

    #[tokio::test]
    async fn whoever_goes_away_keeps_no_place() {
        let turns = Turns::new(1);
        assert!(turns.enter("x", Waker::noop()).is_none());
        let mut cx = Context::from_waker(Waker::noop());
        let mut first = turns.part("a", LONG_BYTES + 1);
        let mut second = turns.part("b", LONG_BYTES + 1);
        for turn in [&mut first, &mut second] {
            assert!(turn.poll(&mut cx, |_| Poll::Ready(())).is_pending());
        }
        // The first is called and does not come; the second leaves uncalled.
        turns.leave();
        drop(second);
        drop(first);
        assert_eq!(turns.state().taken, 0);
        let mut third = turns.part("c", LONG_BYTES + 1);
        assert!(third.poll(&mut cx, |_| Poll::Ready(())).is_ready());
    }

    #[tokio::test]
    async fn what_took_long_once_is_long() {
        let turns = Turns::new(1);
        let mut turn = turns.part("a", 0);
        let mut cx = Context::from_waker(Waker::noop());
        assert!(turn.poll(&mut cx, |_| Poll::Ready(())).is_ready());
        assert!(!turn.is_long);
        let slow = |cx: &mut Context<'_>| {
            std::thread::sleep(LONG_TIME * 2);
            ready!(Poll::Ready(()));
            cx.waker().wake_by_ref();
            Poll::<()>::Pending
        };
        assert!(turn.poll(&mut cx, slow).is_pending());
        assert!(turn.is_long);
    }
}
