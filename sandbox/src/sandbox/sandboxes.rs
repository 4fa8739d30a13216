//! The sandboxes of an image.

use super::door::ScriptDoor;
use super::ending;
use super::fuel::Fuel;
use super::places::Places;
use super::remains::Remains;
use crate::error::Error;
use crate::hearing::{Heard, Listener};
use crate::watchdog::Watchdog;
use belljar_contract::{
    Ending, LimitPolicy, LimitValues, Outcome, Program, Stop, Usage, Verdict, request,
};
use belljar_engine::{
    Clock, Code, EngineSettings, Entropy, FileTree, Guest, Interrupt, Metering, Tap, run_now,
};
use belljar_python_runtime::{EntropyRegion, Image};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use std::sync::Arc;
use std::time::Instant;
use wasmtime::{Engine, InstancePre, Module, Store, StoreContextMut};

/// The sandboxes of one image.
pub(crate) struct Sandboxes {
    engine: Engine,
    metering: Metering,
    instance: InstancePre<Guest<ScriptDoor>>,
    /// Where a run can be stopped. For benchmarks only, nowhere.
    code: Option<Code>,
    files: Arc<FileTree>,
    entropy: Vec<EntropyRegion>,
    snapshot_bytes: u64,
    watchdog: Watchdog,
    policy: LimitPolicy,
    places: Arc<Places>,
}

impl std::fmt::Debug for Sandboxes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandboxes")
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

impl Sandboxes {
    /// Loads the image's code and maps its memory.
    pub(crate) fn new(
        image: &Image,
        settings: EngineSettings,
        count: u32,
        policy: LimitPolicy,
    ) -> Result<Self, Error> {
        let engine = settings
            .engine()
            .map_err(Error::engine("starting Wasmtime"))?;
        // SAFETY: the file is the output of `Engine::precompile_module`, and `Image::open` has
        // compared its digest with the one noted when it was made.
        let module =
            unsafe { Module::deserialize_file(&engine, image.code()) }.map_err(Error::engine(
                "loading the image, which fits one machine and one version of Belljar (make one \
                 here with `belljar runtime build`)",
            ))?;
        // Now, so that the first execution does not pay for it.
        module
            .initialize_copy_on_write_image()
            .map_err(Error::engine("mapping the image's memory"))?;
        let instance = Guest::linker(&engine)
            .and_then(|linker| linker.instantiate_pre(&module))
            .map_err(Error::engine("linking the image"))?;
        let code = (settings.metering == Metering::Module)
            .then(|| Code::of(&module))
            .transpose()
            .map_err(Error::engine("looking for where to stop a run"))?;
        let manifest = image.manifest();
        let files = FileTree::open(&image.pack(), &manifest.files).map_err(|error| {
            let path = image.directory().to_owned();
            belljar_python_runtime::Error::Image {
                path,
                reason: error.to_string(),
            }
        })?;
        let watchdog = Watchdog::start().map_err(|error| Error::Engine {
            step: "starting a thread",
            source: error.into(),
        })?;
        Ok(Self {
            engine,
            metering: settings.metering,
            instance,
            code,
            files: Arc::new(files),
            entropy: manifest.entropy.clone(),
            snapshot_bytes: manifest.memory_bytes,
            watchdog,
            policy,
            places: Places::new(count),
        })
    }

    /// The places for which executions wait.
    pub(crate) fn places(&self) -> &Arc<Places> {
        &self.places
    }

    /// Executes one program.
    pub(crate) fn run(
        &self,
        program: &Program,
        limits: &LimitValues,
        interrupt: Arc<Interrupt>,
        listener: Option<Listener>,
    ) -> Result<(Outcome, Remains), Error> {
        let verdict = Verdict::new(program.mode, limits, &self.policy.maximum);
        if limits.memory_bytes < self.snapshot_bytes {
            let outcome = verdict.too_little_memory(self.snapshot_bytes);
            return Ok((outcome, Remains::default()));
        }
        let Some(place) = self.places.wait(&interrupt) else {
            let completion = verdict.completion(Ending::Stopped(Stop::Cancelled));
            return Ok((Outcome::bare(completion), Remains::default()));
        };
        let start = Instant::now();
        let mut store = self.store(program, limits, Arc::clone(&interrupt))?;
        if let Some(listener) = listener {
            listen(store.data_mut(), listener);
        }
        let instance = self
            .instance
            .instantiate(&mut store)
            .map_err(Error::engine("making a sandbox"))?;
        Guest::attach(&mut store, &instance).map_err(Error::engine("making a sandbox"))?;
        if program.seed.is_none() {
            self.refresh_entropy(&mut store);
        }
        let fuel = Fuel::fill(&mut store, self.metering, limits.fuel)
            .map_err(Error::engine("setting the fuel"))?;
        let request = request::encode(program);
        let watch = self
            .watchdog
            .watch(start + limits.timeout(), Arc::clone(&interrupt));
        let ended = fuel
            .run_interruptible(&mut store, self.code.as_ref(), &interrupt, |store| {
                call(store, &request)
            })
            .map_err(|error| Error::engine("making a timer")(error.into()))?;
        drop(watch);
        let outcome = outcome(verdict, &mut store, fuel, ended, start);
        Ok((outcome, Remains::new(store, place)))
    }

