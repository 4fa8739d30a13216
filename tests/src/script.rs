//! Building an execution.

use crate::{Run, shared};
use belljar::{Belljar, Canceller, LimitPolicy, Limits, Program};
use serde_json::Value;
use std::time::Instant;

/// An execution to be.
///
/// A test that asks for one limit is about that one. How much a script works, prints or allocates
/// before a deadline depends on the machine, so the other limits then are out of its reach: all of
/// them beside a deadline, and the deadline beside any of the others.
#[derive(Debug, Clone)]
pub struct Script {
    program: Program,
    limits: Limits,
    is_a_strangers: bool,
}

/// A deadline that is not what a test is about.
const FAR_AWAY_MS: u64 = 300_000;

/// A script that defines `main`.
pub fn script(source: impl Into<String>) -> Script {
    Script::of(Program::function(source))
}

/// A script that is a whole program.
pub fn program(source: impl Into<String>) -> Script {
    Script::of(Program::program(source))
}

impl Script {
    /// Begins with a program that is already built.
    pub fn of(program: Program) -> Self {
        Self {
            program,
            limits: Limits::default(),
            is_a_strangers: false,
        }
    }

    /// Leaves what is not asked for at its default, for a Belljar that allows no more.
    #[must_use]
    pub fn of_a_stranger(mut self) -> Self {
        self.is_a_strangers = true;
        self
    }

    /// The argument of `main`.
    #[must_use]
    pub fn input(mut self, input: &Value) -> Self {
        self.program = self.program.input(input.to_string());
        self
    }

    /// Sets what the script reads from standard input.
    #[must_use]
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.program = self.program.stdin(bytes);
        self
    }

    /// The script's arguments.
    #[must_use]
    pub fn args<const N: usize>(mut self, args: [&str; N]) -> Self {
        self.program = self.program.args(args);
        self
    }

    /// Makes chance and time repeatable.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.program = self.program.seed(seed);
        self
    }

    /// The wall-clock limit.
    #[must_use]
    pub fn timeout_ms(mut self, limit: u64) -> Self {
        self.limits.timeout_ms = Some(limit);
        self
    }

    /// The instruction limit.
    #[must_use]
    pub fn fuel(mut self, limit: u64) -> Self {
        self.limits.fuel = Some(limit);
        self
    }

    /// The memory limit.
    #[must_use]
    pub fn memory_bytes(mut self, limit: u64) -> Self {
        self.limits.memory_bytes = Some(limit);
        self
    }

    /// The limit of each stream.
    #[must_use]
    pub fn output_bytes(mut self, limit: u64) -> Self {
        self.limits.output_bytes = Some(limit);
        self
    }

    /// As much time, fuel and memory as a person's own scripts may have.
    #[must_use]
    pub fn generously(self) -> Self {
        self.timeout_ms(FAR_AWAY_MS)
            .fuel(LimitPolicy::widest().maximum.fuel)
            .memory_bytes(2 << 30)
    }

    /// The program that is given to the library.
    pub fn build(self) -> Program {
        let limits = match self.is_a_strangers {
            true => self.limits,
            false => apart(self.limits),
        };
        self.program.limits(limits)
    }

    /// Runs it in the Belljar that all tests share.
    #[track_caller]
    pub fn run(self) -> Run {
        self.run_in(shared())
    }

    /// Runs it in a certain Belljar.
    #[track_caller]
    pub fn run_in(self, belljar: &Belljar) -> Run {
        self.run_with(belljar, &belljar.canceller())
    }

    /// Runs it so that it can be cancelled.
    #[track_caller]
    pub fn run_with(self, belljar: &Belljar, canceller: &Canceller) -> Run {
        self.try_run_with(belljar, canceller)
            .unwrap_or_else(|problem| panic!("{problem}"))
    }

    /// As the others; what is wrong if it did not run, or came to what nothing may come to.
    pub(crate) fn try_run_with(
        self,
        belljar: &Belljar,
        canceller: &Canceller,
    ) -> Result<Run, String> {
        let program = self.build();
        let start = Instant::now();
        match belljar.execute_with(&program, canceller) {
            Ok(outcome) => Run::new(outcome, start.elapsed()),
            Err(error) => Err(format!("the script never ran: {error}")),
        }
    }
}

/// The limits that were asked for, and the others where they cannot be met before them.
fn apart(mut asked: Limits) -> Limits {
    if asked.timeout_ms.is_some() {
        let widest = LimitPolicy::widest().maximum;
        asked.fuel.get_or_insert(widest.fuel);
        asked.memory_bytes.get_or_insert(2 << 30);
        asked.output_bytes.get_or_insert(widest.output_bytes);
    } else if asked != Limits::default() {
        asked.timeout_ms = Some(FAR_AWAY_MS);
    }
    asked
}
