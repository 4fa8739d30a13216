//! Attacks on the places where scripts run: scripts that hold one and do nothing.

use super::{Attack, Field, From, Malice};

pub(super) const ATTACKS: &[Attack] = &[
    Attack::new("sixteen sleepers", |field| sleep(field, From::One, 16)).at_least_ms(2500),
    Attack::new("sixty-four sleepers at one address", |field| {
        sleep(field, From::One, 64);
    })
    .again()
    .at_least_ms(2500),
    Attack::new("two sleepers at each of many addresses", |field| {
        sleep(field, From::Many, 128);
    })
    .at_least_ms(2500),
];

pub(super) const SCRIPTS: &[Malice] = &[
    Malice {
        name: "a sleep up to the limit",
        script: "import time\ntime.sleep(29.9)",
        timeout_ms: 30_000,
    },
    Malice {
        name: SHORT,
        script: "import time\nfor _ in range(30_000): time.sleep(0.001)",
        timeout_ms: 30_000,
    },
    Malice {
        name: "a sleep in asyncio",
        script: "import asyncio\nasyncio.run(asyncio.sleep(29.9))",
        timeout_ms: 30_000,
    },
    Malice {
        name: "a wait for what never comes",
        script: "import select\nselect.poll().poll(29_900)",
        timeout_ms: 30_000,
    },
];

/// Whoever sleeps for less than it costs to leave a place keeps it, as whoever computes does: as many
/// addresses as there are places can have them all (docs/limits.md), so from many nobody does that.
const SHORT: &str = "many short sleeps";

/// The script that keeps its place, though it does nothing.
pub(super) fn short_sleeps() -> &'static Malice {
    let short = SCRIPTS.iter().find(|script| script.name == SHORT);
    short.expect("it is one of the scripts")
}

fn sleep(field: &Field<'_>, from: From, attackers: u16) {
    let is_meant = |script: &&Malice| from == From::One || script.name != SHORT;
    let scripts: Vec<&Malice> = SCRIPTS.iter().filter(is_meant).collect();
    field.each(attackers, |number| {
        let script = scripts[usize::from(number) % scripts.len()];
        field.ask(from, number, &script.request());
    });
}