    /// A store with nothing in it but what this program is given.
    fn store(
        &self,
        program: &Program,
        limits: &LimitValues,
        interrupt: Arc<Interrupt>,
    ) -> Result<Store<Guest<ScriptDoor>>, Error> {
        let clamp = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
        let mut guest = Guest::new(
            ScriptDoor::default(),
            Arc::clone(&self.files),
            interrupt,
            clamp(limits.memory_bytes),
            clamp(limits.output_bytes),
        );
        guest.surface.stdin = belljar_engine::Stdin::new(program.stdin.clone());
        if let Some(seed) = program.seed {
            guest.surface.entropy = Entropy::seeded(seed);
            guest.surface.clock = Clock::virtual_until(limits.timeout());
        }
        let mut store = Store::new(&self.engine, guest);
        store.limiter(|guest| &mut guest.memory_limiter);
        Ok(store)
    }

    /// Gives the random generators inside the snapshot a state of their own. They are Mersenne
    /// twisters, no secret can be made with them anyway, so their bytes come from a fast generator
    /// that is itself seeded by a good one.
    fn refresh_entropy(&self, store: &mut Store<Guest<ScriptDoor>>) {
        let Some(memory) = store.data().memory() else {
            return;
        };
        let mut generator = SmallRng::from_rng(&mut rand::rng());
        let bytes = memory.data_mut(store);
        for region in &self.entropy {
            let start = region.address as usize;
            if let Some(state) = bytes.get_mut(start..start + region.length as usize) {
                generator.fill_bytes(state);
            }
        }
    }
}

/// Lets someone hear what a script gives while it runs.
fn listen(guest: &mut Guest<ScriptDoor>, listener: Listener) {
    let tap = Arc::clone(&listener);
    guest.tap = Some(Tap::new(move |stream, bytes| {
        tap(Heard::Output(stream, bytes))
    }));
    guest.door.listener = Some(listener);
}

/// What came of a run: how it ended, what it wrote and what it used.
fn outcome(
    verdict: Verdict<'_>,
    store: &mut Store<Guest<ScriptDoor>>,
    fuel: Fuel,
    ended: wasmtime::Result<i32>,
    start: Instant,
) -> Outcome {
    let spent = fuel.spent(store);
    let memory = store.data().memory();
    let usage = Usage {
        duration: start.elapsed(),
        fuel: spent,
        memory_bytes: memory.map_or(0, |memory| memory.data_size(&*store) as u64),
    };
    let guest = store.data_mut();
    let delivery = std::mem::take(&mut guest.door.delivery);
    let meter = ending::Meter {
        is_empty: spent > verdict.limits.fuel,
        interrupted: guest.interrupt.raised(),
    };
    let verdict = Verdict {
        memory_refused: guest.memory_limiter.refused(),
        ..verdict
    };
    let output = &mut guest.surface.output;
    ending::outcome(&verdict, (ended, meter), output, delivery, usage)
}

/// Hands the request to the interpreter, on a stack of its own.
fn call(
    mut store: StoreContextMut<'_, Guest<ScriptDoor>>,
    request: &[u8],
) -> wasmtime::Result<i32> {
    let (functions, memory) = match (store.data().functions(), store.data().memory()) {
        (Some(functions), Some(memory)) => (functions, memory),
        _ => return Err(wasmtime::Error::msg("no instance is attached")),
    };
    let len = u32::try_from(request.len())?;
    run_now(async {
        let address = functions.alloc.call_async(&mut store, len).await?;
        if address == 0 {
            return Err(wasmtime::Error::msg(
                "the interpreter has no memory for the request",
            ));
        }
        memory.write(&mut store, address as usize, request)?;
        functions.turn.call_async(&mut store, (address, len)).await
    })
}
