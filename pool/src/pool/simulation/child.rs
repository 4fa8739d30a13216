//! A worker process of the simulation: an honest one, which speaks the real protocol.

use super::script::{Deed, Last, Script};
use crate::worker::frame::{self, FrameBuffer};
use crate::worker::protocol::{Ending, REQUEST_BYTES, Ready, Request, Response};
use crate::worker::wire_events::encode_events;
use crate::{Completion, Event, Fault, FaultKind, Outcome};
use std::collections::BTreeMap;

/// One process.
#[derive(Debug)]
pub(super) struct Child {
    buffer: FrameBuffer,
    executions: BTreeMap<u64, Execution>,
    places: usize,
    most: usize,
    /// Until when it stands still, in microseconds.
    pub(super) frozen_until: u64,
}

#[derive(Debug)]
struct Execution {
    script: Script,
    is_heard: bool,
    phase: Phase,
    /// The number of steps it has made: a step that it was to make before is none.
    steps: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Computes,
    Sleeps,
    /// It waits for its place.
    Waits,
    Hangs,
}

/// An act of a process.
#[derive(Debug)]
pub(super) enum Does {
    /// It sends a message.
    Says(Vec<u8>),
    /// It goes on with an execution after so many microseconds, if nothing else happens before.
    Continues { id: u64, step: u64, after: u64 },
    /// It stops an execution after so many microseconds, unless that has ended.
    Stops { id: u64, after: u64 },
    /// It gets ready.
    Starts,
    /// It dies.
    Dies,
}

impl Child {
    pub(super) fn new(places: usize, parked: usize) -> Self {
        Self {
            buffer: FrameBuffer::new(REQUEST_BYTES),
            executions: BTreeMap::new(),
            places,
            most: places + parked,
            frozen_until: 0,
        }
    }

    /// Tells whether one of its executions cannot be stopped.
    pub(super) fn hangs(&self) -> bool {
        let mut executions = self.executions.values();
        executions.any(|execution| execution.phase == Phase::Hangs)
    }

    /// Takes what has arrived.
    pub(super) fn read(&mut self, mut bytes: &[u8]) -> Vec<Does> {
        let mut does = Vec::new();
        while !bytes.is_empty() {
            let space = self.buffer.space();
            let count = space.len().min(bytes.len());
            space[..count].copy_from_slice(&bytes[..count]);
            self.buffer.filled(count);
            bytes = &bytes[count..];
            while let Some(message) = self.buffer.next().unwrap() {
                let message = message.to_vec();
                self.hear(postcard::from_bytes(&message).unwrap(), &mut does);
            }
        }
        does
    }

    fn hear(&mut self, request: Request<'_>, does: &mut Vec<Does>) {
        match request {
            Request::Start(_) => does.push(Does::Starts),
            Request::Execute { id, program, tell } => {
                let program = program.to_program();
                let execution = Execution {
                    script: Script::parse(&program.script),
                    is_heard: tell,
                    phase: Phase::Computes,
                    steps: 0,
                };
                let timeout = program.limits.timeout_ms.unwrap() * 1_000;
                let before = self.executions.insert(id, execution);
                assert!(before.is_none(), "{id} is given once");
                assert!(
                    self.executions.len() <= self.most,
                    "no more than it may have"
                );
                does.push(Does::Stops { id, after: timeout });
                self.go_on(id, does);
            }
            Request::Cancel { id } => self.stop(id, FaultKind::Cancelled, does),
            Request::Resume { id } => {
                if let Some(execution) = self.executions.get_mut(&id) {
                    assert_eq!(
                        execution.phase,
                        Phase::Waits,
                        "{id} goes on when it wants to"
                    );
                    execution.phase = Phase::Computes;
                    self.go_on(id, does);
                }
            }
            Request::Ping => does.push(says(&Response::Alive)),
            Request::Read { .. } => {}
            Request::Probe => panic!("nobody probes"),
        }
        let computing = self.executions.values();
        let computing = computing.filter(|one| matches!(one.phase, Phase::Computes | Phase::Hangs));
        assert!(
            computing.count() <= self.places,
            "no more run than there are places"
        );
    }

    pub(super) fn ready(&self) -> Does {
        says(&Response::Ready(Ready {
            isolation: vec!["simulated".to_owned()],
            missing: Vec::new(),
            pagemap_scan: false,
        }))
    }

    pub(super) fn fail(&self) -> Does {
        says(&Response::Failed {
            reason: "it is one that fails",
        })
    }

    /// The time of a step has come.
    pub(super) fn step(&mut self, id: u64, step: u64) -> Vec<Does> {
        let mut does = Vec::new();
        let Some(execution) = self.executions.get_mut(&id) else {
            return does;
        };
        if execution.steps != step {
            return does;
        }
        if execution.phase == Phase::Sleeps {
            execution.phase = Phase::Waits;
            does.push(says(&Response::Woke { id }));
        } else {
            self.go_on(id, &mut does);
        }
        does
    }

    /// Makes an execution do what is next.
    fn go_on(&mut self, id: u64, does: &mut Vec<Does>) {
        let Some(execution) = self.executions.get_mut(&id) else {
            return;
        };
        while let Some(deed) = execution.script.deeds.pop_front() {
            execution.steps += 1;
            let step = execution.steps;
            match deed {
                Deed::Computes(after) => {
                    does.push(Does::Continues { id, step, after });
                    return;
                }
                Deed::Sleeps(after, bytes) => {
                    execution.phase = Phase::Sleeps;
                    does.push(says(&Response::Parked { id, bytes }));
                    does.push(Does::Continues { id, step, after });
                    return;
                }
                Deed::Writes(bytes) => {
                    if execution.is_heard {
                        let text = vec![b'x'; usize::try_from(bytes).unwrap()];
                        let events = encode_events(vec![Event::Stdout(text)]);
                        does.push(says(&Response::Told {
                            id,
                            events: &events,
                        }));
                    }
                }
            }
        }
        match execution.script.last {
            Last::Returns => {
                self.executions.remove(&id);
                does.push(done(id, Completion::Exited(0)));
            }
            Last::Continues => {}
            Last::Kills => does.push(Does::Dies),
            Last::Hangs => execution.phase = Phase::Hangs,
        }
    }

    /// Stops an execution, if that can be.
    pub(super) fn stop(&mut self, id: u64, kind: FaultKind, does: &mut Vec<Does>) {
        let phase = self.executions.get(&id).map(|execution| execution.phase);
        if phase.is_some_and(|phase| phase != Phase::Hangs) {
            self.executions.remove(&id);
            does.push(done(id, Completion::Fault(Fault::new(kind, "stopped"))));
        }
    }
}

/// The answer to an execution, whose output is its number.
fn done(id: u64, completion: Completion) -> Does {
    let outcome = Outcome {
        stdout: id.to_string().into_bytes(),
        ..Outcome::bare(completion)
    };
    let ending = Ending::Outcome((&outcome).into());
    says(&Response::Done { id, ending })
}

fn says(response: &Response<'_>) -> Does {
    Does::Says(frame::encode(response).unwrap())
}
