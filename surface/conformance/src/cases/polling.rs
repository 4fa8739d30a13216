//! Waiting.

use super::{BUFFER, END, FIRST, NOBODY, OUT, OUT2, OUTSIDE};
use crate::Case;
use crate::world::DEADLINE;
use belljar_surface::Errno::{Badf, Fault, Inval};
use belljar_surface::{Cause, Stop};

/// The address of the subscriptions.
const SUBSCRIPTIONS: u32 = 0x1000;

const REALTIME: u32 = 0;
const MONOTONIC: u32 = 1;

const SECOND_NS: u64 = 1_000_000_000;

/// The start of the monotonic clock, and the time that one look at it adds.
const START_NS: u64 = 100_000 * SECOND_NS;
const STEP_NS: u64 = 1_000;

/// The first instant of the virtual clock.
const EPOCH_NS: u64 = 1_767_225_600 * SECOND_NS;

/// Waiting for a clock.
fn clock(userdata: u64, clock: u32, timeout_ns: u64, flags: u16) -> Vec<u8> {
    let mut bytes = [userdata, 0].map(u64::to_le_bytes).concat();
    bytes.extend(
        [u64::from(clock), timeout_ns, 1, flags.into()]
            .map(u64::to_le_bytes)
            .concat(),
    );
    bytes
}

/// Waiting for a descriptor, to read (1) or to write (2).
fn descriptor(userdata: u64, kind: u8, fd: u64) -> Vec<u8> {
    [userdata, kind.into(), fd, 0, 0, 0]
        .map(u64::to_le_bytes)
        .concat()
}

/// The event that answers a subscription.
fn event(userdata: u64, error: u16, kind: u8) -> Vec<u8> {
    let mut bytes = userdata.to_le_bytes().to_vec();
    bytes.extend(error.to_le_bytes());
    bytes.push(kind);
    bytes.resize(32, 0);
    bytes
}

/// A poll of these subscriptions, whose events go to [`BUFFER`].
fn poll(name: &'static str, subscriptions: &[Vec<u8>]) -> Case {
    let count = subscriptions.len() as u64;
    Case::new(name)
        .data(SUBSCRIPTIONS, subscriptions.concat())
        .call("poll_oneoff", &[SUBSCRIPTIONS.into(), BUFFER, count, OUT])
}

