//! Everything that changes or reaches something: refused, with the errno that makes Python raise
//! what its user would expect.

use crate::{Call, Errno, Failure, Machine};

/// Defines functions that take arguments of the given types and answer with one errno.
macro_rules! refuse {
    ($($errno:ident: $($name:ident($($ty:ty),*)),+;)+) => {
        impl<M: Machine> Call<'_, M> {
            $($(
                #[doc = concat!("`", stringify!($name), "`: refused.")]
                #[expect(clippy::too_many_arguments, reason = "the interface has them")]
                #[allow(unfulfilled_lint_expectations, reason = "few of them have so many")]
                pub fn $name(&mut self, $(_: $ty),*) -> Result<(), Failure> {
                    Err(Errno::$errno.into())
                }
            )+)+
        }
    };
}

refuse! {
    Rofs:
        fd_allocate(u32, u64, u64),
        fd_filestat_set_size(u32, u64),
        fd_filestat_set_times(u32, u64, u64, u32),
        path_create_directory(u32, u32, u32),
        path_filestat_set_times(u32, u32, u32, u32, u64, u64, u32),
        path_link(u32, u32, u32, u32, u32, u32, u32),
        path_remove_directory(u32, u32, u32),
        path_rename(u32, u32, u32, u32, u32, u32),
        path_symlink(u32, u32, u32, u32, u32),
        path_unlink_file(u32, u32, u32);
    Badf:
        fd_datasync(u32),
        fd_fdstat_set_rights(u32, u64, u64),
        fd_pwrite(u32, u32, u32, u64, u32),
        fd_sync(u32),
        sock_accept(u32, u32, u32),
        sock_recv(u32, u32, u32, u32, u32, u32),
        sock_send(u32, u32, u32, u32, u32);
    Inval: path_readlink(u32, u32, u32, u32, u32, u32);
    Notsup: proc_raise(u32), sock_shutdown(u32, u32);
}
