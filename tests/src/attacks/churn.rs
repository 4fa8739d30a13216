//! Clients that come and go.

use super::field::{run, streamed};
use super::{Attack, Field, From};
use serde_json::json;
use std::time::Duration;

pub(super) const ATTACKS: &[Attack] = &[
    Attack::new("clients that go in the middle", |field| {
        vanish(field, From::One);
    }),
    Attack::new("clients at many addresses that go in the middle", |field| {
        vanish(field, From::Many);
    })
    .again(),
    Attack::new("connections that end where they begin", |field| {
        field.each(8, |number| {
            drop(field.connect(From::Many, number));
            field.wait(Duration::from_millis(1));
        });
    }),
];

/// Each sends a request, or a part of one, and is gone after some milliseconds.
fn vanish(field: &Field<'_>, from: From) {
    let whole = run(&json!({ "script": "import time\nprint(1)\ntime.sleep(1)\nwhile True: pass" }));
    let stream = streamed(&json!({ "script": "while True: print('x' * 100)" }));
    field.each(32, |number| {
        let Some(mut connection) = field.connect(from, number) else {
            field.wait(Duration::from_millis(20));
            return;
        };
        let request = match number % 3 {
            0 => &whole[..],
            1 => &stream[..],
            _ => &whole[..whole.len() - 10],
        };
        let _ = connection.send(request);
        field.wait(Duration::from_millis(u64::from(number % 50)));
    });
}