pub(super) fn cases() -> Vec<Case> {
    let at = u64::from(SUBSCRIPTIONS);
    let many: Vec<_> = (0..64).map(|index| descriptor(index, 2, 1)).collect();
    [
        Case::new("there_is_something_to_wait_for_and_not_too_much")
            .fails("poll_oneoff", &[at, BUFFER, 0, OUT], Inval)
            .fails("poll_oneoff", &[at, BUFFER, 65, OUT], Inval)
            .fails("poll_oneoff", &[at, BUFFER, 0xffff_ffff, OUT], Inval)
            .costs(0),
        poll(
            "sleeping_takes_its_time",
            &[clock(7, MONOTONIC, 3 * SECOND_NS, 0)],
        )
        .call("clock_time_get", &[1, 0, OUT2])
        .holds(BUFFER as u32, event(7, 0, 0))
        .holds_u32(OUT as u32, 1)
        .holds_u64(OUT2 as u32, START_NS + 3 * SECOND_NS + STEP_NS)
        .costs(50_100),
        poll(
            "sleeping_until_a_time_takes_what_is_left",
            &[clock(7, MONOTONIC, START_NS + SECOND_NS, 1)],
        )
        .call("clock_time_get", &[1, 0, OUT2])
        .holds(BUFFER as u32, event(7, 0, 0))
        .holds_u64(OUT2 as u32, START_NS + SECOND_NS + STEP_NS),
        poll(
            "a_time_of_day_that_is_past_is_no_sleep",
            &[clock(7, REALTIME, EPOCH_NS, 1)],
        )
        .holds(BUFFER as u32, event(7, 0, 0))
        .costs(100),
        poll(
            "only_what_is_due_is_told",
            &[
                clock(1, MONOTONIC, 5 * SECOND_NS, 0),
                clock(2, MONOTONIC, 2 * SECOND_NS, 0),
                clock(3, REALTIME, 2 * SECOND_NS, 0),
            ],
        )
        .holds_u32(OUT as u32, 2)
        .holds(
            BUFFER as u32,
            [event(2, 0, 0), event(3, 0, 0), [0; 32].to_vec()].concat(),
        )
        .costs(50_300),
        poll(
            "streams_are_always_ready",
            &[
                clock(1, MONOTONIC, 5 * SECOND_NS, 0),
                descriptor(2, 1, 0),
                descriptor(3, 2, 1),
            ],
        )
        .holds_u32(OUT as u32, 2)
        .holds(BUFFER as u32, [event(2, 0, 1), event(3, 0, 2)].concat())
        .costs(300),
        poll(
            "a_descriptor_that_nobody_has_is_told_with_its_event",
            &[
                descriptor(1, 1, NOBODY),
                descriptor(2, 2, FIRST),
                descriptor(3, 1, 0),
            ],
        )
        .holds_u32(OUT as u32, 3)
        .holds(
            BUFFER as u32,
            [
                event(1, Badf as u16, 1),
                event(2, Badf as u16, 2),
                event(3, 0, 1),
            ]
            .concat(),
        ),
        poll(
            "a_clock_that_there_is_not_is_told_with_its_event",
            &[
                clock(1, 4, SECOND_NS, 0),
                clock(2, 0x100, SECOND_NS, 1),
                clock(3, 3, SECOND_NS, 0),
            ],
        )
        .holds_u32(OUT as u32, 2)
        .holds(
            BUFFER as u32,
            [event(1, Inval as u16, 0), event(2, Inval as u16, 0)].concat(),
        )
        .costs(300),
        poll("64_things_are_waited_for", &many)
            .holds_u32(OUT as u32, 64)
            .costs(6_400),
        Case::new("what_is_nothing_to_wait_for_is_invalid")
            .data(SUBSCRIPTIONS, descriptor(1, 3, 0))
            .fails("poll_oneoff", &[at, BUFFER, 1, OUT], Inval),
        Case::new("subscriptions_and_events_need_memory")
            .data(
                SUBSCRIPTIONS,
                [descriptor(1, 1, 0), descriptor(2, 1, 0)].concat(),
            )
            .fails("poll_oneoff", &[OUTSIDE, BUFFER, 1, OUT], Fault)
            .fails("poll_oneoff", &[END - 47, BUFFER, 1, OUT], Fault)
            .fails("poll_oneoff", &[at, END - 31, 1, OUT], Fault)
            .fails("poll_oneoff", &[at, END - 32, 2, OUT], Fault)
            .fails("poll_oneoff", &[at, BUFFER, 1, OUTSIDE], Fault)
            .call("poll_oneoff", &[at, END - 32, 1, OUT]),
        poll(
            "events_may_lie_over_their_subscriptions",
            &[descriptor(1, 1, 0), descriptor(2, 2, 1)],
        )
        .call("poll_oneoff", &[at, at, 2, OUT2])
        .holds(SUBSCRIPTIONS, [event(1, 0, 1), event(2, 0, 2)].concat()),
        Case::new("a_sleep_over_the_deadline_ends_the_run")
            .data(
                SUBSCRIPTIONS,
                clock(1, MONOTONIC, DEADLINE.as_nanos() as u64 + 1, 0),
            )
            .call("poll_oneoff", &[at, BUFFER, 1, OUT])
            .stops(Stop::Interrupted(Cause::Timeout))
            .writes(""),
        Case::new("a_sleep_without_an_end_ends_the_run")
            .data(SUBSCRIPTIONS, clock(1, MONOTONIC, u64::MAX, 0))
            .call("poll_oneoff", &[at, BUFFER, 1, OUT])
            .stops(Stop::Interrupted(Cause::Timeout)),
    ]
    .into()
}
