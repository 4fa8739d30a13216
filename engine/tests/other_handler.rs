//! A program that has a use for the signal of its own keeps it.

use belljar_engine::{Code, EngineSettings, Interrupt, Meter, Metering};
use belljar_meter::{Options, host};
use std::sync::atomic::{AtomicU32, Ordering};
use wasmtime::{AsContextMut, Instance, Module, Store};

static CALLED: AtomicU32 = AtomicU32::new(0);

extern "C" fn count(_: libc::c_int) {
    CALLED.fetch_add(1, Ordering::Relaxed);
}

#[test]
fn the_handler_that_was_there_is_called_as_well() {
    // SAFETY: the handler only counts.
    unsafe { libc::signal(libc::SIGURG, (count as *const ()).addr()) };
    let options = Options {
        stop: Some(host::STOP_EXPORT.to_owned()),
        ..Options::default()
    };
    let wasm = wat::parse_str("(module)").unwrap();
    let wasm = belljar_meter::meter(&wasm, &options).unwrap().wasm;
    let settings = EngineSettings {
        metering: Metering::Module,
        optimized: false,
        pool: None,
    };
    let engine = settings.engine().unwrap();
    let module = Module::new(&engine, wasm).unwrap();
    let code = Code::of(&module).unwrap();

    let mut store = Store::new(&engine, ());
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    let meter = Meter::of(&mut store, &instance).unwrap();

    for expected in 1..=3 {
        let interrupt = Interrupt::default();
        // SAFETY: takes a number only.
        interrupt
            .run(&code, &meter, store.as_context_mut(), |_| unsafe {
                libc::raise(libc::SIGURG)
            })
            .unwrap();
        assert_eq!(CALLED.load(Ordering::Relaxed), expected);
    }
}
