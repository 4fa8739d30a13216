//! Keeps one worker alive: drives its [`Slot`], and the [`Life`](super::machine::Life) of each worker
//! that is in it.

use super::machine::{End, Next, Slot};
use super::shared::Shared;
use super::spawner::Spawner;
use super::talk::Talk;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::oneshot;
use tokio::time::sleep;

/// Starts worker `index` again and again, until the pool is shut down.
pub(super) async fn supervise(shared: Arc<Shared>, spawner: Spawner, index: usize) {
    let config = &shared.config;
    let waits = (config.restart_wait, config.restart_wait_max);
    let mut slot = Slot::new(waits, Instant::now(), Arc::clone(&shared.counters));
    loop {
        slot.start(Instant::now());
        let (leave, left) = oneshot::channel();
        let (own, starter) = (Arc::clone(&shared), spawner.clone());
        let life = tokio::spawn(async move { Talk::hold(&own, &starter, index, leave).await });
        let next = tokio::select! {
            // A panic was told; it had a worker, which ends with it.
            end = life => slot.ended(&end.unwrap_or(End::Closed), Instant::now()),
            Ok(()) = left => slot.left(),
        };
        match next {
            Next::Start => {}
            Next::Rest => return,
            Next::StartAfter(wait) => {
                shared
                    .driver
                    .drive(|driven, now| driven.scheduler.give_up(now));
                tokio::select! {
                    () = sleep(wait) => {}
                    () = shared.driver.stopped() => return,
                }
            }
        }
    }
}
