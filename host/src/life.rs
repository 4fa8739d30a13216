//! A server's life over whatever executes its programs: start, serve, end.

use crate::admin::Admin;
use crate::config::{Config, Http};
use crate::error::ServeError;
use crate::http::{Budget, Handler, Listener, Shares, Site, Stage, Turns};
use crate::metered::Metered;
use crate::metrics::{Metrics, PoolReading};
use belljar_pool::{Executor, heap};
use std::future::pending;
use std::io::{self, Write};
use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// For how many cores there is a thread that serves connections. With small programs serving takes a
/// third of the time and executing the rest; more threads would only take turns with the workers,
/// which costs both: one fewer on two cores gave 15% more requests a second.
const CORES_PER_THREAD: usize = 3;

/// The time that workers may take to start.
const START_PATIENCE: Duration = Duration::from_secs(30);

/// The time that clients whose scripts the end of the grace period cancelled get to hear of it.
const FAREWELL: Duration = Duration::from_millis(500);

/// The time between two looks of a server that stops at whether its connections are gone.
const LOOK: Duration = Duration::from_millis(5);

/// Where a server listens.
#[derive(Debug)]
pub(crate) struct Listeners {
    /// For those it is there for.
    pub(crate) clients: Listener,
    /// For operators.
    pub(crate) admin: Option<Listener>,
}

/// The parts that a site is made of.
#[derive(Debug)]
pub(crate) struct Parts<E> {
    /// The executor of its programs.
    pub(crate) executor: Metered<E>,
    /// The metrics that it adds to.
    pub(crate) metrics: Arc<Metrics>,
}

/// Threads that serve connections; as many requests may compute for long at once, beside them.
pub(crate) fn threads() -> usize {
    let cores = available_parallelism().map_or(1, NonZero::get);
    cores.div_ceil(CORES_PER_THREAD)
}

/// Serves from when the executor is ready, until `told_to_stop` and what runs has ended.
///
/// # Errors
///
/// When the site cannot be made, or the executor does not get ready: before the first connection is
/// accepted.
pub(crate) async fn live<E: Executor, H: Handler>(
    config: &Config,
    listeners: &Listeners,
    executor: Arc<E>,
    site: impl AsyncFnOnce(Parts<E>) -> Result<Site<H>, ServeError>,
    told_to_stop: impl Future<Output = &'static str>,
) -> Result<(), ServeError> {
    let start = Instant::now();
    let Listeners { clients, admin } = listeners;
    let budget = Budget::new(config.http.memory_bytes);
    let metrics = {
        let (executor, budget) = (Arc::clone(&executor), budget.clone());
        Metrics::new(move || PoolReading::of(&*executor, budget.used()))
    };
    let parts = Parts {
        executor: Metered::new(Arc::clone(&executor), Arc::clone(&metrics)),
        metrics: Arc::clone(&metrics),
    };
    let ready = async { Ok(executor.ready(START_PATIENCE).await?) };
    let (site, ()) = tokio::try_join!(site(parts), ready)?;

    announce(config, listeners, start.elapsed(), &*executor);
    let stage = watch::Sender::new(Stage::Serving);
    let stopped = async {
        let cause = told_to_stop.await;
        stop(config, cause, &stage, &*executor, &metrics).await;
    };
    // Its names are not those that clients use: where it listens says which it has.
    let admin_http = Http::default();
    let shares = Shares {
        budget: budget.clone(),
        turns: Turns::new(threads()),
    };
    tokio::select! {
        () = clients.serve(site, &config.http, shares, Arc::clone(&metrics), stage.subscribe()) => {}
        () = async {
            match admin {
                // Its connections have metrics of their own, which nobody reads: those that are
                // read are about clients.
                Some(admin) => {
                    let own = Metrics::new(PoolReading::default);
                    let site = Site {
                        handler: Admin(Arc::clone(&metrics)),
                        gates: Vec::new(),
                    };
                    // Watched to the end: what happens during the shutdown is of interest.
                    let (_always, serving) = watch::channel(Stage::Serving);
                    let shares = Shares {
                        budget: Budget::new(admin_http.memory_bytes),
                        turns: Turns::new(1),
                    };
                    admin.serve(site, &admin_http, shares, own, serving).await;
                }
                None => pending().await,
            }
        } => {}
        () = heap::give_back_when_idle(|| budget.used()) => {}
        () = stopped => {}
    }
    Ok(())
}

/// Says where to go, to people and to scripts that read our standard output.
fn announce(config: &Config, listeners: &Listeners, took: Duration, executor: &impl Executor) {
    let Listeners { clients, admin } = listeners;
    let status = executor.status();
    let isolation = status.isolation.join(", ");
    tracing::info!(
        address = %clients.address(),
        workers = config.pool.workers,
        sandboxes = status.sandboxes,
        isolation,
        start_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "ready"
    );
    let mut out = io::stdout().lock();
    // Nobody may be reading: that is no reason not to serve.
    let _ = writeln!(out, "Belljar listens on http://{}", clients.address());
    if let Some(admin) = admin {
        let _ = writeln!(out, "Metrics are at http://{}/metrics", admin.address());
    }
    let _ = out.flush();
}

/// Waits until everything has ended or the grace period is over, and ends the executor.
async fn stop(
    config: &Config,
    cause: &str,
    stage: &watch::Sender<Stage>,
    executor: &impl Executor,
    metrics: &Metrics,
) {
    let grace = config.http.shutdown_grace();
    let running = executor.status().running;
    tracing::info!(
        signal = cause,
        running,
        grace_ms = config.http.shutdown_grace_ms,
        "stopping"
    );
    // From here on new requests are refused, and connections end after the answer they owe.
    stage.send_replace(Stage::Stopping);
    // At least one look later: those that the kernel has connected already are refused meanwhile.
    let gone = async || {
        loop {
            tokio::time::sleep(LOOK).await;
            if metrics.open_connections() == 0 && !metrics.is_refusing() {
                break;
            }
        }
    };
    if tokio::time::timeout(grace, gone()).await.is_err() {
        let connections = metrics.open_connections();
        tracing::warn!(connections, "the grace period is over before all is done");
    }
    executor.stop(Duration::ZERO).await;
    // Those whose scripts were cancelled just now are told so, if they listen.
    let _ = tokio::time::timeout(FAREWELL, gone()).await;
    tracing::info!("stopped");
}

#[cfg(test)]
mod scripted;
#[cfg(test)]
mod tests;
