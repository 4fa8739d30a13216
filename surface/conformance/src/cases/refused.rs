//! The calls that are refused, whatever they ask for.

use super::{ARCHIVE, FIRST, NOBODY, OUT, OUTSIDE, PATH, ROOT};
use crate::Case;
use belljar_surface::Errno::{Badf, Inval, Notsup, Rofs};

pub(super) fn cases() -> Vec<Case> {
    let [at, len] = [PATH, ARCHIVE.len() as u64];
    [
        Case::new("the_file_system_is_read_only")
            .opens(ARCHIVE)
            .fails("path_create_directory", &[ROOT, at, len], Rofs)
            .fails(
                "path_filestat_set_times",
                &[ROOT, 0, at, len, 1, 1, 5],
                Rofs,
            )
            .fails("path_link", &[ROOT, 0, at, len, ROOT, at, len], Rofs)
            .fails("path_remove_directory", &[ROOT, at, len], Rofs)
            .fails("path_rename", &[ROOT, at, len, ROOT, at, len], Rofs)
            .fails("path_symlink", &[at, len, ROOT, at, len], Rofs)
            .fails("path_unlink_file", &[ROOT, at, len], Rofs)
            .fails("fd_allocate", &[FIRST, 0, 9], Rofs)
            .fails("fd_filestat_set_size", &[FIRST, 0], Rofs)
            .fails("fd_filestat_set_times", &[FIRST, 1, 1, 5], Rofs)
            .fails("path_readlink", &[ROOT, at, len, OUT, 9, OUT], Inval),
        Case::new("what_is_refused_looks_at_nothing_and_costs_a_call")
            .fails(
                "path_rename",
                &[NOBODY, OUTSIDE, 99, NOBODY, OUTSIDE, 99],
                Rofs,
            )
            .fails("path_unlink_file", &[NOBODY, OUTSIDE, 0xffff_ffff], Rofs)
            .fails(
                "fd_pwrite",
                &[NOBODY, OUTSIDE, 0xffff_ffff, u64::MAX, OUTSIDE],
                Badf,
            )
            .costs(0),
        Case::new("there_is_nothing_to_write_back")
            .opens(ARCHIVE)
            .fails("fd_sync", &[FIRST], Badf)
            .fails("fd_datasync", &[1], Badf)
            .fails("fd_fdstat_set_rights", &[FIRST, 0, 0], Badf),
        Case::new("there_are_no_sockets_and_no_signals")
            .fails("sock_accept", &[ROOT, 0, OUT], Badf)
            .fails("sock_recv", &[0, OUTSIDE, 9, 0, OUT, OUT], Badf)
            .fails("sock_send", &[1, OUTSIDE, 9, 0, OUT], Badf)
            .fails("sock_shutdown", &[1, 0], Notsup)
            .fails("proc_raise", &[9], Notsup),
    ]
    .into()
}
