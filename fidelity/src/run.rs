//! A run: which units, in parallel, and what to do with what they say.

use crate::compare::Comparison;
use crate::document;
use crate::expected::{Expected, Measured};
use crate::native::Native;
use crate::sandboxed::Sandbox;
use crate::suite::{Suite, SuiteName, Unit, hex, variable};
use crate::tally;
use anyhow::{Context, Result, bail};
use clap::Args;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// The sample of the short form: suite and unit, a line each.
const SAMPLE: &str = include_str!("../sample.txt");

/// The choice of what is run, and what is done with its results.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only this suite (default: all, and MBPP where its file is named)
    #[arg(long)]
    suite: Option<SuiteName>,
    /// Only units whose name has this in it
    #[arg(long)]
    only: Option<String>,
    /// The sample that `cargo xtask test` runs
    #[arg(long)]
    short: bool,
    /// A part: 2/8 is every eighth unit, from the second on
    #[arg(long, value_parser = shard)]
    shard: Option<(usize, usize)>,
    /// Runs no unit again that was run with this image
    #[arg(long)]
    resume: bool,
    /// Begins no unit after this many seconds; what --resume knows is judged all the same
    #[arg(long)]
    seconds: Option<u64>,
    /// Units at once
    #[arg(long, default_value_t = 2)]
    threads: u32,
    /// Takes expected differences that are gone out of their files
    #[arg(long)]
    accept_shrink: bool,
    /// Prints new differences as they could be listed
    #[arg(long)]
    propose: bool,
    /// Writes what all runs with this image have counted to the files
    #[arg(long)]
    record: bool,
    /// Writes the tables of docs/compatibility.md, and runs nothing
    #[arg(long)]
    document: bool,
}

fn shard(text: &str) -> Result<(usize, usize), String> {
    let parsed = text
        .split_once('/')
        .and_then(|(part, of)| Some((part.parse().ok()?, of.parse().ok()?)));
    match parsed {
        Some((part, of)) if (1..=of).contains(&part) => Ok((part, of)),
        _ => Err("expected PART/OF, such as 2/8".to_owned()),
    }
}

/// The record of a unit that was run.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    unit: String,
    comparison: Comparison,
}

/// Runs what is asked for; says whether all is as expected.
pub(crate) fn run(options: &Options) -> Result<bool> {
    let directory = variable("BELLJAR_FIDELITY_EXPECTED")?;
    if options.document {
        document::write(&directory)?;
        return Ok(true);
    }
    let runner = Runner {
        sandbox: Sandbox::new(options.threads)?,
        native: Native::open()?,
        results: variable("BELLJAR_FIDELITY_RESULTS")?,
        resume: options.resume,
        threads: options.threads as usize,
        until: options
            .seconds
            .map(|seconds| Instant::now() + Duration::from_secs(seconds)),
    };
    println!("natively: CPython {}", runner.native.version()?);
    let mut good = true;
    for name in SuiteName::ALL {
        let wanted = match options.suite {
            Some(suite) => suite == name,
            None => name != SuiteName::Mbpp || env::var_os("BELLJAR_MBPP").is_some(),
        };
        if wanted {
            good &= runner.suite(&Suite::open(name)?, options, &directory)?;
        }
    }
    Ok(good)
}

/// A run of suites, with everything that it needs.
#[derive(Debug)]
struct Runner {
    sandbox: Sandbox,
    native: Native,
    results: PathBuf,
    resume: bool,
    threads: usize,
    until: Option<Instant>,
}

impl Runner {
    fn suite(&self, suite: &Suite, options: &Options, directory: &Path) -> Result<bool> {
        let started = Instant::now();
        let units = chosen(suite, options)?;
        let run = self.units(suite, &units)?;
        let mut expected = Expected::read(directory, suite.name)?;
        let judgement = expected.judge(&run);
        let sum = |of: fn(&Comparison) -> u64| run.values().map(of).sum::<u64>();
        println!(
            "{}: {} units, {} cases that pass natively, {} the same; {} new differences, {} gone; {:.0} s",
            suite.name.name(),
            run.len(),
            sum(|unit| unit.cases),
            sum(|unit| unit.same),
            judgement.new.len(),
            judgement.gone.len(),
            started.elapsed().as_secs_f64(),
        );
        if options.propose {
            let group = tally::propose(&judgement.new, &run);
            let proposed = Expected {
                measured: None,
                group,
            };
            println!("{}", toml::to_string_pretty(&proposed)?);
        } else {
            for (case, ending) in &judgement.new {
                println!("  new: {case}: {:?}: {}", ending.outcome, ending.why);
            }
        }
        for (key, (listed, now)) in &judgement.gone {
            println!("  gone: {key}: {now} of the {listed} listed");
        }
        let mut good = judgement.is_good();
        if options.accept_shrink {
            expected.shrink(&judgement.gone);
            good = judgement.new.is_empty();
        }
        if options.record {
            expected.measured = Some(self.measured(suite)?);
        }
        if options.accept_shrink || options.record {
            expected.write(directory, suite.name)?;
        }
        Ok(good)
    }

