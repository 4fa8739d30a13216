//! The pool as its users see it.

use super::config::PoolConfig;
use super::error::PoolError;
use super::machine::Scheduler;
use super::shared::Shared;
use super::spawner::Spawner;
use super::submit::{Submitted, submit};
use super::supervisor::supervise;
use super::ticket::Ticket;
use crate::describe::describe;
use crate::worker::frame;
use crate::worker::protocol::Request;
use crate::{
    Executor, ExecutorStatus, Job, NotReady, Outcome, PoolMetrics, Rejection, RuntimeInfo,
};
use belljar_engine::{EngineSettings, pagemap};
use belljar_python_runtime::{BuildOptions, Cache, Image};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// Executes programs in worker processes. Cheap to clone; workers end when the last clone is
/// dropped.
#[derive(Debug, Clone)]
pub struct Pool {
    owner: Arc<Owner>,
}

/// An outcome, and how long its execution waited for a sandbox.
#[derive(Debug)]
#[non_exhaustive]
pub struct Executed {
    /// How it ended.
    pub outcome: Outcome,
    /// From the request to a sandbox.
    pub queue_wait: Duration,
}

/// Stops the pool when its last user is gone: the supervisors, which share the rest, are not users.
#[derive(Debug)]
struct Owner {
    shared: Arc<Shared>,
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.shared.driver.stop();
    }
}

impl Pool {
    /// Starts the workers, and returns without waiting for them: executions that come before they
    /// are ready wait in the queue. See [`ready`](Self::ready).
    ///
    /// # Errors
    ///
    /// When the image is missing or damaged, or the operating system refuses a thread.
    ///
    /// # Panics
    ///
    /// Outside of a Tokio runtime, or in one without its timer or its input and output.
    pub fn start(config: PoolConfig) -> Result<Self, PoolError> {
        if config.workers == 0 || config.sandboxes_per_worker == 0 {
            return Err(PoolError::Setting(
                "a pool needs at least one worker with at least one sandbox",
            ));
        }
        let system = |what| move |source| PoolError::System { what, source };
        let image = match &config.image {
            Some(directory) => Image::open(directory)?,
            None => {
                // How many sandboxes there will be does not change the image.
                let settings = EngineSettings::execution(config.sandboxes_per_worker);
                let cache = Cache::open().map_err(belljar_python_runtime::Error::from)?;
                belljar_python_runtime::find(&cache, BuildOptions { settings })?
            }
        };
        // Workers do not share our working directory.
        let directory =
            std::path::absolute(image.directory()).map_err(system("find the image's directory"))?;
        let image_directory = directory
            .into_os_string()
            .into_string()
            .map_err(|_| PoolError::Setting("the path of the image is not UTF-8"))?;
        let program = match &config.program {
            Some(program) => std::path::absolute(program),
            None => std::env::current_exe(),
        }
        .map_err(system("find the program to start workers with"))?;
        let spawner = Spawner::new(program).map_err(system("start a thread"))?;

        let shared = Arc::new(Shared::new(config, image, image_directory));
        for index in 0..shared.config.workers as usize {
            tokio::spawn(supervise(Arc::clone(&shared), spawner.clone(), index));
        }
        let owner = Arc::new(Owner { shared });
        Ok(Self { owner })
    }

    /// Waits until at least one worker is ready.
    ///
    /// # Errors
    ///
    /// At once when every worker has failed to start: they are tried again in the background, but
    /// what fails for all of them rarely goes away by itself, and whoever waits wants to know. Else
    /// when none is ready within `patience`.
    pub async fn ready(&self, patience: Duration) -> Result<(), PoolError> {
        let shared = self.shared();
        let decided = shared.driver.until(|scheduler| {
            let load = scheduler.load();
            load.workers > 0 || load.all_failed
        });
        let decided = timeout(patience, decided).await;
        if decided.is_ok() && shared.driver.look(Scheduler::load).workers > 0 {
            return Ok(());
        }
        Err(PoolError::NotReady {
            reason: shared.last_failure(),
        })
    }

