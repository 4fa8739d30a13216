//! Keeps one worker alive.

use super::backoff::Backoff;
use super::hearsay::{hearsay, log_errors};
use super::link::Link;
use super::losing::Loss;
use super::proof;
use super::renewal::Renewal;
use super::running::{Outlet, Worker};
use super::scheduler::Lie;
use super::shared::Shared;
use super::spawner::Spawner;
use super::watching::Watched;
use crate::event::most_ahead;
use crate::events::Flood;
use crate::worker::frame::{self, FrameBuffer, FrameError};
use crate::worker::protocol::{Ending, Request, Response, Start, response_bytes};
use crate::worker::wire::decode_events;
use crate::{Outcome, Refusal, Rejection};
use std::convert::Infallible;
use std::io;
use std::os::fd::OwnedFd;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::AsyncReadExt;
use tokio::net::UnixStream;
use tokio::net::unix::OwnedReadHalf;
use tokio::net::unix::pipe::Receiver;
use tokio::sync::oneshot;
use tokio::time::{MissedTickBehavior, interval, sleep};

/// How often a worker is looked after. A stuck one is noticed this much late at most.
const LOOK: Duration = Duration::from_millis(250);

/// Why a worker's life ended.
#[derive(Debug, thiserror::Error)]
enum End {
    #[error("the pool is shut down")]
    ShutDown,
    #[error("its process ended")]
    Closed,
    #[error("its connection failed: {0}")]
    Connection(#[from] io::Error),
    #[error("it could not be started: {0}")]
    Spawn(#[source] io::Error),
    #[error("it could not get ready: {0}")]
    Failed(String),
    #[error("it was not ready in time")]
    Late,
    #[error("it sent {0}")]
    Frame(#[from] FrameError),
    #[error("it sent a result that is not JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("it sent a message out of order")]
    Order,
    #[error("it told more of an execution than was read")]
    Flood,
    #[error("it spoke of {0}")]
    Lie(#[from] Lie),
    #[error("it did not answer in time: it is stuck")]
    Stuck,
    #[error("it is replaced: it kept much memory, and there is nothing to do")]
    Renewed,
}

/// Starts worker `index` again and again, until the pool is shut down.
pub(super) async fn supervise(shared: Arc<Shared>, spawner: Spawner, index: usize) {
    let config = &shared.config;
    let mut backoff = Backoff::new(config.restart_wait, config.restart_wait_max);
    loop {
        let born = Instant::now();
        let (leave, left) = oneshot::channel();
        let (own, starter) = (Arc::clone(&shared), spawner.clone());
        let life = tokio::spawn(async move { Life::live(&own, &starter, index, leave).await });
        let end = tokio::select! {
            end = life => match end {
                Ok(end) => end,
                // Its panic was told; it had a worker, which ends with it.
                Err(_) => End::Closed,
            },
            Ok(()) = left => {
                // It still has something to execute, but takes nothing new: another takes over.
                shared.counters.restarts.add(1);
                continue;
            }
        };
        if matches!(end, End::ShutDown) {
            return;
        }
        if matches!(end, End::Renewed) {
            continue;
        }
        shared.counters.restarts.add(1);
        let patience = config.queue_timeout;
        shared
            .scheduler()
            .give_up(patience, Instant::now(), &shared.counters);
        let wait = backoff.wait(born.elapsed());
        tokio::select! {
            () = sleep(wait) => {}
            () = shared.stopped() => return,
        }
    }
}

/// One worker, from its start to its end.
struct Life<'a> {
    shared: &'a Arc<Shared>,
    index: usize,
    /// Its number.
    key: u64,
    link: Arc<Link>,
    pid: u32,
    ready: bool,
    /// Tells that it takes nothing new.
    leave: Option<oneshot::Sender<()>>,
}

impl Life<'_> {
    async fn live(
        shared: &Arc<Shared>,
        spawner: &Spawner,
        index: usize,
        leave: oneshot::Sender<()>,
    ) -> End {
        let started = spawner.start().await;
        let started = started.and_then(|(process, stream, errors)| {
            let errors = errors.map(OwnedFd::from).map(Receiver::from_owned_fd);
            Ok((process, UnixStream::from_std(stream)?, errors.transpose()?))
        });
        let (process, stream, errors) = match started {
            Ok(started) => started,
            Err(error) => {
                let end = End::Spawn(error);
                tracing::error!(worker = index, "worker lost: {end}");
                shared.note_failed_start(index, end.to_string());
                return end;
            }
        };
        let pid = process.id();
        tracing::debug!(worker = index, pid, "worker started");
        if let Some(errors) = errors {
            // Ends with the worker: nobody else has the other end.
            tokio::spawn(log_errors(errors, index, pid));
        }
        let (reading, writing) = stream.into_split();
        let link = Arc::new(Link::new(writing));
        let sender = tokio::spawn(Arc::clone(&link).send_the_rest());
        let mut life = Life {
            shared,
            index,
            key: shared.scheduler().take_id(),
            link,
            pid,
            ready: false,
            leave: Some(leave),
        };
        let Err(end) = life.listen(reading).await;
        // First those who wait are told, then the process is buried.
        let loss = match end {
            End::ShutDown => Loss::ShutDown,
            _ => Loss::Died,
        };
        let lost = shared
            .scheduler()
            .lose(life.key, loss, Instant::now(), &shared.counters);
        life.dispatch_all();
        shared.changed.notify_waiters();
        sender.abort();
        let was_ready = life.ready;
        drop(life);
        let status = process.end().await.map(|status| status.to_string());
        let status = status.unwrap_or_default();
        if matches!(end, End::ShutDown | End::Renewed) {
            tracing::debug!(worker = index, pid, status, "worker ended: {end}");
        } else {
            shared.counters.lost.add(lost);
            tracing::error!(worker = index, pid, status, lost, "worker lost: {end}");
            if !was_ready {
                let reason = match end {
                    // Here the status says most: killed by which signal, for example.
                    End::Closed | End::Connection(_) => format!("{end} ({status})"),
                    _ => end.to_string(),
                };
                shared.note_failed_start(index, reason);
            }
        }
        end
    }

    /// Reads what the worker says until there is a reason to end it.
    async fn listen(&mut self, mut reading: OwnedReadHalf) -> Result<Infallible, End> {
        let shared = Arc::clone(self.shared);
        let config = &shared.config;
        let start = Request::Start(Start {
            image: &shared.image_directory,
            sandboxes: config.sandboxes_per_worker,
            parked: config.parked_per_worker,
            parked_bytes: config.parked_bytes,
            cores: config.cores_per_worker(),
            default: config.policy.default.to_array(),
            maximum: config.policy.maximum.to_array(),
            seccomp: config.seccomp,
            landlock: config.landlock,
        });
        self.link
            .push(&frame::encode(&start).map_err(FrameError::from)?);
        self.link.flush();

        let late = Instant::now() + config.start_timeout;
        let mut buffer = FrameBuffer::new(response_bytes(&config.policy));
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut renewal = Renewal::new(self.pid, config.sandboxes_per_worker);
        let mut stopped = pin!(shared.stopped());
        loop {
            tokio::select! {
                biased;
                () = &mut stopped => return Err(End::ShutDown),
                count = reading.read(buffer.space()) => {
                    match count? {
                        0 => return Err(End::Closed),
                        count => buffer.filled(count),
                    }
                    while let Some(message) = buffer.next()? {
                        self.hear(postcard::from_bytes(message).map_err(FrameError::from)?)?;
                    }
                }
                due = look.tick() => {
                    if due.elapsed() > LOOK {
                        // We stood still ourselves, as when a machine is moved; so did the worker,
                        // whose answer may be on its way. The next look tells.
                        continue;
                    }
                    if !self.ready && Instant::now() > late {
                        return Err(End::Late);
                    }
                    self.watch()?;
                    // Alone, it would be missed.
                    if config.workers > 1
                        && renewal.is_due(shared.counters.accepted.get())
                        && shared.scheduler().retire(self.key)
                    {
                        return Err(End::Renewed);
                    }
                }
            }
        }
    }

    /// Sees to it that what does not end harms nobody else.
    fn watch(&mut self) -> Result<(), End> {
        let shared = self.shared;
        let now = Instant::now();
        let mut scheduler = shared.scheduler();
        scheduler.give_up(shared.config.queue_timeout, now, &shared.counters);
        let watched = scheduler.watch(self.key, now, &shared.counters);
        drop(scheduler);
        match watched {
            Watched::Fine => Ok(()),
            Watched::Stuck => Err(End::Stuck),
            Watched::Asked(link) => {
                link.flush();
                tracing::warn!(
                    worker = self.index,
                    pid = self.pid,
                    "an execution does not end: its worker takes nothing new"
                );
                if let Some(leave) = self.leave.take() {
                    // Fails if nobody cares any more.
                    let _ = leave.send(());
                }
                Ok(())
            }
        }
    }

    fn hear(&mut self, response: Response<'_>) -> Result<(), End> {
        let shared = self.shared;
        match response {
            Response::Ready(ready) if !self.ready => {
                self.ready = true;
                let index = self.index;
                for missing in &ready.missing {
                    let missing = hearsay(missing);
                    tracing::warn!(worker = index, "worker is less confined: {missing}");
                }
                let isolation = proof::isolation(self.pid, &ready.isolation);
                for claim in &ready.isolation {
                    if !isolation.contains(claim) {
                        let claim = hearsay(claim);
                        tracing::warn!(worker = index, claim, "worker is not as it says");
                    }
                }
                tracing::info!(
                    worker = index,
                    pid = self.pid,
                    isolation = isolation.join(","),
                    "worker ready"
                );
                shared.note_pagemap_scan(ready.pagemap_scan);
                let link = Arc::clone(&self.link);
                let worker = Worker::new(self.key, link, self.pid, isolation);
                shared.scheduler().attach(index, worker);
                self.dispatch_all();
                shared.changed.notify_waiters();
                Ok(())
            }
            Response::Failed { reason } => Err(End::Failed(hearsay(reason))),
            Response::Done { id, ending } if self.ready => {
                let result = outcome(ending)?;
                // The place is free: first the next one is sent on its way.
                let now = Instant::now();
                let mut scheduler = shared.scheduler();
                scheduler.finish(self.key, id, result, now, &shared.counters)?;
                let next = scheduler.dispatch(now, &shared.counters);
                let idle = scheduler.refusing;
                drop(scheduler);
                if let Some(link) = next {
                    link.flush();
                    self.dispatch_all();
                }
                if idle {
                    shared.changed.notify_waiters();
                }
                Ok(())
            }
            Response::Told { id, events } if self.ready => self.tell(id, events),
            Response::Parked { id, bytes } if self.ready => {
                shared.scheduler().park(self.key, id, bytes)?;
                self.dispatch_all();
                Ok(())
            }
            Response::Woke { id } if self.ready => {
                let goes_on = shared.scheduler().wake(self.key, id)?;
                match goes_on {
                    Some(link) => link.flush(),
                    None => self.dispatch_all(),
                }
                Ok(())
            }
            Response::Alive if shared.scheduler().note_alive(self.key) => Ok(()),
            Response::Probed { tried } if self.ready => {
                let tried = tried
                    .into_iter()
                    .map(|(what, errno)| (hearsay(what), errno));
                shared.note_probe(tried.collect());
                Ok(())
            }
            Response::Ready(_)
            | Response::Done { .. }
            | Response::Told { .. }
            | Response::Parked { .. }
            | Response::Woke { .. }
            | Response::Alive
            | Response::Probed { .. } => Err(End::Order),
        }
    }

    /// Passes on what an execution gave. One worker may hold up none but its own.
    fn tell(&self, id: u64, events: &[u8]) -> Result<(), End> {
        let (listener, mut allowance) = self.shared.scheduler().telling(self.key, id)?;
        let mut wrong = None;
        let events = decode_events(events).map_while(|event| match event {
            Ok(event) if allowance.covers(&event) => Some(event),
            Ok(_) => {
                wrong = Some(End::Lie(Lie::TooMuch));
                None
            }
            Err(error) => {
                wrong = Some(FrameError::from(error).into());
                None
            }
        });
        let most = most_ahead(&self.shared.config.policy);
        listener.send(events, most).map_err(|Flood| End::Flood)?;
        wrong.map_or(Ok(()), Err)?;
        self.shared.scheduler().told(self.key, id, allowance);
        Ok(())
    }

    /// Gives away the places there are.
    fn dispatch_all(&self) {
        let shared = self.shared;
        let next = || (shared.scheduler()).dispatch(Instant::now(), &shared.counters);
        while let Some(link) = next() {
            link.flush();
        }
    }
}

fn outcome(ending: Ending<'_>) -> Result<Result<Outcome, Rejection>, serde_json::Error> {
    Ok(match ending {
        Ending::Outcome(outcome) => Ok(outcome.to_outcome()?),
        Ending::Refused(reason) => Err(Refusal::Invalid(hearsay(reason)).into()),
        Ending::Failed(reason) => {
            tracing::error!("no sandbox could be made: {}", hearsay(reason));
            Err(Rejection::Unavailable(
                "no sandbox could be made".to_owned(),
            ))
        }
    })
}