    /// Runs units, as many at once as there are threads.
    fn units(&self, suite: &Suite, units: &[&Unit]) -> Result<BTreeMap<String, Comparison>> {
        let next = AtomicUsize::new(0);
        let done = Mutex::new(BTreeMap::new());
        let work = || -> Result<()> {
            while let Some(unit) = units.get(next.fetch_add(1, Ordering::Relaxed)) {
                let late = self.until.is_some_and(|until| Instant::now() > until);
                if late && !(self.resume && self.kept(suite, unit).exists()) {
                    continue;
                }
                let comparison = self
                    .unit(suite, unit)
                    .with_context(|| format!("{}: {}", suite.name.name(), unit.name))?;
                if let Ok(mut done) = done.lock() {
                    done.insert(unit.name.clone(), comparison);
                }
            }
            Ok(())
        };
        thread::scope(|scope| {
            let threads: Vec<_> = (0..self.threads).map(|_| scope.spawn(work)).collect();
            for thread in threads {
                match thread.join() {
                    Ok(result) => result?,
                    Err(_) => bail!("a thread panicked"),
                }
            }
            Ok(())
        })?;
        Ok(done.into_inner().unwrap_or_default())
    }

    fn unit(&self, suite: &Suite, unit: &Unit) -> Result<Comparison> {
        let kept = self.kept(suite, unit);
        if self.resume
            && let Ok(text) = fs::read_to_string(&kept)
        {
            return Ok(serde_json::from_str::<Kept>(&text)?.comparison);
        }
        let here = self.sandbox.run(suite, unit)?;
        let natively = self.native.run(suite, unit)?;
        let comparison = Comparison::of(&unit.name, &natively, &here);
        if let Some(parent) = kept.parent() {
            fs::create_dir_all(parent)?;
        }
        let text = serde_json::to_string(&Kept {
            unit: unit.name.clone(),
            comparison: comparison.clone(),
        })?;
        fs::write(&kept, text).with_context(|| format!("could not write {}", kept.display()))?;
        Ok(comparison)
    }

    /// The path of a unit's record: named after all that the unit depends on.
    fn kept(&self, suite: &Suite, unit: &Unit) -> PathBuf {
        let parts = [&unit.name, &*unit.script, &self.sandbox.image()].join("\0");
        let key = hex(&Sha256::digest(parts));
        self.results
            .join(suite.name.name())
            .join(format!("{}.json", &key[..16]))
    }

    /// The sum over all units that were run with this image.
    fn measured(&self, suite: &Suite) -> Result<Measured> {
        let mut measured = Measured {
            units: suite.units.len() as u64,
            ..Measured::default()
        };
        for unit in &suite.units {
            if let Ok(text) = fs::read_to_string(self.kept(suite, unit)) {
                let kept: Kept = serde_json::from_str(&text)?;
                measured.run += 1;
                measured.cases += kept.comparison.cases;
                measured.same += kept.comparison.same;
            }
        }
        Ok(measured)
    }
}

/// The units that are asked for.
fn chosen<'a>(suite: &'a Suite, options: &Options) -> Result<Vec<&'a Unit>> {
    let mut units: Vec<_> = suite.units.iter().collect();
    if options.short && !suite.programs {
        let sample: Vec<_> = sample(suite.name).collect();
        units.retain(|unit| sample.contains(&unit.name.as_str()));
        if units.len() != sample.len() {
            bail!("{}: a unit of the sample is not there", suite.name.name());
        }
    }
    if let Some(only) = &options.only {
        units.retain(|unit| unit.name.contains(only.as_str()));
    }
    if let Some((part, of)) = options.shard {
        units = units.into_iter().skip(part - 1).step_by(of).collect();
    }
    Ok(units)
}

fn sample(suite: SuiteName) -> impl Iterator<Item = &'static str> {
    SAMPLE
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter(move |(name, _)| *name == suite.name())
        .map(|(_, unit)| unit)
}
