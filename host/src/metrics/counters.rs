//! The metrics of a server.

use super::labels::{OUTCOMES, REJECTIONS, STATUSES, outcome_name, rejection_name, status_name};
use super::pool::{PoolCollector, PoolReading};
use crate::log;
use belljar_contract::{FaultKind, Outcome, Rejection};
use prometheus_client::encoding::text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

type Counters = Family<[(&'static str, &'static str); 1], Counter>;

/// Upper bounds of the latency histograms, in seconds: a tiny script takes 0.1 ms, and none may
/// take more than its time limit.
const BUCKETS: [f64; 18] = [
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5,
    5.0, 10.0, 30.0, 60.0,
];

/// The metrics of a server.
pub(crate) struct Metrics {
    registry: Registry,
    executions: Counters,
    rejections: Counters,
    requests: Counters,
    request_duration: Histogram,
    connections: Gauge,
    accepted: Counter,
    refused: Counter,
    refusals: Arc<()>,
    displaced: Counter,
    front_failures: Counter,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Metrics {
    /// Metrics at zero; `reading` is asked whenever they are read.
    pub(crate) fn new(reading: impl Fn() -> PoolReading + Send + Sync + 'static) -> Arc<Self> {
        let mut metrics = Self {
            registry: Registry::with_prefix("belljar"),
            executions: counters("outcome", OUTCOMES),
            rejections: counters("reason", REJECTIONS),
            requests: counters("status", STATUSES.map(|(_, name)| name)),
            request_duration: Histogram::new(BUCKETS),
            connections: Gauge::default(),
            accepted: Counter::default(),
            refused: Counter::default(),
            refusals: Arc::new(()),
            displaced: Counter::default(),
            front_failures: Counter::default(),
        };
        metrics.register();
        metrics
            .registry
            .register_collector(Box::new(PoolCollector(Box::new(reading))));
        Arc::new(metrics)
    }

    fn register(&mut self) {
        let registry = &mut self.registry;
        let version = vec![("version", env!("CARGO_PKG_VERSION"))];
        registry.register("build", "This Belljar", Info::new(version));
        registry.register(
            "executions",
            "Executions by how they ended: result, exited, or the error_type",
            self.executions.clone(),
        );
        registry.register(
            "rejections",
            "Programs that never reached a sandbox, by reason",
            self.rejections.clone(),
        );
        registry.register("http_requests", "Requests by status", self.requests.clone());
        registry.register_with_unit(
            "http_request",
            "Time from the head of a request to its answer",
            Unit::Seconds,
            self.request_duration.clone(),
        );
        registry.register(
            "http_connections_open",
            "Open connections",
            self.connections.clone(),
        );
        registry.register(
            "http_connections",
            "Connections accepted",
            self.accepted.clone(),
        );
        registry.register(
            "http_connections_refused",
            "Connections answered with 503 for want of a place",
            self.refused.clone(),
        );
        registry.register(
            "http_connections_displaced",
            "Connections that waited for their clients, closed to make room for others",
            self.displaced.clone(),
        );
        registry.register(
            "front_failures",
            "Requests that the front's component did not answer: traps and timeouts",
            self.front_failures.clone(),
        );
        registry.register(
            "log_lines_lost",
            "Lines of the log that whoever reads it was too slow for",
            log::lost(),
        );
    }

    /// All of it, in Prometheus's text format (OpenMetrics 1.0).
    pub(crate) fn encode(&self) -> String {
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = text::encode(&mut text, &self.registry);
        text
    }

    /// An execution ended.
    pub(crate) fn executed(&self, outcome: &Outcome) {
        self.executions
            .get_or_create(&[("outcome", outcome_name(outcome))])
            .inc();
    }

    /// The client went away during an execution.
    pub(crate) fn cancelled(&self) {
        self.executions
            .get_or_create(&[("outcome", FaultKind::Cancelled.name())])
            .inc();
    }

    /// A program was not executed.
    pub(crate) fn rejected(&self, rejection: &Rejection) {
        self.rejections
            .get_or_create(&[("reason", rejection_name(rejection))])
            .inc();
    }

    /// A request was answered, or something that did not become a request: that took no time.
    pub(crate) fn answered(&self, status: u16, elapsed: Option<Duration>) {
        let name = status_name(status);
        self.requests.get_or_create(&[("status", name)]).inc();
        if let Some(elapsed) = elapsed {
            self.request_duration.observe(elapsed.as_secs_f64());
        }
    }

    /// The front's component failed.
    pub(crate) fn front_failed(&self) {
        self.front_failures.inc();
    }

    /// A connection is open until what this returns is dropped.
    pub(crate) fn connection(self: &Arc<Self>) -> OpenConnection {
        self.accepted.inc();
        self.connections.inc();
        OpenConnection(Arc::clone(self))
    }

    /// How many connections are open.
    pub(crate) fn open_connections(&self) -> i64 {
        self.connections.get()
    }

    /// A connection is turned away: that takes until what this returns is dropped.
    pub(crate) fn refused_connection(&self) -> Refusing {
        self.refused.inc();
        Refusing(Arc::clone(&self.refusals))
    }

    /// Whether connections are being turned away.
    pub(crate) fn is_refusing(&self) -> bool {
        Arc::strong_count(&self.refusals) > 1
    }

    /// A connection was closed to make room for another.
    pub(crate) fn displaced_connection(&self) {
        self.displaced.inc();
    }
}

/// A connection that is being turned away.
#[derive(Debug)]
pub(crate) struct Refusing(#[expect(dead_code, reason = "it is counted")] Arc<()>);

/// An open connection.
#[derive(Debug)]
pub(crate) struct OpenConnection(Arc<Metrics>);

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.connections.dec();
    }
}

