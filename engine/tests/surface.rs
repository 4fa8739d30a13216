//! The conformance suite of the surface, as guests that run in Wasmtime.

#![expect(clippy::unwrap_used, reason = "in a test, the panic is the report")]

use belljar_engine::{
    Clock, Door, EngineSettings, Entropy, FileEntry, FileTree, Guest, GuestMemory, Interrupt,
    Metering, Stdin, Stop,
};
use belljar_meter::host::{FLOOR_EXPORT, FUEL_EXPORT};
use belljar_surface_conformance as conformance;
use belljar_surface_conformance::{Case, Ending, Observed};
use std::sync::Arc;
use wasmtime::{Engine, Module, Store};

/// A door that nobody answers.
struct NoDoor;

impl Door for NoDoor {
    fn call(&mut self, _: &mut GuestMemory<'_>, _: u32, _: u32) -> Result<Option<Vec<u8>>, Stop> {
        Ok(None)
    }
}

fn engine() -> Engine {
    let settings = EngineSettings {
        metering: Metering::Module,
        optimized: false,
        pool: None,
    };
    settings.engine().unwrap()
}

fn files() -> Arc<FileTree> {
    let pack = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(pack.path(), conformance::pack()).unwrap();
    let entries: Vec<_> = conformance::files()
        .into_iter()
        .map(|(path, range)| FileEntry {
            path,
            offset: range.start,
            length: range.end - range.start,
        })
        .collect();
    Arc::new(FileTree::open(pack.path(), &entries).unwrap())
}

/// The case in a sandbox. Its fuel is counted where a metered module counts it.
fn observe(engine: &Engine, files: &Arc<FileTree>, case: &Case) -> Observed {
    let guest = case.guest(&format!(
        "(global (export \"{FUEL_EXPORT}\") (mut i64) (i64.const 0))
         (memory (export \"{FLOOR_EXPORT}\") 1)"
    ));
    let module = Module::new(engine, wat::parse_str(guest).unwrap()).unwrap();
    let interrupt = Arc::new(Interrupt::default());
    let memory = conformance::MEMORY_PAGES as usize * (64 << 10);
    let mut guest = Guest::new(
        NoDoor,
        Arc::clone(files),
        interrupt,
        memory,
        conformance::OUTPUT_BYTES,
    );
    guest.surface.clock = Clock::virtual_until(conformance::DEADLINE);
    guest.surface.entropy = Entropy::seeded(conformance::SEED);
    guest.surface.stdin = Stdin::new(conformance::STDIN.to_vec());
    let mut store = Store::new(engine, guest);
    let linker = Guest::linker(engine).unwrap();
    let instance = linker.instantiate(&mut store, &module).unwrap();
    Guest::attach(&mut store, &instance).unwrap();
    let meter = store.data().meter().unwrap();
    meter.fill(&mut store, conformance::FUEL).unwrap();
    let functions = store.data().functions().unwrap();
    let ended = functions.turn.call(&mut store, (0, 0));
    let left = meter.left(&mut store);
    Observed {
        stdout: std::mem::take(&mut store.data_mut().surface.output.stdout),
        fuel: u64::try_from(conformance::FUEL.cast_signed() - left).unwrap(),
        ending: match ended {
            Ok(_) => Ending::Returned,
            Err(error) => Ending::Stopped(*error.downcast_ref().unwrap()),
        },
    }
}

#[test]
fn a_guest_is_answered_as_the_surface_answers() {
    let (engine, files) = (engine(), files());
    let cases = conformance::all();
    let differences = cases
        .iter()
        .flat_map(|case| case.differences(&observe(&engine, &files, case)));
    let differences: Vec<_> = differences.collect();
    assert!(differences.is_empty(), "{differences:#?}");
}
