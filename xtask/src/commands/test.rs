use crate::checkout::Checkout;
use crate::dependencies;
use crate::native;
use crate::patched::Patched;
use crate::python_lints;
use crate::setup::{self, Products};
use crate::step;
use crate::tidy;
use crate::wasm::{self, EXECUTOR_HTTP, FRONT, NATIVE, SHIM};
use anyhow::Result;
use clap::Args;
use std::ffi::OsString;
use std::process::Command;
use std::time::Instant;

/// Run every check and test, the cheap ones first, up to the first failure
///
/// With arguments, only the workspace's tests, those that `cargo test` selects by them.
#[derive(Debug, Args)]
#[command(
    override_usage = "cargo xtask test [ARGUMENTS OF cargo test]",
    after_help = "Examples:
  cargo xtask test
  cargo xtask test --test all limits
  cargo xtask test a_sleeping_script -- --nocapture"
)]
pub(super) struct Test {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    args: Vec<OsString>,
}

impl Test {
    pub(super) fn execute(self, checkout: &Checkout) -> Result<()> {
        let started = Instant::now();
        if self.args.is_empty() {
            tidy::check(checkout.root(), false)?;
            format(checkout)?;
            harness(checkout)?;
            python_lints::check(checkout)?;
            front(checkout)?;
            components(checkout)?;
            lint(checkout)?;
            dependencies::check(checkout)?;
        }
        let products = workspace(checkout, &self.args)?;
        if self.args.is_empty() {
            fidelity(checkout)?;
            page(checkout, &products)?;
        }
        let seconds = started.elapsed().as_secs_f64();
        if self.args.is_empty() {
            println!("xtask: every check and test passed, {seconds:.0} s");
        }
        Ok(())
    }
}

fn format(checkout: &Checkout) -> Result<()> {
    for (name, directory) in [
        ("fmt", ""),
        ("fmt of the front", FRONT),
        ("fmt of the shim", SHIM),
        ("fmt of the fuzz targets", METER_FUZZ),
        ("fmt of the native code", NATIVE),
        ("fmt of the executor protocol", EXECUTOR_HTTP),
    ] {
        step::announced(
            name,
            checkout.cargo_in(directory).args(["fmt", "--check"]),
            "run `cargo fmt` there (`rustup component add rustfmt` if it is missing)",
        )?;
    }
    Ok(())
}

/// The tests of the Python harness under the native interpreter.
fn harness(checkout: &Checkout) -> Result<()> {
    step::announced(
        "tests of the Python harness",
        Command::new("python3")
            .arg("python-runtime/harness/tests/run.py")
            .current_dir(checkout.root()),
        "see above; it needs Python 3",
    )
}

/// The HTTP front natively, with its fake executor.
fn front(checkout: &Checkout) -> Result<()> {
    let cargo = |subcommand| {
        let mut cargo = checkout.cargo_in(FRONT);
        cargo
            .args([subcommand, "--locked", "--target-dir"])
            .arg(checkout.target("front-native"));
        cargo
    };
    step::announced(
        "clippy of the front",
        cargo("clippy").args(["--all-targets", "--", "-D", "warnings"]),
        CLIPPY,
    )?;
    step::announced("tests of the front", &mut cargo("test"), TESTS)
}

/// The tests of the other components that run natively.
fn components(checkout: &Checkout) -> Result<()> {
    for (name, directory, kind) in [
        ("tests of the shim", SHIM, "shim-native"),
        (
            "tests of the executor protocol",
            EXECUTOR_HTTP,
            "executor-http-native",
        ),
    ] {
        let mut cargo = checkout.cargo_in(directory);
        cargo
            .args(["test", "--locked", "--target-dir"])
            .arg(checkout.target(kind));
        step::announced(name, &mut cargo, TESTS)?;
    }
    Ok(())
}

/// Clippy with the patched build, which shares what build scripts and macros compile to.
fn lint(checkout: &Checkout) -> Result<()> {
    step::announced(
        "clippy",
        Patched::open(checkout)?
            .cargo("clippy")?
            // Without `--no-deps` the patched crate, which is not ours to judge, is linted too.
            .args(["--all-targets", "--no-deps", "--", "-D", "warnings"]),
        CLIPPY,
    )
}

/// The tests of the workspace, with all that they may start made ready.
fn workspace(checkout: &Checkout, args: &[OsString]) -> Result<Products> {
    let products = setup::everything(checkout)?;
    let shim = wasm::shim(checkout)?;
    let mut cargo = Patched::open(checkout)?.cargo("test")?;
    products
        .name_in(&mut cargo)
        .env("BELLJAR_SHIM", shim)
        .args(args);
    step::announced("tests", &mut cargo, TESTS)?;
    Ok(products)
}

/// The short form of the fidelity suite: a sample of other people's tests.
fn fidelity(checkout: &Checkout) -> Result<()> {
    if !native::is_possible() {
        eprintln!("xtask: fidelity is not tested: that needs x86-64 and Debian's packages");
        return Ok(());
    }
    // What it compares with lies in archives that are not ours, and may be out of reach.
    let mut short = match super::fidelity::command(checkout) {
        Ok(short) => short,
        Err(error) => {
            eprintln!("xtask: fidelity is not tested: {error:#}");
            return Ok(());
        }
    };
    step::announced("fidelity, the short form", short.arg("--short"), TESTS)
}

/// The page: that it is what its sources give, and what it does in a browser. Needs Node, which
/// nothing else does: where there is none, the page can't have been changed either.
fn page(checkout: &Checkout, products: &Products) -> Result<()> {
    if node_major().is_none_or(|major| major < 20) {
        eprintln!("xtask: the page is not tested: that needs Node 20 or newer, npm and Chromium");
        return Ok(());
    }
    let script = |name: &str| {
        let mut node = Command::new("node");
        node.arg(format!("{FRONT}/playground/tests/{name}"))
            .current_dir(checkout.root());
        node
    };
    step::announced("the page", &mut script("check.mjs"), TESTS)?;
    let mut browser = script("browser/run.mjs");
    products.name_in(&mut browser);
    step::announced("the page in a browser", &mut browser, TESTS)
}

/// The version of Node, if it is there: it says `v20.1.0`.
fn node_major() -> Option<u32> {
    let output = Command::new("node").arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// The meter's fuzz targets, which are built on their own.
const METER_FUZZ: &str = "meter/fuzz";
const CLIPPY: &str = "cure what it says (`rustup component add clippy` if it is missing)";
const TESTS: &str = "see above";
