//! `belljar-meter in.wasm out.wasm`: meters a module and verifies the result.

use std::{fs, path::PathBuf, process::ExitCode, time::Instant};

use belljar_meter::{
    COST_MODEL_VERSION, CustomSections, MemoryLimit, Options, SlowPath, StopTag, meter, verify,
};
use clap::Parser;

/// Puts fuel metering into a WebAssembly module, and proves that it can't run without.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    /// The module to meter, in the binary format.
    input: PathBuf,

    /// The file to write the metered module to.
    #[arg(required_unless_present = "verify_only")]
    output: Option<PathBuf>,

    /// The name the counter is exported under.
    #[arg(long, value_name = "NAME", default_value = "belljar_fuel")]
    fuel: String,

    /// The name the floor is exported under, which the host raises to interrupt a run.
    #[arg(long, value_name = "NAME", default_value = "belljar_floor")]
    floor: String,

    /// Leave out the floor: checks look at nothing but the fuel.
    #[arg(long)]
    no_floor: bool,

    /// Add a function that only traps, exported under this name, for hosts that stop a run by
    /// sending its thread there.
    #[arg(long, value_name = "NAME")]
    stop: Option<String>,

    /// Instead of trapping, throw an exception of a tag that is defined and exported under this
    /// name.
    #[arg(long, value_name = "NAME", group = "slow_path")]
    throw: Option<String>,

    /// Instead of trapping, throw an exception of an imported tag.
    #[arg(long, value_names = ["MODULE", "NAME"], num_args = 2, group = "slow_path")]
    throw_imported: Option<Vec<String>>,

    /// Instead of trapping, call an imported function that does not return.
    #[arg(long, value_names = ["MODULE", "NAME"], num_args = 2, group = "slow_path")]
    call: Option<Vec<String>>,

    /// Instead of trapping, ask the function that the host has put into a table, exported under this
    /// name: it may give more fuel.
    #[arg(long, value_name = "NAME", group = "slow_path")]
    ask: Option<String>,

    /// Limit the memory to this many pages, and to less in a run, by the two globals exported under
    /// --pages and --refused.
    #[arg(long, value_name = "PAGES")]
    limit_memory: Option<u32>,

    /// The name of the global that says how many pages the memory of a run may have.
    #[arg(long, value_name = "NAME", default_value = "belljar_page_limit")]
    pages: String,

    /// The name of the global that becomes 1 when the memory was refused to grow.
    #[arg(long, value_name = "NAME", default_value = "belljar_refused")]
    refused: String,

    /// The counter at first, in units; needed only if the module has a start function.
    #[arg(long, value_name = "UNITS", default_value_t = 0)]
    initial_fuel: u32,

    /// Keep the `name`, `producers` and `target_features` sections.
    #[arg(long)]
    keep_names: bool,

    /// Meter nothing: verify that the input is metered already.
    #[arg(long, conflicts_with = "output")]
    verify_only: bool,
}

impl Arguments {
    fn options(&self) -> Options {
        let pair = |names: &[String]| match names {
            [module, name] => (module.clone(), name.clone()),
            _ => (String::new(), String::new()),
        };
        Options {
            fuel: self.fuel.clone(),
            floor: (!self.no_floor).then(|| self.floor.clone()),
            stop: self.stop.clone(),
            slow_path: if let Some(export) = self.throw.clone() {
                SlowPath::Throw(StopTag::Define { export })
            } else if let Some(names) = &self.throw_imported {
                let (module, name) = pair(names);
                SlowPath::Throw(StopTag::Import { module, name })
            } else if let Some(names) = &self.call {
                let (module, name) = pair(names);
                SlowPath::Call { module, name }
            } else if let Some(hook) = self.ask.clone() {
                SlowPath::Ask { hook }
            } else {
                SlowPath::Trap
            },
            memory: self.limit_memory.map(|maximum| MemoryLimit {
                pages: self.pages.clone(),
                refused: self.refused.clone(),
                maximum,
            }),
            initial_fuel: self.initial_fuel,
            custom_sections: match self.keep_names {
                true => CustomSections::Keep,
                false => CustomSections::Drop,
            },
            ..Options::default()
        }
    }

    fn run(&self) -> Result<(), String> {
        let options = self.options();
        let shown = self.input.display();
        let input = fs::read(&self.input).map_err(|error| format!("{shown}: {error}"))?;

        let wasm = if self.verify_only {
            input
        } else {
            let start = Instant::now();
            let metered = meter(&input, &options).map_err(|error| format!("{shown}: {error}"))?;
            println!("{}", metered.summary);
            println!(
                "cost model {COST_MODEL_VERSION}, metered in {:.1?}",
                start.elapsed()
            );
            metered.wasm
        };

        let start = Instant::now();
        let proof = verify(&wasm, &options).map_err(|error| format!("not verified: {error}"))?;
        println!("verified in {:.1?}: {proof}", start.elapsed());

        if let Some(output) = &self.output {
            let shown = output.display();
            fs::write(output, wasm).map_err(|error| format!("{shown}: {error}"))?;
        }
        Ok(())
    }
}

fn main() -> ExitCode {
    match Arguments::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("belljar-meter: {message}");
            ExitCode::FAILURE
        }
    }
}
