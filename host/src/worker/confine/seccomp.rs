//! The seccomp filter: what a worker may ask of the kernel once it runs scripts.
//!
//! Everything that is not listed fails with `EPERM`. Not by killing the process: no script can get
//! as far as a system call of its own without having broken out already, and then a refusal is as
//! good; while a new version of the C library that tries a new call first, and falls back, would
//! turn a kill into an outage of everything.

use seccompiler::SeccompCmpArgLen::Dword;
use seccompiler::SeccompCmpOp::{Eq, MaskedEq};
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch, apply_filter_all_threads,
};
use std::collections::BTreeMap;

/// Calls that are allowed whatever their arguments.
const ALLOWED: &[libc::c_long] = &[
    // The connection, and standard error. Nothing can open anything else.
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_readv,
    libc::SYS_writev,
    libc::SYS_recvfrom,
    libc::SYS_recvmsg,
    libc::SYS_sendto,
    libc::SYS_sendmsg,
    libc::SYS_close,
    // Memory: the allocator, and the resetting of sandboxes. `mmap` and `mprotect` are below.
    libc::SYS_brk,
    libc::SYS_madvise,
    libc::SYS_mremap,
    libc::SYS_munmap,
    // Threads that exist already.
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_futex,
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_getrusage, // the page faults so far, to know whether there are new pages to wipe
    libc::SYS_gettid,
    libc::SYS_restart_syscall,
    libc::SYS_rseq,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    libc::SYS_set_robust_list,
    // Traps of WebAssembly arrive as signals.
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    // Runs are stopped by signals, which timers send; a timer's signals reach this process only.
    libc::SYS_timer_create,
    libc::SYS_timer_delete,
    libc::SYS_timer_settime,
    // Time and randomness.
    libc::SYS_clock_getres,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_getrandom,
    libc::SYS_gettimeofday,
    libc::SYS_nanosleep,
];

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

/// Puts the filter on all threads of this process. It cannot be taken off.
pub(super) fn apply() -> Result<(), SeccompError> {
    Ok(apply_filter_all_threads(&filter()?)?)
}

fn filter() -> Result<BpfProgram, BackendError> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        ALLOWED.iter().map(|&call| (call, Vec::new())).collect();
    // All code is mapped by now: no memory becomes executable any more.
    let executable = libc::PROT_EXEC as u64;
    let not_executable = SeccompCondition::new(2, Dword, MaskedEq(executable), 0)?;
    for call in [libc::SYS_mmap, libc::SYS_mprotect] {
        rules.insert(call, vec![SeccompRule::new(vec![not_executable.clone()])?]);
    }
    let scan = SeccompCondition::new(1, Dword, Eq, PAGEMAP_SCAN)?;
    rules.insert(libc::SYS_ioctl, vec![SeccompRule::new(vec![scan])?]);
    // Signals to its own threads: `abort` needs them.
    let own = SeccompCondition::new(0, Dword, Eq, std::process::id().into())?;
    rules.insert(libc::SYS_tgkill, vec![SeccompRule::new(vec![own])?]);

    let refused = SeccompAction::Errno(libc::EPERM as u32);
    let architecture = TargetArch::try_from(std::env::consts::ARCH)?;
    SeccompFilter::new(rules, refused, SeccompAction::Allow, architecture)?.try_into()
}
