//! The signal that stops a run, and its handler.
//!
//! The kernel interrupts a thread between two instructions, runs the handler on it, and then lets the
//! thread go on where the handler says. If that was code of a module, and the run is to be
//! stopped, ours says: at the instruction of the stop function. That instruction traps, and Wasmtime's
//! own handler does with it what it does with every trap: it unwinds to where the host called
//! the module.
//!
//! This is right because of how Wasmtime ends a run by a trap. It keeps where to go on when the module
//! is entered, and looks at nothing that the module's code keeps in registers or on the stack; so any
//! instruction may be the last. Nothing in the module can catch a trap. What is left is an
//! instance in the middle of something, which nobody enters again. (We do not have
//! backtraces captured, for which it would matter which frame is the last.)
//!
//! The signal is `SIGURG`: ignored unless somebody asks for it, unused by the C library and by
//! runtimes that leave sockets' urgent data alone, passed on by debuggers. A handler that was
//! there before is called as well.

use super::Code;
use std::cell::Cell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering, compiler_fence};
use std::{io, mem, ptr};

pub(super) const SIGNAL: libc::c_int = libc::SIGURG;

/// All that the handler has to know of the run on its thread.
struct Running<'a> {
    code: &'a Code,
    /// Not zero once the run is to be stopped.
    cause: &'a AtomicU8,
}

thread_local! {
    /// The run on this thread. No destructor and a constant to begin with, so reading it is no more
    /// than a load, which a signal handler may do.
    static RUNNING: Cell<*const Running<'static>> = const { Cell::new(ptr::null()) };
}

/// Calls `run`, and sends the thread to trap when a signal finds it in `code` and `cause` is not zero.
pub(super) fn divert_when<R>(cause: &AtomicU8, code: &Code, run: impl FnOnce() -> R) -> R {
    /// Puts back what was there before, also when `run` panics.
    struct Restore(*const Running<'static>);
    impl Drop for Restore {
        fn drop(&mut self) {
            RUNNING.set(self.0);
            // The handler runs on this thread: what the compiler must not do is move what comes
            // next, the end of the borrows, to before the store.
            compiler_fence(Ordering::SeqCst);
        }
    }

    let running = Running { code, cause };
    let _restore = Restore(RUNNING.replace((&raw const running).cast()));
    compiler_fence(Ordering::SeqCst);
    run()
}

/// Installs the handler, once for the process.
pub(super) fn install() -> io::Result<()> {
    static INSTALLED: OnceLock<Result<(), i32>> = OnceLock::new();
    let installed = INSTALLED.get_or_init(|| {
        // SAFETY: a structure of numbers and pointers, for which zeroes are valid.
        let mut action: libc::sigaction = unsafe { mem::zeroed() };
        action.sa_sigaction = (handle as *const ()).addr();
        // On the alternate stack, as a module may have used up nearly all of its own; and without
        // making system calls fail that can go on.
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESTART;
        let mut previous = action;
        // SAFETY: both structures outlive the calls. The handler does what a handler may do.
        let result = unsafe {
            libc::sigemptyset(&raw mut action.sa_mask);
            libc::sigaction(SIGNAL, &raw const action, &raw mut previous)
        };
        if result != 0 {
            return Err(io::Error::last_os_error().raw_os_error().unwrap_or(0));
        }
        let _ = PREVIOUS.set(previous);
        Ok(())
    });
    installed.map_err(io::Error::from_raw_os_error)
}

/// Lets this thread have the signal, whatever it inherited.
pub(super) fn unblock() -> io::Result<()> {
    // SAFETY: the set outlives the calls, and is made before it is used.
    let result = unsafe {
        let mut set: libc::sigset_t = mem::zeroed();
        libc::sigemptyset(&raw mut set);
        libc::sigaddset(&raw mut set, SIGNAL);
        libc::pthread_sigmask(libc::SIG_UNBLOCK, &raw const set, ptr::null_mut())
    };
    match result {
        0 => Ok(()),
        error => Err(io::Error::from_raw_os_error(error)),
    }
}

/// The handler that had the signal before ours.
static PREVIOUS: OnceLock<libc::sigaction> = OnceLock::new();

/// The handler. It interrupts any code of its thread anywhere, so it only looks at memory that
/// is there and changes nothing but the context it was given.
extern "C" fn handle(signal: libc::c_int, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    let running = RUNNING.get();
    if !running.is_null() {
        // SAFETY: whoever set it keeps it on its stack, unchanged, until it has put back what was
        // there before, on this very thread.
        let running = unsafe { &*running };
        if running.cause.load(Ordering::Relaxed) != 0 {
            // SAFETY: the kernel gives handlers with `SA_SIGINFO` the interrupted context, and
            // nobody else has it.
            let address = unsafe { program_counter(&mut *context.cast()) };
            if let Some(trap) = running.code.trap_for(*address as usize) {
                *address = trap as _;
            }
        }
    }
    if let Some(previous) = PREVIOUS.get() {
        pass_on(previous, signal, info, context);
    }
}

/// The address at which the interrupted thread goes on.
#[cfg(target_arch = "x86_64")]
fn program_counter(context: &mut libc::ucontext_t) -> &mut libc::greg_t {
    &mut context.uc_mcontext.gregs[libc::REG_RIP as usize]
}

#[cfg(target_arch = "aarch64")]
fn program_counter(context: &mut libc::ucontext_t) -> &mut libc::c_ulonglong {
    &mut context.uc_mcontext.pc
}

/// Calls the handler that was there before, if there was one.
fn pass_on(
    previous: &libc::sigaction,
    signal: libc::c_int,
    info: *mut libc::siginfo_t,
    context: *mut libc::c_void,
) {
    type Plain = extern "C" fn(libc::c_int);
    type WithContext = extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void);

    let handler = previous.sa_sigaction;
    if handler == libc::SIG_DFL || handler == libc::SIG_IGN {
        // What the signal does by default is nothing.
    } else if previous.sa_flags & libc::SA_SIGINFO != 0 {
        // SAFETY: the flag says that it is a function of this type.
        let handler = unsafe { mem::transmute::<usize, WithContext>(handler) };
        handler(signal, info, context);
    } else {
        // SAFETY: as above, without the flag.
        let handler = unsafe { mem::transmute::<usize, Plain>(handler) };
        handler(signal);
    }
}
