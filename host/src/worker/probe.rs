//! Tries what a confined process must not be able to do.
//!
//! Only the parent can ask for it ([`Pool::probe`](crate::pool::Pool::probe)); no request that a
//! client can make leads here. It harms nothing where it succeeds.

use std::ffi::c_void;
use std::io;
use std::ptr;

/// What was tried, and the error number it ended with; 0 means that it worked.
pub(super) fn attempt() -> Vec<(&'static str, i32)> {
    vec![
        ("open_file", open(c"/etc/passwd", libc::O_RDONLY)),
        (
            "create_file",
            open(c"/tmp/belljar-probe", libc::O_WRONLY | libc::O_CREAT),
        ),
        ("make_directory", make_directory()),
        ("socket_tcp", socket(libc::AF_INET, libc::SOCK_STREAM)),
        ("socket_udp", socket(libc::AF_INET, libc::SOCK_DGRAM)),
        ("socket_unix", socket(libc::AF_UNIX, libc::SOCK_STREAM)),
        ("execute_program", execute()),
        ("start_process", start_process()),
        ("trace_parent", trace_parent()),
        ("signal_parent", signal_parent()),
        ("map_executable_memory", map_executable()),
        ("terminal_control", terminal_control()),
    ]
}

fn errno(result: libc::c_long) -> i32 {
    if result == -1 {
        io::Error::last_os_error().raw_os_error().unwrap_or(-1)
    } else {
        0
    }
}

fn close_if_open(fd: libc::c_int) -> i32 {
    let errno = errno(fd.into());
    if fd >= 0 {
        // SAFETY: the descriptor was made just now, and nothing else knows it.
        unsafe { libc::close(fd) };
    }
    errno
}

fn open(path: &std::ffi::CStr, flags: libc::c_int) -> i32 {
    // SAFETY: the path is a C string.
    close_if_open(unsafe { libc::open(path.as_ptr(), flags | libc::O_CLOEXEC, 0o600) })
}

fn make_directory() -> i32 {
    let path = c"/tmp/belljar-probe-directory";
    // SAFETY: the path is a C string.
    let errno = errno(unsafe { libc::mkdir(path.as_ptr(), 0o700) }.into());
    if errno == 0 {
        // SAFETY: as above.
        unsafe { libc::rmdir(path.as_ptr()) };
    }
    errno
}

fn socket(domain: libc::c_int, kind: libc::c_int) -> i32 {
    // SAFETY: takes no pointers.
    close_if_open(unsafe { libc::socket(domain, kind | libc::SOCK_CLOEXEC, 0) })
}

/// There is no such program: unconfined, this says that the file does not exist.
fn execute() -> i32 {
    let path = c"/belljar-probe-does-not-exist";
    let (argv, envp) = ([path.as_ptr(), ptr::null()], [ptr::null()]);
    // SAFETY: the path is a C string, both lists end with null.
    errno(unsafe { libc::execve(path.as_ptr(), argv.as_ptr(), envp.as_ptr()) }.into())
}

/// Without a description of the process to start: unconfined, the argument is invalid.
fn start_process() -> i32 {
    // SAFETY: the kernel reads no arguments from a structure of size 0.
    errno(unsafe { libc::syscall(libc::SYS_clone3, ptr::null::<c_void>(), 0) })
}

fn trace_parent() -> i32 {
    // SAFETY: looks for permission only; on success the parent is let go at once.
    unsafe {
        let parent = libc::getppid();
        let seized = libc::ptrace(libc::PTRACE_SEIZE, parent, 0, 0);
        let errno = errno(seized);
        if errno == 0 {
            libc::ptrace(libc::PTRACE_DETACH, parent, 0, 0);
        }
        errno
    }
}

/// Signal 0 checks for permission and sends nothing.
fn signal_parent() -> i32 {
    // SAFETY: takes no pointers.
    errno(unsafe { libc::kill(libc::getppid(), 0) }.into())
}

fn map_executable() -> i32 {
    const BYTES: usize = 4096;
    let protection = libc::PROT_READ | libc::PROT_WRITE | libc::PROT_EXEC;
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    // SAFETY: a new mapping at an address of the kernel's choice, gone again below.
    unsafe {
        let address = libc::mmap(ptr::null_mut(), BYTES, protection, flags, -1, 0);
        if address == libc::MAP_FAILED {
            return errno(-1);
        }
        libc::munmap(address, BYTES);
        0
    }
}

/// Pushing a character into a terminal's input, as if it had been typed. Standard error may be one.
/// With a null pointer: unconfined, the address is bad, or it is not a terminal.
fn terminal_control() -> i32 {
    // SAFETY: the kernel checks the address.
    errno(unsafe { libc::ioctl(2, libc::TIOCSTI, ptr::null::<c_void>()) }.into())
}
