//! The way from a program to an execution.

use super::machine::{Answer, Place, Submission};
use super::shared::Shared;
use super::waiters::Waiter;
use crate::worker::frame;
use crate::worker::protocol::{REQUEST_BYTES, Request};
use crate::{Job, Refusal, Rejection};
use std::sync::Arc;
use tokio::sync::oneshot;

/// An execution that was accepted, with where its answer comes.
pub(super) enum Submitted {
    Running(oneshot::Receiver<Answer>),
    Waiting(oneshot::Receiver<Answer>),
}

/// Checks what is cheap to check here, and hands the program to the scheduler. The worker checks
/// the rest.
pub(super) fn submit(shared: &Shared, job: &Job) -> Result<(u64, Submitted), Rejection> {
    let program = &job.program;
    program.check_script()?;
    let limits = shared.config.policy.resolve(&program.limits)?;
    let id = shared.driver.take_id();
    let frame = frame::encode(&Request::Execute {
        id,
        program: program.into(),
        tell: job.events.is_some(),
    })
    .map_err(|error| Refusal::Invalid(error.to_string()))?;
    if frame.len() > REQUEST_BYTES {
        let problem = format!("the program has {} bytes in all", frame.len());
        return Err(Refusal::Invalid(format!("{problem}, the limit is {REQUEST_BYTES}")).into());
    }
    let submission = Submission {
        frame: Arc::new(frame),
        timeout: limits.timeout(),
        output_bytes: limits.output_bytes,
        is_heard: job.events.is_some(),
    };
    let (sender, answer) = oneshot::channel();
    let waiter = Waiter {
        answer: sender,
        events: job.events.clone(),
    };
    let place = shared.driver.drive(|driven, now| {
        let place = driven.scheduler.submit(id, &job.client, submission, now)?;
        driven.waiters.add(id, waiter);
        Ok::<_, Rejection>(place)
    })?;
    Ok((
        id,
        match place {
            Place::Given => Submitted::Running(answer),
            Place::Queued => Submitted::Waiting(answer),
        },
    ))
}
