//! The HTTP API, as clients see it: the real server with the real front, or any server at
//! `BELLJAR_TEST_URL`.

mod cases;
mod determinism;
mod malformed;
mod service;

use belljar_tests::http::Server;
use std::sync::{Arc, Mutex, Weak};

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
