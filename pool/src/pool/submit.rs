//! From a program to an execution.

use super::answer::Answer;
use super::running::Outlet;
use super::scheduler::Submission;
use super::shared::Shared;
use crate::worker::frame;
use crate::worker::protocol::{REQUEST_BYTES, Request};
use crate::{Job, Refusal, Rejection};
use std::time::Instant;
use tokio::sync::oneshot;

/// Whether an execution has a worker already, with where its answer comes.
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
    let id = shared.scheduler().take_id();
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
    let (sender, answer) = oneshot::channel();
    let submission = Submission {
        frame,
        timeout: limits.timeout(),
        output_bytes: limits.output_bytes,
        answer: sender,
        events: job.events.clone(),
    };
    let now = Instant::now();
    let given = shared
        .scheduler()
        .submit(id, &job.client, submission, now, &shared.counters)?;
    Ok((
        id,
        match given {
            Some(link) => {
                link.flush();
                Submitted::Running(answer)
            }
            None => Submitted::Waiting(answer),
        },
    ))
}
