//! A server's life: start, serve, end.

use super::admin::Admin;
use super::config::{Config, Http};
use super::describe::describe;
use super::front::{Compiled, Front, FrontError};
use super::http::{Budget, Handler, Listener, Shares, Stage, Turns};
use super::log;
use super::metered::Metered;
use super::metrics::{Metrics, PoolReading};
use super::shutdown::Signals;
use crate::executor_http::{ExecutorHttp, Token};
use belljar_contract::RuntimeInfo;
use belljar_pool::Executor;
use belljar_pool::heap;
use belljar_pool::{Pool, PoolConfig, PoolError, parked_per_worker};
use std::future::pending;
use std::io::{self, Write};
use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};
use tokio::runtime::Builder;
use tokio::sync::watch;

/// For how many cores there is a thread that serves connections. With small programs serving takes a
/// third of the time and executing the rest; more threads would only take turns with the workers,
/// which costs both: one fewer on two cores gave 15% more requests a second.
const CORES_PER_THREAD: usize = 3;

/// How long workers may take to start.
const START_PATIENCE: Duration = Duration::from_secs(30);

/// How long clients whose scripts the end of the grace period cancelled get to hear of it.
const FAREWELL: Duration = Duration::from_millis(500);

/// How often a server that stops looks whether its connections are gone.
const LOOK: Duration = Duration::from_millis(5);

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is taken, not ours, or not an address.
    #[error("could not listen on {address}: {error}{}", advice(error))]
    Listen {
        /// The address.
        address: String,
        /// Why.
        error: io::Error,
    },
    /// The workers did not start.
    #[error(transparent)]
    Pool(#[from] PoolError),
    /// The front cannot be hosted.
    #[error("{0}")]
    Front(String),
    /// The operating system refused something.
    #[error("could not {what}: {error}")]
    System {
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        error: io::Error,
    },
}

fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            "; another program listens there: end it, or choose another port with --listen \
             (port 0 takes any free one)"
        }
        io::ErrorKind::PermissionDenied => "; ports below 1024 are for root: choose another",
        _ => "; expected HOST:PORT of this machine",
    }
}

fn system(what: &'static str) -> impl FnOnce(io::Error) -> ServeError {
    move |error| ServeError::System { what, error }
}

/// Serves the HTTP API until a signal comes and what runs has ended.
///
/// # Errors
///
/// When something needed is missing, before the first connection is accepted.
pub fn serve(config: &Config) -> Result<(), ServeError> {
    run(config, async |parts: Parts| {
        // Compiling takes 0.4 s the first time, while the workers start.
        let own = config.clone();
        let compiled = tokio::task::spawn_blocking(move || Compiled::find(&own))
            .await
            .map_err(|error| ServeError::Front(error.to_string()))?;
        let front = |error: FrontError| ServeError::Front(error.to_string());
        let Parts {
            executor,
            description,
            metrics,
        } = parts;
        Front::new(
            compiled.map_err(front)?,
            config,
            executor,
            description,
            metrics,
        )
        .map_err(front)
    })
}

/// Serves the executor protocol, likewise, to those who show `token`.
///
/// # Errors
///
/// As [`serve`].
pub fn serve_executor(config: &Config, token: Token) -> Result<(), ServeError> {
    run(config, async |parts: Parts| {
        Ok(ExecutorHttp::new(parts.executor, parts.description, token))
    })
}

/// What a handler is made of.
struct Parts {
    executor: Metered<Pool>,
    description: RuntimeInfo,
    metrics: Arc<Metrics>,
}

fn run<H: Handler>(
    config: &Config,
    handler: impl AsyncFnOnce(Parts) -> Result<H, ServeError>,
) -> Result<(), ServeError> {
    heap::give_back_large_blocks();
    log::start(&config.log).map_err(system("start a thread"))?;
    let runtime = Builder::new_multi_thread()
        .worker_threads(threads())
        .enable_all()
        .build()
        .map_err(system("start the event loop"))?;
    let result = runtime.block_on(live(config, handler));
    // What a client's end left behind must not keep the process.
    runtime.shutdown_background();
    log::flush();
    result
}

/// Threads that serve connections; as many requests may compute for long at once, beside them.
fn threads() -> usize {
    let cores = available_parallelism().map_or(1, NonZero::get);
    cores.div_ceil(CORES_PER_THREAD)
}

