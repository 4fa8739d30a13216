//! The image: what the host loads.

use crate::{Digest, Error, Result};
use belljar_cache::{Owners, require_private};
use belljar_engine::FileEntry;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The version of the image's layout. Increased when an older host could misread a newer image.
pub const FORMAT: u32 = 3;

const MANIFEST: &str = "image.json";
const VERIFIED: &str = "verified.json";

/// The description of an image, and how to use it: the content of `image.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageManifest {
    /// [`FORMAT`].
    pub format: u32,
    /// The interpreter's version, for example `3.15.0`.
    pub python: String,
    /// Packages scripts can import, with their versions.
    pub packages: BTreeMap<String, String>,
    /// Modules that are already imported in the snapshot.
    pub preloaded: u32,
    /// The size of linear memory at the start of every run, in bytes.
    pub memory_bytes: u64,
    /// The digest of the wheel the interpreter comes from.
    pub wheel: Digest,
    /// The digest of the harness inside.
    pub harness: Digest,
    /// The digest of the snapshot: the same on every machine.
    pub snapshot: Digest,
    /// The cost model behind fuel, for example `belljar-3`: within one, the same script and seed
    /// consume the same fuel on every machine.
    pub meter: String,
    /// The engine that can load the native code: it depends on Wasmtime's version, the settings and
    /// this CPU.
    pub engine: String,
    /// The native code.
    pub code: Part,
    /// The file pack.
    pub pack: Part,
    /// The files in the pack, as the guest sees them.
    pub files: Vec<FileEntry>,
    /// The regions that must be filled with random bytes before every run.
    pub entropy: Vec<EntropyRegion>,
}

/// A file of the image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its size in bytes.
    pub bytes: u64,
    /// Its digest.
    pub sha256: Digest,
}

/// The state of a random generator inside the snapshot. Every sandbox starts as the same memory;
/// without fresh bytes here, every script would draw the same numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntropyRegion {
    /// The name of the generator.
    pub name: String,
    /// The address in linear memory at which it begins.
    pub address: u32,
    /// The number of its bytes.
    pub length: u32,
}

/// An image on disk, checked.
#[derive(Debug, Clone)]
pub struct Image {
    directory: PathBuf,
    manifest: ImageManifest,
}

impl Image {
    /// Opens the image in `directory`, and checks that nobody else can put native code there, and
    /// that its files are the ones it was made with.
    ///
    /// The digests of some 400 MB are computed once; a note of each file's identity (inode, size,
    /// time of change) spares it as long as nothing touches them.
    ///
    /// # Errors
    ///
    /// When it is missing, damaged, of another format, or others can write to it.
    pub fn open(directory: impl Into<PathBuf>) -> Result<Self> {
        let directory = directory.into();
        let broken = |reason: String| Error::Image {
            path: directory.clone(),
            reason,
        };
        let manifest = fs::read(directory.join(MANIFEST)).map_err(|error| {
            broken(format!(
                "it has no readable {MANIFEST} ({error}); make one with `belljar runtime build`"
            ))
        })?;
        let format: FormatOnly = serde_json::from_slice(&manifest)
            .map_err(|error| broken(format!("its {MANIFEST} is not valid: {error}")))?;
        if format.format != FORMAT {
            let found = format.format;
            return Err(broken(format!(
                "its format is {found}, this Belljar reads {FORMAT}; make one with `belljar runtime build`"
            )));
        }
        let manifest: ImageManifest = serde_json::from_slice(&manifest)
            .map_err(|error| broken(format!("its {MANIFEST} is not valid: {error}")))?;
        let image = Self {
            directory,
            manifest,
        };
        image.require_private()?;
        image.verify()?;
        Ok(image)
    }

    /// Writes the manifest: the last step of making an image.
    pub(crate) fn write_manifest(directory: &Path, manifest: &ImageManifest) -> Result<()> {
        let path = directory.join(MANIFEST);
        let json = serde_json::to_vec_pretty(manifest)
            .map_err(|error| Error::Prepare(format!("the image's description: {error}")))?;
        fs::write(&path, json).map_err(Error::io("could not write", &path))?;
        make_private(&path)
    }

    /// The image's directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The description of the image.
    pub fn manifest(&self) -> &ImageManifest {
        &self.manifest
    }

    /// The native code, for `Module::deserialize_file`.
    pub fn code(&self) -> PathBuf {
        code(&self.directory)
    }

    /// The file pack.
    pub fn pack(&self) -> PathBuf {
        pack(&self.directory)
    }

    /// Digests say that a file is whole, not whose it is: who can write to the directory can write
    /// them, too.
    fn require_private(&self) -> Result<()> {
        let manifest = self.directory.join(MANIFEST);
        for path in [self.directory(), &manifest, &self.code(), &self.pack()] {
            require_private(path, Owners::UserOrRoot).map_err(|error| match error {
                belljar_cache::Error::NotPrivate { .. } => Error::Image {
                    path: self.directory.clone(),
                    reason: error.to_string(),
                },
                missing => self.broken(&missing.to_string()),
            })?;
        }
        Ok(())
    }

    fn verify(&self) -> Result<()> {
        let parts = [
            (self.code(), &self.manifest.code),
            (self.pack(), &self.manifest.pack),
        ];
        let mut seen = Vec::new();
        for (path, part) in &parts {
            seen.push(Identity::of(path, part).map_err(|error| self.broken(&error.to_string()))?);
        }
        let note = self.directory.join(VERIFIED);
        let verified: Option<Vec<Identity>> = fs::read(&note)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok());
        if verified.as_ref() == Some(&seen) {
            return Ok(());
        }
        for (path, part) in &parts {
            let found = Digest::of_file(path)?;
            if found != part.sha256 {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                return Err(self.broken(&format!("{name} is damaged: its digest is {found}")));
            }
        }
        // Only a note to be quicker next time: an image on a read-only disk works without it.
        if let Ok(json) = serde_json::to_vec(&seen) {
            let _ = fs::write(note, json);
        }
        Ok(())
    }

    fn broken(&self, reason: &str) -> Error {
        Error::Image {
            path: self.directory.clone(),
            reason: format!("{reason}; make a new one with `belljar runtime build`"),
        }
    }
}

/// The first thing to read of a manifest, whatever else another version put there.
#[derive(Deserialize)]
struct FormatOnly {
    format: u32,
}

/// The facts by which a file is known to be still the one whose digest was computed.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Identity {
    sha256: Digest,
    inode: u64,
    bytes: u64,
    changed: (i64, i64),
}

impl Identity {
    fn of(path: &Path, part: &Part) -> std::io::Result<Self> {
        let metadata = fs::metadata(path)?;
        Ok(Self {
            sha256: part.sha256.clone(),
            inode: metadata.ino(),
            bytes: metadata.len(),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        })
    }
}

pub(crate) fn code(directory: &Path) -> PathBuf {
    directory.join("python.cwasm")
}

pub(crate) fn pack(directory: &Path) -> PathBuf {
    directory.join("files.pack")
}

/// Makes a file writable by its owner alone, whatever the user's mask is: else [`Image::open`] would
/// refuse what this user has made.
pub(crate) fn make_private(path: &Path) -> Result<()> {
    fs::set_permissions(path, Permissions::from_mode(0o644))
        .map_err(Error::io("could not change the permissions of", path))
}

/// The size and digest of a file, for a manifest.
pub(crate) fn part(path: &Path) -> Result<Part> {
    let bytes = fs::metadata(path)
        .map_err(Error::io("could not look at", path))?
        .len();
    Ok(Part {
        bytes,
        sha256: Digest::of_file(path)?,
    })
}
