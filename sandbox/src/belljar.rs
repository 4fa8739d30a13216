//! The library's front: build once, execute many.

use crate::cancel::Canceller;
use crate::error::Error;
use crate::hearing::Listener;
use crate::sandbox::{Remains, Sandboxes};
use belljar_contract::{LimitPolicy, Outcome, Program};
use belljar_engine::{EngineSettings, Metering, pagemap};
use belljar_python_runtime::{BuildOptions, Cache, Image, ImageManifest};
use std::path::PathBuf;
use std::sync::Arc;

/// Sandboxes that exist at once unless more are asked for.
const DEFAULT_SANDBOXES: u32 = 8;

/// Runs scripts, each in a fresh sandbox. Cheap to clone; usable from many threads at once.
#[derive(Debug, Clone)]
pub struct Belljar {
    sandboxes: Arc<Sandboxes>,
    image: Image,
    policy: LimitPolicy,
}

/// Configures a [`Belljar`].
#[derive(Debug, Clone)]
pub struct Builder {
    image: Option<PathBuf>,
    sandboxes: u32,
    policy: LimitPolicy,
    metering: Metering,
}

/// What a Belljar runs scripts with.
#[derive(Debug, Clone, Copy)]
pub struct RuntimeInfo<'a> {
    /// The image: versions, packages, digests.
    pub image: &'a ImageManifest,
    /// Default and maximum limits.
    pub policy: LimitPolicy,
    /// Whether the kernel says which pages a script wrote (faster resets).
    pub pagemap_scan: bool,
    /// The Wasmtime this was built with.
    pub pagemap_regions: pagemap::PageMapRegions,
}

impl Belljar {
    /// Starts configuring.
    pub fn builder() -> Builder {
        Builder {
            image: None,
            sandboxes: DEFAULT_SANDBOXES,
            policy: LimitPolicy::default(),
            metering: Metering::Module,
        }
    }

    /// Executes one program in a fresh sandbox, on this thread, and waits for its end. When all
    /// sandboxes are in use, waits for one first.
    ///
    /// # Errors
    ///
    /// When the program cannot be started at all. What goes wrong inside of the sandbox is an
    /// [`Outcome`].
    pub fn execute(&self, program: &Program) -> Result<Outcome, Error> {
        self.execute_with(program, &self.canceller())
    }

    /// As [`execute`](Self::execute), and can be cancelled.
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub fn execute_with(&self, program: &Program, canceller: &Canceller) -> Result<Outcome, Error> {
        let (outcome, remains) = self.execute_first(program, canceller)?;
        drop(remains);
        Ok(outcome)
    }

    /// As [`execute_with`](Self::execute_with), and returns before the sandbox is wiped: that
    /// happens when [`Remains`] are dropped. For whoever can hand the outcome on in between.
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub fn execute_first(
        &self,
        program: &Program,
        canceller: &Canceller,
    ) -> Result<(Outcome, Remains), Error> {
        self.execute_heard(program, canceller, None)
    }

    /// As [`execute_first`](Self::execute_first), with someone who hears what the script gives
    /// while it runs.
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub fn execute_heard(
        &self,
        program: &Program,
        canceller: &Canceller,
        listener: Option<Listener>,
    ) -> Result<(Outcome, Remains), Error> {
        program.check()?;
        let limits = self.policy.resolve(&program.limits)?;
        self.sandboxes.run(
            program,
            &limits,
            Arc::clone(canceller.interrupt()),
            listener,
        )
    }

    /// A means to cancel one execution: to be given to [`execute_with`](Self::execute_with).
    pub fn canceller(&self) -> Canceller {
        Canceller::new(Arc::clone(self.sandboxes.places()))
    }

    /// What scripts are run with.
    pub fn info(&self) -> RuntimeInfo<'_> {
        RuntimeInfo {
            image: self.image.manifest(),
            policy: self.policy,
            pagemap_scan: pagemap::is_available(),
            pagemap_regions: pagemap::REGION_LIMIT,
        }
    }
}

impl Builder {
    /// Uses the image in this directory instead of the one in the cache.
    #[must_use]
    pub fn image(mut self, directory: impl Into<PathBuf>) -> Self {
        self.image = Some(directory.into());
        self
    }

    /// How many sandboxes can exist at once.
    #[must_use]
    pub fn sandboxes(mut self, sandboxes: u32) -> Self {
        self.sandboxes = sandboxes.max(1);
        self
    }

    /// Default and maximum limits.
    #[must_use]
    pub fn limit_policy(mut self, policy: LimitPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Counts instructions in another way, or not at all, to measure what counting costs. Makes the
    /// image if need be. Not for scripts of strangers: nothing stops them.
    #[doc(hidden)]
    #[must_use]
    pub fn metering(mut self, metering: Metering) -> Self {
        self.metering = metering;
        self
    }

    /// Loads the image and makes the sandboxes.
    ///
    /// # Errors
    ///
    /// When the image is missing or damaged, or this machine cannot run it.
    pub fn build(self) -> Result<Belljar, Error> {
        let settings = EngineSettings {
            metering: self.metering,
            ..EngineSettings::execution(self.sandboxes)
        };
        let image = match self.image {
            Some(directory) => Image::open(directory)?,
            None => {
                let cache = Cache::open().map_err(belljar_python_runtime::Error::from)?;
                belljar_python_runtime::find(&cache, BuildOptions { settings })?
            }
        };
        let sandboxes = Arc::new(Sandboxes::new(
            &image,
            settings,
            self.sandboxes,
            self.policy,
        )?);
        Ok(Belljar {
            sandboxes,
            image,
            policy: self.policy,
        })
    }
}
