//! Writing, and ends of a run.

use super::{ARCHIVE, FIRST, LARGE, LIST, OUT, OUT2, ROOT};
use crate::Case;
use crate::world::OUTPUT_BYTES;
use belljar_surface::Errno::Badf;
use belljar_surface::{Stop, Stream};

pub(super) fn cases() -> Vec<Case> {
    let limit = OUTPUT_BYTES as u32;
    [
        Case::new("buffers_are_written_in_their_order")
            .data(0x300, "one two")
            .buffers(
                LIST as u32,
                &[(0x304, 3), (0x303, 0), (0x303, 1), (0x300, 3)],
            )
            .call("fd_write", &[1, LIST, 4, OUT])
            .holds_u32(OUT as u32, 7)
            .writes("two one")
            .costs(407),
        Case::new("errors_do_not_come_on_standard_output")
            .data(0x300, "error")
            .buffers(LIST as u32, &[(0x300, 5)])
            .call("fd_write", &[2, LIST, 1, OUT])
            .holds_u32(OUT as u32, 5)
            .writes(""),
        Case::new("only_output_is_written_to")
            .opens(ARCHIVE)
            .buffers(LIST as u32, &[(0x300, 5)])
            .fails("fd_write", &[0, LIST, 1, OUT2], Badf)
            .fails("fd_write", &[ROOT, LIST, 1, OUT2], Badf)
            .fails("fd_write", &[FIRST, LIST, 1, OUT2], Badf)
            .fails("fd_pwrite", &[1, LIST, 1, 0, OUT2], Badf)
            .fails("fd_pwrite", &[FIRST, LIST, 1, 0, OUT2], Badf)
            .writes(""),
        Case::new("the_limit_is_written_and_not_a_byte_more")
            .data(LARGE as u32, vec![b'x'; limit as usize + 1])
            .buffers(LIST as u32, &[(LARGE as u32, limit)])
            .buffers(LIST as u32 + 8, &[(LARGE as u32, 1)])
            .call("fd_write", &[2, LIST, 1, OUT])
            .call("fd_write", &[1, LIST, 1, OUT])
            .call("fd_write", &[1, LIST + 8, 1, OUT])
            .stops(Stop::OutputExceeded(Stream::Stdout))
            .writes(vec![b'x'; OUTPUT_BYTES]),
        Case::new("what_fits_is_kept_of_what_does_not")
            .data(LARGE as u32, vec![b'x'; limit as usize + 1])
            .buffers(
                LIST as u32,
                &[(LARGE as u32, limit - 1), (LARGE as u32, 1_000_000)],
            )
            .call("fd_write", &[1, LIST, 2, OUT])
            .stops(Stop::OutputExceeded(Stream::Stdout))
            .writes(vec![b'x'; OUTPUT_BYTES]),
        Case::new("each_stream_has_its_limit")
            .buffers(LIST as u32, &[(LARGE as u32, limit + 1)])
            .call("fd_write", &[2, LIST, 1, OUT])
            .stops(Stop::OutputExceeded(Stream::Stderr))
            .writes(""),
        Case::new("exiting_ends_the_run")
            .data(0x300, "bye")
            .buffers(LIST as u32, &[(0x300, 3)])
            .call("fd_write", &[1, LIST, 1, OUT])
            .call("proc_exit", &[3])
            .stops(Stop::Exit(3))
            .writes("bye"),
        (0..11)
            .fold(
                Case::new("work_that_is_done_for_a_guest_uses_up_its_fuel")
                    .opens(ARCHIVE)
                    .buffers(LIST as u32, &[(LARGE as u32, 1 << 20)]),
                |case, _| case.call("fd_pread", &[FIRST, LIST, 1, 0, OUT]),
            )
            .stops(Stop::OutOfFuel)
            .writes(""),
    ]
    .into()
}
