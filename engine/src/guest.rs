//! The data of one store.

use crate::machine::GuestMachine;
use crate::{Door, FileTree, GuestMemory, Interrupt, MemoryLimiter, Meter, Surface, Tap};
use std::sync::Arc;
use std::time::Instant;
use wasmtime::{AsContextMut, Caller, Instance, Linker, Memory, Store, TypedFunc};

/// Everything a running guest can reach of the host: nothing else is behind its imports.
pub struct Guest<D> {
    /// The guest's view of the world: clocks, random bytes, streams, files.
    pub surface: Surface,
    /// The listener to what it writes, if there is one.
    pub tap: Option<Tap>,
    /// Its door to the host.
    pub door: D,
    /// The means to stop it from outside.
    pub interrupt: Arc<Interrupt>,
    /// The bound on its memory.
    pub memory_limiter: MemoryLimiter,
    /// The system's files.
    files: Arc<FileTree>,
    /// The start of its run.
    start: Instant,
    exports: Option<Exports>,
}

/// The exports of an instance that the host uses.
struct Exports {
    memory: Memory,
    functions: GuestFunctions,
    meter: Option<Meter>,
}

/// The exported functions the host calls.
#[derive(Clone)]
pub struct GuestFunctions {
    /// `host_alloc(len) -> address`: the guest's own allocator; 0 when it has no memory left.
    pub alloc: TypedFunc<u32, u32>,
    /// `turn(address, len) -> status`: handles one request and frees its bytes.
    pub turn: TypedFunc<(u32, u32), i32>,
}

impl<D: Door> Guest<D> {
    /// A guest with nothing but what is given: empty input and environment.
    pub fn new(
        door: D,
        files: Arc<FileTree>,
        interrupt: Arc<Interrupt>,
        memory_bytes: usize,
        output_bytes: usize,
    ) -> Self {
        Self {
            surface: Surface::new(output_bytes),
            tap: None,
            door,
            interrupt,
            memory_limiter: MemoryLimiter::new(memory_bytes),
            files,
            start: Instant::now(),
            exports: None,
        }
    }

    /// A linker with everything a guest may import.
    ///
    /// # Errors
    ///
    /// Never in practice: only a name defined twice fails.
    pub fn linker(engine: &wasmtime::Engine) -> wasmtime::Result<Linker<Self>> {
        let mut linker = Linker::new(engine);
        crate::preview1::add_to_linker(&mut linker)?;
        crate::door::add_to_linker(&mut linker)?;
        Ok(linker)
    }

    /// Remembers the exports of `instance`: to be called once, right after instantiation.
    ///
    /// # Errors
    ///
    /// When an export is missing or has another type.
    pub fn attach(store: &mut Store<Self>, instance: &Instance) -> wasmtime::Result<()> {
        let memory = instance
            .get_memory(&mut *store, "memory")
            .ok_or_else(|| wasmtime::Error::msg("the guest exports no memory"))?;
        let functions = GuestFunctions {
            alloc: instance.get_typed_func(&mut *store, "host_alloc")?,
            turn: instance.get_typed_func(&mut *store, "turn")?,
        };
        let meter = Meter::of(&mut *store, instance);
        store.data_mut().exports = Some(Exports {
            memory,
            functions,
            meter,
        });
        Ok(())
    }

    /// The guest's memory and its other data, both to write.
    pub(crate) fn split<'a>(caller: &'a mut Caller<'_, Self>) -> (GuestMemory<'a>, &'a mut Self) {
        match caller.data().memory() {
            Some(memory) => {
                let (bytes, guest) = memory.data_and_store_mut(caller.as_context_mut());
                (GuestMemory(bytes), guest)
            }
            // A start function may call imports before `attach`: it finds no memory to write to.
            None => (GuestMemory(&mut []), caller.data_mut()),
        }
    }

    /// The surface of a guest, and the machine that it runs on, for one call.
    pub(crate) fn surface_and_machine<'a>(
        caller: &'a mut Caller<'_, Self>,
    ) -> (&'a mut Surface, GuestMachine<'a>) {
        let (memory, guest) = Self::split(caller);
        let machine = GuestMachine {
            memory,
            files: &guest.files,
            interrupt: &guest.interrupt,
            tap: &mut guest.tap,
            start: guest.start,
        };
        (&mut guest.surface, machine)
    }

    /// The functions of the instance, once attached.
    pub fn functions(&self) -> Option<GuestFunctions> {
        self.exports
            .as_ref()
            .map(|exports| exports.functions.clone())
    }

    /// The memory of the instance, once attached.
    pub fn memory(&self) -> Option<Memory> {
        self.exports.as_ref().map(|exports| exports.memory)
    }

    /// The meter of the instance, once attached, if it has one.
    pub fn meter(&self) -> Option<Meter> {
        self.exports.as_ref().and_then(|exports| exports.meter)
    }
}
