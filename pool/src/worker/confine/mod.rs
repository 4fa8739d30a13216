//! Giving up what a worker does not need.
//!
//! WebAssembly is the wall between a script and the host. This is what stands behind it: were a
//! script to break out into the worker, it would be in a process that can compute, answer, and do
//! nothing else. Everything here works for an unprivileged process, and a kernel or container that
//! lacks one of the means is not an error: it is reported, in the log and in `/readyz`.
//!
//! | when | what |
//! |---|---|
//! | at birth | dies with its parent; no new privileges; no capabilities; no core dumps; first to go when memory runs out |
//! | before the image is loaded | Landlock: reads the image and its own `/proc` entry, nothing else; no TCP |
//! | after | Landlock: no files at all |
//! | before the first program | limits on files, processes, memory; a seccomp filter on all threads |

mod landlock;
mod process;
mod seccomp;

use super::protocol::Start;
use crate::LimitPolicy;
use std::fmt::Display;
use std::os::fd::RawFd;
use std::path::Path;

pub(super) use process::at_birth;

/// What confines this process so far.
#[derive(Debug)]
pub(super) struct Confinement {
    pub(super) active: Vec<String>,
    pub(super) missing: Vec<String>,
    landlock: bool,
}

impl Confinement {
    /// What can be done before the image is loaded, and before there are threads.
    pub(super) fn begin(start: &Start<'_>) -> Self {
        let mut confinement = Self {
            // What it is at all: a process apart from the server's, with its own memory.
            active: vec!["worker_process".to_owned()],
            missing: Vec::new(),
            landlock: start.landlock,
        };
        confinement.note("no_new_privs", process::has_no_new_privs());
        confinement.note("no_capabilities", process::has_no_capabilities());
        if start.landlock {
            confinement.landlock = match landlock::only_read(Path::new(start.image)) {
                Ok(enforced) => enforced,
                Err(error) => {
                    confinement.missing.push(format!("landlock: {error}"));
                    return confinement;
                }
            };
            if !confinement.landlock {
                confinement
                    .missing
                    .push("landlock: not in this kernel".to_owned());
            }
        } else {
            confinement.missing.push("landlock: turned off".to_owned());
        }
        confinement
    }

    /// Once everything is loaded: no more files, for this thread and those it starts. (The thread
    /// that watches deadlines exists already, and keeps the rights to read the image.)
    pub(super) fn close_files(&mut self) {
        if self.landlock {
            let nothing = landlock::nothing().map(|_enforced| ());
            self.note("landlock", nothing);
        }
    }

    /// Once all threads are there: the rest.
    /// What is read and written from then on are these two files.
    pub(super) fn complete(
        mut self,
        start: &Start<'_>,
        policy: &LimitPolicy,
        (inbox, outbox): (RawFd, RawFd),
    ) -> Self {
        self.note("rlimits", process::limit_resources(start, policy));
        if start.seccomp {
            self.note("seccomp", seccomp::apply(inbox, outbox));
        } else {
            self.missing.push("seccomp: turned off".to_owned());
        }
        self
    }

    fn note(&mut self, name: &str, result: Result<(), impl Display>) {
        match result {
            Ok(()) => self.active.push(name.to_owned()),
            Err(error) => self.missing.push(format!("{name}: {error}")),
        }
    }
}
