//! Opening paths, and asking about them.

use super::{ARCHIVE, DATA, FIRST, NOBODY, OUT, OUT2, PATH, RC, ROOT, SECOND};
use crate::Case;
use crate::world::ARCHIVE_BYTES;
use belljar_surface::Errno::{Badf, Exist, Isdir, Mfile, Nametoolong, Noent, Notdir, Rofs};

const CREATE: u64 = 1;
const DIRECTORY: u64 = 2;
const EXCLUSIVE: u64 = 4;
const TRUNCATE: u64 = 8;
const WRITE: u64 = 1 << 6;

/// A path that is as long as paths may be, and names the archive.
const LONGEST: u64 = 4096;

pub(super) fn cases() -> Vec<Case> {
    let long = [
        &b"/".repeat(LONGEST as usize - ARCHIVE.len()),
        ARCHIVE.as_bytes(),
    ]
    .concat();
    [
        Case::new("a_path_is_found_however_it_is_written")
            .opens("/lib/a.zip")
            .opens("./lib//a.zip")
            .opens("lib/x/../a.zip")
            .opens("../../lib/a.zip")
            .opens("lib/a.zip/data/fonts/x.ttf")
            .holds_u32(OUT as u32, FIRST as u32 + 4),
        Case::new("a_path_has_a_kind_and_a_size")
            .data(PATH as u32, ARCHIVE)
            .data(PATH as u32 + 0x40, "lib")
            .data(PATH as u32 + 0x80, "dev/urandom")
            .call("path_filestat_get", &[ROOT, 0, PATH, 9, 0x600])
            .call("path_filestat_get", &[ROOT, 0, PATH + 0x40, 3, 0x640])
            .call("path_filestat_get", &[ROOT, 1, PATH + 0x80, 11, 0x680])
            .call("path_filestat_get", &[ROOT, 1, PATH + 0x80, 0, 0x6c0])
            .holds(0x610, [4])
            .holds_u64(0x620, ARCHIVE_BYTES)
            .holds(0x650, [3])
            .holds(0x690, [2])
            .holds(0x6d0, [3])
            .costs(4 * 5_000 + (9 + 3 + 11) * 10),
        Case::new("what_is_not_there_is_not_found")
            .fails_to_open("etc/passwd", 0, 0, Noent)
            .fails_to_open("lib/a.zip/package", 0, 0, Noent)
            .fails_to_open("lib/a.zip\0", 0, 0, Noent)
            .fails_to_open("LIB/a.zip", 0, 0, Noent)
            .fails_to_open("lib/a.zi", DIRECTORY, WRITE, Noent)
            .data(OUT2 as u32, [0xff, 0xfe])
            .fails("path_open", &[ROOT, 0, OUT2, 2, 0, 0, 0, 0, OUT], Noent)
            .fails("path_filestat_get", &[ROOT, 0, OUT2, 2, OUT], Noent),
        Case::new("a_file_is_no_directory")
            .fails_to_open(ARCHIVE, DIRECTORY, 0, Notdir)
            .fails_to_open("lib/a.zip/", 0, 0, Notdir)
            .fails_to_open("lib/a.zip/.", 0, 0, Notdir)
            .fails_to_open("dev/random/", 0, 0, Notdir)
            .opens("lib/a.zip/data/")
            .opens("lib/a.zip/data/fonts/.."),
        Case::new("nothing_is_written_or_made")
            .fails_to_open(ARCHIVE, 0, WRITE, Rofs)
            .fails_to_open(ARCHIVE, TRUNCATE, 0, Rofs)
            .fails_to_open(ARCHIVE, CREATE, WRITE, Rofs)
            .fails_to_open("new", CREATE, WRITE, Rofs)
            .fails_to_open("new", CREATE | EXCLUSIVE, WRITE, Rofs)
            .fails_to_open("new", CREATE | TRUNCATE, WRITE, Rofs)
            .fails_to_open(ARCHIVE, CREATE | EXCLUSIVE, WRITE, Exist)
            .fails_to_open("lib", CREATE | TRUNCATE, WRITE, Isdir)
            .fails_to_open(DATA, CREATE, 0, Isdir)
            .fails_to_open("new", 0, WRITE, Noent),
        Case::new("a_file_that_is_there_need_not_be_created")
            .data(PATH as u32, ARCHIVE)
            .call("path_open", &[ROOT, 0, PATH, 9, CREATE, 0, 0, 0, OUT])
            .holds_u32(OUT as u32, FIRST as u32),
        Case::new("directories_are_opened_with_every_right")
            .data(PATH as u32, DATA)
            .call(
                "path_open",
                &[ROOT, 1, PATH, 14, DIRECTORY, u64::MAX, u64::MAX, 0, OUT],
            )
            .holds_u32(OUT as u32, FIRST as u32),
        Case::new("a_path_is_seen_from_an_open_directory")
            .opens(DATA)
            .data(0x600, "rc")
            .data(0x610, "../data/fonts")
            .data(0x620, "/lib/a.zip")
            .call("path_open", &[FIRST, 0, 0x600, 2, 0, 0, 0, 0, OUT])
            .call("path_filestat_get", &[FIRST, 0, 0x610, 13, 0x640])
            .call("path_filestat_get", &[FIRST, 0, 0x620, 10, 0x680])
            .fails("path_open", &[FIRST, 0, 0x600, 1, 0, 0, 0, 0, OUT2], Noent)
            .call("fd_filestat_get", &[SECOND, 0x6c0])
            .holds(0x650, [3])
            .holds_u64(0x6a0, ARCHIVE_BYTES)
            .holds_u64(0x6e0, 5),
        Case::new("a_path_is_not_seen_from_what_is_no_directory")
            .opens(RC)
            .fails("path_open", &[FIRST, 0, PATH, 2, 0, 0, 0, 0, OUT], Notdir)
            .fails("path_open", &[0, 0, PATH, 2, 0, 0, 0, 0, OUT], Notdir)
            .fails("path_filestat_get", &[1, 0, PATH, 2, OUT], Notdir)
            .fails("path_filestat_get", &[NOBODY, 0, PATH, 2, OUT], Badf),
        Case::new("a_path_of_4096_bytes_is_looked_up_and_no_longer_one")
            .data(0x1_0000, &long)
            .call("path_open", &[ROOT, 0, 0x1_0000, LONGEST, 0, 0, 0, 0, OUT])
            .fails(
                "path_open",
                &[ROOT, 0, 0x1_0000, LONGEST + 1, 0, 0, 0, 0, OUT],
                Nametoolong,
            )
            .fails(
                "path_filestat_get",
                &[ROOT, 0, 0, 0xffff_ffff, OUT],
                Nametoolong,
            )
            .costs(5_000 + LONGEST * 10),
        (0..256)
            .fold(
                Case::new("256_files_are_open_at_most").data(PATH as u32, "dev/random"),
                |case, _| case.call("path_open", &[ROOT, 0, PATH, 10, 0, 0, 0, 0, OUT]),
            )
            .fails("path_open", &[ROOT, 0, PATH, 10, 0, 0, 0, 0, OUT2], Mfile)
            .call("fd_close", &[FIRST + 7])
            .call("path_open", &[ROOT, 0, PATH, 10, 0, 0, 0, 0, OUT2])
            .holds_u32(OUT as u32, FIRST as u32 + 255)
            .holds_u32(OUT2 as u32, FIRST as u32 + 7),
    ]
    .into()
}
