//! Attacks on the queue: its places, and its bytes.

use super::field::run;
use super::{Attack, Field, From};
use serde_json::json;

pub(super) const ATTACKS: &[Attack] = &[
    Attack::new("a queue full of bytes", |field| heavy(field, From::One)).at_least_ms(2500),
    Attack::new("a queue full of bytes, from many addresses", |field| {
        heavy(field, From::Many);
    })
    .again()
    .at_least_ms(2500),
    Attack::new("a queue full of requests", |field| light(field, From::One))
        .again()
        .at_least_ms(2500),
    Attack::new("a queue full of requests, from many addresses", |field| {
        light(field, From::Many);
    })
    .at_least_ms(2500),
];

/// A hundred and forty that wait with almost a megabyte each.
fn heavy(field: &Field<'_>, from: From) {
    let body = json!({
        "script": "import time\ntime.sleep(5)",
        "stdin": "x".repeat(1_000_000),
    });
    field.storm(from, 140, &run(&body));
}

/// Three hundred that wait with next to nothing.
fn light(field: &Field<'_>, from: From) {
    let body = json!({ "script": "import time\ntime.sleep(1)" });
    field.storm(from, 300, &run(&body));
}
