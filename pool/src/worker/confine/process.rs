//! The older means: privileges and resource limits of a process.

use crate::LimitPolicy;
use crate::worker::protocol::Start;
use std::io;

/// How much sooner than others the kernel is to end a worker when memory runs out, out of 1000. A
/// worker is replaced; the server is not.
const OOM_SCORE: &str = "800";

/// What a sandbox needs beside its linear memory: its instance, its stack, its table, the heap for
/// exceptions, output, and a copy of the snapshot that is kept warm.
const SANDBOX_OVERHEAD_BYTES: u64 = 384 << 20;

/// What the process itself needs: the code while it is mapped, the heap, its threads' stacks.
const PROCESS_BYTES: u64 = 2 << 30;

/// Called first of all. Nothing here can fail in a way that matters: [`has_no_new_privs`] and
/// [`has_no_capabilities`] report.
pub(in crate::worker) fn at_birth() {
    // SAFETY: these take numbers, and a structure that outlives the call.
    unsafe {
        libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
        libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        libc::prctl(
            libc::PR_CAP_AMBIENT,
            libc::PR_CAP_AMBIENT_CLEAR_ALL,
            0,
            0,
            0,
        );
        let header = CapabilityHeader {
            version: CAPABILITY_VERSION_3,
            pid: 0,
        };
        let none = [CapabilitySets::default(); 2];
        libc::syscall(libc::SYS_capset, &raw const header, none.as_ptr());
    }
    // A core dump would hold what scripts computed.
    let _ = limit(libc::RLIMIT_CORE, 0);
    let _ = std::fs::write("/proc/self/oom_score_adj", OOM_SCORE);
}

/// Whether programs that this process executes could gain privileges, by set-user-id for example.
pub(super) fn has_no_new_privs() -> io::Result<()> {
    // SAFETY: takes numbers only.
    match unsafe { libc::prctl(libc::PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) } {
        1 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Whether this process has no capabilities. Those of root, in a container for example, are gone.
pub(super) fn has_no_capabilities() -> io::Result<()> {
    let header = CapabilityHeader {
        version: CAPABILITY_VERSION_3,
        pid: 0,
    };
    let mut sets = [CapabilitySets::default(); 2];
    // SAFETY: both structures are as `capget` wants them, and outlive the call.
    let result = unsafe { libc::syscall(libc::SYS_capget, &raw const header, sets.as_mut_ptr()) };
    if result == -1 {
        return Err(io::Error::last_os_error());
    }
    if sets
        .iter()
        .all(|set| set.permitted == 0 && set.effective == 0)
    {
        Ok(())
    } else {
        Err(io::Error::other("some are left"))
    }
}

/// Bounds what this process can take.
pub(super) fn limit_resources(start: &Start<'_>, policy: &LimitPolicy) -> io::Result<()> {
    // Memory: a wall behind the limits of scripts, should one of those fail. Address space itself
    // cannot be limited, the sandboxes reserve terabytes of it.
    let sandbox = policy
        .maximum
        .memory_bytes
        .saturating_add(SANDBOX_OVERHEAD_BYTES);
    let parked = SANDBOX_OVERHEAD_BYTES
        .saturating_mul(start.parked.into())
        .saturating_add(start.parked_bytes);
    let memory = sandbox
        .saturating_mul(start.sandboxes.into())
        .saturating_add(parked)
        .saturating_add(PROCESS_BYTES);
    limit(libc::RLIMIT_DATA, memory)?;
    // No new files or sockets, whatever they are; those that are open stay.
    limit(libc::RLIMIT_NOFILE, 0)?;
    // No files can grow, and no processes or threads can be started.
    limit(libc::RLIMIT_FSIZE, 0)?;
    limit(libc::RLIMIT_NPROC, 0)
}

fn limit(resource: libc::__rlimit_resource_t, value: u64) -> io::Result<()> {
    let limit = libc::rlimit {
        rlim_cur: value,
        rlim_max: value,
    };
    // SAFETY: the structure outlives the call.
    match unsafe { libc::setrlimit(resource, &raw const limit) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// The version of the two structures below, from `linux/capability.h`.
const CAPABILITY_VERSION_3: u32 = 0x2008_0522;

#[repr(C)]
struct CapabilityHeader {
    version: u32,
    pid: i32,
}

#[derive(Debug, Clone, Copy, Default)]
#[repr(C)]
struct CapabilitySets {
    effective: u32,
    permitted: u32,
    inheritable: u32,
}
