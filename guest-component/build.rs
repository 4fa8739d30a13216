//! Compresses the page's files, so that the component holds them as they are sent.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use flate2::Compression;
use flate2::write::GzEncoder;

const PAGE: &str = "assets/page";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={PAGE}");
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo sets it"));
    let mut names: Vec<String> = fs::read_dir(PAGE)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<_>>()?;
    names.sort();
    let mut table = String::from("&[\n");
    for name in &names {
        println!("cargo::rerun-if-changed={PAGE}/{name}");
        let bytes = fs::read(Path::new(PAGE).join(name))?;
        let packed = out.join(format!("{name}.gz"));
        fs::write(&packed, compressed(&bytes)?)?;
        let tag = tag(&bytes);
        writeln!(
            table,
            "Asset {{ name: {name:?}, tag: {tag:?}, packed: include_bytes!({packed:?}) }},"
        )
        .expect("a string takes every write");
    }
    table.push_str("]\n");
    fs::write(out.join("page.rs"), table)
}

fn compressed(bytes: &[u8]) -> io::Result<Vec<u8>> {
    // Its header has no time and no name: the same file gives the same bytes.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

/// An entity tag: length and CRC tell two versions of a file apart, which is all it is for.
/// It is weak, since compressed or not it is the same.
fn tag(bytes: &[u8]) -> String {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    format!("W/\"{:x}-{:08x}\"", bytes.len(), crc.sum())
}
