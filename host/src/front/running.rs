//! The program of an instance that streams.

use super::shared::Shared;
use crate::http::Call;
use belljar_contract::{Outcome, Program, Rejection};
use belljar_pool::{Event, EventReceiver, Executor, events};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// How long a program that runs may be silent before the front is told that nothing happened, so that
/// it can write something: what is between us and a client (proxies, NAT) takes a connection on which
/// nothing moves for dead, the most impatient of them after half a minute.
const QUIET: Duration = Duration::from_secs(15);

type Execution = Pin<Box<dyn Future<Output = Result<Outcome, Rejection>> + Send>>;

/// A program that was started. Dropping it cancels its execution.
pub(super) struct Running {
    events: EventReceiver,
    execution: Execution,
    ended: Option<Result<Outcome, Rejection>>,
    quiet: Duration,
    /// Whether it has a sandbox. Before that it may yet be rejected, which the front has to know
    /// before anything else.
    runs: bool,
}

/// What came of it.
pub(super) enum Next {
    /// What it gave; nothing when it was silent for long.
    Events(Vec<Event>),
    /// The last one.
    Ended(Result<Outcome, Rejection>),
}

impl Running {
    /// Starts a program, as soon as the first event is waited for.
    pub(super) fn start<E: Executor>(
        shared: &Arc<Shared<E>>,
        call: &Arc<Call>,
        program: Program,
    ) -> Self {
        let (shared, call) = (Arc::clone(shared), Arc::clone(call));
        let (sender, events) = events();
        let execution = async move {
            let events = Some(sender);
            shared.executor.execute(program, &call, events).await
        };
        Self::new(events, Box::pin(execution), QUIET)
    }

    fn new(events: EventReceiver, execution: Execution, quiet: Duration) -> Self {
        Self {
            events,
            execution,
            ended: None,
            quiet,
            runs: false,
        }
    }

    /// Waits for what comes next. Nobody may ask after the end.
    pub(super) async fn next(&mut self) -> Next {
        while self.ended.is_none() {
            tokio::select! {
                biased;
                mut events = self.events.next() => {
                    self.runs = true;
                    events.retain(is_something);
                    if !events.is_empty() {
                        return Next::Events(events);
                    }
                }
                ended = &mut self.execution => self.ended = Some(ended),
                () = tokio::time::sleep(self.quiet), if self.runs => {
                    return Next::Events(Vec::new());
                }
            }
        }
        // What was told before the end comes before it.
        loop {
            let mut events = self.events.take();
            if events.is_empty() {
                break;
            }
            events.retain(is_something);
            if !events.is_empty() {
                return Next::Events(events);
            }
        }
        match self.ended.take() {
            Some(ended) => Next::Ended(ended),
            None => unreachable!("it is set right above"),
        }
    }
}

/// Whether an event says more than that the program has got its sandbox.
fn is_something(event: &Event) -> bool {
    *event != Event::Started
}

#[cfg(test)]
mod tests {
    use super::*;
    use belljar_pool::EventSender;
    use std::future::pending;

    /// A program that never ends and is silent for long after a millisecond.
    fn endless() -> (EventSender, Running) {
        let (sender, events) = events();
        let quiet = Duration::from_millis(1);
        (sender, Running::new(events, Box::pin(pending()), quiet))
    }

    /// What was written to stdout; nothing if there was nothing.
    fn stdout(next: &Next) -> Option<&[u8]> {
        match next {
            Next::Events(events) => match events.as_slice() {
                [] => Some(b""),
                [Event::Stdout(bytes)] => Some(bytes),
                _ => None,
            },
            Next::Ended(_) => None,
        }
    }

    fn write(sender: &EventSender, text: &str) {
        let event = Event::Stdout(text.into());
        sender.send([event], usize::MAX).expect("there is room");
    }

    #[tokio::test]
    async fn a_silent_program_is_told_of_as_long_as_it_runs() {
        let (sender, mut running) = endless();
        // Dropped and asked anew, as often as somebody else is quicker.
        let early = tokio::time::timeout(Duration::from_millis(50), running.next());
        assert!(early.await.is_err(), "it may yet be rejected");
        sender.begin(|_| {});
        for _ in 0..3 {
            assert_eq!(stdout(&running.next().await), Some(&b""[..]));
        }
        write(&sender, "x");
        assert_eq!(stdout(&running.next().await), Some(&b"x"[..]));
        assert_eq!(stdout(&running.next().await), Some(&b""[..]));
    }

    #[tokio::test]
    async fn a_rejection_is_the_first_that_is_told() {
        let (_sender, events) = events();
        let rejection = Rejection::Unavailable("full".to_owned());
        let execution = Box::pin(std::future::ready(Err(rejection)));
        let mut running = Running::new(events, execution, Duration::ZERO);
        assert!(matches!(running.next().await, Next::Ended(Err(_))));
    }

    #[tokio::test]
    async fn what_was_told_before_the_end_comes_before_it() {
        let (sender, events) = events();
        sender.begin(|_| {});
        write(&sender, "last");
        let execution = Box::pin(std::future::ready(Err(Rejection::Unavailable(
            "gone".to_owned(),
        ))));
        let mut running = Running::new(events, execution, Duration::from_secs(60));
        assert_eq!(stdout(&running.next().await), Some(&b"last"[..]));
        assert!(matches!(running.next().await, Next::Ended(Err(_))));
    }
}
