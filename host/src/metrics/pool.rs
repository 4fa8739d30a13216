//! What the pool counts itself.

use belljar_pool::{Executor, ExecutorStatus, Histogram};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;
use std::fmt;
use std::time::Duration;

/// What the pool says when the metrics are read.
#[derive(Debug, Default)]
pub(crate) struct PoolReading {
    status: ExecutorStatus,
    /// What is kept of requests and answers, in bytes.
    held_bytes: usize,
    retried: u64,
    /// Latencies: name, help, distribution.
    latencies: Vec<(&'static str, &'static str, Histogram)>,
}

impl PoolReading {
    pub(crate) fn of(executor: &impl Executor, held_bytes: usize) -> Self {
        let metrics = executor.metrics();
        Self {
            status: executor.status(),
            held_bytes,
            retried: metrics.retried,
            latencies: vec![
                (
                    "queue",
                    "Time that an execution waited for a sandbox",
                    metrics.queue_wait,
                ),
                (
                    "sandbox",
                    "Time from giving a program to a worker to having its answer",
                    metrics.sandbox_time,
                ),
                (
                    "release",
                    "Time from a client's leaving to having its sandbox back",
                    metrics.release_time,
                ),
            ],
        }
    }
}

/// Asks the pool whenever the metrics are read.
pub(super) struct PoolCollector(pub(super) Box<dyn Fn() -> PoolReading + Send + Sync>);

impl fmt::Debug for PoolCollector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PoolCollector").finish()
    }
}

impl Collector for PoolCollector {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let PoolReading {
            status,
            held_bytes,
            retried,
            latencies,
        } = (self.0)();
        let held = ConstGauge::new(i64::try_from(held_bytes).unwrap_or(i64::MAX));
        held.encode(encoder.encode_descriptor(
            "http_held_bytes",
            "Bytes of requests and answers that are kept for clients, small ones left out",
            None,
            MetricType::Gauge,
        )?)?;
        let gauges = [
            ("workers", "Worker processes that are up", status.workers),
            (
                "sandboxes",
                "Executions that run at once at most",
                status.sandboxes,
            ),
            (
                "sandboxes_running",
                "Executions in a sandbox, sleeping ones included",
                status.running,
            ),
            (
                "sandboxes_parked",
                "Executions that sleep without keeping others from running",
                status.parked,
            ),
            (
                "executions_queued",
                "Executions that wait for a sandbox",
                status.queued,
            ),
        ];
        for (name, help, value) in gauges {
            let gauge = ConstGauge::new(i64::from(value));
            gauge.encode(encoder.encode_descriptor(name, help, None, MetricType::Gauge)?)?;
        }
        for (name, help, count) in [
            (
                "worker_restarts",
                "Workers that died and were replaced",
                status.restarts,
            ),
            (
                "executions_retried",
                "Executions that began anew because their worker died",
                retried,
            ),
        ] {
            let counter = ConstCounter::new(count);
            counter.encode(encoder.encode_descriptor(name, help, None, MetricType::Counter)?)?;
        }
        for (name, help, latency) in latencies {
            let unit = Some(&Unit::Seconds);
            let mut metric = encoder.encode_descriptor(name, help, unit, MetricType::Histogram)?;
            let bounds = Histogram::BOUNDS.iter().map(Duration::as_secs_f64);
            let bounds = bounds.chain([f64::INFINITY]);
            let buckets: Vec<_> = bounds.zip(latency.counts).collect();
            let (sum, count) = (latency.sum.as_secs_f64(), latency.count());
            metric.encode_histogram::<[(&str, &str); 0]>(sum, count, &buckets, None)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Metrics;
    use super::*;

    /// A pool in which one execution waited for 3 ms.
    fn reading() -> PoolReading {
        let mut counts = [0; Histogram::BOUNDS.len() + 1];
        counts[6] = 1;
        let queue = Histogram {
            counts,
            sum: Duration::from_millis(3),
        };
        PoolReading {
            status: ExecutorStatus {
                running: 3,
                restarts: 2,
                ..ExecutorStatus::default()
            },
            held_bytes: 7,
            retried: 4,
            latencies: vec![("queue", "Waiting", queue)],
        }
    }

    #[test]
    fn the_pool_is_asked_when_the_metrics_are_read() {
        let text = Metrics::new(reading).encode();
        for line in [
            "belljar_http_held_bytes 7\n",
            "belljar_sandboxes_running 3\n",
            "belljar_worker_restarts_total 2\n",
            "belljar_executions_retried_total 4\n",
            "belljar_queue_seconds_sum 0.003\n",
            "belljar_queue_seconds_count 1\n",
            "belljar_queue_seconds_bucket{le=\"0.002\"} 0\n",
            "belljar_queue_seconds_bucket{le=\"0.005\"} 1\n",
            "belljar_queue_seconds_bucket{le=\"+Inf\"} 1\n",
        ] {
            assert!(text.contains(line), "{line} is missing in:\n{text}");
        }
    }
}
