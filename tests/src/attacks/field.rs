//! The place and the time of an attack.

use crate::client::{Answer, Client, Connection, Trouble};
use crate::http::Server;
use serde_json::Value;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Addresses that attacks come from when they come from many.
const ADDRESSES: u16 = 64;

/// The number of the first of these clients: neighbours have smaller ones.
const FIRST: u16 = 1000;

/// The time between two looks of a waiting attacker at whether the attack is over.
const LOOK: Duration = Duration::from_millis(100);

/// The pause after a refusal, so that a client that is turned away does more than connect: an
/// attack is to meet the server, not to use up the time of the machine.
const AFTER_REFUSAL: Duration = Duration::from_millis(20);

/// The addresses of attackers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// All at one address.
    One,
    /// At many.
    Many,
}

/// A server under attack.
pub struct Field<'a> {
    /// The server.
    pub server: &'a Server,
    ends: &'a AtomicBool,
    faults: Mutex<Vec<String>>,
}

impl fmt::Debug for Field<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Field").finish_non_exhaustive()
    }
}

impl<'a> Field<'a> {
    /// A field that is there until this becomes true.
    pub fn new(server: &'a Server, ends: &'a AtomicBool) -> Self {
        raise_descriptors();
        let faults = Mutex::default();
        Self {
            server,
            ends,
            faults,
        }
    }

    /// `true` while the attack goes on.
    pub fn goes_on(&self) -> bool {
        !self.ends.load(Ordering::Relaxed)
    }

    /// Waits for so long, or until the attack is over.
    pub fn wait(&self, time: Duration) {
        let mut left = time;
        while self.goes_on() && !left.is_zero() {
            let now = left.min(LOOK);
            thread::sleep(now);
            left -= now;
        }
    }

    /// The attacker of this number.
    pub fn client(&self, from: From, number: u16) -> Client {
        let number = match from {
            From::One => FIRST,
            From::Many => FIRST + number % ADDRESSES,
        };
        Client::new(self.server, number)
    }

    /// A connection of this attacker; none when there is none to be had.
    pub fn connect(&self, from: From, number: u16) -> Option<Connection> {
        self.client(from, number).connect(LOOK).ok()
    }

    /// Does the same with so many attackers at once, each again and again until the end.
    pub fn each(&self, attackers: u16, act: impl Fn(u16) + Sync) {
        thread::scope(|scope| {
            for number in 0..attackers {
                let act = &act;
                scope.spawn(move || {
                    give_way();
                    while self.goes_on() {
                        act(number);
                    }
                });
            }
        });
    }

    /// So many attackers, each of which sends the same request again as soon as it was answered.
    pub fn storm(&self, from: From, attackers: u16, request: &[u8]) {
        self.each(attackers, |number| {
            self.ask(from, number, request);
        });
    }

    /// Sends a request on a new connection and waits for the answer, or the end of the attack.
    pub fn ask(&self, from: From, number: u16, request: &[u8]) -> Option<Answer> {
        let answer = self.connect(from, number).and_then(|mut connection| {
            // Whether it was sent shows in the answer.
            let _ = connection.send(request);
            self.hold(&mut connection)
        });
        if answer.as_ref().is_none_or(|answer| answer.status == 503) {
            self.wait(AFTER_REFUSAL);
        }
        answer
    }

    /// Waits for an answer, as long as the attack lasts.
    pub fn hold(&self, connection: &mut Connection) -> Option<Answer> {
        while self.goes_on() {
            match connection.receive() {
                Ok(answer) => {
                    self.judge(&answer);
                    return Some(answer);
                }
                Err(Trouble::Late) => {}
                Err(_) => return None,
            }
        }
        None
    }

    /// Notes an answer that no attacker should be able to get: what a script does is never the
    /// server's fault.
    fn judge(&self, answer: &Answer) {
        if answer.status == 500 {
            let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
            faults.push(answer.summary());
        }
    }

    /// The answers that no attacker should have got.
    pub fn faults(&self) -> Vec<String> {
        let faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        faults.clone()
    }
}

/// Leaves the processor to others, for this thread: attackers have machines of their own. Here
/// hundreds of them share two cores with the server and the residents, who would wait for *them*.
pub fn give_way() {
    // Half-way to the least there is: a server that is busy does not keep the attack from going on.
    const NICE: libc::c_int = 10;
    // SAFETY: it takes numbers only; 0 is the thread that calls.
    let result = unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, NICE) };
    assert_eq!(result, 0, "everybody may be nicer");
}

/// Lets this process have all the descriptors that it may: an attack can need more than the thousand
/// that are customary.
fn raise_descriptors() {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: the limits are read to, and written from, a place that is there.
    let result = unsafe {
        libc::getrlimit(libc::RLIMIT_NOFILE, &mut limit);
        limit.rlim_cur = limit.rlim_max;
        libc::setrlimit(libc::RLIMIT_NOFILE, &limit)
    };
    assert_eq!(result, 0, "everybody may have what is allowed");
}

/// A request for the program mode, as bytes.
pub(super) fn run(body: &Value) -> Vec<u8> {
    crate::neighbours::post("/run", "application/json", &body.to_string())
}

/// The same for an answer that comes while the script runs.
pub(super) fn streamed(body: &Value) -> Vec<u8> {
    crate::neighbours::post("/run", "text/event-stream", &body.to_string())
}
