//! Nothing that a script does makes an outcome, or an event, that a worker cannot send.
//!
//! Scripts here are messages through the door and writes, of random kinds and sizes, most of them near
//! a limit, and of bytes that grow when they are decoded.

use crate::worker::frame;
use crate::worker::protocol::{self, Response, response_bytes};
use crate::worker::wire_events::encode_events;
use crate::{
    DISPLAY_ITEM_BYTES, Event, FaultKind, LimitPolicy, LimitValues, Mode, RESULT_BYTES, Usage,
};
use belljar_contract::caps::FAULT_BYTES;
use belljar_contract::{Delivery, Ending, Stop, Stream, Taken, Verdict};
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use std::time::Duration;

const SCRIPTS: u64 = 120;

/// One script's chances.
struct Chance(SmallRng);

impl Chance {
    fn one_of<T: Copy>(&mut self, values: &[T]) -> T {
        *values.choose(&mut self.0).unwrap()
    }

    fn is(&mut self, percent: u32) -> bool {
        self.0.random_range(0..100) < percent
    }

    /// A size up to a limit or a little above, most of the time at it.
    fn size(&mut self, limit: usize) -> usize {
        let at = self.one_of(&[limit, limit / 2, limit / 3, limit / 6, 100, 0]);
        (at + self.0.random_range(0..64)).saturating_sub(32)
    }

    /// Bytes that are text, that are none, or that are something in between.
    fn bytes(&mut self, len: usize) -> Vec<u8> {
        let unit: &[u8] = self.one_of(&[
            b"a".as_slice(),
            b"\xff",
            b"\0",
            b"\xe2\x82",
            b"\xf0\x9f\x98",
            "\u{1f600}".as_bytes(),
            b"\xc3\xa9\xff",
            b"\"\\\n",
        ]);
        unit.iter().copied().cycle().take(len).collect()
    }

    /// The inside of a JSON string, mostly valid.
    fn json(&mut self, len: usize) -> Vec<u8> {
        let unit: &[u8] = self.one_of(&[
            b"a".as_slice(),
            b"\\u0000",
            b"\\ud83d\\ude00",
            b"\\\"",
            b"\\ud800",
            "\u{fffd}".as_bytes(),
            b"\xff",
        ]);
        unit.repeat(len / unit.len())
    }

    fn item(&mut self) -> Vec<u8> {
        let mime = self.one_of(&["text/plain", "image/png", "a/b+xml", "TEXT/HTML", "none"]);
        let size = self.size(DISPLAY_ITEM_BYTES - mime.len());
        let (alt, data) = if self.is(50) { (size, 0) } else { (0, size) };
        let mut frame = vec![4, u8::try_from(mime.len()).unwrap()];
        frame.extend(u32::try_from(alt).unwrap().to_le_bytes());
        frame.extend_from_slice(mime.as_bytes());
        frame.extend(self.bytes(alt));
        frame.extend(self.bytes(data));
        if self.is(10) {
            let at = self.0.random_range(1..frame.len());
            frame[at] = self.0.random();
        }
        frame
    }

    fn fault(&mut self) -> Vec<u8> {
        let kind = self.one_of(&["exception", "internal", "timeout", "exit", "crashed", "x"]);
        let size = self.size(FAULT_BYTES - 150);
        let text = self.json(size);
        let field = self.one_of(&["message", "traceback"]);
        let head = format!("\x02{{\"kind\":\"{kind}\",\"line\":4294967295,\"{field}\":\"");
        let rest: &[u8] = match (field, self.is(50)) {
            ("message", true) => b"\",\"out_of_memory\":true}",
            ("message", false) => b"\",\"exit_code\":-2147483648}",
            _ => b"\",\"message\":\"m\",\"out_of_memory\":true}",
        };
        [head.as_bytes(), &text, rest].concat()
    }

    fn request(&mut self) -> Vec<u8> {
        match self.0.random_range(0..10) {
            0..6 => self.item(),
            6 => self.fault(),
            7 => {
                let size = self.size(RESULT_BYTES);
                [b"\x01\"".as_slice(), &self.json(size), b"\""].concat()
            }
            8 => self
                .one_of(&[b"\x030".as_slice(), b"\x03-2147483648", b"\x05", b"\x03x"])
                .to_vec(),
            _ => {
                let size = self.size(1000);
                self.bytes(size)
            }
        }
    }
}

fn assert_sendable(response: &Response<'_>, policy: &LimitPolicy, seed: u64) {
    let frame = frame::encode(response).unwrap();
    let (bytes, limit) = (frame::message_bytes(&frame), response_bytes(policy));
    assert!(
        bytes <= limit,
        "script {seed}: {bytes} bytes, the limit is {limit}"
    );
}

#[test]
fn whatever_a_script_gives_can_be_sent() {
    let mut kept = [0; 3];
    for seed in 0..SCRIPTS {
        let mut chance = Chance(SmallRng::seed_from_u64(seed));
        let mut policy = LimitPolicy::default();
        policy.maximum.output_bytes = chance.one_of(&[1, 1000, 1 << 20]);
        let limits = LimitValues::default();
        let output_bytes = usize::try_from(policy.maximum.output_bytes).unwrap();

        let mut delivery = Delivery::default();
        let mut heard = Vec::new();
        let mut stopped = None;
        for _ in 0..chance.0.random_range(1..40) {
            let request = chance.request();
            let Some((&kind, content)) = request.split_first() else {
                continue;
            };
            match delivery.take(kind, content) {
                Ok(Taken::Item(item)) => heard.push(Event::Display(item.clone())),
                Ok(Taken::Message | Taken::Refused) => {}
                Err(too_large) => {
                    stopped = Some(Stop::AnswerTooLarge(too_large));
                    break;
                }
            }
        }
        let sizes = [(); 2].map(|()| chance.size(output_bytes).min(output_bytes));
        let written = sizes.map(|size| chance.bytes(size));
        let ending = match stopped {
            Some(stop) => Ending::Stopped(stop),
            None if chance.is(10) => Ending::Stopped(Stop::OutputExceeded(Stream::Stdout)),
            None => Ending::Returned(delivery.answer),
        };
        let verdict = Verdict {
            memory_refused: chance.is(50),
            ..Verdict::new(
                chance.one_of(&[Mode::Function, Mode::Program]),
                &limits,
                &policy.maximum,
            )
        };
        let usage = Usage {
            duration: Duration::MAX,
            fuel: u64::MAX,
            memory_bytes: u64::MAX,
        };
        let outcome = verdict.outcome(ending, written, delivery.display, usage);
        let ending = protocol::Ending::Outcome((&outcome).into());
        let id = u64::MAX;
        assert_sendable(&Response::Done { id, ending }, &policy, seed);
        for event in heard {
            let events = &encode_events(vec![event]);
            assert_sendable(&Response::Told { id, events }, &policy, seed);
        }
        kept[0] += outcome.display.len();
        kept[1] += usize::from(outcome.truncated.display);
        kept[2] += usize::from(!matches!(
            &outcome.completion,
            crate::Completion::Fault(fault) if fault.kind == FaultKind::Crashed
        ));
    }
    // The test is about something: much was kept, and much was not.
    assert!(kept.iter().all(|count| *count > 20), "{kept:?}");
}