    /// Executes one program, and says how long it waited. As [`Executor::execute`]: dropping the
    /// future cancels.
    ///
    /// # Errors
    ///
    /// When the program never reached a sandbox.
    pub async fn run(&self, job: Job) -> Result<Executed, Rejection> {
        let shared = self.shared();
        let (id, answer) = submit(shared, &job)?;
        let ticket = Ticket::new(shared, id);
        let (result, queue_wait) = match answer {
            Submitted::Running(answer) => answer.await,
            Submitted::Waiting(mut answer) => {
                tokio::select! {
                    answer = &mut answer => answer,
                    () = sleep(shared.config.queue_timeout) => {
                        shared.driver.drive(|driven, now| driven.scheduler.expire(id, now));
                        answer.await
                    }
                }
            }
        }
        // The other end is dropped unanswered only with the whole pool.
        .map_err(|_| Rejection::Unavailable("the service has ended".to_owned()))?;
        ticket.keep();
        result.map(|outcome| Executed {
            outcome,
            queue_wait,
        })
    }

    /// What programs are executed with, and what the kernel has for it.
    pub fn info(&self) -> RuntimeInfo<'_> {
        let shared = self.shared();
        RuntimeInfo {
            image: shared.image.manifest(),
            policy: shared.config.policy,
            pagemap_scan: shared.has_pagemap_scan(),
            pagemap_regions: pagemap::REGION_LIMIT,
        }
    }

    /// Counters since the start.
    pub fn metrics(&self) -> PoolMetrics {
        self.shared().counters.snapshot()
    }

    /// How this pool was configured.
    pub fn config(&self) -> &PoolConfig {
        &self.shared().config
    }

    /// Refuses what is new, waits up to `grace` for what is waiting and running, and ends the
    /// workers. What has not ended by then is cancelled.
    pub async fn shutdown(&self, grace: Duration) {
        let shared = self.shared();
        shared.driver.drive(|driven, _| driven.scheduler.refuse());
        let idle = shared.driver.until(|scheduler| {
            let load = scheduler.load();
            load.running == 0 && load.queued == 0
        });
        if timeout(grace, idle).await.is_err() {
            let load = shared.driver.look(Scheduler::load);
            tracing::warn!(
                load.running,
                load.queued,
                "shutting down before all is done"
            );
        }
        shared
            .driver
            .drive(|driven, now| driven.scheduler.clear(now));
        shared.driver.stop();
        let ended = shared
            .driver
            .until(|scheduler| scheduler.load().workers == 0);
        // They are killed, not asked: this takes no time worth mentioning.
        let _ = timeout(Duration::from_secs(5), ended).await;
    }

    /// Has a worker try what it must not be able to do: opening files and sockets, starting
    /// programs. Returns what it tried with the number of the error it met, 0 for success.
    ///
    /// For tests and for operators who want to see the confinement work. It harms nothing, and no
    /// client can reach it. `None` when no worker answers.
    pub async fn probe(&self) -> Option<Vec<(String, i32)>> {
        let shared = self.shared();
        let found = shared.await_probe();
        let probe = Arc::new(frame::encode(&Request::Probe).ok()?);
        shared
            .driver
            .drive(|driven, _| driven.scheduler.send_to_any(probe))?;
        timeout(Duration::from_secs(5), found).await.ok()?.ok()
    }

    /// The process ids of the workers that are ready.
    pub fn worker_pids(&self) -> Vec<u32> {
        self.shared().driver.look(Scheduler::pids)
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.owner.shared
    }
}

impl Executor for Pool {
    async fn ready(&self, patience: Duration) -> Result<(), NotReady> {
        let ready = Self::ready(self, patience).await;
        ready.map_err(|error| NotReady(error.to_string()))
    }

    async fn execute(&self, job: Job) -> Result<Outcome, Rejection> {
        self.run(job).await.map(|executed| executed.outcome)
    }

    fn status(&self) -> ExecutorStatus {
        let shared = self.shared();
        let load = shared.driver.look(Scheduler::load);
        let clamp = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        ExecutorStatus {
            workers: clamp(load.workers),
            sandboxes: shared.config.sandboxes(),
            running: clamp(load.running),
            parked: clamp(load.parked),
            queued: clamp(load.queued),
            restarts: shared.counters.restarts.get(),
            isolation: load.isolation,
        }
    }

    fn describe(&self) -> Result<belljar_contract::RuntimeInfo, Rejection> {
        let status = self.status();
        if status.workers == 0 {
            return Err(Rejection::Unavailable("no worker is up".to_owned()));
        }
        let shared = self.shared();
        let manifest = shared.image.manifest();
        Ok(describe(manifest, &shared.config.policy, status.isolation))
    }

    fn metrics(&self) -> PoolMetrics {
        Self::metrics(self)
    }

    async fn stop(&self, grace: Duration) {
        self.shutdown(grace).await;
    }
}
