//! The metering of an image: who counts the fuel of its runs.

use crate::{Error, Result};
use belljar_engine::Metering;
use belljar_meter::{COST_MODEL_VERSION, Options, host::STOP_EXPORT};

/// The name of the cost model behind an image's fuel: the same name, the same count. Counts of
/// different models cannot be compared.
pub(crate) fn cost_model(metering: Metering) -> String {
    match metering {
        Metering::Module => format!("belljar-{COST_MODEL_VERSION}"),
        Metering::Engine => "wasmtime-48".to_owned(),
        Metering::Off => "none".to_owned(),
    }
}

/// The module as it is to be compiled: with the meter in it, and proved to be metered, if it counts
/// for itself.
pub(crate) fn apply(snapshot: Vec<u8>, metering: Metering) -> Result<Vec<u8>> {
    if metering != Metering::Module {
        return Ok(snapshot);
    }
    let options = Options {
        stop: Some(STOP_EXPORT.to_owned()),
        ..Options::default()
    };
    let metered = belljar_meter::meter(&snapshot, &options)
        .map_err(|error| Error::Meter(error.to_string()))?;
    drop(snapshot);
    // By code that knows nothing of where the pass puts checks: what it accepts cannot run without
    // paying. Nothing changes the module after this.
    belljar_meter::verify(&metered.wasm, &options)
        .map_err(|error| Error::Meter(format!("not verified: {error}")))?;
    Ok(metered.wasm)
}
