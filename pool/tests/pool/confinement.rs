//! What a worker cannot do, tried from inside of one.

use crate::support::{config, echo, fault, job, start, value};
use belljar_pool::{Executor, FaultKind, Pool, Program};
use std::collections::HashMap;
use std::fs::{self, File};
use std::os::fd::AsRawFd;

const EPERM: i32 = 1;
const EACCES: i32 = 13;
const EMFILE: i32 = 24;

async fn probe(pool: &Pool) -> HashMap<String, i32> {
    let found = pool.probe().await.expect("a worker should answer");
    println!("{:?}\n{found:?}", pool.status().isolation);
    found.into_iter().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_can_open_no_file_and_no_socket_and_start_nothing() {
    let pool = start(config(1, 2)).await;
    let found = probe(&pool).await;
    assert!(found.len() >= 28);
    for (what, errno) in found {
        assert_eq!(errno, EPERM, "{what}");
    }
    // And yet it works.
    for number in 0..20 {
        let outcome = pool.execute(echo(number)).await.unwrap();
        assert_eq!(value(&outcome), number.to_string());
    }
    let isolation = pool.status().isolation;
    for means in [
        "worker_process",
        "no_new_privs",
        "no_capabilities",
        "rlimits",
        "seccomp",
    ] {
        assert!(isolation.contains(&means.to_owned()), "{isolation:?}");
    }
}

/// Traps, exceptions, growing memory, randomness, clocks: all that asks the kernel for something.
#[tokio::test(flavor = "multi_thread")]
async fn a_confined_worker_runs_whatever_a_sandbox_can_run() {
    let pool = start(config(1, 4)).await;
    let run = async |body: &str| {
        let script = format!("def main():\n{body}");
        pool.execute(job(Program::function(script))).await.unwrap()
    };
    for _ in 0..3 {
        for (body, expected) in [
            (
                "  import numpy\n  return int(numpy.ones(40_000_000).sum())",
                "40000000",
            ),
            (
                "  import pandas\n  return pandas.DataFrame({'a': [1, 2]}).sum().to_dict()",
                "{\"a\":3}",
            ),
            (
                "  import os, uuid\n  return len(os.urandom(100_000)) + len(str(uuid.uuid4()))",
                "100036",
            ),
            (
                "  import time, datetime\n  time.sleep(0.001)\n  return datetime.date.today().year > 2000",
                "true",
            ),
            (
                "  try:\n    1 / 0\n  except ZeroDivisionError:\n    return 'caught'",
                "\"caught\"",
            ),
        ] {
            assert_eq!(value(&run(body).await), expected, "{body}");
        }
        for (body, kind) in [
            ("  return bytearray(1 << 30)", FaultKind::MemoryExceeded),
            ("  import os\n  os._exit(3)", FaultKind::Exit),
            (
                "  while True: print('x' * 10_000)",
                FaultKind::OutputExceeded,
            ),
            (
                "  import sys\n  sys.setrecursionlimit(10**9)\n  f = lambda: f()\n  f()",
                FaultKind::StackOverflow,
            ),
        ] {
            let outcome = run(body).await;
            let kinds = [kind, FaultKind::Exception];
            assert!(
                kinds.contains(&fault(&outcome)),
                "{body}: {:?}",
                outcome.completion
            );
        }
    }
    assert_eq!(pool.status().restarts, 0);
}

/// Each wall stands by itself: without the filter, the others still refuse.
#[tokio::test(flavor = "multi_thread")]
async fn without_the_filter_a_worker_can_still_open_nothing() {
    let mut config = config(1, 1);
    config.seccomp = false;
    let pool = start(config).await;
    let found = probe(&pool).await;
    for what in [
        "open_file",
        "create_file",
        "socket_tcp",
        "socket_udp",
        "socket_unix",
    ] {
        assert_eq!(found[what], EMFILE, "{what}");
    }
    let isolation = pool.status().isolation;
    assert!(!isolation.contains(&"seccomp".to_owned()));
    if isolation.contains(&"landlock".to_owned()) {
        assert_eq!(found["make_directory"], EACCES);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_inherits_neither_environment_nor_files() {
    // A file that a careless library left open for child processes.
    let secret = File::open("/etc/passwd").unwrap();
    let pid = std::process::id();
    let leaked = format!("/proc/{pid}/fd/{}", secret.as_raw_fd());
    clear_close_on_exec(&secret);
    assert!(fs::exists(leaked).unwrap());

    let pool = start(config(1, 1)).await;
    let worker = pool.worker_pids()[0];
    assert_eq!(fs::read(format!("/proc/{worker}/environ")).unwrap(), b"");
    let open: Vec<_> = fs::read_dir(format!("/proc/{worker}/fd"))
        .unwrap()
        .filter_map(|entry| fs::read_link(entry.unwrap().path()).ok())
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    println!("{open:?}");
    assert!(!open.iter().any(|path| path.contains("passwd")), "{open:?}");
}

fn clear_close_on_exec(file: &File) {
    // SAFETY: changes a flag of a descriptor that is open.
    let result = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_SETFD, 0) };
    assert_eq!(result, 0);
}
