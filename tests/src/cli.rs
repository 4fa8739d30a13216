//! The real binary.

use serde_json::{Value, json};
use std::ffi::OsStr;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A call of `belljar`.
#[derive(Debug)]
pub struct Cli {
    command: Command,
    stdin: Vec<u8>,
}

/// A call that has ended. Its methods assert, and hand it on.
#[derive(Debug)]
pub struct Finished {
    /// The exit status; `None` if a signal ended it.
    pub status: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// From its start to its end.
    pub elapsed: Duration,
}

impl Cli {
    /// A call with these arguments, in this process's environment.
    pub fn new(args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        let mut command = Command::new(binary());
        // A panic should look as it does to a user.
        command.args(args).env_remove("RUST_BACKTRACE");
        command.env_remove("BELLJAR_IMAGE");
        Self {
            command,
            stdin: Vec::new(),
        }
    }

    /// `belljar run -` with the script on standard input.
    pub fn run_script(script: &str, args: &[&str]) -> Finished {
        Self::new(["run", "-"].iter().chain(args))
            .stdin(script)
            .run()
    }

    /// More arguments.
    #[must_use]
    pub fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.command.args(args);
        self
    }

    /// An environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// None of the variables that this process has for settings.
    #[must_use]
    pub fn without_settings(mut self) -> Self {
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("BELLJAR_") {
                self.command.env_remove(name);
            }
        }
        self
    }

    /// Sets what it reads from standard input.
    #[must_use]
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// Runs it to its end.
    #[track_caller]
    pub fn run(mut self) -> Finished {
        let start = Instant::now();
        let mut child = self
            .command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut pipe = child.stdin.take().expect("a pipe was asked for");
        let bytes = self.stdin;
        // Beside reading its output, and it may end without reading all: both are its right.
        let writer = std::thread::spawn(move || drop(pipe.write_all(&bytes)));
        let output = child.wait_with_output().expect("the binary ends");
        writer.join().expect("the writer ends");
        Finished {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("UTF-8 on stdout"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8 on stderr"),
            elapsed: start.elapsed(),
        }
    }
}

impl Finished {
    /// It had this exit status.
    #[track_caller]
    pub fn exits_with(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "{self:?}");
        self
    }

    /// Its standard output is one JSON text.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// It refused the script as every way in does: status 2, the error as JSON, nothing on stderr.
    #[track_caller]
    pub fn refuses_script(self, error_type: &str, clearly: &str) -> Self {
        let this = self.exits_with(2);
        assert_eq!(this.stderr, "", "{this:?}");
        let mut body = this.json();
        let error = body["error"].take();
        let rest = json!({"error": null, "error_type": error_type, "stdout": "", "stderr": ""});
        assert_eq!(body, rest, "{this:?}");
        let error = error.as_str().unwrap_or_default();
        assert!(error.contains(clearly), "no {clearly:?} in {error:?}");
        this
    }

    /// It failed as a good program does: status 2, one clear line on stderr, nothing on stdout.
    #[track_caller]
    pub fn refuses(self, clearly: &str) -> Self {
        let this = self.exits_with(2);
        assert_eq!(this.stdout, "", "{this:?}");
        assert_eq!(this.stderr.lines().count(), 1, "{this:?}");
        assert!(this.stderr.starts_with("belljar: "), "{this:?}");
        assert!(
            this.stderr.contains(clearly),
            "no {clearly:?} in {:?}",
            this.stderr
        );
        for noise in ["panicked", "RUST_BACKTRACE", "stack backtrace", "Caused by"] {
            assert!(!this.stderr.contains(noise), "{this:?}");
        }
        this
    }
}

/// `$BELLJAR_BIN`, or the binary that was built beside these tests.
pub fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("BELLJAR_BIN") {
        return PathBuf::from(path);
    }
    // target/release/deps/all-0123: the binary is in target/release.
    let test = std::env::current_exe().expect("this test has a path");
    let binary = test
        .ancestors()
        .nth(2)
        .expect("in a target directory")
        .join("belljar");
    assert!(
        binary.is_file(),
        "there is no {}: build it with `cargo build --release -p belljar-host`, or set BELLJAR_BIN",
        binary.display()
    );
    binary
}
