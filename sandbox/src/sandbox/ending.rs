//! From what the engine says of a run to its outcome.

use belljar_contract::{Answer, Delivery, Ending, Outcome, Stop, Usage, Verdict};
use belljar_engine::{self as engine, Cause, Output};
use wasmtime::Trap;

/// What the meaning of a trap depends on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meter {
    /// It has nothing left. It stops a run by a trap.
    pub(super) is_empty: bool,
    /// Someone asked the run to stop, which makes the meter do the same.
    pub(super) interrupted: Option<Cause>,
}

/// The outcome of a run; takes what was written and handed over.
pub(super) fn outcome(
    verdict: &Verdict<'_>,
    (ended, meter): (wasmtime::Result<i32>, Meter),
    output: &mut Output,
    delivery: Delivery,
    usage: Usage,
) -> Outcome {
    let verdict = Verdict {
        exceeded: output.exceeded.map(Into::into),
        ..*verdict
    };
    let ending = ending(ended, delivery.answer, meter);
    let written = [&mut output.stdout, &mut output.stderr].map(std::mem::take);
    verdict.outcome(ending, written, delivery.display, usage)
}

fn ending(ended: wasmtime::Result<i32>, answer: Option<Answer>, meter: Meter) -> Ending {
    let error = match ended {
        Ok(_) => return Ending::Returned(answer),
        Err(error) => error,
    };
    if let Some(stop) = error.downcast_ref::<engine::Stop>() {
        return Ending::Stopped((*stop).into());
    }
    match error.downcast_ref::<Trap>() {
        // A check of the meter. If both hold, fuel decides, because it does so on every run.
        Some(Trap::UnreachableCodeReached) if meter.is_empty => {
            Ending::Stopped(Stop::FuelExhausted)
        }
        Some(Trap::UnreachableCodeReached) => match meter.interrupted {
            Some(cause) => Ending::Stopped(cause.into()),
            None => Ending::Trapped,
        },
        Some(Trap::StackOverflow) => Ending::StackOverflow,
        Some(_) | None => Ending::Trapped,
    }
}
