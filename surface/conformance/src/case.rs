//! One case: a guest, and what must come of it.

use crate::{Mock, dispatch, guest, world};
use belljar_surface::{Clock, Entropy, Errno, Stdin, Stop, Surface};

/// The end of a guest's run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It returns.
    Returned,
    /// A call ends it.
    Stopped(Stop),
}

/// The part of a run that is seen from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// The guest's standard output. The last thing a guest writes is the lowest part of its memory,
    /// with what every call answered.
    pub stdout: Vec<u8>,
    /// The fuel that it used: the prices of its calls, as its own code is not metered.
    pub fuel: u64,
    /// The end of the run.
    pub ending: Ending,
}

/// One call, and its answer.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) function: &'static str,
    pub(super) arguments: Vec<u64>,
    pub(super) errno: i32,
}

/// A guest: what is in its memory at the start, what it calls, and what must come of it.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its name, which is a sentence.
    pub name: &'static str,
    pub(super) data: Vec<(u32, Vec<u8>)>,
    pub(super) steps: Vec<Step>,
    memory: Vec<(u32, Vec<u8>)>,
    stdout: Option<Vec<u8>>,
    price: Option<u64>,
    ending: Ending,
}

impl Case {
    pub(super) fn new(name: &'static str) -> Self {
        Self {
            name,
            data: Vec::new(),
            steps: Vec::new(),
            memory: Vec::new(),
            stdout: None,
            price: None,
            ending: Ending::Returned,
        }
    }

    /// Puts bytes into the guest's memory.
    pub(super) fn data(mut self, address: u32, bytes: impl AsRef<[u8]>) -> Self {
        self.data.push((address, bytes.as_ref().to_owned()));
        self
    }

    /// Puts a list of buffers into the guest's memory: address and length of each.
    pub(super) fn buffers(self, address: u32, buffers: &[(u32, u32)]) -> Self {
        let words = buffers.iter().flat_map(|(at, len)| [*at, *len]);
        let bytes: Vec<u8> = words.flat_map(u32::to_le_bytes).collect();
        self.data(address, bytes)
    }

    /// A call that succeeds.
    pub(super) fn call(self, function: &'static str, arguments: &[u64]) -> Self {
        self.answered(function, arguments, 0)
    }

    /// A call that is answered with an errno.
    pub(super) fn fails(self, function: &'static str, arguments: &[u64], errno: Errno) -> Self {
        self.answered(function, arguments, errno as i32)
    }

    fn answered(mut self, function: &'static str, arguments: &[u64], errno: i32) -> Self {
        self.steps.push(Step {
            function,
            arguments: arguments.to_owned(),
            errno,
        });
        self
    }

    /// The guest's memory holds these bytes at the end.
    pub(super) fn holds(mut self, address: u32, bytes: impl AsRef<[u8]>) -> Self {
        self.memory.push((address, bytes.as_ref().to_owned()));
        self
    }

    /// Its memory holds this number at the end.
    pub(super) fn holds_u32(self, address: u32, number: u32) -> Self {
        self.holds(address, number.to_le_bytes())
    }

    /// Its memory holds this number at the end.
    pub(super) fn holds_u64(self, address: u32, number: u64) -> Self {
        self.holds(address, number.to_le_bytes())
    }

    /// The last call ends the run.
    pub(super) fn stops(mut self, stop: Stop) -> Self {
        self.ending = Ending::Stopped(stop);
        self
    }

    /// It has written this to standard output before it ends, or before it shows its memory.
    pub(super) fn writes(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.stdout = Some(bytes.as_ref().to_owned());
        self
    }

    /// Its calls cost so much, beside what each costs anyway.
    pub(super) fn costs(mut self, units: u64) -> Self {
        self.price = Some(units);
        self
    }

