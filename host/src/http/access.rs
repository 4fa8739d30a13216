//! The line about a request in the log.

use super::call::Call;
use crate::metrics::Metrics;
use hyper::body::Incoming;
use hyper::{Method, Request};
use std::sync::Arc;
use std::time::Instant;

/// The most of a path that is logged.
const LOGGED_PATH_BYTES: usize = 128;

/// The line about a request in the log, and its place in the metrics. Written also if the client
/// goes away, with status 499.
pub(super) struct AccessLine {
    call: Arc<Call>,
    metrics: Arc<Metrics>,
    method: Method,
    path: String,
    start: Instant,
    ended: bool,
}

/// The status, in the log, of a client that did not wait: after nginx.
const CLIENT_CLOSED: u16 = 499;

impl AccessLine {
    pub(super) fn new(request: &Request<Incoming>, call: Arc<Call>, metrics: Arc<Metrics>) -> Self {
        // Paths are UTF-8 without ASCII's control characters: hyper refuses others. The query is left
        // out: no route takes one, so what it says is nobody's business.
        let path = request.uri().path();
        Self {
            call,
            metrics,
            method: request.method().clone(),
            path: path[..path.floor_char_boundary(LOGGED_PATH_BYTES)].to_owned(),
            start: Instant::now(),
            ended: false,
        }
    }

    pub(super) fn end(&mut self, status: u16) {
        self.ended = true;
        let elapsed = self.start.elapsed();
        self.metrics.answered(status, Some(elapsed));
        tracing::info!(
            target: "belljar::access",
            method = %self.method,
            path = self.path,
            status,
            duration_ms = (elapsed.as_secs_f64() * 1e6).round() / 1e3,
            request_id = self.call.request_id,
            outcome = self.call.outcome().unwrap_or("none"),
            "request"
        );
    }
}

impl Drop for AccessLine {
    fn drop(&mut self) {
        if !self.ended {
            self.end(CLIENT_CLOSED);
        }
    }
}
