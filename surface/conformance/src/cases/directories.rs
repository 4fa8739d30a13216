//! The preopened root, and listing.

use super::{ARCHIVE, BUFFER, DATA, END, FIRST, OUT, OUT2, OUTSIDE, ROOT};
use crate::Case;
use belljar_surface::Errno::{Acces, Badf, Fault, Nametoolong, Notdir};

/// An entry as it is listed: number, inode, length of the name, kind, name.
fn entry(next: u8, kind: u8, name: &str) -> Vec<u8> {
    let mut bytes = [[next, 0, 0, 0, 0, 0, 0, 0], [2, 0, 0, 0, 0, 0, 0, 0]].concat();
    bytes.extend([name.len() as u8, 0, 0, 0, kind, 0, 0, 0]);
    bytes.extend(name.bytes());
    bytes
}

pub(super) fn cases() -> Vec<Case> {
    let all = [entry(1, 3, "fonts"), entry(2, 4, "rc")].concat();
    let len = all.len() as u64;
    [
        Case::new("the_root_is_preopened_under_its_name")
            .call("fd_prestat_get", &[ROOT, OUT])
            .call("fd_prestat_dir_name", &[ROOT, OUT2, 1])
            .holds(OUT as u32, [0, 0, 0, 0, 1, 0, 0, 0])
            .holds(OUT2 as u32, *b"/\0"),
        Case::new("nothing_else_is_preopened")
            .opens(DATA)
            .fails("fd_prestat_get", &[0, OUT], Badf)
            .fails("fd_prestat_get", &[FIRST, OUT], Badf)
            .fails("fd_prestat_dir_name", &[2, OUT, 9], Badf),
        Case::new("a_name_is_not_written_where_it_does_not_fit")
            .data(OUT2 as u32, "x")
            .fails("fd_prestat_dir_name", &[ROOT, OUT2, 0], Nametoolong)
            .fails("fd_prestat_dir_name", &[ROOT, END, 1], Fault)
            .fails("fd_prestat_get", &[ROOT, END - 7], Fault)
            .holds(OUT2 as u32, "x"),
        Case::new("a_directory_is_listed")
            .opens(DATA)
            .call("fd_readdir", &[FIRST, BUFFER, 1000, 0, OUT2])
            .holds_u32(OUT2 as u32, len as u32)
            .holds(BUFFER as u32, &all)
            .costs(5_000 + 14 * 10 + 2 * 300 + len),
        Case::new("a_listing_goes_on_from_its_cookie")
            .opens(DATA)
            .call("fd_readdir", &[FIRST, BUFFER, 1000, 1, OUT2])
            .call("fd_readdir", &[FIRST, BUFFER + 0x100, 1000, 2, OUT2 + 4])
            .call(
                "fd_readdir",
                &[FIRST, BUFFER + 0x100, 1000, u64::MAX >> 33, OUT2 + 8],
            )
            .holds(BUFFER as u32, entry(2, 4, "rc"))
            .holds_u32(OUT2 as u32, 26)
            .holds_u32(OUT2 as u32 + 4, 0)
            .holds_u32(OUT2 as u32 + 8, 0)
            .holds_u32(BUFFER as u32 + 0x100, 0),
        Case::new("an_entry_that_does_not_fit_is_cut")
            .opens(DATA)
            .call("fd_readdir", &[FIRST, BUFFER, 30, 0, OUT2])
            .holds_u32(OUT2 as u32, 30)
            .holds(BUFFER as u32, &all[..30])
            .holds_u32(BUFFER as u32 + 30, 0)
            .call("fd_readdir", &[FIRST, BUFFER, 0, 0, OUT2 + 4])
            .holds_u32(OUT2 as u32 + 4, 0),
        Case::new("what_is_no_directory_is_not_listed")
            .opens(ARCHIVE)
            .opens("dev/random")
            .fails("fd_readdir", &[FIRST, BUFFER, 100, 0, OUT2], Notdir)
            .fails("fd_readdir", &[FIRST + 1, BUFFER, 100, 0, OUT2], Notdir)
            .fails("fd_readdir", &[1, BUFFER, 100, 0, OUT2], Badf),
        Case::new("the_root_is_scenery")
            .fails("fd_readdir", &[ROOT, BUFFER, 100, 0, OUT2], Acces)
            .fails_to_open("", 0, 0, Acces)
            .fails_to_open("lib", 2, 0, Acces)
            .fails_to_open("dev", 2, 0, Acces),
        Case::new("a_listing_needs_a_buffer")
            .opens(DATA)
            .fails("fd_readdir", &[FIRST, OUTSIDE, 100, 0, OUT2], Fault)
            .fails("fd_readdir", &[FIRST, BUFFER, 0xffff_ffff, 0, OUT2], Fault)
            .fails("fd_readdir", &[FIRST, BUFFER, 100, 0, END - 3], Fault),
    ]
    .into()
}
