//! Arguments, environment, clocks, random bytes.

use super::{BUFFER, LARGE, OUT, OUT2};
use crate::Case;
use belljar_surface::Errno::Inval;

const SECOND_NS: u64 = 1_000_000_000;
const EPOCH_NS: u64 = 1_767_225_600 * SECOND_NS;
const START_NS: u64 = 100_000 * SECOND_NS;

pub(super) fn cases() -> Vec<Case> {
    [
        Case::new("the_interpreter_has_a_name_and_no_more_arguments")
            .data(BUFFER as u32, [9; 8])
            .call("args_sizes_get", &[OUT, OUT + 4])
            .call("args_get", &[OUT2, BUFFER])
            .holds_u32(OUT as u32, 1)
            .holds_u32(OUT as u32 + 4, 7)
            .holds_u32(OUT2 as u32, BUFFER as u32)
            .holds(BUFFER as u32, *b"python\0\x09"),
        Case::new("the_environment_is_empty")
            .data(OUT as u32, [9; 8])
            .data(OUT2 as u32, [9; 4])
            .call("environ_sizes_get", &[OUT, OUT + 4])
            .call("environ_get", &[OUT2, OUT2])
            .holds(OUT as u32, [0; 8])
            .holds(OUT2 as u32, [9; 4])
            .costs(0),
        Case::new("there_are_four_clocks")
            .call("clock_res_get", &[0, BUFFER])
            .call("clock_res_get", &[3, BUFFER + 8])
            .fails("clock_res_get", &[4, BUFFER + 16], Inval)
            .fails("clock_res_get", &[0xffff_ffff, BUFFER + 16], Inval)
            .fails("clock_time_get", &[4, 0, BUFFER + 16], Inval)
            .holds_u64(BUFFER as u32, 1)
            .holds_u64(BUFFER as u32 + 8, 1)
            .holds_u64(BUFFER as u32 + 16, 0),
        Case::new("looking_at_virtual_time_moves_it")
            .call("clock_time_get", &[0, 1, BUFFER])
            .call("clock_time_get", &[1, 1_000, BUFFER + 8])
            .call("clock_time_get", &[2, u64::MAX, BUFFER + 16])
            .call("clock_time_get", &[3, 0, BUFFER + 24])
            .call("clock_time_get", &[0, 0, BUFFER + 32])
            .holds_u64(BUFFER as u32, EPOCH_NS + 1_000)
            .holds_u64(BUFFER as u32 + 8, START_NS + 2_000)
            .holds_u64(BUFFER as u32 + 16, START_NS + 3_000)
            .holds_u64(BUFFER as u32 + 24, START_NS + 4_000)
            .holds_u64(BUFFER as u32 + 32, EPOCH_NS + 5_000)
            .costs(0),
        Case::new("random_bytes_are_those_of_the_seed")
            .call("random_get", &[BUFFER, 8])
            .call("random_get", &[BUFFER + 8, 3])
            .call("random_get", &[BUFFER + 16, 2000])
            // ChaCha12, seeded with 7.
            .costs(2011 * 4),
        Case::new("random_bytes_are_bounded")
            .call("random_get", &[LARGE, 0])
            .call("random_get", &[LARGE, 64 << 10])
            .fails("random_get", &[LARGE, (64 << 10) + 1], Inval)
            .fails("random_get", &[LARGE, 0xffff_ffff], Inval)
            .costs((64 << 10) * 4),
        Case::new("yielding_is_cheap")
            .call("sched_yield", &[])
            .costs(0),
    ]
    .into()
}
