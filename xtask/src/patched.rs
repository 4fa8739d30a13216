//! The workspace built with our patch of Wasmtime.
//!
//! A plain `cargo build` takes Wasmtime as it is published, and works. The builds of this program
//! take a copy of the published source in the cache, with `patches/wasmtime-sandbox-reset.patch`
//! applied, and are several times faster at resetting a sandbox (the patch's header says why).
//!
//! The copy comes in as a [path override], given on Cargo's command line. That is the one way to
//! replace a crate which leaves Cargo.toml and Cargo.lock as they are: Cargo resolves the workspace
//! with the lockfile as ever, and then takes the source of this one package from elsewhere. (A
//! `[patch]` section, also when given by `--config`, makes Cargo rewrite the lockfile.) It can
//! change code only, neither the version nor the dependencies, which is all we want. Cargo ignores
//! an override of another version than the locked one without a word: so we compare them.
//!
//! Every build is `--release --workspace` in a target directory of its own, whatever is then built
//! of it: other packages, features or profiles would compile Wasmtime once more, for minutes.
//!
//! [path override]: https://doc.rust-lang.org/cargo/reference/overriding-dependencies.html#paths-overrides

use crate::checkout::Checkout;
use crate::patch::Patch;
use crate::wasm;
use crate::wasm_target::{self, Toolchain};
use anyhow::{Context, Result, bail};
use belljar_cache::key;
use serde_json::Value;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const PATCH: &str = "patches/wasmtime-sandbox-reset.patch";

/// A variable for the compilation of `belljar`, so that it can say which Wasmtime it has: the number
/// of regions in the patch.
const REGIONS: (&str, &str) = ("BELLJAR_PAGEMAP_REGIONS", "1024");

/// The HTTP front, which the build script of `host` puts into the binary.
const FRONT: &str = "BELLJAR_FRONT";

/// The compiler with which the build script of `python-runtime` compiles the interpreter's native code, where Cargo's
/// own compiler has not the target.
const WASM_COMPILER: &str = "BELLJAR_WASM_RUSTC";

/// The workspace with the patched crate.
#[derive(Debug)]
pub(crate) struct Patched<'a> {
    checkout: &'a Checkout,
    /// The crate's name.
    package: String,
    /// The patched copy of the crate.
    source: PathBuf,
}

impl<'a> Patched<'a> {
    /// Makes the patched copy if it is not there.
    pub(crate) fn open(checkout: &'a Checkout) -> Result<Self> {
        let text = fs::read_to_string(checkout.root().join(PATCH))
            .with_context(|| format!("could not read {PATCH}"))?;
        let patch = Patch::parse(&text).context(PATCH)?;
        let Patch {
            package, version, ..
        } = patch;
        let lockfile = fs::read_to_string(checkout.root().join("Cargo.lock"))
            .context("could not read Cargo.lock")?;
        let locked = locked_version(&lockfile, package)?;
        if locked != version {
            bail!(
                "{PATCH} is for {package} {version}, and Cargo.lock has {locked}: see whether it \
                 is still needed and applies, then change its line `Applies to:`"
            );
        }
        let entry = format!("{package}-{version}-{}", key(patch.diff));
        let source = checkout.cached(&entry, |directory| {
            copy(&published_source(checkout, package, version)?, directory)?;
            patch
                .apply(directory)
                .with_context(|| format!("{PATCH} does not apply to {package} {version}"))
        })?;
        Ok(Self {
            checkout,
            package: package.to_owned(),
            source,
        })
    }

    /// A Cargo command for the whole workspace.
    pub(crate) fn cargo(&self, subcommand: &str) -> Result<Command> {
        let source = self.source.to_str().with_context(|| {
            let path = self.source.display();
            format!("Cargo takes UTF-8 paths only, not {path}: set BELLJAR_CACHE to another one")
        })?;
        let mut cargo = self.checkout.cargo();
        cargo
            // Quoted as a string of Rust, which for a path is one of TOML too.
            .arg("--config")
            .arg(format!("paths = [{source:?}]"))
            // To Cargo it is now source that someone works on, which it would compile incrementally
            // where the workspace's profile says so, and to slower code.
            .arg("--config")
            .arg(format!(
                "profile.release.package.{}.incremental = false",
                self.package
            ))
            .arg(subcommand)
            .args(["--locked", "--release", "--workspace", "--target-dir"])
            .arg(self.target())
            .env(REGIONS.0, REGIONS.1)
            .env(FRONT, wasm::front(self.checkout)?);
        if let Toolchain::Own(directory) = wasm_target::ensure(self.checkout)? {
            cargo.env(WASM_COMPILER, directory.join("bin/rustc"));
        }
        Ok(cargo)
    }

