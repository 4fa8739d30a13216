//! The description of an executor.

use crate::LimitValues;
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// The description of an executor: the Python that it runs, its packages, and the limits that it
/// grants. It does not change while the executor runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuntimeInfo {
    /// Version of Python.
    pub python_version: String,
    /// The edition of the runtime: `full`, or `small` (no packages).
    pub edition: String,
    /// Every package, sorted by name.
    pub packages: Vec<PackageVersion>,
    /// For a program that asks for nothing.
    pub default_limits: LimitValues,
    /// The most a program may ask for.
    pub maximum_limits: LimitValues,
    /// The largest JSON text of a result.
    pub result_bytes: u64,
    /// The cost model behind `fuel`.
    pub meter: String,
    /// The names of what this executor can do beyond the least.
    pub features: Vec<String>,
    /// Protections around the sandbox, beyond WebAssembly itself.
    pub isolation: Vec<String>,
}

/// A package that scripts can import from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageVersion {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}
