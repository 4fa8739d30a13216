//! Asking for a descriptor's kind and rights, closing it, moving it.

use super::{ARCHIVE, DATA, END, FIRST, LARGE, LIST, NOBODY, OUT, OUT2, RC, ROOT, SECOND};
use crate::Case;
use belljar_surface::Errno::{Badf, Fault, Spipe};

pub(super) fn cases() -> Vec<Case> {
    [
        Case::new("the_streams_and_the_root_are_what_they_are")
            .call("fd_fdstat_get", &[0, OUT])
            .call("fd_fdstat_get", &[1, OUT + 0x20])
            .call("fd_fdstat_get", &[2, OUT + 0x40])
            .call("fd_fdstat_get", &[ROOT, OUT + 0x60])
            // A device to read; pipes to write; a directory with every right.
            .holds(OUT as u32, [2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0])
            .holds(OUT as u32 + 0x20, [0, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0])
            .holds(OUT as u32 + 0x40, [0, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0])
            .holds(
                OUT as u32 + 0x60,
                [3, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255],
            )
            .costs(0),
        Case::new("an_open_file_is_a_regular_one")
            .opens(RC)
            .call("fd_fdstat_get", &[FIRST, OUT + 0x20])
            .call("fd_filestat_get", &[FIRST, OUT + 0x40])
            .holds(OUT as u32 + 0x20, [4, 0, 0, 0])
            .holds(OUT as u32 + 0x40 + 16, [4])
            .holds_u64(OUT as u32 + 0x40 + 32, 5),
        Case::new("an_open_directory_and_a_device_are_what_they_are")
            .opens(DATA)
            .opens("dev/urandom")
            .call("fd_fdstat_get", &[FIRST, OUT + 0x20])
            .call("fd_fdstat_get", &[SECOND, OUT + 0x40])
            .holds(OUT as u32 + 0x20, [3])
            .holds(OUT as u32 + 0x40, [2]),
        Case::new("streams_and_the_root_have_a_stat_without_a_size")
            .call("fd_filestat_get", &[1, OUT])
            .call("fd_filestat_get", &[ROOT, OUT + 0x40])
            .holds(OUT as u32 + 16, [0])
            .holds(OUT as u32 + 0x40 + 16, [3])
            .holds_u64(OUT as u32 + 32, 0),
        Case::new("a_descriptor_that_nobody_has_is_bad_everywhere")
            .fails("fd_fdstat_get", &[NOBODY, OUT], Badf)
            .fails("fd_fdstat_set_flags", &[NOBODY, 0], Badf)
            .fails("fd_filestat_get", &[NOBODY, OUT], Badf)
            .fails("fd_advise", &[NOBODY, 0, 0, 0], Badf)
            .fails("fd_read", &[NOBODY, LIST, 0, OUT], Badf)
            .fails("fd_pread", &[NOBODY, LIST, 0, 0, OUT], Badf)
            .fails("fd_write", &[NOBODY, LIST, 0, OUT], Badf)
            .fails("fd_seek", &[NOBODY, 0, 0, OUT], Badf)
            .fails("fd_tell", &[NOBODY, OUT], Badf)
            .fails("fd_close", &[NOBODY], Badf)
            .fails("fd_readdir", &[NOBODY, LARGE, 99, 0, OUT], Badf)
            .fails("fd_prestat_get", &[NOBODY, OUT], Badf)
            .fails("fd_prestat_dir_name", &[NOBODY, OUT, 9], Badf)
            .fails("path_filestat_get", &[NOBODY, 0, OUT, 1, OUT], Badf)
            .fails("path_open", &[NOBODY, 0, OUT, 1, 0, 0, 0, 0, OUT], Badf)
            .fails("fd_renumber", &[NOBODY, NOBODY], Badf)
            .fails("fd_close", &[0xffff_ffff], Badf)
            .costs(0),
        Case::new("a_closed_descriptor_is_bad_and_is_given_out_again")
            .opens(RC)
            .opens(ARCHIVE)
            .call("fd_close", &[FIRST])
            .fails("fd_close", &[FIRST], Badf)
            .fails("fd_tell", &[FIRST, OUT2], Badf)
            .fails("fd_filestat_get", &[FIRST, OUT2], Badf)
            .opens(RC)
            .holds_u32(OUT as u32, FIRST as u32),
        Case::new("a_new_descriptor_begins_at_the_start")
            .opens(RC)
            .call("fd_seek", &[FIRST, 3, 0, OUT2])
            .call("fd_close", &[FIRST])
            .opens(RC)
            .call("fd_tell", &[FIRST, OUT2])
            .holds_u64(OUT2 as u32, 0),
        Case::new("a_closed_stream_stays_closed_and_the_root_cannot_be")
            .buffers(LIST as u32, &[(0x300, 5)])
            .call("fd_close", &[0])
            .call("fd_close", &[2])
            .fails("fd_close", &[0], Badf)
            .fails("fd_read", &[0, LIST, 1, OUT], Badf)
            .fails("fd_write", &[2, LIST, 1, OUT], Badf)
            .fails("fd_fdstat_get", &[0, OUT], Badf)
            .fails("fd_filestat_get", &[2, OUT], Badf)
            .fails("fd_seek", &[0, 0, 0, OUT], Badf)
            .fails("fd_close", &[ROOT], Badf)
            .call("fd_prestat_get", &[ROOT, OUT2])
            .opens(RC)
            .holds_u32(OUT as u32, FIRST as u32),
        Case::new("renumbering_moves_a_file_and_closes_the_other")
            .opens(RC)
            .opens(ARCHIVE)
            .call("fd_seek", &[FIRST, 2, 0, OUT2])
            .call("fd_renumber", &[FIRST, SECOND])
            .fails("fd_tell", &[FIRST, OUT2], Badf)
            .call("fd_tell", &[SECOND, OUT2])
            .call("fd_filestat_get", &[SECOND, OUT + 0x40])
            .holds_u64(OUT2 as u32, 2)
            .holds_u64(OUT as u32 + 0x40 + 32, 5)
            .call("fd_renumber", &[SECOND, SECOND])
            .call("fd_tell", &[SECOND, OUT2]),
        Case::new("streams_and_the_root_are_not_renumbered")
            .opens(RC)
            .fails("fd_renumber", &[1, 2], Badf)
            .fails("fd_renumber", &[FIRST, 0], Badf)
            .fails("fd_renumber", &[0, FIRST], Badf)
            .fails("fd_renumber", &[ROOT, FIRST], Badf)
            .fails("fd_renumber", &[FIRST, ROOT], Badf)
            .fails("fd_renumber", &[FIRST, SECOND], Badf)
            .call("fd_tell", &[FIRST, OUT2]),
        Case::new("flags_and_advice_are_taken_of_what_is_open")
            .opens(RC)
            .call("fd_fdstat_set_flags", &[1, 4])
            .call("fd_fdstat_set_flags", &[FIRST, 4])
            .call("fd_advise", &[FIRST, 0, 9, 3])
            .call("fd_advise", &[1, 0, 9, 3]),
        Case::new("a_stat_that_does_not_fit_into_memory_is_a_fault")
            .fails("fd_fdstat_get", &[1, END - 23], Fault)
            .call("fd_fdstat_get", &[1, END - 24])
            .fails("fd_filestat_get", &[1, END - 63], Fault)
            .call("fd_filestat_get", &[1, END - 64]),
        Case::new("streams_have_no_position")
            .fails("fd_seek", &[0, 0, 1, OUT], Spipe)
            .fails("fd_seek", &[1, 0, 9, OUT], Spipe)
            .fails("fd_tell", &[2, OUT], Spipe)
            .fails("fd_pread", &[0, LIST, 1, 0, OUT], Spipe),
    ]
    .into()
}
