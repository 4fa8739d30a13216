//! What an executor says of itself, to the front and to fronts elsewhere.

use crate::limits::{Maxima, RESULT_BYTES};
use crate::serve::config::LimitValues;
use belljar_python_runtime::ImageManifest;
use serde::Serialize;

/// What this executor can do beyond the least.
const FEATURES: [&str; 4] = ["cancel", "display", "seed", "stream"];

/// The part of a description that does not change while the server runs.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Description {
    /// Version of Python.
    pub(crate) python_version: String,
    /// Which build of the runtime.
    pub(crate) edition: &'static str,
    /// Every package, sorted by name.
    pub(crate) packages: Vec<Package>,
    /// For a program that asks for nothing.
    pub(crate) default_limits: LimitValues,
    /// The most a program may ask for.
    pub(crate) maximum_limits: LimitValues,
    /// Largest JSON text of a result.
    pub(crate) result_bytes: u64,
    /// The cost model behind `fuel`.
    pub(crate) meter: String,
    /// What this executor can do beyond the least.
    pub(crate) features: Vec<&'static str>,
}

/// A package that scripts can import from.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
}

impl Description {
    pub(crate) fn new(image: &ImageManifest, maxima: &Maxima) -> Self {
        let packages = image.packages.iter().map(|(name, version)| Package {
            name: name.clone(),
            version: version.clone(),
        });
        Self {
            python_version: image.python.clone(),
            edition: "full",
            packages: packages.collect(),
            default_limits: maxima.default.into(),
            maximum_limits: maxima.maximum.into(),
            result_bytes: RESULT_BYTES as u64,
            meter: image.meter.clone(),
            features: FEATURES.to_vec(),
        }
    }
}
