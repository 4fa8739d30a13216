//! The HTTP API, as clients see it: the real server with the real front, or any server at
//! `BELLJAR_TEST_URL`.

mod cases;
mod determinism;
mod display;
mod events;
mod executor;
mod host_calls;
mod judged;
mod long_answers;
mod malformed;
mod own_fault;
mod pauses;
mod plain;
mod readme;
mod service;
mod sharing;
mod stream;
mod stream_ends;
mod stream_flow;

use belljar_tests::http::Server;
use std::io::Write;
use std::process::Command;
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

/// `true` if the server is somebody else's.
fn is_remote() -> bool {
    std::env::var_os("BELLJAR_TEST_URL").is_some()
}

/// `true` if this test is skipped, because it needs a server of its own and the server is somebody
/// else's. Then it says so by its name, past what catches the output of tests.
fn skips_as_remote() -> bool {
    if is_remote() {
        let thread = std::thread::current();
        let name = thread.name().unwrap_or("a test");
        let line = format!("skipped, needs a server of its own: {name}\n");
        // A test that cannot tell is skipped all the same.
        let _ = std::io::stderr().write_all(line.as_bytes());
    }
    is_remote()
}

fn signal(pid: u32, signal: &str) {
    let status = Command::new("kill")
        .args([signal, &pid.to_string()])
        .status();
    assert!(
        status.is_ok_and(|status| status.success()),
        "kill {signal} {pid}"
    );
}

/// Waits until something is true.
fn eventually(what: &str, within: Duration, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < within, "{what}: not within {within:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A server for all tests that do it no harm: one for those that run at the same time. It ends
/// with the last of them, which a plain static would not.
fn server() -> Arc<Server> {
    static SERVER: Mutex<Weak<Server>> = Mutex::new(Weak::new());
    let mut shared = SERVER
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    shared.upgrade().unwrap_or_else(|| {
        let server = Arc::new(Server::shared());
        *shared = Arc::downgrade(&server);
        server
    })
}

/// Modules, and the packages that they come with.
const MODULES: [(&str, &str); 6] = [
    ("matplotlib", "matplotlib"),
    ("numpy", "numpy"),
    ("pandas", "pandas"),
    ("sqlite3", "sqlite-autoconf"),
    ("sympy", "sympy"),
    ("PIL", "pillow"),
];

/// `true` if a script names a module that this server does not have: a small edition at
/// `BELLJAR_TEST_URL` lacks the packages, and says so. Our own server has them all.
fn lacks_what_it_imports(script: &str) -> bool {
    let packages = &server().get("/runtime").value()["packages"];
    let lacks = MODULES
        .iter()
        .any(|(module, package)| script.contains(module) && packages.get(package).is_none());
    assert!(!lacks || is_remote(), "{packages}");
    lacks
}