    /// Everything in which what was observed differs from what the surface does over the mock.
    pub fn differences(&self, observed: &Observed) -> Vec<String> {
        let (expected, _) = self.run();
        let mut differences = Vec::new();
        let mut differ = |what: String| differences.push(format!("{}: {what}", self.name));
        if observed.ending != expected.ending {
            differ(format!(
                "it ends with {:?}, not {:?}",
                observed.ending, expected.ending
            ));
        }
        if observed.fuel != expected.fuel {
            differ(format!("it costs {}, not {}", observed.fuel, expected.fuel));
        }
        if observed.stdout != expected.stdout {
            let (found, expected) = (&observed.stdout, &expected.stdout);
            let pairs = found.iter().zip(expected);
            let first = pairs
                .take_while(|(found, expected)| found == expected)
                .count();
            let lengths = (found.len(), expected.len());
            differ(format!(
                "from byte {first} on it shows something else (bytes: {lengths:?})"
            ));
        }
        differences
    }

    /// Runs the case over the mock; also what its calls cost before it shows its memory.
    fn run(&self) -> (Observed, u64) {
        let mut machine = Mock::with_memory(world::MEMORY_PAGES as usize * (64 << 10));
        for (address, bytes) in self.data.iter().chain([&guest::last_buffer()]) {
            machine.memory[*address as usize..][..bytes.len()].copy_from_slice(bytes);
        }
        let mut surface = Surface::new(world::OUTPUT_BYTES);
        surface.clock = Clock::virtual_until(world::DEADLINE);
        surface.entropy = Entropy::seeded(world::SEED);
        surface.stdin = Stdin::new(world::STDIN.to_owned());
        let (mut fuel, mut price) = (0, 0);
        let mut ending = Ending::Returned;
        let last = guest::last_step();
        for (index, step) in self.steps.iter().chain([&last]).enumerate() {
            if index == self.steps.len() {
                price = fuel;
            }
            let Step {
                function,
                arguments,
                ..
            } = step;
            let served = dispatch::call(&mut surface, &mut machine, function, arguments);
            let served = served.and_then(|served| {
                fuel += served.price;
                if fuel > world::FUEL {
                    return Err(Stop::OutOfFuel);
                }
                Ok(served)
            });
            match served {
                Err(stop) => {
                    ending = Ending::Stopped(stop);
                    break;
                }
                Ok(served) if index < self.steps.len() => {
                    let at = guest::errno_address(index) as usize;
                    machine.memory[at..at + 4].copy_from_slice(&served.errno.to_le_bytes());
                }
                Ok(_) => {}
            }
        }
        let observed = Observed {
            stdout: surface.output.stdout,
            fuel,
            ending,
        };
        (observed, price)
    }

    /// Everything in which what the surface does over the mock is not what it must be.
    pub fn complaints(&self) -> Vec<String> {
        let (observed, price) = self.run();
        let mut complaints = Vec::new();
        let mut complain = |what: String| complaints.push(format!("{}: {what}", self.name));
        if observed.ending != self.ending {
            complain(format!(
                "it ends with {:?}, not {:?}",
                observed.ending, self.ending
            ));
        }
        let before = match self.ending {
            Ending::Returned => observed
                .stdout
                .len()
                .saturating_sub(guest::SHOWN_BYTES as usize),
            Ending::Stopped(_) => observed.stdout.len(),
        };
        let (written, shown) = observed.stdout.split_at(before);
        if self.stdout.as_ref().is_some_and(|bytes| bytes != written) {
            complain(format!("it writes {written:?}"));
        }
        if self.ending == Ending::Returned {
            for (index, step) in self.steps.iter().enumerate() {
                let at = guest::errno_address(index) as usize;
                let errno = shown.get(at..at + 4).unwrap_or_default();
                if errno != step.errno.to_le_bytes() {
                    let Step {
                        function,
                        errno: expected,
                        ..
                    } = step;
                    complain(format!(
                        "call {index}, {function}: {errno:?}, not {expected}"
                    ));
                }
            }
            for (address, bytes) in &self.memory {
                let at = *address as usize;
                let found = shown.get(at..at + bytes.len()).unwrap_or_default();
                if found != bytes {
                    complain(format!("at {address} are {found:?}, not {bytes:?}"));
                }
            }
            let calls = self.steps.len() as u64 * belljar_surface::toll::CALL;
            let price = price.saturating_sub(calls);
            if self.price.is_some_and(|expected| price != expected) {
                complain(format!("it costs {price} units beside its calls"));
            }
        }
        complaints
    }
}
