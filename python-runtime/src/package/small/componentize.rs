//! CPython as `componentize-py` builds it: by pip and by digest, with our harness inside.

use crate::{Cache, Digest, Error, Progress, Result, harness, pipeline};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The tool, which holds CPython and its standard library: Apache-2.0 with the LLVM exception, and
/// the PSF licence.
const REQUIREMENT: &str = "componentize-py==0.25.1";

/// The CPython in it.
pub(super) const PYTHON_VERSION: &str = "3.14.0";

/// Its wheels: Linux on x86-64 and on ARM, macOS on both.
const SHA256: [&str; 4] = [
    "8623cd8cab8453cb0cd8bf03f3c7103420d06f2f3d360186a280a70a1ca5e89f",
    "7b6a87c520358166843af0daa86d2312d7af4cbcbbf1e598951085cf7f2991ca",
    "65fbc4a94df1de8acf7da50a1f5ed1711230188844e53e6332d99029be4e0afa",
    "a556991534cc496207a9d2ca733c4b0f17ed38ef56a8d6b5f1847fdf1225dd1b",
];

/// The world that the interpreter is built for.
const WORLD: &str = include_str!("../../../harness/small.wit");

/// The kind of the cache entry with what pip installed.
const TOOL: &str = "componentize-py";

/// The kind of the cache entry with the component.
const COMPONENT: &str = "small";

/// A component, and the licence of what made it.
pub(super) struct Built {
    pub(super) component: Vec<u8>,
    pub(super) license: PathBuf,
}

/// The interpreter as a component, from the cache if it is there.
pub(super) fn build(cache: &Cache, progress: &dyn Progress) -> Result<Built> {
    let sources = harness::sources_module()?;
    let key = Digest::of_parts([
        REQUIREMENT.as_bytes(),
        SHA256.concat().as_bytes(),
        WORLD.as_bytes(),
        sources.as_bytes(),
        harness::SMALL.as_bytes(),
    ]);
    let entry = key.entry(COMPONENT);
    let file = cache.entry(&entry).join("python.wasm");
    let tool = cache.entry(&tool_entry());
    if !file.exists() || !tool.exists() {
        let _lock = cache.lock(|| progress.begin("Waiting for another set-up"))?;
        if !tool.exists() {
            pipeline::timed(progress, "Fetching componentize-py (17 MB)", || {
                install(cache)
            })?;
        }
        let step = "Preparing Python with its standard library";
        pipeline::timed(progress, step, || {
            cache.create(&entry, |directory| run(&tool, &sources, directory))
        })?;
    }
    Ok(Built {
        component: fs::read(&file).map_err(Error::io("could not read", &file))?,
        license: tool.join("componentize_py-0.25.1.dist-info/licenses/LICENSE"),
    })
}

/// The name of the tool's entry of the cache.
fn tool_entry() -> String {
    Digest::of(SHA256.concat().as_bytes()).entry(TOOL)
}

/// Has pip install the tool, which knows the user's index, proxy and certificates.
fn install(cache: &Cache) -> Result<PathBuf> {
    cache.create(&tool_entry(), |directory| {
        let requirements = directory.join("requirements.txt");
        let hashes = SHA256.map(|sha256| format!(" --hash=sha256:{sha256}"));
        write(
            &requirements,
            &format!("{REQUIREMENT}{}\n", hashes.concat()),
        )?;
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "install", "--quiet", "--no-deps"])
            .args(["--only-binary=:all:", "--require-hashes", "--target"])
            .arg(directory)
            .arg("--requirement")
            .arg(&requirements);
        succeed(pip.output(), "pip").map(drop)
    })
}

/// Builds the component in a directory.
fn run(tool: &Path, sources: &str, directory: &Path) -> Result<()> {
    for (name, text) in [
        ("small.py", harness::SMALL),
        ("belljar_sources.py", sources),
        ("small.wit", WORLD),
    ] {
        write(&directory.join(name), text)?;
    }
    let mut command = Command::new("python3");
    command
        .args(["-c", "import componentize_py; componentize_py.script()"])
        .args([
            "--quiet",
            "--wit-path",
            "small.wit",
            "--world",
            "interpreter",
        ])
        .args(["componentize", "--python-path", ".", "small"])
        .args(["--output", "python.wasm"])
        .current_dir(directory)
        .env("PYTHONPATH", tool)
        // It would look for packages to take along there.
        .env_remove("VIRTUAL_ENV");
    succeed(command.output(), "componentize-py").map(drop)
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(Error::io("could not write", path))
}

fn succeed(output: std::io::Result<Output>, what: &str) -> Result<Output> {
    let output =
        output.map_err(|error| Error::Package(format!("python3 could not be started: {error}")))?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = said.lines().take(20).collect();
    Err(Error::Package(format!(
        "{what} said:\n  {}",
        lines.join("\n  ")
    )))
}
