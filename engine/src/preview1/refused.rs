//! Everything that changes or reaches something: refused, with the errno that makes Python raise
//! what its user would expect.

use super::errno::Errno;
use super::{MODULE, serve};
use crate::{Door, Guest};
use wasmtime::{Caller, Linker};

/// Defines functions that take arguments of the given types and answer with one errno.
macro_rules! refuse {
    ($linker:ident, $errno:ident: $($name:literal($($ty:ty),*)),+ $(,)?) => {
        $($linker.func_wrap(MODULE, $name, |mut caller: Caller<'_, Guest<D>>, $(_: $ty),*| {
            serve(&mut caller, |_, _| Err(Errno::$errno.into()))
        })?;)+
    };
}

pub(super) fn add_to_linker<D: Door>(linker: &mut Linker<Guest<D>>) -> wasmtime::Result<()> {
    refuse!(linker, Rofs:
        "path_create_directory"(u32, u32, u32),
        "path_filestat_set_times"(u32, u32, u32, u32, u64, u64, u32),
        "path_link"(u32, u32, u32, u32, u32, u32, u32),
        "path_remove_directory"(u32, u32, u32),
        "path_rename"(u32, u32, u32, u32, u32, u32),
        "path_symlink"(u32, u32, u32, u32, u32),
        "path_unlink_file"(u32, u32, u32),
        "fd_allocate"(u32, u64, u64),
        "fd_filestat_set_size"(u32, u64),
        "fd_filestat_set_times"(u32, u64, u64, u32),
    );
    refuse!(linker, Badf:
        "fd_pwrite"(u32, u32, u32, u64, u32),
        "fd_datasync"(u32),
        "fd_sync"(u32),
        "fd_renumber"(u32, u32),
        "fd_fdstat_set_rights"(u32, u64, u64),
        "sock_accept"(u32, u32, u32),
        "sock_recv"(u32, u32, u32, u32, u32, u32),
        "sock_send"(u32, u32, u32, u32, u32),
    );
    refuse!(linker, Inval: "path_readlink"(u32, u32, u32, u32, u32, u32));
    refuse!(linker, Notsup: "sock_shutdown"(u32, u32), "proc_raise"(u32));
    Ok(())
}
