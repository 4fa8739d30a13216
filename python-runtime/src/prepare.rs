//! Starting CPython once, and taking the snapshot that every sandbox starts from.

use crate::{EntropyRegion, Error, Result, harness, snapshot};
use belljar_engine::{
    Clock, Door, EngineSettings, Entropy, FileTree, Guest, GuestMemory, Interrupt, Stop,
};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use wasmtime::{Engine, Module, Store};

/// Room for everything preparation imports; the interpreter uses about 337 MiB.
const MEMORY_BYTES: usize = 1 << 30;

/// More output than preparation should ever print: it is shown when it fails.
const OUTPUT_BYTES: usize = 1 << 20;

/// The export of the native code that tells Python of its module, before Python is started.
const REGISTER: &str = "belljar_register";

/// The variables in the interpreter's environment, for good: no host variable is ever added to it.
const ENVIRONMENT: [&str; 3] = ["HOME=/", "TMPDIR=/tmp", "PYTHONTZPATH="];

/// The snapshot and what the host must know of it.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) wasm: Vec<u8>,
    pub(crate) report: Report,
}

/// The preparation's report of itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Report {
    /// The interpreter's own version.
    pub(crate) python: String,
    /// The number of modules that are imported.
    pub(crate) modules: u32,
    /// Modules that could not be imported: none may.
    pub(crate) failed: Vec<String>,
    /// Modules that scripts import themselves, and why: they fail, print or warn.
    pub(crate) left_out: std::collections::BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) memory_bytes: u64,
    #[serde(default)]
    pub(crate) entropy: Vec<EntropyRegion>,
    /// Objects whose reference counts never change any more.
    #[serde(default)]
    pub(crate) immortal: u32,
}

/// Compiles the instrumented interpreter: it runs once, so quickly rather than well.
pub(crate) fn compile_instrumented(wasm: &[u8]) -> Result<Vec<u8>> {
    let (_, instrumented) = snapshot::instrument(wasm)?;
    crate::compile::compile(&instrumented, EngineSettings::preparation())
}

/// Starts the interpreter, prepares it, and takes the snapshot.
///
/// Clocks and random bytes are the same on every run, so the snapshot is too.
pub(crate) fn run(
    wasm: &[u8],
    instrumented: &std::path::Path,
    files: Arc<FileTree>,
) -> Result<Prepared> {
    let engine = EngineSettings::preparation()
        .engine()
        .map_err(Error::wasm("starting Wasmtime"))?;
    // SAFETY: the code was compiled by us into the private cache directory.
    let module = unsafe { Module::deserialize_file(&engine, instrumented) }
        .map_err(Error::wasm("loading the interpreter"))?;
    let (context, _) = snapshot::instrument(wasm)?;
    // CPython recurses deeper than a main thread's stack is wide.
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .name("prepare".to_owned())
            .stack_size(64 << 20)
            .spawn_scoped(scope, || {
                let (mut store, instance) = start(&engine, &module, files)?;
                let report = prepare(&mut store)?;
                let wasm = snapshot::take(&context, &mut store, instance)?;
                Ok(Prepared { wasm, report })
            })
            .map_err(Error::io("could not start a thread in", "/"))?
            .join()
            .unwrap_or_else(|_| Err(Error::Prepare("the preparing thread panicked".to_owned())))
    })
}

fn start(
    engine: &Engine,
    module: &Module,
    files: Arc<FileTree>,
) -> Result<(Store<Guest<Preparation>>, wasmtime::Instance)> {
    let interrupt = Arc::new(Interrupt::default());
    let mut guest = Guest::new(
        Preparation::default(),
        files,
        interrupt,
        MEMORY_BYTES,
        OUTPUT_BYTES,
    );
    guest.surface.clock = Clock::virtual_until(Duration::from_secs(3600));
    guest.surface.entropy = Entropy::seeded(0);
    guest.surface.environment = ENVIRONMENT.map(str::to_owned).to_vec();

    let failed = Error::wasm("starting the interpreter");
    let started = (|| {
        let linker = Guest::linker(engine)?;
        let mut store = Store::new(engine, guest);
        store.limiter(|guest| &mut guest.memory_limiter);
        let instance = linker.instantiate(&mut store, module)?;
        Guest::attach(&mut store, &instance)?;
        let initialize = |store: &mut Store<_>, name| {
            instance
                .get_typed_func::<(), ()>(&mut *store, name)?
                .call(&mut *store, ())
        };
        initialize(&mut store, "_initialize")?;
        let status = instance
            .get_typed_func::<(), i32>(&mut store, REGISTER)?
            .call(&mut store, ())?;
        if status != 0 {
            return Err(wasmtime::Error::msg("the native module was refused"));
        }
        initialize(&mut store, snapshot::INITIALIZE)?;
        Ok((store, instance))
    })();
    started.map_err(failed)
}

