//! The data of one store.

use crate::preview1::OpenFiles;
use crate::toll::Toll;
use crate::{Clock, Door, Entropy, FileTree, GuestMemory, Interrupt, MemoryLimiter, Meter, Output};
use std::sync::Arc;
use wasmtime::{AsContextMut, Caller, Instance, Linker, Memory, Store, TypedFunc};

/// Everything a running guest can reach of the host: nothing else is behind its imports.
pub struct Guest<D> {
    /// Its clocks.
    pub clock: Clock,
    /// Its random bytes.
    pub entropy: Entropy,
    /// What it reads from standard input.
    pub stdin: Stdin,
    /// What it wrote.
    pub output: Output,
    /// Its door to the host.
    pub door: D,
    /// How it is stopped from outside.
    pub interrupt: Arc<Interrupt>,
    /// The bound on its memory.
    pub memory_limiter: MemoryLimiter,
    /// Its read-only files.
    pub(crate) files: OpenFiles,
    /// Its environment, `NAME=value` each. Command line arguments are the harness's business.
    pub(crate) environment: Vec<String>,
    /// What the host call that it makes just now costs.
    pub(crate) toll: Toll,
    exports: Option<Exports>,
}

/// What the host uses of an instance.
struct Exports {
    memory: Memory,
    functions: GuestFunctions,
    meter: Option<Meter>,
}

/// Standard input: bytes handed over with the script, read from the front.
#[derive(Debug, Default)]
pub struct Stdin {
    bytes: Vec<u8>,
    position: usize,
}

impl Stdin {
    /// Input that consists of `bytes`.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, position: 0 }
    }

    /// Copies the next bytes to `target`, as many as there are and fit; how many.
    pub(crate) fn read(&mut self, target: &mut [u8]) -> usize {
        let rest = &self.bytes[self.position..];
        let len = rest.len().min(target.len());
        target[..len].copy_from_slice(&rest[..len]);
        self.position += len;
        len
    }
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
            clock: Clock::real(),
            entropy: Entropy::System,
            stdin: Stdin::default(),
            output: Output::new(output_bytes),
            door,
            interrupt,
            memory_limiter: MemoryLimiter::new(memory_bytes),
            files: OpenFiles::new(files),
            environment: Vec::new(),
            toll: Toll::default(),
            exports: None,
        }
    }

    /// Sets the environment the interpreter starts with (`NAME=value` each).
    pub fn set_environment(&mut self, variables: Vec<String>) {
        self.environment = variables;
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
