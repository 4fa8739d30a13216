//! The program of an instance that streams.

use super::instance::Shared;
use crate::serve::http::Call;
use crate::{Event, Executor, Outcome, Program, Rejection};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// How long a program that runs may be silent before the front is told that nothing happened, so that
/// it can write something: what is between us and a client (proxies, NAT) takes a connection on which
/// nothing moves for dead, the most impatient of them after half a minute.
const QUIET: Duration = Duration::from_secs(15);

type Execution = Pin<Box<dyn Future<Output = Result<Outcome, Rejection>> + Send>>;

/// A program that was started. Dropping it cancels its execution.
pub(super) struct Running {
    events: UnboundedReceiver<Event>,
    execution: Execution,
    ended: Option<Result<Outcome, Rejection>>,
    quiet: Duration,
    /// Whether it has a sandbox. Before that it may yet be rejected, which the front has to know
    /// before anything else.
    runs: bool,
}

/// What came of it.
pub(super) enum Next {
    Event(Event),
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
        let (sender, events) = unbounded_channel();
        let execution = async move {
            let events = Some(sender);
            shared.executor.execute(program, &call, events).await
        };
        Self::new(events, Box::pin(execution), QUIET)
    }

    fn new(events: UnboundedReceiver<Event>, execution: Execution, quiet: Duration) -> Self {
        Self {
            events,
            execution,
            ended: None,
            quiet,
            runs: false,
        }
    }

    /// Waits for what comes next; if that takes long, nothing comes, as an event without bytes.
    /// Nobody may ask after the end.
    pub(super) async fn next(&mut self) -> Next {
        while self.ended.is_none() {
            tokio::select! {
                biased;
                Some(event) = self.events.recv() => {
                    self.runs = true;
                    if !is_nothing(&event) {
                        return Next::Event(event);
                    }
                }
                ended = &mut self.execution => self.ended = Some(ended),
                () = tokio::time::sleep(self.quiet), if self.runs => {
                    return Next::Event(Event::Stdout(Vec::new()));
                }
            }
        }
        // What was told before the end comes before it.
        match (self.told_before(), self.ended.take()) {
            (Some(event), ended) => {
                self.ended = ended;
                Next::Event(event)
            }
            (None, Some(ended)) => Next::Ended(ended),
            (None, None) => unreachable!("it is set right above"),
        }
    }

    fn told_before(&mut self) -> Option<Event> {
        std::iter::from_fn(|| self.events.try_recv().ok()).find(|event| !is_nothing(event))
    }
}

/// Whether an event only says that the program has got its sandbox.
fn is_nothing(event: &Event) -> bool {
    matches!(event, Event::Stdout(bytes) if bytes.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;
    use tokio::sync::mpsc::UnboundedSender;

    /// A program that never ends and is silent for long after a millisecond.
    fn endless() -> (UnboundedSender<Event>, Running) {
        let (sender, events) = unbounded_channel();
        let quiet = Duration::from_millis(1);
        (sender, Running::new(events, Box::pin(pending()), quiet))
    }

    fn stdout(next: &Next) -> Option<&[u8]> {
        match next {
            Next::Event(Event::Stdout(bytes)) => Some(bytes),
            _ => None,
        }
    }

    #[tokio::test]
    async fn a_silent_program_is_told_of_as_long_as_it_runs() {
        let (sender, mut running) = endless();
        // Dropped and asked anew, as often as somebody else is quicker.
        let early = tokio::time::timeout(Duration::from_millis(50), running.next());
        assert!(early.await.is_err(), "it may yet be rejected");
        sender.send(Event::Stdout(Vec::new())).expect("it listens");
        for _ in 0..3 {
            assert_eq!(stdout(&running.next().await), Some(&b""[..]));
        }
        sender
            .send(Event::Stdout(b"x".to_vec()))
            .expect("it listens");
        assert_eq!(stdout(&running.next().await), Some(&b"x"[..]));
        assert_eq!(stdout(&running.next().await), Some(&b""[..]));
    }

    #[tokio::test]
    async fn a_rejection_is_the_first_that_is_told() {
        let (_sender, events) = unbounded_channel();
        let rejection = Rejection::Unavailable("full".to_owned());
        let execution = Box::pin(std::future::ready(Err(rejection)));
        let mut running = Running::new(events, execution, Duration::ZERO);
        assert!(matches!(running.next().await, Next::Ended(Err(_))));
    }

    #[tokio::test]
    async fn what_was_told_before_the_end_comes_before_it() {
        let (sender, events) = unbounded_channel();
        for bytes in ["", "last"] {
            let event = Event::Stdout(bytes.into());
            sender.send(event).expect("it listens");
        }
        let execution = Box::pin(std::future::ready(Err(Rejection::Unavailable(
            "gone".to_owned(),
        ))));
        let mut running = Running::new(events, execution, Duration::from_secs(60));
        assert_eq!(stdout(&running.next().await), Some(&b"last"[..]));
        assert!(matches!(running.next().await, Next::Ended(Err(_))));
    }
}
