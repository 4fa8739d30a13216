//! Attacks on answers: large ones that nobody reads.

use super::field::run;
use super::{Attack, Field, From};
use crate::client::Connection;
use serde_json::json;
use std::time::Duration;

pub(super) const ATTACKS: &[Attack] = &[
    Attack::new("large answers that nobody reads", |field| {
        deaf(field, From::One);
    })
    .at_least_ms(4000),
    Attack::new("the same from many addresses", |field| {
        deaf(field, From::Many)
    })
    .again()
    .at_least_ms(4000),
];

/// Six hundred that ask for some megabytes and read none of them.
fn deaf(field: &Field<'_>, from: From) {
    let body = json!({
        "script": "import sys\nfor stream in sys.stdout, sys.stderr: stream.write('x' * 1_000_000)\n\
                   for _ in range(2): display({'text/plain': 'y' * 2_000_000}, raw=True)",
    });
    let request = run(&body);
    let mut held: Vec<Connection> = Vec::new();
    for number in 0..600 {
        if !field.goes_on() {
            return;
        }
        if let Some(mut connection) = field.connect(from, number) {
            let _ = connection.send(&request);
            held.push(connection);
        }
    }
    field.wait(Duration::from_secs(60));
}
