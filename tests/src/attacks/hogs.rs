//! Scripts that use all that they may.

use super::{Attack, Field, From, Malice};

pub(super) const ATTACKS: &[Attack] = &[
    Attack::new("loops", |field| loops(field, From::One)).at_least_ms(2500),
    Attack::new("loops, from many addresses", |field| {
        loops(field, From::Many);
    })
    .again()
    .at_least_ms(2500),
    Attack::new("memory", |field| {
        field.each(4, |number| {
            field.ask(From::One, number, &SCRIPTS[2].request());
            field.ask(From::One, number, &SCRIPTS[3].request());
        });
    })
    .at_least_ms(2500),
    Attack::new("figures and large answers", |field| {
        field.each(8, |number| {
            field.ask(From::One, number, &SCRIPTS[4].request());
            field.ask(From::One, number, &SCRIPTS[5].request());
        });
    })
    .at_least_ms(2500),
];

pub(super) const SCRIPTS: &[Malice] = &[
    Malice {
        name: "a loop",
        script: "while True: pass",
        timeout_ms: 2_000,
    },
    Malice {
        name: "a loop in one call of C",
        script: "import re\nre.match(r'(a+)+$', 'a' * 40 + 'b')",
        timeout_ms: 2_000,
    },
    Malice {
        name: "memory to its limit, again and again",
        script: "while True:\n    try: a = bytearray(350 << 20)\n    except MemoryError: pass",
        timeout_ms: 1_000,
    },
    Malice {
        name: "memory page by page",
        script: "a = bytearray(300 << 20)\nwhile True:\n    for n in range(0, len(a), 4096): a[n] = 1",
        timeout_ms: 1_000,
    },
    Malice {
        name: "large figures",
        script: "import matplotlib.pyplot as plt\nfor n in range(40):\n    \
                 plt.figure(figsize=(20, 20)); plt.plot(range(1000)); plt.show()",
        timeout_ms: 2_000,
    },
    Malice {
        name: "all the output there may be",
        script: "import sys\nfor stream in sys.stdout, sys.stderr: stream.write('\\x00' * 1_000_000)\n\
                 for _ in range(2): display({'text/plain': '\\x01' * 2_000_000}, raw=True)",
        timeout_ms: 2_000,
    },
];

fn loops(field: &Field<'_>, from: From) {
    field.each(64, |number| {
        let script = &SCRIPTS[usize::from(number) % 2];
        field.ask(from, number, &script.request());
    });
}