    /// Where the build of this name is or would be.
    pub(crate) fn binary(&self, name: &str) -> PathBuf {
        self.target().join("release").join(name)
    }

    fn target(&self) -> PathBuf {
        self.checkout.target("patched")
    }
}

/// The version of a package in a lockfile.
fn locked_version<'a>(lockfile: &'a str, package: &str) -> Result<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lockfile.lines();
    lines
        .find(|line| *line == name)
        .and_then(|_| lines.next())
        .and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        .with_context(|| format!("Cargo.lock has no {package}"))
}

/// The directory of a crate as Cargo fetched and unpacked it.
fn published_source(checkout: &Checkout, package: &str, version: &str) -> Result<PathBuf> {
    let output = checkout
        .cargo()
        .args(["metadata", "--locked", "--format-version", "1"])
        .stderr(Stdio::inherit())
        .output()
        .context("could not start cargo")?;
    if !output.status.success() {
        bail!("Cargo could not fetch the crates that Cargo.lock names: see above");
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|entry| entry["name"] == package && entry["version"] == version)
        .and_then(|entry| Path::new(entry["manifest_path"].as_str()?).parent())
        .map(Path::to_owned)
        .with_context(|| format!("Cargo does not say where {package} {version} is"))
}

/// Copies what is in a directory. Files keep their times of modification: by those Cargo sees that
/// a copy made anew is what it has compiled already.
fn copy(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir(&target)?;
            copy(&entry.path(), &target)?;
        } else {
            fs::write(&target, fs::read(entry.path())?)?;
            File::options()
                .write(true)
                .open(&target)?
                .set_modified(entry.metadata()?.modified()?)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The files of the repository, for checks that need no build.
    fn in_checkout(path: &str) -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        fs::read_to_string(root.join(path)).unwrap()
    }

    #[test]
    fn the_patch_is_for_the_locked_version_and_sets_the_number_we_tell() {
        let text = in_checkout(PATCH);
        let patch = Patch::parse(&text).unwrap();
        let lockfile = in_checkout("Cargo.lock");
        let locked = locked_version(&lockfile, patch.package).unwrap();
        assert_eq!(locked, patch.version);
        let added = format!("\n+    const MAX_REGIONS: usize = {};\n", REGIONS.1);
        assert!(patch.diff.contains(&added), "{}", patch.diff);
    }

    #[test]
    fn a_locked_version_is_that_of_the_very_package() {
        let lockfile = "[[package]]\nname = \"a-b\"\nversion = \"1.0.0\"\n\n\
                        [[package]]\nname = \"a\"\nversion = \"2.0.0\"\n";
        assert_eq!(locked_version(lockfile, "a").unwrap(), "2.0.0");
        assert!(locked_version(lockfile, "b").is_err());
    }

    #[test]
    fn a_copy_keeps_contents_and_times() {
        let directory = tempfile::tempdir().unwrap();
        let (from, to) = (directory.path().join("from"), directory.path().join("to"));
        fs::create_dir_all(from.join("inner")).unwrap();
        fs::create_dir(&to).unwrap();
        fs::write(from.join("inner/file"), "text").unwrap();
        let time = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
        let file = File::options()
            .write(true)
            .open(from.join("inner/file"))
            .unwrap();
        file.set_modified(time).unwrap();

        copy(&from, &to).unwrap();
        let copied = to.join("inner/file");
        assert_eq!(fs::read_to_string(&copied).unwrap(), "text");
        assert_eq!(fs::metadata(&copied).unwrap().modified().unwrap(), time);
    }
}
