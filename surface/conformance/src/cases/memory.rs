//! Addresses that are none, and buffers that are too many or too long.

use super::{ARCHIVE, BUFFER, END, FIRST, LARGE, LIST, OUT, OUT2, OUTSIDE, RC, ROOT};
use crate::Case;
use crate::world::{STDIN, archive_byte};
use belljar_surface::Errno::Fault;

pub(super) fn cases() -> Vec<Case> {
    [
        Case::new("addresses_need_no_alignment")
            .data(0x301, "abc")
            .buffers(0x203, &[(0x301, 2), (0x303, 1)])
            .call("fd_write", &[1, 0x203, 2, 0x101])
            .call("clock_res_get", &[0, 0x10b])
            .writes("abc")
            .holds_u32(0x101, 3)
            .holds_u64(0x10b, 1),
        Case::new("results_outside_of_memory_are_faults")
            .fails("args_sizes_get", &[OUTSIDE, OUT], Fault)
            .fails("args_get", &[OUT, OUTSIDE], Fault)
            .fails("environ_sizes_get", &[OUT, END], Fault)
            .fails("clock_res_get", &[0, END - 7], Fault)
            .fails("clock_time_get", &[0, 0, END - 7], Fault)
            .fails("random_get", &[END - 7, 8], Fault)
            .fails("random_get", &[0xffff_ffff, 9], Fault)
            .call("random_get", &[END - 8, 8])
            .call("random_get", &[END, 0])
            .fails("random_get", &[END + 1, 0], Fault),
        Case::new("a_path_outside_of_memory_is_a_fault")
            .fails("path_open", &[ROOT, 0, END - 1, 2, 0, 0, 0, 0, OUT], Fault)
            .fails("path_filestat_get", &[ROOT, 0, OUTSIDE, 99, OUT], Fault)
            .costs(0),
        Case::new("an_open_file_whose_number_cannot_be_told_is_a_fault")
            .data(0x400, "dev/random")
            .fails(
                "path_open",
                &[ROOT, 0, 0x400, 10, 0, 0, 0, 0, END - 3],
                Fault,
            ),
        Case::new("lists_outside_of_memory_are_faults")
            .opens(RC)
            .fails("fd_write", &[1, END - 7, 1, OUT], Fault)
            .fails("fd_write", &[1, 0xffff_fff8, 1, OUT], Fault)
            .fails("fd_write", &[1, 0xffff_ffff, 1, OUT], Fault)
            .fails("fd_read", &[0, END - 7, 1, OUT], Fault)
            .fails("fd_read", &[FIRST, 0xffff_fff8, 2, OUT], Fault)
            .fails("fd_pread", &[FIRST, END, 1, 0, OUT], Fault)
            .writes(""),
        Case::new("a_list_that_reaches_over_the_end_of_addresses_is_a_fault")
            .buffers(END as u32 - 8, &[(BUFFER as u32, 1)])
            .fails("fd_read", &[0, END - 8, 2, OUT], Fault),
        Case::new("buffers_outside_of_memory_are_faults_however_little_there_is_to_move")
            .opens(RC)
            .buffers(LIST as u32, &[(END as u32 - 4, 5)])
            .buffers(LIST as u32 + 8, &[(0xffff_ffff, 0xffff_ffff)])
            .fails("fd_write", &[1, LIST, 1, OUT], Fault)
            .fails("fd_write", &[2, LIST + 8, 1, OUT], Fault)
            .fails("fd_read", &[0, LIST, 1, OUT], Fault)
            .fails("fd_read", &[FIRST, LIST, 1, OUT], Fault)
            .fails("fd_pread", &[FIRST, LIST, 1, 1000, OUT], Fault)
            .fails("fd_read", &[FIRST, LIST + 8, 1, OUT], Fault)
            .call("fd_tell", &[FIRST, OUT2])
            .holds_u64(OUT2 as u32, 0)
            .writes(""),
        Case::new("an_empty_buffer_is_looked_at_as_well")
            .buffers(LIST as u32, &[(END as u32, 0), (END as u32 + 1, 0)])
            .call("fd_write", &[1, LIST, 1, OUT])
            .fails("fd_write", &[1, LIST, 2, OUT], Fault),
        Case::new("what_came_before_a_bad_buffer_was_written")
            .data(0x300, "abc")
            .buffers(LIST as u32, &[(0x300, 3), (OUTSIDE as u32, 99)])
            .fails("fd_write", &[1, LIST, 2, OUT], Fault)
            .writes("abc")
            .costs(203),
        Case::new("a_file_whose_read_failed_stays_where_it_was")
            .opens(ARCHIVE)
            .buffers(LIST as u32, &[(BUFFER as u32, 4), (OUTSIDE as u32, 99)])
            .fails("fd_read", &[FIRST, LIST, 2, OUT], Fault)
            .call("fd_tell", &[FIRST, OUT2])
            .holds_u64(OUT2 as u32, 0),
        Case::new("buffers_may_overlap")
            .opens(ARCHIVE)
            .buffers(LIST as u32, &[(BUFFER as u32, 4), (BUFFER as u32 + 2, 4)])
            .call("fd_read", &[FIRST, LIST, 2, OUT])
            .holds(BUFFER as u32, [0, 1, 4, 5, 6, 7].map(archive_byte)),
        Case::new("a_buffer_over_its_own_list_is_read_before_it_is_filled")
            .buffers(LIST as u32, &[(LIST as u32, 8), (BUFFER as u32, 6)])
            .call("fd_read", &[0, LIST, 2, OUT])
            .holds(LIST as u32, &STDIN[..8])
            .holds(BUFFER as u32, &STDIN[8..]),
        Case::new("one_call_moves_a_mebibyte_at_most")
            .opens(ARCHIVE)
            .buffers(LIST as u32, &[(LARGE as u32, 1_200_000), (LARGE as u32, 9)])
            .call("fd_pread", &[FIRST, LIST, 2, 0, OUT2])
            .call("fd_read", &[FIRST, LIST, 2, OUT2 + 4])
            .call("fd_tell", &[FIRST, OUT2 + 8])
            .holds_u32(OUT2 as u32, 1 << 20)
            .holds_u32(OUT2 as u32 + 4, 1 << 20)
            .holds_u64(OUT2 as u32 + 8, 1 << 20)
            .costs(5_090 + 2 * (100 + (1 << 20))),
        Case::new("one_call_looks_at_1024_buffers_at_most")
            .opens(ARCHIVE)
            .buffers(LARGE as u32, &vec![(BUFFER as u32, 1); 1025])
            .call("fd_pread", &[FIRST, LARGE, 1025, 0, OUT2])
            .call("fd_read", &[FIRST, LARGE, 0xffff_ffff, OUT2 + 4])
            .call("fd_write", &[2, LARGE, 1025, OUT2 + 8])
            .holds_u32(OUT2 as u32, 1024)
            .holds_u32(OUT2 as u32 + 4, 1024)
            .holds_u32(OUT2 as u32 + 8, 1024)
            .costs(5_090 + 3 * 1024 * 101),
        Case::new("no_buffers_move_nothing")
            .opens(RC)
            .data(OUT2 as u32, [9; 12])
            .call("fd_read", &[FIRST, OUTSIDE, 0, OUT2])
            .call("fd_pread", &[FIRST, OUTSIDE, 0, 0, OUT2 + 4])
            .call("fd_write", &[1, OUTSIDE, 0, OUT2 + 8])
            .holds(OUT2 as u32, [0; 12]),
    ]
    .into()
}
