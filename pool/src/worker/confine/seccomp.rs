//! The seccomp filter: what a worker may ask of the kernel once it runs scripts.
//!
//! Everything that is not listed fails with `EPERM`, and so do listed calls with other arguments. Not by killing the process: no script can get
//! as far as a system call of its own without having broken out already, and then a refusal is as
//! good; while a new version of the C library that tries a new call first, and falls back, would
//! turn a kill into an outage of everything.
//!
//! All threads have the same filter. They share their memory, so whoever has taken over one of them
//! can have each of the others do what it may: what matters is what all of them may together. What
//! an argument points to a filter cannot see; so calls that say what they want that way, like `sendmsg`
//! with its descriptors, are not listed at all.

use seccompiler::SeccompCmpArgLen::{Dword, Qword};
use seccompiler::SeccompCmpOp::{Eq, MaskedEq};
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch, apply_filter_all_threads,
};
use std::collections::BTreeMap;
use std::os::fd::RawFd;

/// Calls that are allowed whatever their arguments: those can do nothing but what the call is for.
const ALLOWED: &[libc::c_long] = &[
    // Memory: the allocator, and the resetting of sandboxes.
    libc::SYS_brk,
    libc::SYS_munmap,
    // Threads that exist already, and the first calls of those that have not begun yet.
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_gettid,
    libc::SYS_restart_syscall,
    libc::SYS_rseq,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    libc::SYS_set_robust_list,
    // Traps of WebAssembly arrive as signals.
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    // Timers that exist already.
    libc::SYS_timer_delete,
    // Time.
    libc::SYS_clock_gettime,
    libc::SYS_gettimeofday,
    libc::SYS_nanosleep,
];

/// Mappings that nothing here makes: memory shared with another process, stacks that grow by
/// themselves, pages that are locked or huge.
const OTHER_MAPPINGS: i32 =
    libc::MAP_SHARED | libc::MAP_GROWSDOWN | libc::MAP_LOCKED | libc::MAP_HUGETLB;

/// All code is mapped by now: no memory becomes executable any more. The rest changes more than
/// what it is told to.
const OTHER_PROTECTIONS: i32 = libc::PROT_EXEC | libc::PROT_GROWSDOWN | libc::PROT_GROWSUP;

/// `PAGEMAP_SCAN`, from `linux/fs.h`: which pages were written. `_IOWR('f', 16, struct pm_scan_arg)`
/// with a structure of 96 bytes.
const PAGEMAP_SCAN: u64 = 0xc060_6610;

