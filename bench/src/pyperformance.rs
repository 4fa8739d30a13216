//! The kernels of pyperformance, in a sandbox and natively with Python of the same version.

use crate::native;
use anyhow::{Context, Result, bail};
use belljar::{Belljar, Completion, Limits, Program};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Runs one of them.
const RUNNER: &str = include_str!("../kernels/pyperf.py");

/// The folder in the package in which they lie.
const FOLDER: &str = "pyperformance/data-files/benchmarks";

/// The benchmarks that need nothing but the standard library, no files, sockets or processes; and the
/// arguments that name a part of one.
const BENCHMARKS: &[(&str, &[&str])] = &[
    ("argparse", &["many_optionals"]),
    ("async_generators", &[]),
    ("async_tree", &["none"]),
    ("async_tree", &["memoization"]),
    ("barnes_hut", &[]),
    ("base64", &[]),
    ("chaos", &[]),
    ("comprehensions", &[]),
    ("coroutines", &[]),
    ("decimal_factorial", &[]),
    ("decimal_pi", &[]),
    ("deepcopy", &[]),
    ("deltablue", &[]),
    ("fannkuch", &[]),
    ("float", &[]),
    ("gc_collect", &[]),
    ("gc_traversal", &[]),
    ("generators", &[]),
    ("go", &[]),
    ("hexiom", &[]),
    ("json_dumps", &[]),
    ("json_loads", &[]),
    ("logging", &[]),
    ("mdp", &[]),
    ("meteor_contest", &[]),
    ("nbody", &[]),
    ("nqueens", &[]),
    ("pickle", &["pickle"]),
    ("pickle", &["unpickle"]),
    ("pickle", &["pickle_dict"]),
    ("pickle", &["--pure-python", "pickle"]),
    ("pickle", &["--pure-python", "unpickle"]),
    ("pidigits", &[]),
    ("pprint", &[]),
    ("raytrace", &[]),
    ("regex_compile", &[]),
    ("regex_dna", &[]),
    ("regex_effbot", &[]),
    ("regex_v8", &[]),
    ("richards", &[]),
    ("richards_super", &[]),
    ("scimark", &[]),
    ("spectral_norm", &[]),
    ("sqlite_synth", &[]),
    ("typing_runtime_protocols", &[]),
    ("unpack_sequence", &[]),
];

/// The seconds of each kernel of a benchmark.
type Seconds = BTreeMap<String, f64>;

/// Prints the best of this many runs on each side, in turn.
pub(crate) fn run(belljar: &Belljar, rounds: u32, only: Option<&str>) -> Result<()> {
    let Some(packages) = std::env::var_os("BELLJAR_NATIVE_PACKAGES").map(PathBuf::from) else {
        println!("\npyperformance: not installed.");
        return Ok(());
    };
    let version = native::python("import platform; print(platform.python_version())")?;
    println!(
        "\npyperformance in the sandbox and under CPython {}, the best of {rounds} runs of 5 rounds.\n",
        version.trim()
    );
    println!("| kernel | sandbox ms | native ms | ratio |\n|---|---|---|---|");
    let mut logarithms = Vec::new();
    for (name, args) in BENCHMARKS {
        if only.is_some_and(|only| only != *name) {
            continue;
        }
        let files = files(&packages.join(FOLDER).join(format!("bm_{name}")))?;
        let (mut here, mut natively) = (Seconds::new(), Seconds::new());
        for _ in 0..rounds {
            keep_best(&mut here, sandboxed(belljar, &files, args).context(*name)?);
            let output = native::python_given(RUNNER, args, files.as_bytes()).context(*name)?;
            keep_best(&mut natively, serde_json::from_str(&output)?);
        }
        for (kernel, here) in here {
            let natively = natively[&kernel];
            let ratio = here / natively;
            logarithms.push(ratio.ln());
            println!(
                "| {kernel} | {:.3} | {:.3} | {ratio:.2} |",
                here * 1e3,
                natively * 1e3
            );
        }
    }
    let mean = logarithms.iter().sum::<f64>() / logarithms.len() as f64;
    println!(
        "| geometric mean of {} | | | {:.2} |",
        logarithms.len(),
        mean.exp()
    );
    Ok(())
}

/// The benchmarks as programs for a sandbox, each with its name; none where pyperformance is not
/// installed.
pub(crate) fn programs() -> Result<Vec<(String, Program)>> {
    let Some(packages) = std::env::var_os("BELLJAR_NATIVE_PACKAGES").map(PathBuf::from) else {
        return Ok(Vec::new());
    };
    let program = |(name, args): &(&str, &[&str])| {
        let files = files(&packages.join(FOLDER).join(format!("bm_{name}")))?;
        let words = [&[*name], *args].concat();
        Ok((words.join(" "), program(&files, args)))
    };
    BENCHMARKS.iter().map(program).collect()
}

fn keep_best(best: &mut Seconds, run: Seconds) {
    for (kernel, seconds) in run {
        let kept = best.entry(kernel).or_insert(seconds);
        *kept = kept.min(seconds);
    }
}

/// A benchmark's modules, as its runner takes them.
fn files(directory: &Path) -> Result<String> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(directory)
        .with_context(|| format!("could not read {}", directory.display()))?
    {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "py") {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            files.insert(name.into_owned(), fs::read_to_string(&path)?);
        }
    }
    // What `regex_compile` compiles is in its neighbours.
    if directory.ends_with("bm_regex_compile") {
        for name in ["regex_effbot", "regex_v8"] {
            let path = directory.with_file_name(format!("bm_{name}"));
            let text = fs::read_to_string(path.join("run_benchmark.py"))?;
            files.insert(format!("bm_{name}"), text);
        }
    }
    Ok(serde_json::to_string(&files)?)
}

fn program(files: &str, args: &[&str]) -> Program {
    let limits = Limits {
        timeout_ms: Some(300_000),
        fuel: Some(i64::MAX as u64),
        memory_bytes: Some(2 << 30),
        ..Limits::default()
    };
    Program::program(RUNNER)
        .stdin(files)
        .args(args.iter().copied())
        .limits(limits)
}

fn sandboxed(belljar: &Belljar, files: &str, args: &[&str]) -> Result<Seconds> {
    let outcome = belljar.execute(&program(files, args))?;
    match outcome.completion {
        Completion::Exited(0) => Ok(serde_json::from_slice(&outcome.stdout)?),
        other => bail!("{other:?}: {}", String::from_utf8_lossy(&outcome.stderr)),
    }
}
