//! Attacks on bodies: costly to read, or never whole.

use super::{Attack, Field, From};
use crate::neighbours::post;
use std::time::Duration;

pub(super) const ATTACKS: &[Attack] = &[
    Attack::new("bodies of a million brackets", |field| {
        brackets(field, From::One);
    })
    .at_least_ms(2500),
    Attack::new("bodies of many arguments", |field| {
        arguments(field, From::One);
    })
    .at_least_ms(2500),
    Attack::new("bodies of many arguments, from many addresses", |field| {
        arguments(field, From::Many);
    })
    .again()
    .at_least_ms(2500),
    Attack::new("bodies of many keys", keys)
        .again()
        .at_least_ms(2500),
    Attack::new("a thousand halves of bodies", |field| {
        halves(field, From::One)
    })
    .at_least_ms(2500),
    Attack::new("halves of bodies, from many addresses", |field| {
        halves(field, From::Many);
    })
    .again()
    .at_least_ms(2500),
];

fn brackets(field: &Field<'_>, from: From) {
    let request = post("/execute", "*/*", &"[".repeat(1_000_000));
    field.storm(from, 200, &request);
}

fn arguments(field: &Field<'_>, from: From) {
    let arguments = vec!["\"\""; 340_000].join(",");
    let body = format!("{{\"script\":\"pass\",\"args\":[{arguments}]}}");
    field.storm(from, 20, &post("/run", "*/*", &body));
}

fn keys(field: &Field<'_>) {
    let keys: Vec<String> = (0..80_000).map(|n| format!("\"{n:x}\":0")).collect();
    let body = format!(
        "{{\"script\":\"def main(x): return len(x)\",\"input\":{{{}}}}}",
        keys.join(",")
    );
    field.storm(From::One, 20, &post("/execute", "*/*", &body));
}

/// Each says a megabyte, sends half of it, and waits.
fn halves(field: &Field<'_>, from: From) {
    let head = "POST /run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                Content-Length: 1000000\r\n\r\n";
    let request = [head.as_bytes(), "x".repeat(500_000).as_bytes()].concat();
    let mut held = Vec::new();
    for number in 0..1000 {
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
