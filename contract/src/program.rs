//! The program that is to be executed.

use crate::Limits;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The way in which a script is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The script defines `main`; its return value is the answer.
    Function,
    /// The script is a whole program; the answer is its exit code and what it printed.
    Program,
}

/// A script with everything it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// The way in which the script is run.
    pub mode: Mode,
    /// The Python source.
    pub script: String,
    /// The argument of `main`, as JSON text; ignored in program mode.
    pub input: Option<String>,
    /// The bytes that it reads from standard input.
    pub stdin: Vec<u8>,
    /// Its arguments: `sys.argv[1:]`.
    pub args: Vec<String>,
    /// Its environment variables, each name once.
    pub env: Vec<(String, String)>,
    /// The limits that it asks for.
    pub limits: Limits,
    /// Makes random numbers and clocks depend on this alone.
    pub seed: Option<u64>,
    /// `true` if the items that it displays are wanted.
    pub display: bool,
}

impl Program {
    /// A script whose `main` is called.
    pub fn function(script: impl Into<String>) -> Self {
        Self::new(Mode::Function, script)
    }

    /// A script that is a whole program.
    #[expect(
        clippy::self_named_constructors,
        reason = "named after the mode, like `function`"
    )]
    pub fn program(script: impl Into<String>) -> Self {
        Self::new(Mode::Program, script)
    }

    /// A script that is run in this mode.
    pub fn new(mode: Mode, script: impl Into<String>) -> Self {
        Self {
            mode,
            script: script.into(),
            input: None,
            stdin: Vec::new(),
            args: Vec::new(),
            env: Vec::new(),
            limits: Limits::default(),
            seed: None,
            display: true,
        }
    }

    /// The argument of `main`, as JSON text. It must be valid JSON.
    #[must_use]
    pub fn input(mut self, json: impl Into<String>) -> Self {
        self.input = Some(json.into());
        self
    }

    /// Sets what the script reads from standard input.
    #[must_use]
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// The script's arguments: `sys.argv[1:]`.
    #[must_use]
    pub fn args(mut self, args: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.args = args.into_iter().map(Into::into).collect();
        self
    }

    /// Environment variables: what `os.environ` has besides a constant few.
    #[must_use]
    pub fn env(
        mut self,
        variables: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Self {
        self.env = variables
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        self
    }

    /// Limits of this execution; what is not set has its default.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Makes random numbers and clocks depend on `seed` alone: the same program then gives the
    /// same answer, fuel included, on every run.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Sets whether the items that the script displays are wanted. They are, unless this says
    /// otherwise. If not, it is not even rendered.
    #[must_use]
    pub fn display(mut self, wanted: bool) -> Self {
        self.display = wanted;
        self
    }
}
