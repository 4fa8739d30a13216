//! The error numbers of preview 1 that the surface answers with.

/// An error number; the values are those of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum Errno {
    /// Permission denied.
    Acces = 2,
    /// Bad file descriptor.
    Badf = 8,
    /// File exists.
    Exist = 20,
    /// Bad address.
    Fault = 21,
    /// Invalid argument.
    Inval = 28,
    /// Is a directory.
    Isdir = 31,
    /// Too many open files.
    Mfile = 33,
    /// Name too long.
    Nametoolong = 37,
    /// No such file or directory.
    Noent = 44,
    /// Not a directory.
    Notdir = 54,
    /// Not supported.
    Notsup = 58,
    /// Read-only file system.
    Rofs = 69,
    /// Invalid seek: the descriptor is a stream.
    Spipe = 70,
}
