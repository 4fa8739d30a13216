//! Puts the HTTP front into the program.
//!
//! `cargo xtask` builds the front before anything else and names it in `BELLJAR_FRONT`. Without that
//! (a plain `cargo build`) the program has none inside, and looks for one beside itself.

use std::env;
use std::error::Error;
use std::fs;
use std::path::PathBuf;

const FRONT: &str = "BELLJAR_FRONT";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={FRONT}");
    let front = match env::var_os(FRONT).filter(|path| !path.is_empty()) {
        Some(path) => {
            let path = PathBuf::from(path);
            println!("cargo::rerun-if-changed={}", path.display());
            fs::read(&path).map_err(|error| format!("{FRONT}={}: {error}", path.display()))?
        }
        None => Vec::new(),
    };
    let inside = PathBuf::from(env::var("OUT_DIR")?).join("front.wasm");
    // Leaves an equal file alone, so that the program is not compiled again.
    if fs::read(&inside).ok().as_ref() != Some(&front) {
        fs::write(inside, front)?;
    }
    Ok(())
}
