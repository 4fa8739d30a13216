//! The natives that the sandbox is compared with: CPython of its version with numpy and pandas of its versions,
//! natively, and the test suites. All of it is pinned and lies in the cache.

use crate::checkout::Checkout;
use crate::step;
use anyhow::{Context, Result};
use belljar_cache::key;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Lists Debian's packages of the interpreter.
const PACKAGES: &str = "fidelity/packages.txt";

/// Unpacks them.
const SCRIPT: &str = "xtask/debian-python.sh";

/// Lists what comes from Python's own package index.
const REQUIREMENTS: &str = "fidelity/requirements.txt";

/// Packs modules for the sandbox, with byte code.
const PACK: &str = "fidelity/python/pack.py";

const ADVICE: &str = "it needs x86-64, Debian's apt and dpkg, and Python 3 with pip";

/// The platforms that wheels may be built for, newest first.
const PLATFORMS: [&str; 4] = [
    "manylinux_2_28_x86_64",
    "manylinux_2_27_x86_64",
    "manylinux_2_24_x86_64",
    "manylinux2014_x86_64",
];

/// The archives for the sandbox: name, whether it is of the packages (else of the standard
/// library), and what is in it. pytest goes with the tests that need it.
const ARCHIVES: [(&str, bool, &[&str]); 3] = [
    ("cpython", false, &["test/**/*"]),
    (
        "numpy",
        true,
        &[
            "numpy/**/tests/**/*",
            "numpy/conftest.py",
            "numpy/testing/**/*.py",
        ],
    ),
    (
        "pandas",
        true,
        &[
            "pandas/tests/**/*.py",
            "pandas/conftest.py",
            "pandas/_testing/**/*.py",
            "pandas/util/_test_decorators.py",
        ],
    ),
];

/// The modules that each archive of tests for pytest has beside them.
const PYTEST: &[&str] = &[
    "pytest/**/*",
    "_pytest/**/*",
    "py.py",
    "pluggy/**/*",
    "iniconfig/**/*",
    "packaging/**/*",
    "pygments/**/*",
    "hypothesis/**/*",
    "_hypothesis*",
    "sortedcontainers/*",
];

/// A native Python, and the suites.
#[derive(Debug)]
pub(crate) struct Native {
    python: PathBuf,
    packages: PathBuf,
    archives: PathBuf,
}

impl Native {
    /// Tells a command where they are.
    pub(crate) fn name_in<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("BELLJAR_NATIVE_PYTHON", self.python())
            .env("BELLJAR_NATIVE_PACKAGES", &self.packages)
            .env("BELLJAR_FIDELITY_ARCHIVES", &self.archives)
    }

    /// The program that starts the interpreter.
    pub(crate) fn python(&self) -> PathBuf {
        self.python.join("python3.15")
    }

    /// The directory of its packages.
    pub(crate) fn packages(&self) -> &Path {
        &self.packages
    }
}

/// True for a machine that can have it at all.
pub(crate) fn is_possible() -> bool {
    cfg!(target_arch = "x86_64") && Command::new("apt-get").arg("--version").output().is_ok()
}

/// Fetches what is not there.
pub(crate) fn ensure(checkout: &Checkout) -> Result<Native> {
    let path = |name: &str| checkout.root().join(name);
    let text = |name: &str| {
        fs::read_to_string(path(name)).with_context(|| format!("could not read {name}"))
    };
    let packages_key = key(text(PACKAGES)? + &text(SCRIPT)?);
    let python = checkout.cached(&format!("python-3.15-{packages_key}"), |directory| {
        step::announced(
            "CPython 3.15 and its tests, from Debian's packages",
            Command::new("sh")
                .arg(path(SCRIPT))
                .arg(directory)
                .arg(path(PACKAGES)),
            ADVICE,
        )
    })?;
    let requirements_key = key(text(REQUIREMENTS)?);
    let packages = checkout.cached(
        &format!("native-packages-{requirements_key}"),
        |directory| install(&path(REQUIREMENTS), directory),
    )?;
    let archives = pack(
        checkout,
        &python,
        &packages,
        &[packages_key, requirements_key],
    )?;
    Ok(Native {
        python,
        packages,
        archives,
    })
}

fn install(requirements: &Path, directory: &Path) -> Result<()> {
    let mut pip = Command::new("python3");
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--require-hashes",
    ])
    .args(["--only-binary=:all:", "--python-version", "3.15"])
    .args([
        "--implementation",
        "cp",
        "--no-compile",
        "--ignore-requires-python",
    ]);
    for platform in PLATFORMS {
        pip.args(["--platform", platform]);
    }
    pip.arg("--target")
        .arg(directory)
        .arg("--requirement")
        .arg(requirements);
    step::announced("numpy, pandas, pytest and the suites", &mut pip, ADVICE)
}

fn pack(checkout: &Checkout, python: &Path, packages: &Path, keys: &[String]) -> Result<PathBuf> {
    let script = checkout.root().join(PACK);
    let content = fs::read_to_string(&script).with_context(|| format!("could not read {PACK}"))?;
    let key = key(format!("{content}{keys:?}{ARCHIVES:?}{PYTEST:?}"));
    checkout.cached(&format!("fidelity-archives-{key}"), |directory| {
        for (name, of_packages, patterns) in ARCHIVES {
            let mut command = Command::new(python.join("python3.15"));
            command
                .arg(&script)
                .arg(directory.join(format!("{name}.zip")));
            if of_packages {
                command.arg(packages).args(patterns).args(PYTEST);
            } else {
                command
                    .arg(python.join("usr/lib/python3.15"))
                    .args(patterns);
            }
            step::announced(
                &format!("packing the tests of {name}"),
                &mut command,
                ADVICE,
            )?;
        }
        Ok(())
    })
}
