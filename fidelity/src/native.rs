//! Units natively, in a process of their own; what became of them is kept in the cache.

use crate::case::{Cases, Ending, Kind, Report};
use crate::suite::{Suite, Unit, hex, variable};
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The longest that a unit may take.
const TIMEOUT: Duration = Duration::from_secs(300);

/// The native interpreter.
#[derive(Debug)]
pub(crate) struct Native {
    python: PathBuf,
    packages: PathBuf,
    kept: PathBuf,
}

impl Native {
    /// The one that `cargo xtask fidelity` made ready.
    pub(crate) fn open() -> Result<Self> {
        // The archives' directory is named after all that they, and the interpreter, were made from.
        let archives = variable("BELLJAR_FIDELITY_ARCHIVES")?;
        let mut kept = archives.into_os_string();
        kept.push(".native");
        let kept = PathBuf::from(kept);
        fs::create_dir_all(&kept)
            .with_context(|| format!("could not create {}", kept.display()))?;
        Ok(Self {
            python: variable("BELLJAR_NATIVE_PYTHON")?,
            packages: variable("BELLJAR_NATIVE_PACKAGES")?,
            kept,
        })
    }

    /// The version it has, as it says itself.
    pub(crate) fn version(&self) -> Result<String> {
        let output = Command::new(&self.python)
            .args(["-c", "import platform; print(platform.python_version())"])
            .output()
            .context("the native Python could not be started")?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// The cases of a unit. They are found out once, and then kept.
    pub(crate) fn run(&self, suite: &Suite, unit: &Unit) -> Result<Cases> {
        let key = hex(&Sha256::digest(format!("{}\0{}", unit.name, unit.script)));
        let kept = self
            .kept
            .join(format!("{}-{}.json", suite.name.name(), &key[..16]));
        if let Ok(text) = fs::read_to_string(&kept) {
            return Ok(serde_json::from_str(&text)?);
        }
        let cases = self.execute(suite, unit)?;
        let new = kept.with_extension(format!("{:?}", thread::current().id()));
        fs::write(&new, serde_json::to_string(&cases)?)?;
        fs::rename(&new, &kept)?;
        Ok(cases)
    }

    fn execute(&self, suite: &Suite, unit: &Unit) -> Result<Cases> {
        // Tests leave files where they are, and pytest looks for settings around them.
        let directory = tempfile::tempdir()?;
        let script = directory.path().join("script.py");
        fs::write(&script, &*unit.script)?;
        let mut child = Command::new(&self.python)
            .arg("script.py")
            .arg(&unit.name)
            .current_dir(directory.path())
            .env("PYTHONPATH", &self.packages)
            // As it is in the sandbox.
            .env("PYTHONHASHSEED", "0")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            // numpy's tests of huge arrays would take all memory of this machine; no sandbox has it.
            .env("NPY_AVAILABLE_MEM", "1 GB")
            .env("FIDELITY_PYTHON", &self.python)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("the native Python could not be started")?;
        let mut stdout = child.stdout.take().context("no standard output")?;
        let reader = thread::spawn(move || {
            let mut output = Vec::new();
            // What came before an error counts.
            let _ = stdout.read_to_end(&mut output);
            output
        });
        let ended = wait(&mut child)?;
        let output = reader.join().unwrap_or_default();
        let ending = |outcome| Ending {
            outcome,
            why: ended.clone().unwrap_or_default(),
        };
        if suite.programs {
            let outcome = if ended.is_none() {
                Kind::Passed
            } else {
                Kind::Failed
            };
            return Ok(Cases::from([(unit.name.clone(), ending(outcome))]));
        }
        let mut report = Report::read(&output);
        if !report.finished {
            let case = report.unfinished.unwrap_or_else(|| unit.name.clone());
            report.cases.insert(case, ending(Kind::Failed));
        }
        Ok(report.cases)
    }
}

/// The bad end of a process; `None` if it ended well.
fn wait(child: &mut Child) -> Result<Option<String>> {
    let deadline = Instant::now() + TIMEOUT;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok((!status.success()).then(|| status.to_string()));
        }
        if Instant::now() > deadline {
            child.kill()?;
            child.wait()?;
            return Ok(Some("took too long".to_owned()));
        }
        thread::sleep(Duration::from_millis(5));
    }
}