/// Why there is no filter.
#[derive(Debug, thiserror::Error)]
pub(super) enum SeccompError {
    #[error(transparent)]
    Filter(#[from] BackendError),
    #[error(transparent)]
    Kernel(#[from] seccompiler::Error),
}

/// Puts the filter on all threads of this process, which reads and writes these files. It cannot be
/// taken off.
pub(super) fn apply(inbox: RawFd, outbox: RawFd) -> Result<(), SeccompError> {
    Ok(apply_filter_all_threads(&filter(inbox, outbox)?)?)
}

/// What one argument of a call, counted from 0, has to be: one of some values.
struct OneOf(u8, Vec<u64>);

/// Which of its bits have to be 0.
struct Without(u8, i32);

fn filter(inbox: RawFd, outbox: RawFd) -> Result<BpfProgram, BackendError> {
    let mut rules = Rules(ALLOWED.iter().map(|&call| (call, Vec::new())).collect());
    let fd = |fd: RawFd| u64::from(fd.unsigned_abs());
    let bits = |bits: i32| u64::from(bits.unsigned_abs());

    // The connection, without flags but that which spares us a signal, and without addresses; and
    // standard error. Nothing can open anything else.
    let (inbox, outbox, stderr) = (fd(inbox), fd(outbox), fd(libc::STDERR_FILENO));
    rules.one_of(libc::SYS_read, &[OneOf(0, vec![inbox])])?;
    rules.one_of(libc::SYS_write, &[OneOf(0, vec![outbox, stderr])])?;
    rules.one_of(libc::SYS_writev, &[OneOf(0, vec![stderr])])?;
    let nowhere = OneOf(4, vec![0]);
    rules.one_of(
        libc::SYS_recvfrom,
        &[OneOf(0, vec![inbox]), OneOf(3, vec![0]), nowhere],
    )?;
    let nowhere = OneOf(4, vec![0]);
    let flags = OneOf(3, vec![0, bits(libc::MSG_NOSIGNAL)]);
    rules.one_of(libc::SYS_sendto, &[OneOf(0, vec![outbox]), flags, nowhere])?;

    // Memory: see above. What is advised is to forget; what is moved is moved anywhere, as
    // `realloc` does.
    rules.without(
        libc::SYS_mmap,
        &[Without(2, OTHER_PROTECTIONS), Without(3, OTHER_MAPPINGS)],
    )?;
    rules.without(libc::SYS_mprotect, &[Without(2, OTHER_PROTECTIONS)])?;
    let forget = vec![bits(libc::MADV_DONTNEED)];
    rules.one_of(libc::SYS_madvise, &[OneOf(2, forget)])?;
    let anywhere = vec![bits(libc::MREMAP_MAYMOVE)];
    rules.one_of(libc::SYS_mremap, &[OneOf(3, anywhere)])?;

    // Locks and condition variables: waiting and waking, within the process.
    let own = |operation: i32| bits(operation | libc::FUTEX_PRIVATE_FLAG);
    let operations = vec![
        own(libc::FUTEX_WAIT),
        own(libc::FUTEX_WAKE),
        own(libc::FUTEX_WAIT_BITSET),
        own(libc::FUTEX_WAIT_BITSET | libc::FUTEX_CLOCK_REALTIME),
    ];
    rules.one_of(libc::SYS_futex, &[OneOf(1, operations)])?;

    // Signals: the handler that stops runs, and `abort`, which also sends one to its own thread.
    let handled = vec![bits(libc::SIGURG), bits(libc::SIGABRT)];
    rules.one_of(libc::SYS_rt_sigaction, &[OneOf(0, handled)])?;
    let own = OneOf(0, vec![std::process::id().into()]);
    let abort = OneOf(2, vec![bits(libc::SIGABRT)]);
    rules.one_of(libc::SYS_tgkill, &[own, abort])?;

    // Timers, which send signals to this process only, on a clock that nobody sets.
    let monotonic = || vec![bits(libc::CLOCK_MONOTONIC)];
    rules.one_of(libc::SYS_timer_create, &[OneOf(0, monotonic())])?;
    rules.one_of(libc::SYS_timer_settime, &[OneOf(1, vec![0])])?;
    let clocks = vec![bits(libc::CLOCK_REALTIME), bits(libc::CLOCK_MONOTONIC)];
    rules.one_of(libc::SYS_clock_nanosleep, &[OneOf(0, clocks)])?;

    // Randomness; the page faults so far, of the process (are there new pages to wipe?) or the thread
    // (what does a run hold?); and which pages were written.
    let sources = [0, libc::GRND_NONBLOCK, libc::GRND_INSECURE];
    let sources = sources.iter().map(|flags| u64::from(*flags)).collect();
    rules.one_of(libc::SYS_getrandom, &[OneOf(2, sources)])?;
    let whose = vec![bits(libc::RUSAGE_SELF), bits(libc::RUSAGE_THREAD)];
    rules.one_of(libc::SYS_getrusage, &[OneOf(0, whose)])?;
    rules.one_of(libc::SYS_ioctl, &[OneOf(1, vec![PAGEMAP_SCAN])])?;

    let refused = SeccompAction::Errno(libc::EPERM as u32);
    let architecture = TargetArch::try_from(std::env::consts::ARCH)?;
    SeccompFilter::new(rules.0, refused, SeccompAction::Allow, architecture)?.try_into()
}

/// What is allowed: for each call, in which cases. No cases at all stand for every case.
struct Rules(BTreeMap<i64, Vec<SeccompRule>>);

impl Rules {
    /// Allows a call when each of these arguments has one of its values.
    fn one_of(&mut self, call: libc::c_long, arguments: &[OneOf]) -> Result<(), BackendError> {
        let mut cases: Vec<Vec<SeccompCondition>> = vec![Vec::new()];
        for OneOf(argument, values) in arguments {
            let mut more = Vec::new();
            for case in &cases {
                for value in values {
                    // Numbers have 32 bits; pointers, which are to be null, have more.
                    let length = if *argument == 4 { Qword } else { Dword };
                    let mut case = case.clone();
                    case.push(SeccompCondition::new(*argument, length, Eq, *value)?);
                    more.push(case);
                }
            }
            cases = more;
        }
        self.allow(call, cases)
    }

    /// Allows a call when none of these arguments has one of its bits.
    fn without(&mut self, call: libc::c_long, arguments: &[Without]) -> Result<(), BackendError> {
        let conditions = arguments.iter().map(|Without(argument, bits)| {
            let mask = u64::from(bits.unsigned_abs());
            SeccompCondition::new(*argument, Dword, MaskedEq(mask), 0)
        });
        self.allow(call, vec![conditions.collect::<Result<_, _>>()?])
    }

    fn allow(
        &mut self,
        call: libc::c_long,
        cases: Vec<Vec<SeccompCondition>>,
    ) -> Result<(), BackendError> {
        let rules = cases.into_iter().map(SeccompRule::new);
        self.0.insert(call, rules.collect::<Result<_, _>>()?);
        Ok(())
    }
}
