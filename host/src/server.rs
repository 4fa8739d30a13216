//! Servers as they are asked for: which executor, which site.

use crate::config::Config;
use crate::error::{ServeError, system};
use crate::executor_http::{ExecutorHttp, Token, TokenGate};
use crate::front::{Compiled, Front, FrontError};
use crate::http::{Handler, Listener, Site};
use crate::life::{Listeners, Parts, live, threads};
use crate::log;
use crate::shutdown::Signals;
use belljar_pool::{Pool, PoolConfig, heap, parked_per_worker};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Builder;

/// Serves the HTTP API until a signal comes and what runs has ended.
///
/// # Errors
///
/// When something needed is missing, before the first connection is accepted.
pub fn serve(config: &Config) -> Result<(), ServeError> {
    run(config, async |parts: Parts<Pool>| {
        // Compiling takes 0.4 s the first time, while the workers start.
        let own = config.clone();
        let compiled = tokio::task::spawn_blocking(move || Compiled::find(&own))
            .await
            .map_err(|error| ServeError::Front(error.to_string()))?;
        let front = |error: FrontError| ServeError::Front(error.to_string());
        let Parts { executor, metrics } = parts;
        let handler = Front::new(compiled.map_err(front)?, config, executor, metrics);
        Ok(Site {
            handler: handler.map_err(front)?,
            gates: Vec::new(),
        })
    })
}

/// Serves the executor protocol, likewise, to those who show `token`.
///
/// # Errors
///
/// As [`serve`].
pub fn serve_executor(config: &Config, token: Token) -> Result<(), ServeError> {
    run(config, async |parts: Parts<Pool>| {
        Ok(Site {
            handler: ExecutorHttp::new(parts.executor),
            gates: vec![Box::new(TokenGate(token))],
        })
    })
}

fn run<H: Handler>(
    config: &Config,
    site: impl AsyncFnOnce(Parts<Pool>) -> Result<Site<H>, ServeError>,
) -> Result<(), ServeError> {
    heap::give_back_large_blocks();
    log::start(&config.log).map_err(system("start a thread"))?;
    let runtime = Builder::new_multi_thread()
        .worker_threads(threads())
        .enable_all()
        .build()
        .map_err(system("start the event loop"))?;
    let result = runtime.block_on(start(config, site));
    // What a client's end left behind must not keep the process.
    runtime.shutdown_background();
    log::flush();
    result
}

/// Starts what a server is made of, and lets it live.
async fn start<H: Handler>(
    config: &Config,
    site: impl AsyncFnOnce(Parts<Pool>) -> Result<Site<H>, ServeError>,
) -> Result<(), ServeError> {
    let mut signals = Signals::take().map_err(system("take over signals"))?;
    let listeners = Listeners {
        clients: bind(&config.http.listen).await?,
        admin: match &config.http.admin_listen {
            Some(address) => Some(bind(address).await?),
            None => None,
        },
    };
    let pool = Arc::new(Pool::start(pool_config(config))?);
    let told_to_stop = async {
        let (name, _) = signals.next().await;
        signals.end_at_next();
        name
    };
    live(config, &listeners, pool, site, told_to_stop).await
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
    let mut wanted = PoolConfig::default();
    wanted.workers = pool.workers;
    wanted.sandboxes_per_worker = pool.sandboxes.div_ceil(pool.workers.max(1));
    wanted.parked_per_worker = parked_per_worker(pool.parked, pool.workers);
    wanted.parked_bytes = pool.parked_bytes;
    wanted.queue_length = pool.queue as usize;
    wanted.queue_timeout = Duration::from_millis(pool.queue_timeout_ms);
    wanted.image.clone_from(&pool.image);
    wanted.policy = config.limits.into();
    wanted
}
