//! Purity: the machines get their time and all that happens from outside.

use std::fs;
use std::path::{Path, PathBuf};

/// Words of which a machine has none: clocks, waiting, randomness, and anything outside of it.
const IMPURE: [&str; 9] = [
    "::now()",
    ".elapsed()",
    "tokio",
    "std::env",
    "std::fs",
    "std::net",
    "std::os",
    "std::thread",
    "rand::",
];

#[test]
fn a_machine_knows_no_clock_and_nothing_that_waits() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let entries = fs::read_dir(source.join("pool/machine")).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    assert!(files.len() > 20, "{files:?}");
    files.push(source.join("worker/leaders.rs"));
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        // Tests are at the end of a file, and may.
        let machine = text.split("mod tests {").next().unwrap();
        for word in IMPURE {
            assert!(!machine.contains(word), "{word} in {}", file.display());
        }
    }
}