fn counters(label: &'static str, values: impl IntoIterator<Item = &'static str>) -> Counters {
    let counters = Counters::default();
    for value in values {
        drop(counters.get_or_create(&[(label, value)]));
    }
    counters
}

#[cfg(test)]
mod tests {
    use super::*;
    use belljar_contract::{Completion, Usage};

    #[test]
    fn every_series_is_there_before_anything_happened() {
        let text = Metrics::new(PoolReading::default).encode();
        for series in [
            "belljar_build_info{version=",
            "belljar_executions_total{outcome=\"result\"} 0",
            "belljar_executions_total{outcome=\"crashed\"} 0",
            "belljar_rejections_total{reason=\"overloaded\"} 0",
            "belljar_http_request_seconds_count 0",
            "belljar_http_requests_total{status=\"431\"} 0",
            "belljar_http_connections_open 0",
            "belljar_http_connections_total 0",
            "belljar_http_connections_refused_total 0",
            "belljar_http_connections_displaced_total 0",
            "belljar_http_held_bytes 0",
            "belljar_front_failures_total 0",
            "belljar_log_lines_lost_total ",
            "belljar_workers 0",
            "belljar_sandboxes 0",
            "belljar_executions_queued 0",
        ] {
            assert!(text.contains(series), "{series} is missing in:\n{text}");
        }
    }

    #[test]
    fn an_execution_is_counted_by_how_it_ended() {
        let metrics = Metrics::new(PoolReading::default);
        let outcome = Outcome {
            completion: Completion::Exited(1),
            stdout: Vec::new(),
            stderr: Vec::new(),
            display: Vec::new(),
            truncated: Default::default(),
            usage: Usage {
                duration: Duration::from_millis(2),
                fuel: 1,
                memory_bytes: 1,
            },
        };
        metrics.executed(&outcome);
        let text = metrics.encode();
        assert!(
            text.contains("belljar_executions_total{outcome=\"exited\"} 1\n"),
            "{text}"
        );
    }

    #[test]
    fn connections_are_counted_while_they_are_open() {
        let metrics = Metrics::new(PoolReading::default);
        let open = metrics.connection();
        assert_eq!(metrics.open_connections(), 1);
        drop(open);
        assert_eq!(metrics.open_connections(), 0);
    }
}
