//! Talks with one worker, from its start to its end: reads what it says, and looks after it.

use super::link::Link;
use super::machine::{End, Heard, LOOK, Life, Look, Renewal, Worker, believed, hearsay};
use super::memory::own_memory;
use super::proof;
use super::shared::Shared;
use super::spawner::Spawner;
use super::stderr::log_errors;
use crate::event::most_ahead;
use crate::events::Flood;
use crate::worker::frame::{self, FrameBuffer, FrameError};
use crate::worker::protocol::{Ready, Request, Start, response_bytes};
use std::convert::Infallible;
use std::os::fd::OwnedFd;
use std::pin::pin;
use std::sync::Arc;
use std::time::Instant;
use tokio::io::AsyncReadExt;
use tokio::net::UnixStream;
use tokio::net::unix::OwnedReadHalf;
use tokio::net::unix::pipe::Receiver;
use tokio::sync::oneshot;
use tokio::time::{MissedTickBehavior, interval};

/// The talk with one worker.
pub(super) struct Talk<'a> {
    shared: &'a Arc<Shared>,
    index: usize,
    /// Its number.
    key: u64,
    link: Arc<Link>,
    pid: u32,
    life: Life,
    /// Tells that it takes nothing new.
    leave: Option<oneshot::Sender<()>>,
    has_parted: bool,
}

impl<'a> Talk<'a> {
    /// Starts a worker, and talks with it until there is a reason to end it.
    pub(super) async fn hold(
        shared: &'a Arc<Shared>,
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
        let mut talk = Self {
            shared,
            index,
            key: shared.driver.take_id(),
            link,
            pid,
            life: Life::new(Instant::now(), shared.config.start_timeout),
            leave: Some(leave),
            has_parted: false,
        };
        let Err(end) = talk.listen(reading).await;
        // First those who wait are told, then the process is buried.
        let lost = talk.part(&end);
        sender.abort();
        let was_ready = talk.life.was_ready();
        drop(talk);
        let status = process.end().await.map(|status| status.to_string());
        let status = status.unwrap_or_default();
        if end.is_wanted() {
            tracing::debug!(worker = index, pid, status, "worker ended: {end}");
            return end;
        }
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

        let mut buffer = FrameBuffer::new(response_bytes(&config.policy));
        let mut looks = interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut renewal = Renewal::new(config.sandboxes_per_worker as usize, Instant::now());
        let mut stopped = pin!(shared.driver.stopped());
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
                        self.hear(message)?;
                    }
                }
                due = looks.tick() => {
                    match self.life.look(due.into_std(), Instant::now())? {
                        Look::Now => {
                            self.watch()?;
                            self.renew(&mut renewal)?;
                        }
                        Look::Late(late) => shared.driver.drive(|driven, now| {
                            driven.scheduler.excuse(self.key, late, now);
                        }),
                    }
                }
            }
        }
    }

    /// Takes one message.
    fn hear(&mut self, message: &[u8]) -> Result<(), End> {
        let heard = self.life.hear(message)?;
        if let Heard::NoSandbox { reason, .. } = &heard {
            tracing::error!("no sandbox could be made: {reason}");
        }
        let rest = (self.shared.driver)
            .drive(|driven, now| driven.scheduler.hear(self.key, heard, now))?;
        match rest {
            Some(Heard::Ready(ready)) => self.attach(&ready),
            Some(Heard::Told { id, events }) => self.tell(id, events)?,
            Some(Heard::Probed(tried)) => self.shared.note_probe(tried),
            _ => {}
        }
        Ok(())
    }

    /// Gives a worker that is ready to the scheduler.
    fn attach(&self, ready: &Ready) {
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
        self.shared.note_pagemap_scan(ready.pagemap_scan);
        let worker = Worker::new(self.key, self.pid, isolation);
        let link = Arc::clone(&self.link);
        self.shared.driver.drive(|driven, now| {
            driven.waiters.connect(self.key, link);
            driven.scheduler.attach(index, worker, now);
        });
    }

    /// Passes on what an execution gave. One worker may hold up none but its own.
    fn tell(&self, id: u64, events: &[u8]) -> Result<(), End> {
        let (allowance, listener) = self.shared.driver.drive(|driven, _| {
            let allowance = driven.scheduler.telling(self.key, id)?;
            Ok::<_, End>((allowance, driven.waiters.listener(id)))
        })?;
        let mut tale = believed(events, allowance);
        match listener {
            Some(listener) => {
                let most = most_ahead(&self.shared.config.policy);
                listener
                    .send(tale.by_ref(), most)
                    .map_err(|Flood| End::Flood)?;
            }
            // It was answered for already.
            None => tale.by_ref().for_each(drop),
        }
        let left = tale.left()?;
        self.shared
            .driver
            .drive(|driven, _| driven.scheduler.told(self.key, id, left));
        Ok(())
    }

    /// Sees to it that what does not end harms nobody else.
    fn watch(&mut self) -> Result<(), End> {
        let watched = self.shared.driver.drive(|driven, now| {
            driven.scheduler.give_up(now);
            driven.scheduler.watch(self.key, now)
        });
        if self.life.leaves(watched)? {
            tracing::warn!(
                worker = self.index,
                pid = self.pid,
                "an execution does not end: its worker takes nothing new"
            );
            if let Some(leave) = self.leave.take() {
                // Fails if nobody cares any more.
                let _ = leave.send(());
            }
        }
        Ok(())
    }

    /// Ends the worker if it keeps much memory and there is nothing to do.
    fn renew(&self, renewal: &mut Renewal) -> Result<(), End> {
        // Alone, it would be missed.
        if self.shared.config.workers > 1
            && renewal.is_idle(self.shared.counters.accepted.get(), Instant::now())
            && renewal.is_due(own_memory(self.pid))
            && self
                .shared
                .driver
                .drive(|driven, _| driven.scheduler.retire(self.key))
        {
            return Err(End::Renewed);
        }
        Ok(())
    }

    /// Takes the worker from the scheduler. Returns how many executions end with it.
    fn part(&mut self, end: &End) -> usize {
        self.has_parted = true;
        self.shared.driver.drive(|driven, now| {
            let lost = driven.scheduler.lose(self.key, end.loss(), now);
            driven.waiters.disconnect(self.key);
            lost
        })
    }
}

impl Drop for Talk<'_> {
    fn drop(&mut self) {
        // After a panic in here: what the worker had must not wait for ever.
        if !self.has_parted {
            self.part(&End::Closed);
        }
    }
}
