//! Attacks from more addresses than anybody could count: those of one network.

use super::sleepers::short_sleeps;
use super::{Attack, From};

/// The header by which the server knows its clients, as a proxy before it would set it.
const HEADER: &str = "X-Client";

pub(super) const ATTACKS: &[Attack] =
    &[
        Attack::new("two hundred addresses of one network of IPv6", |field| {
            let request = String::from_utf8(short_sleeps().request()).expect("a request is text");
            field.each(200, |number| {
                let named = format!("\r\n{HEADER}: 2001:db8:1:2::{number:x}\r\n");
                // Each address does what none may do from many: see `SHORT` of the sleepers.
                let request = request.replacen("\r\n", &named, 1);
                field.ask(From::One, number, request.as_bytes());
            });
        })
        .at_a_server_with(&["--client-header", HEADER])
        .at_least_ms(2500),
    ];
