//! Reading and seeking.

use super::{ARCHIVE, BUFFER, DATA, FIRST, LARGE, LIST, OUT, OUT2, RC, ROOT};
use crate::Case;
use crate::world::{ARCHIVE_BYTES, FONT, RC as RC_CONTENT, STDIN, archive_byte};
use belljar_surface::Errno::{Badf, Inval, Isdir};

const SET: u64 = 0;
const CURRENT: u64 = 1;
const END: u64 = 2;

/// A negative offset.
fn minus(offset: u64) -> u64 {
    offset.wrapping_neg()
}

pub(super) fn cases() -> Vec<Case> {
    let buffer = BUFFER as u32;
    [
        Case::new("standard_input_is_read_once_and_ends")
            .buffers(
                LIST as u32,
                &[(buffer, 8), (buffer + 0x40, 100), (buffer + 0x80, 9)],
            )
            .call("fd_read", &[0, LIST, 3, OUT])
            .call("fd_read", &[0, LIST, 3, OUT2])
            .holds(buffer, &STDIN[..8])
            .holds(buffer + 0x40, &STDIN[8..])
            .holds_u32(OUT as u32, STDIN.len() as u32)
            .holds_u32(OUT2 as u32, 0)
            .costs(200 + STDIN.len() as u64 + 100),
        Case::new("a_file_is_read_from_its_position_on")
            .opens(RC)
            .buffers(
                LIST as u32,
                &[(buffer, 2), (buffer + 0x40, 2), (buffer + 0x80, 9)],
            )
            .call("fd_read", &[FIRST, LIST, 2, OUT])
            .call("fd_tell", &[FIRST, OUT2])
            .call("fd_read", &[FIRST, LIST + 16, 1, OUT2 + 8])
            .call("fd_read", &[FIRST, LIST + 16, 1, OUT2 + 12])
            .holds(buffer, &RC_CONTENT[..2])
            .holds(buffer + 0x40, &RC_CONTENT[2..4])
            .holds(buffer + 0x80, &RC_CONTENT[4..])
            .holds_u64(OUT2 as u32, 4)
            .holds_u32(OUT2 as u32 + 8, 1)
            .holds_u32(OUT2 as u32 + 12, 0),
        Case::new("a_file_ends_where_it_ends_in_the_pack")
            .opens("lib/a.zip/data/fonts/x.ttf")
            .opens(RC)
            .buffers(LIST as u32, &[(buffer, 100)])
            .call("fd_pread", &[FIRST + 1, LIST, 1, 0, OUT])
            .holds(buffer, RC_CONTENT)
            .holds_u32(OUT as u32, RC_CONTENT.len() as u32)
            .buffers(LIST as u32 + 8, &[(buffer + 0x80, 100)])
            .call("fd_pread", &[FIRST, LIST + 8, 1, 0, OUT2])
            .holds(buffer + 0x80, FONT)
            .holds_u32(OUT2 as u32, FONT.len() as u32),
        Case::new("reading_at_an_offset_leaves_the_position")
            .opens(ARCHIVE)
            .buffers(LIST as u32, &[(buffer, 3), (buffer + 0x40, 3)])
            .call("fd_pread", &[FIRST, LIST, 2, 1000, OUT])
            .call("fd_tell", &[FIRST, OUT2])
            .holds(buffer, [1000, 1001, 1002].map(archive_byte))
            .holds(buffer + 0x40, [1003, 1004, 1005].map(archive_byte))
            .holds_u64(OUT2 as u32, 0),
        Case::new("behind_the_end_there_is_nothing")
            .opens(RC)
            .data(OUT2 as u32, [9; 16])
            .buffers(LIST as u32, &[(buffer, 3)])
            .call("fd_pread", &[FIRST, LIST, 1, 5, OUT2])
            .call("fd_pread", &[FIRST, LIST, 1, 6, OUT2 + 4])
            .call("fd_pread", &[FIRST, LIST, 1, u64::MAX, OUT2 + 8])
            .call("fd_seek", &[FIRST, 1 << 40, SET, OUT])
            .call("fd_read", &[FIRST, LIST, 1, OUT2 + 12])
            .holds(OUT2 as u32, [0; 16])
            .holds_u64(OUT as u32, 1 << 40)
            .holds_u32(buffer, 0),
        Case::new("seeking_from_the_start_the_position_and_the_end")
            .opens(ARCHIVE)
            .call("fd_seek", &[FIRST, 100, SET, OUT])
            .call("fd_seek", &[FIRST, 5, CURRENT, OUT + 8])
            .call("fd_seek", &[FIRST, minus(6), CURRENT, OUT2])
            .call("fd_seek", &[FIRST, minus(1), END, OUT2 + 8])
            .call("fd_seek", &[FIRST, 1, END, OUT2 + 16])
            .call("fd_seek", &[FIRST, 0, SET, OUT2 + 24])
            .holds_u64(OUT as u32, 100)
            .holds_u64(OUT as u32 + 8, 105)
            .holds_u64(OUT2 as u32, 99)
            .holds_u64(OUT2 as u32 + 8, ARCHIVE_BYTES - 1)
            .holds_u64(OUT2 as u32 + 16, ARCHIVE_BYTES + 1)
            .holds_u64(OUT2 as u32 + 24, 0),
        Case::new("a_position_that_there_is_not_is_invalid_and_nothing_moves")
            .opens(RC)
            .call("fd_seek", &[FIRST, 2, SET, OUT])
            .fails("fd_seek", &[FIRST, minus(1), SET, OUT], Inval)
            .fails("fd_seek", &[FIRST, minus(3), CURRENT, OUT], Inval)
            .fails("fd_seek", &[FIRST, minus(6), END, OUT], Inval)
            .fails("fd_seek", &[FIRST, 1 << 63, CURRENT, OUT], Inval)
            .fails(
                "fd_seek",
                &[FIRST, i64::MAX.cast_unsigned(), CURRENT, OUT],
                Inval,
            )
            .fails("fd_seek", &[FIRST, 0, 3, OUT], Inval)
            .fails("fd_seek", &[FIRST, 0, 0xffff_ffff, OUT], Inval)
            .call("fd_tell", &[FIRST, OUT2])
            .holds_u64(OUT2 as u32, 2)
            .call("fd_seek", &[FIRST, i64::MAX.cast_unsigned(), SET, OUT2 + 8])
            .holds_u64(OUT2 as u32 + 8, i64::MAX.cast_unsigned()),
        Case::new("directories_and_output_are_not_read")
            .opens(DATA)
            .buffers(LIST as u32, &[(buffer, 3)])
            .fails("fd_read", &[FIRST, LIST, 1, OUT2], Isdir)
            .fails("fd_pread", &[FIRST, LIST, 1, 0, OUT2], Isdir)
            .fails("fd_read", &[ROOT, LIST, 1, OUT2], Isdir)
            .fails("fd_pread", &[ROOT, LIST, 1, 0, OUT2], Isdir)
            .fails("fd_seek", &[FIRST, 0, CURRENT, OUT2], Isdir)
            .fails("fd_tell", &[FIRST, OUT2], Isdir)
            .fails("fd_seek", &[ROOT, 0, END, OUT2], Isdir)
            .fails("fd_read", &[1, LIST, 1, OUT2], Badf)
            .fails("fd_read", &[2, LIST, 1, OUT2], Badf),
        Case::new("a_random_device_gives_64_kib_and_is_then_short")
            .opens("dev/urandom")
            .buffers(
                LIST as u32,
                &[(buffer, 16), (LARGE as u32, 100_000), (buffer, 16)],
            )
            .call("fd_read", &[FIRST, LIST, 3, OUT2])
            .call("fd_pread", &[FIRST, LIST, 1, 5, OUT2 + 4])
            .call("fd_tell", &[FIRST, OUT2 + 8])
            .holds_u32(OUT2 as u32, 16 + (64 << 10))
            .holds_u32(OUT2 as u32 + 4, 16)
            .holds_u64(OUT2 as u32 + 8, 0)
            .costs(5_110 + 3 * 100 + (32 + (64 << 10)) * 5),
    ]
    .into()
}
