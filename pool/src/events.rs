//! The way of a script's events from whoever runs it to whoever reads them.
//!
//! It has no bound of its own: who sends knows how much may be [unread](EventSender::send), is told
//! what was read, and keeps the script waiting in the meantime.

use crate::Event;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// The most that is read at a time: what a reader can hold without a thought.
const READ_BYTES: usize = 64 << 10;

/// Is told how much was read.
type Read = Arc<dyn Fn(usize) + Send + Sync>;

/// A way for the events of one execution.
pub fn events() -> (EventSender, EventReceiver) {
    let way = Arc::new(Way::default());
    (EventSender(Arc::clone(&way)), EventReceiver(way))
}

/// The end of whoever runs a script: for a [`Job`](crate::Job).
#[derive(Debug, Clone)]
pub struct EventSender(Arc<Way>);

/// The end of whoever reads its events. A script waits for who keeps it and does not read; dropped,
/// nothing is kept.
#[derive(Debug)]
pub struct EventReceiver(Arc<Way>);

/// More is unread than may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flood;

#[derive(Default)]
struct Way {
    state: Mutex<State>,
    some: Notify,
}

#[derive(Default)]
struct State {
    /// Events, each with what it counts.
    waiting: VecDeque<(Event, usize)>,
    unread: usize,
    read: Option<Read>,
    is_left: bool,
}

impl fmt::Debug for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        f.debug_struct("Way")
            .field("waiting", &state.waiting.len())
            .field("unread", &state.unread)
            .finish_non_exhaustive()
    }
}

impl Way {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EventSender {
    /// The script has got its sandbox: the reader is told so. From now on `read` is told how much was
    /// read.
    pub fn begin(&self, read: impl Fn(usize) + Send + Sync + 'static) {
        let mut state = self.0.lock();
        state.read = Some(Arc::new(read));
        if !state.is_left {
            state.waiting.push_back((Event::Started, 0));
        }
        drop(state);
        self.0.some.notify_one();
    }

    /// The script, which has given nothing yet, has another sandbox: `read` is told from now on.
    pub fn begin_anew(&self, read: impl Fn(usize) + Send + Sync + 'static) {
        self.0.lock().read = Some(Arc::new(read));
    }

    /// Passes events on.
    ///
    /// # Errors
    ///
    /// When more than `most` would be unread; the rest is not taken.
    pub fn send(&self, events: impl IntoIterator<Item = Event>, most: usize) -> Result<(), Flood> {
        let mut state = self.0.lock();
        let (mut in_vain, mut result) = (0, Ok(()));
        for event in events {
            let cost = event.cost();
            if state.unread.saturating_add(cost) > most {
                result = Err(Flood);
                break;
            }
            if state.is_left {
                in_vain += cost;
            } else {
                state.unread += cost;
                state.add(event, cost);
            }
        }
        let read = state.read.clone().filter(|_| in_vain > 0);
        drop(state);
        if let Some(read) = read {
            read(in_vain);
        }
        self.0.some.notify_one();
        result
    }

    /// The script is over: there is nobody to tell what is read of what it gave.
    pub fn end(&self) {
        self.0.lock().read = None;
    }
}

impl State {
    fn add(&mut self, event: Event, cost: usize) {
        match (self.waiting.back_mut(), event) {
            (Some((Event::Stdout(text), counted)), Event::Stdout(bytes))
            | (Some((Event::Stderr(text), counted)), Event::Stderr(bytes))
                if text.len() < READ_BYTES =>
            {
                text.extend_from_slice(&bytes);
                *counted += cost;
            }
            (_, event) => self.waiting.push_back((event, cost)),
        }
    }
}

impl EventReceiver {
    /// Waits for the next events; never for none. Nothing is lost when it is dropped before.
    pub async fn next(&mut self) -> Vec<Event> {
        loop {
            let events = self.take();
            if !events.is_empty() {
                return events;
            }
            self.0.some.notified().await;
        }
    }