async fn live<H: Handler>(
    config: &Config,
    handler: impl AsyncFnOnce(Parts) -> Result<H, ServeError>,
) -> Result<(), ServeError> {
    let start = Instant::now();
    let signals = Signals::take().map_err(system("take over signals"))?;
    let listener = bind(&config.http.listen).await?;
    let admin = match &config.http.admin_listen {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
    let pool = Pool::start(pool_config(config))?;
    let budget = Budget::new(config.http.memory_bytes);
    let metrics = {
        let (pool, budget) = (pool.clone(), budget.clone());
        Metrics::new(move || PoolReading::of(&pool, budget.used()))
    };
    let info = pool.describe();
    let parts = Parts {
        executor: Metered::new(Arc::new(pool.clone()), Arc::clone(&metrics)),
        description: describe(info.image, &info.policy),
        metrics: Arc::clone(&metrics),
    };
    let ready = async { Ok(pool.ready(START_PATIENCE).await?) };
    let (handler, ()) = tokio::try_join!(handler(parts), ready)?;

    announce(&listener, admin.as_ref(), start.elapsed(), &pool);
    let stage = watch::Sender::new(Stage::Serving);
    let stopped = stop(config, signals, &stage, &pool, &metrics);
    // Its names are not those that clients use: where it listens says which it has.
    let admin_http = Http::default();
    let shares = Shares {
        budget: budget.clone(),
        turns: Turns::new(threads()),
    };
    tokio::select! {
        () = listener.serve(handler, &config.http, shares, Arc::clone(&metrics), stage.subscribe()) => {}
        () = async {
            match &admin {
                // Its connections have metrics of their own, which nobody reads: those that are
                // read are about clients.
                Some(admin) => {
                    let own = Metrics::new(PoolReading::default);
                    let handler = Admin(Arc::clone(&metrics));
                    // Watched to the end: what happens during the shutdown is of interest.
                    let (_always, serving) = watch::channel(Stage::Serving);
                    let shares = Shares {
                        budget: Budget::new(admin_http.memory_bytes),
                        turns: Turns::new(1),
                    };
                    admin.serve(handler, &admin_http, shares, own, serving).await;
                }
                None => pending().await,
            }
        } => {}
        () = heap::give_back_when_idle(|| budget.used()) => {}
        () = stopped => {}
    }
    Ok(())
}

async fn bind(address: &str) -> Result<Listener, ServeError> {
    Listener::bind(address)
        .await
        .map_err(|error| ServeError::Listen {
            address: address.to_owned(),
            error,
        })
}

fn pool_config(config: &Config) -> PoolConfig {
    let pool = &config.pool;
    PoolConfig {
        workers: pool.workers,
        sandboxes_per_worker: pool.sandboxes.div_ceil(pool.workers.max(1)),
        parked_per_worker: parked_per_worker(pool.parked, pool.workers),
        parked_bytes: pool.parked_bytes,
        queue_length: pool.queue as usize,
        queue_timeout: Duration::from_millis(pool.queue_timeout_ms),
        image: pool.image.clone(),
        policy: config.limits.into(),
        ..PoolConfig::default()
    }
}

/// Says where to go, to people and to scripts that read our standard output.
fn announce(listener: &Listener, admin: Option<&Listener>, took: Duration, pool: &Pool) {
    let status = pool.status();
    let isolation = status.isolation.join(", ");
    tracing::info!(
        address = %listener.address(),
        workers = pool.config().workers,
        sandboxes = status.sandboxes,
        isolation,
        start_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "ready"
    );
    let mut out = io::stdout().lock();
    // Nobody may be reading: that is no reason not to serve.
    let _ = writeln!(out, "Belljar listens on http://{}", listener.address());
    if let Some(admin) = admin {
        let _ = writeln!(out, "Metrics are at http://{}/metrics", admin.address());
    }
    let _ = out.flush();
}

/// Waits for a signal, then until everything has ended or the grace period is over.
async fn stop(
    config: &Config,
    mut signals: Signals,
    stage: &watch::Sender<Stage>,
    pool: &Pool,
    metrics: &Metrics,
) {
    let (name, _) = signals.next().await;
    signals.end_at_next();
    let grace = config.http.shutdown_grace();
    let running = pool.status().running;
    tracing::info!(
        signal = name,
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
    pool.shutdown(Duration::ZERO).await;
    // Those whose scripts were cancelled just now are told so, if they listen.
    let _ = tokio::time::timeout(FAREWELL, gone()).await;
    tracing::info!("stopped");
}
