//! How a pool is to be.

use crate::LimitPolicy;
use std::path::PathBuf;
use std::time::Duration;

/// Configures a [`Pool`](super::Pool).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PoolConfig {
    /// Worker processes. By default one for each core that this process may use.
    pub workers: u32,
    /// Sandboxes of each worker, which is how many programs it executes at once.
    ///
    /// By default 8: enough that a few scripts that run long do not keep short ones waiting, and few
    /// enough that with all of them busy each still has an eighth of a core and deadlines mean
    /// something.
    pub sandboxes_per_worker: u32,
    /// How many more executions each worker holds that sleep, or wait for their reader, and so need
    /// no processor. By default 512 for all workers together, and 8 at least. Each needs a thread
    /// and address space at all times, and memory while there is one: half a megabyte at least.
    pub parked_per_worker: u32,
    /// The most memory that those have, of all workers together, in bytes; 1 GiB by default. What
    /// would go beyond keeps its sandbox from others while it sleeps.
    pub parked_bytes: u64,
    /// The most executions that wait for a sandbox; 1,024 by default. More are rejected as
    /// overloaded.
    pub queue_length: usize,
    /// The most that waiting executions may take of memory, in bytes; 64 MiB by default.
    pub queue_bytes: usize,
    /// The longest that an execution waits for a sandbox before it is rejected as overloaded; 30
    /// seconds by default.
    pub queue_timeout: Duration,
    /// The image to use instead of the one in the cache: a directory.
    pub image: Option<PathBuf>,
    /// Default and maximum limits.
    pub policy: LimitPolicy,
    /// The program of which a worker is made, called with the argument `worker`. By default this
    /// one.
    pub program: Option<PathBuf>,
    /// The longest that a worker takes to get ready before it is replaced; 30 seconds by default.
    pub start_timeout: Duration,
    /// How long after its own time limit an execution may answer before its worker is taken for
    /// stuck and replaced; 2 seconds by default. Only a worker that has lost control of a script
    /// gets there.
    pub stuck_after: Duration,
    /// The wait before the second restart in a row, doubled for each after that. The first restart
    /// is immediate. 50 ms by default.
    pub restart_wait: Duration,
    /// The longest wait before a restart; 5 seconds by default.
    pub restart_wait_max: Duration,
    /// Whether workers put a seccomp filter on themselves. Turn it off only to find out whether it
    /// is the cause of a problem.
    pub seccomp: bool,
    /// Whether workers restrict themselves with Landlock. Turn it off only to find out whether it
    /// is the cause of a problem.
    pub landlock: bool,
}

impl Default for PoolConfig {
    fn default() -> Self {
        Self {
            workers: cores(),
            sandboxes_per_worker: 8,
            parked_per_worker: parked_per_worker(PARKED, cores()),
            parked_bytes: 1 << 30,
            queue_length: 1024,
            queue_bytes: 64 << 20,
            queue_timeout: Duration::from_secs(30),
            image: None,
            policy: LimitPolicy::default(),
            program: None,
            start_timeout: Duration::from_secs(30),
            stuck_after: Duration::from_secs(2),
            restart_wait: Duration::from_millis(50),
            restart_wait_max: Duration::from_secs(5),
            seccomp: true,
            landlock: true,
        }
    }
}

impl PoolConfig {
    /// How many programs a worker begins at once.
    pub(crate) fn cores_per_worker(&self) -> u32 {
        cores().div_ceil(self.workers.max(1))
    }

    /// How many programs are executed at once.
    pub fn sandboxes(&self) -> u32 {
        self.workers.saturating_mul(self.sandboxes_per_worker)
    }
}

/// Executions that may be parked by default: hundreds, in a quarter of a gigabyte when they are small.
pub const PARKED: u32 = 512;

/// The least for a worker, so that it makes a difference also where there are many.
const LEAST_PARKED: u32 = 8;

/// Each worker's share of what may be parked. None at all if there is to be none.
pub fn parked_per_worker(total: u32, workers: u32) -> u32 {
    match total.div_ceil(workers.max(1)) {
        0 => 0,
        share => share.max(LEAST_PARKED),
    }
}

/// The cores that this process may use.
fn cores() -> u32 {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    u32::try_from(cores).unwrap_or(1)
}