    /// The next events, if they are there.
    pub fn take(&mut self) -> Vec<Event> {
        let mut state = self.0.lock();
        let (mut events, mut read) = (Vec::new(), 0);
        while let Some((event, cost)) = state.waiting.pop_front() {
            events.push(event);
            read += cost;
            if read >= READ_BYTES {
                break;
            }
        }
        state.unread = state.unread.saturating_sub(read);
        let told = state.read.clone().filter(|_| read > 0);
        drop(state);
        if let Some(told) = told {
            told(read);
        }
        events
    }
}

impl Drop for EventReceiver {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.is_left = true;
        state.waiting.clear();
        let unread = std::mem::take(&mut state.unread);
        let told = state.read.clone().filter(|_| unread > 0);
        drop(state);
        if let Some(told) = told {
            told(unread);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const MOST: usize = 1 << 20;

    fn stdout(text: &str) -> Event {
        Event::Stdout(text.into())
    }

    fn stderr(text: &str) -> Event {
        Event::Stderr(text.into())
    }

    /// A way, and how much its sender was told is read.
    fn begun() -> (EventSender, EventReceiver, Arc<AtomicUsize>) {
        let (sender, receiver) = events();
        let read = Arc::new(AtomicUsize::new(0));
        let told = Arc::clone(&read);
        sender.begin(move |count| {
            told.fetch_add(count, Ordering::Relaxed);
        });
        (sender, receiver, read)
    }

    #[tokio::test]
    async fn events_come_in_order_and_all_that_was_sent_is_told_to_be_read() {
        let (sender, mut receiver, read) = begun();
        assert_eq!(receiver.next().await, [Event::Started]);
        let sent = [stdout("a"), stderr("b"), stderr("c"), stdout("d")];
        let cost: usize = sent.iter().map(Event::cost).sum();
        sender.send(sent, MOST).unwrap();
        assert_eq!(read.load(Ordering::Relaxed), 0);
        let expected = [stdout("a"), stderr("bc"), stdout("d")];
        assert_eq!(receiver.next().await, expected);
        assert_eq!(read.load(Ordering::Relaxed), cost);
        assert!(receiver.take().is_empty());
    }

    #[tokio::test]
    async fn a_reader_is_woken() {
        let (sender, mut receiver, _) = begun();
        receiver.next().await;
        let reading = tokio::spawn(async move { receiver.next().await });
        tokio::task::yield_now().await;
        sender.send([stdout("a")], MOST).unwrap();
        assert_eq!(reading.await.unwrap(), [stdout("a")]);
    }

    #[test]
    fn a_flood_is_noticed_however_it_comes() {
        for event in [stdout("0123456789"), stderr("")] {
            let (sender, mut receiver, _) = begun();
            let cost = event.cost();
            let flood = vec![event.clone(); 10];
            assert_eq!(sender.send(flood, 9 * cost), Err(Flood));
            assert_eq!(sender.send([event.clone()], 9 * cost), Err(Flood));
            while !receiver.take().is_empty() {}
            assert_eq!(sender.send([event], 9 * cost), Ok(()));
        }
    }

    #[test]
    fn a_reader_takes_little_at_a_time() {
        let (sender, mut receiver, _) = begun();
        let piece = "x".repeat(READ_BYTES / 4);
        for _ in 0..40 {
            sender.send([stdout(&piece), stderr("!")], MOST).unwrap();
        }
        let mut reads = 0;
        loop {
            let events = receiver.take();
            if events.is_empty() {
                break;
            }
            let bytes: usize = events.iter().map(Event::cost).sum();
            assert!(bytes < 2 * READ_BYTES, "{bytes}");
            reads += 1;
        }
        assert!(reads >= 10, "{reads}");
    }

    #[test]
    fn who_leaves_keeps_nobody_waiting() {
        let (sender, receiver, read) = begun();
        let event = stdout("a");
        let cost = event.cost();
        sender.send([event.clone()], MOST).unwrap();
        drop(receiver);
        assert_eq!(read.load(Ordering::Relaxed), cost);
        sender.send([event], MOST).unwrap();
        assert_eq!(read.load(Ordering::Relaxed), 2 * cost);
    }

    #[test]
    fn what_is_read_after_the_end_is_told_to_nobody() {
        let (sender, mut receiver, read) = begun();
        sender.send([stdout("a")], MOST).unwrap();
        sender.end();
        assert_eq!(receiver.take(), [Event::Started, stdout("a")]);
        assert_eq!(read.load(Ordering::Relaxed), 0);
    }
}
