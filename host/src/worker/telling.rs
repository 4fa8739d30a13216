//! What running scripts give, on its way to the server: collected for a moment, since a message for
//! every line of a script that prints a million would cost more than the script.

use super::protocol::{Response, Told};
use crate::event::Heard;
use crate::{DisplayItem, Event};
use belljar_engine::Stream;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// How long something waits for more. Below what people notice.
const WAIT: Duration = Duration::from_millis(20);

/// Sends what it is given, in order.
#[derive(Default)]
pub(super) struct Telling {
    /// Who gave what, in order.
    pending: Mutex<Vec<(u64, Event)>>,
    some: Condvar,
}

impl Telling {
    /// Takes what an execution gave.
    pub(super) fn add(&self, id: u64, heard: Heard<'_>) {
        let mut pending = self.lock();
        let last = pending.last_mut().filter(|(last, _)| *last == id);
        match (last, heard) {
            (Some((_, Event::Stdout(text))), Heard::Output(Stream::Stdout, bytes))
            | (Some((_, Event::Stderr(text))), Heard::Output(Stream::Stderr, bytes)) => {
                text.extend_from_slice(bytes);
                return;
            }
            (_, Heard::Output(Stream::Stdout, bytes)) => {
                pending.push((id, Event::Stdout(bytes.to_vec())));
            }
            (_, Heard::Output(Stream::Stderr, bytes)) => {
                pending.push((id, Event::Stderr(bytes.to_vec())));
            }
            (_, Heard::Display(item)) => {
                pending.push((id, Event::Display(DisplayItem::clone(item))));
            }
        }
        if pending.len() == 1 {
            self.some.notify_one();
        }
    }

    /// Sends what there is, before it returns: for the end of an execution.
    pub(super) fn flush(&self, send: impl Fn(&Response<'_>)) {
        // Locked until all is sent: what one thread took must not be overtaken by what another
        // says of the same execution.
        for (id, event) in self.lock().drain(..) {
            send(&Response::Told {
                id,
                told: Told::from(&event),
            });
        }
    }

    /// Sends what comes, soon after it came, for ever.
    pub(super) fn run(&self, send: impl Fn(&Response<'_>)) -> ! {
        loop {
            let pending = self.lock();
            let pending = self
                .some
                .wait_while(pending, |pending| pending.is_empty())
                .unwrap_or_else(PoisonError::into_inner);
            drop(pending);
            thread::sleep(WAIT);
            self.flush(&send);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(u64, Event)>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_together_goes_together_and_nothing_changes_places() {
        let telling = Telling::default();
        for (id, stream, bytes) in [
            (1, Stream::Stdout, "a"),
            (1, Stream::Stdout, "b"),
            (1, Stream::Stderr, "c"),
            (2, Stream::Stdout, "d"),
            (1, Stream::Stdout, "e"),
        ] {
            telling.add(id, Heard::Output(stream, bytes.as_bytes()));
        }
        let told = Mutex::new(Vec::new());
        let send = |response: &Response<'_>| {
            let Response::Told { id, told: what } = response else {
                panic!("{response:?}");
            };
            told.lock().unwrap().push((*id, what.to_event()));
        };
        telling.flush(send);
        telling.flush(send);
        let expected = [
            (1, Event::Stdout(b"ab".to_vec())),
            (1, Event::Stderr(b"c".to_vec())),
            (2, Event::Stdout(b"d".to_vec())),
            (1, Event::Stdout(b"e".to_vec())),
        ];
        assert_eq!(*told.lock().unwrap(), expected);
    }
}
