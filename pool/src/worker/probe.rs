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
        ("make_memory_executable", protect(libc::PROT_EXEC)),
        ("share_memory", share_memory()),
        ("move_memory_to_a_place", move_memory()),
        ("merge_memory", advise()),
        ("send_descriptors", send_descriptors()),
        ("receive_descriptors", receive_descriptors()),
        ("peek", peek()),
        ("send_to_an_address", send_to_address()),
        ("duplicate_descriptor", duplicate()),
        ("close_descriptor", close_nothing()),
        ("wake_another_process", wake_shared()),
        ("timer_of_a_clock_that_is_set", timer()),
        ("change_a_handler", handler()),
        ("signal_a_thread_of_the_parent", signal_thread_of_parent()),
        ("signal_own_thread", signal_own_thread()),
        ("usage_of_children", usage_of_children()),
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

/// The rest are calls that a worker makes, in forms that it does not. Each harms nothing where it
/// succeeds.
fn own_page(flags: libc::c_int) -> *mut c_void {
    let protection = libc::PROT_READ | libc::PROT_WRITE;
    // SAFETY: a new mapping at an address of the kernel's choice; the callers unmap it.
    unsafe { libc::mmap(ptr::null_mut(), PAGE, protection, flags, -1, 0) }
}

const PAGE: usize = 4096;

const OWN: libc::c_int = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;

fn with_page(test: impl FnOnce(*mut c_void) -> libc::c_long) -> i32 {
    let page = own_page(OWN);
    if page == libc::MAP_FAILED {
        return errno(-1);
    }
    let errno = errno(test(page));
    // SAFETY: the page was mapped above, and nothing else knows it.
    unsafe { libc::munmap(page, PAGE) };
    errno
}

fn protect(protection: libc::c_int) -> i32 {
    // SAFETY: a page of our own, in which nothing is.
    with_page(|page| unsafe { libc::mprotect(page, PAGE, protection) }.into())
}

fn share_memory() -> i32 {
    let page = own_page(libc::MAP_SHARED | libc::MAP_ANONYMOUS);
    if page == libc::MAP_FAILED {
        return errno(-1);
    }
    // SAFETY: the page was mapped above, and nothing else knows it.
    unsafe { libc::munmap(page, PAGE) };
    0
}

/// To the place where it is: unconfined, the argument is invalid.
fn move_memory() -> i32 {
    let flags = libc::MREMAP_MAYMOVE | libc::MREMAP_FIXED;
    // SAFETY: the kernel refuses to move a page onto itself.
    with_page(|page| unsafe { libc::syscall(libc::SYS_mremap, page, PAGE, PAGE, flags, page) })
}

fn advise() -> i32 {
    // SAFETY: a page of our own; its content does not change.
    with_page(|page| unsafe { libc::madvise(page, PAGE, libc::MADV_MERGEABLE) }.into())
}

/// Without a message: unconfined, the address is bad.
fn send_descriptors() -> i32 {
    // SAFETY: the kernel checks the address.
    errno(unsafe { libc::syscall(libc::SYS_sendmsg, 0, ptr::null::<c_void>(), 0) })
}

/// The same.
fn receive_descriptors() -> i32 {
    let flags = libc::MSG_DONTWAIT;
    // SAFETY: the kernel checks the address.
    errno(unsafe { libc::syscall(libc::SYS_recvmsg, 0, ptr::null::<c_void>(), flags) })
}

/// Takes nothing away: unconfined, there may be nothing to see.
fn peek() -> i32 {
    let flags = libc::MSG_PEEK | libc::MSG_DONTWAIT;
    let mut byte = 0_u8;
    // SAFETY: room for one byte, which outlives the call.
    let seen = unsafe { libc::recv(0, (&raw mut byte).cast(), 1, flags) };
    errno(seen as libc::c_long)
}

/// Nothing at all, to nobody: unconfined, the socket has a peer already.
fn send_to_address() -> i32 {
    let address = libc::sockaddr {
        sa_family: libc::AF_UNIX as libc::sa_family_t,
        sa_data: [0; 14],
    };
    // SAFETY: the address outlives the call; no bytes are sent.
    let sent = unsafe { libc::sendto(0, ptr::null(), 0, 0, &raw const address, 2) };
    errno(sent as libc::c_long)
}

fn duplicate() -> i32 {
    // SAFETY: takes no pointers.
    close_if_open(unsafe { libc::fcntl(0, libc::F_DUPFD_CLOEXEC, 3) })
}

/// There is no such file: unconfined, that is the error.
fn close_nothing() -> i32 {
    // SAFETY: takes no pointers, and closes nothing.
    errno(unsafe { libc::syscall(libc::SYS_close, -1) })
}

fn wake_shared() -> i32 {
    let word = 0_u32;
    // SAFETY: the word outlives the call, and nobody waits for it.
    errno(unsafe { libc::syscall(libc::SYS_futex, &raw const word, libc::FUTEX_WAKE, 1) })
}

fn timer() -> i32 {
    let mut timer: libc::timer_t = ptr::null_mut();
    // SAFETY: without a description the timer would send a signal when it is set: it never is.
    unsafe {
        let made = libc::timer_create(libc::CLOCK_REALTIME, ptr::null_mut(), &raw mut timer);
        let errno = errno(made.into());
        if errno == 0 {
            libc::timer_delete(timer);
        }
        errno
    }
}

/// Only asks which it is.
fn handler() -> i32 {
    // SAFETY: without a new action nothing changes; without room for the old one nothing is told.
    errno(unsafe { libc::sigaction(libc::SIGTERM, ptr::null(), ptr::null_mut()) }.into())
}

/// Signal 0 again.
fn signal_thread_of_parent() -> i32 {
    // SAFETY: takes no pointers.
    errno(unsafe {
        let parent = libc::getppid();
        libc::syscall(libc::SYS_tgkill, parent, parent, 0)
    })
}

fn signal_own_thread() -> i32 {
    // SAFETY: takes no pointers.
    errno(unsafe { libc::syscall(libc::SYS_tgkill, libc::getpid(), libc::gettid(), 0) })
}

fn usage_of_children() -> i32 {
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the structure outlives the call.
    errno(unsafe { libc::getrusage(libc::RUSAGE_CHILDREN, usage.as_mut_ptr()) }.into())
}
