//! A worker as a program of its own: for tests of the pool, and for programs that have a pool and no
//! command of their own that runs its workers. See [`PoolConfig::program`](belljar_pool::PoolConfig).

use std::process::ExitCode;

fn main() -> ExitCode {
    belljar::refuse_huge_pages();
    belljar_pool::worker_main()
}
