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
        name: "many short sleeps",
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

fn sleep(field: &Field<'_>, from: From, attackers: u16) {
    field.each(attackers, |number| {
        let script = &SCRIPTS[usize::from(number) % SCRIPTS.len()];
        field.ask(from, number, &script.request());
    });
}