/// Runs `prepare.py` and collects what it reports.
fn prepare(store: &mut Store<Guest<Preparation>>) -> Result<Report> {
    let program = harness::preparation()?;
    let status = turn(store, program.as_bytes());
    let guest = store.data();
    let said = || {
        let output = &guest.surface.output;
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        stdout + &String::from_utf8_lossy(&output.stderr)
    };
    match status {
        Ok(0) => {}
        Ok(status) => return Err(Error::Prepare(format!("status {status}\n{}", said()))),
        Err(error) => return Err(Error::Prepare(format!("{error:#}\n{}", said()))),
    }
    let mut report = guest
        .door
        .report
        .clone()
        .ok_or_else(|| Error::Prepare(format!("it reported nothing\n{}", said())))?;
    if !report.failed.is_empty() {
        return Err(Error::Prepare(format!(
            "not importable: {}",
            report.failed.join(", ")
        )));
    }
    if report.entropy.is_empty() {
        return Err(Error::Prepare(
            "no random generator's state was found".to_owned(),
        ));
    }
    report.memory_bytes = guest
        .memory()
        .map_or(0, |memory| memory.data_size(&*store) as u64);
    Ok(report)
}

fn turn(store: &mut Store<Guest<Preparation>>, request: &[u8]) -> wasmtime::Result<i32> {
    let functions = store
        .data()
        .functions()
        .ok_or_else(|| wasmtime::Error::msg("no instance is attached"))?;
    let memory = store
        .data()
        .memory()
        .ok_or_else(|| wasmtime::Error::msg("no instance is attached"))?;
    let len = u32::try_from(request.len())?;
    let address = functions.alloc.call(&mut *store, len)?;
    memory.write(&mut *store, address as usize, request)?;
    functions.turn.call(&mut *store, (address, len))
}

/// The host's end of the door while the snapshot is made. A request is a letter and its content.
#[derive(Debug, Default)]
struct Preparation {
    report: Option<Report>,
    entropy: Vec<EntropyRegion>,
    immortal: u32,
}

/// The reference count of an object that lives for ever, on 32-bit builds of CPython 3.12 and
/// later (`_Py_IMMORTAL_INITIAL_REFCNT`). The interpreter does not count references to such
/// objects at all, so using what is in the snapshot does not write to its pages.
const IMMORTAL: u32 = 5 << 28;

/// The most bytes between the address of an object and the state of its generator.
const STATE_SEARCH_BYTES: usize = 1 << 16;

impl Door for Preparation {
    fn call(
        &mut self,
        memory: &mut GuestMemory<'_>,
        address: u32,
        len: u32,
    ) -> Result<Option<Vec<u8>>, Stop> {
        let Ok(request) = memory.slice(address, len).map(<[u8]>::to_vec) else {
            return Ok(None);
        };
        // While warming up, the harness hands over answers: they start with a control character.
        if request.first().is_some_and(|&kind| kind < b' ') {
            return Ok(Some(Vec::new()));
        }
        Ok(self.answer(memory, &request).map(|()| Vec::new()))
    }
}

impl Preparation {
    fn answer(&mut self, memory: &mut GuestMemory<'_>, request: &[u8]) -> Option<()> {
        let (kind, content) = request.split_first()?;
        match kind {
            // Addresses of objects, as little-endian u32: make them immortal. Only while the
            // request runs is it certain that all of them are alive.
            b'I' => {
                for address in content.chunks_exact(4) {
                    let address = u32::from_le_bytes(address.try_into().ok()?);
                    memory.write_u32(address, IMMORTAL).ok()?;
                    self.immortal += 1;
                }
            }
            // A generator: u32 address of its object, u32 length of its name, name, state.
            b'G' => {
                let address = u32::from_le_bytes(content.get(..4)?.try_into().ok()?);
                let name_len = u32::from_le_bytes(content.get(4..8)?.try_into().ok()?) as usize;
                let name = String::from_utf8(content.get(8..8 + name_len)?.to_vec()).ok()?;
                let state = content.get(8 + name_len..)?;
                let region = find_state(memory, name, address, state)?;
                self.entropy.push(region);
            }
            b'R' => {
                let mut report: Report = serde_json::from_slice(content).ok()?;
                report.entropy = std::mem::take(&mut self.entropy);
                report.immortal = self.immortal;
                self.report = Some(report);
            }
            _ => return None,
        }
        Some(())
    }
}

/// Finds the state of a random generator: the one place near its object that holds it. The state
/// itself was made unmistakable by `prepare.py`.
fn find_state(
    memory: &GuestMemory<'_>,
    name: String,
    object: u32,
    state: &[u8],
) -> Option<EntropyRegion> {
    let start = object as usize;
    let end = start.saturating_add(STATE_SEARCH_BYTES).min(memory.0.len());
    let offset = memory
        .0
        .get(start..end)?
        .windows(state.len())
        .position(|found| found == state)?;
    Some(EntropyRegion {
        name,
        address: u32::try_from(start + offset).ok()?,
        length: u32::try_from(state.len()).ok()?,
    })
}
