//! The imports of a front.

use super::imports::Imports;
use super::instance::Instance;
use belljar_pool::Executor;
use wasmtime::component::{HasSelf, Linker};

/// Gives a linker all that a front imports.
pub(super) fn link<E: Executor>(linker: &mut Linker<Instance<E>>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_async(linker)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(linker)?;
    Imports::add_to_linker::<_, HasSelf<_>>(linker, |instance| instance)
}
