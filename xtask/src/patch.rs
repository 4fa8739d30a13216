//! A patch of ours for a crate that we depend on.

use anyhow::{Context, Result, ensure};
use std::fs::{self, File};
use std::path::Path;

/// A unified diff of some files, with a header that says what it is for.
#[derive(Debug)]
pub(crate) struct Patch<'a> {
    /// The crate, as in `wasmtime`.
    pub(crate) package: &'a str,
    /// The one version of it that the patch was checked against.
    pub(crate) version: &'a str,
    /// The diff, without the header.
    pub(crate) diff: &'a str,
}

impl<'a> Patch<'a> {
    /// Reads a patch file. Its header has a line `Applies to: PACKAGE VERSION`.
    pub(crate) fn parse(text: &'a str) -> Result<Self> {
        let start = text.find("\n--- ").context("no diff")? + 1;
        let (header, diff) = text.split_at(start);
        let (package, version) = header
            .lines()
            .find_map(|line| line.strip_prefix("Applies to: "))
            .and_then(|target| target.split_once(' '))
            .context("no line `Applies to: PACKAGE VERSION` before the diff")?;
        Ok(Self {
            package,
            version,
            diff,
        })
    }

    /// Changes the files it is for below `directory`, and leaves their times of modification: Cargo
    /// goes by those, and the path of a patched crate changes with the diff already.
    pub(crate) fn apply(&self, directory: &Path) -> Result<()> {
        for diff in self.files() {
            apply(diff, directory)?;
        }
        Ok(())
    }

    /// The diff of each file.
    fn files(&self) -> impl Iterator<Item = &'a str> {
        let diff = self.diff;
        let starts = diff.match_indices("\n--- a/").map(|(at, _)| at + 1);
        let starts: Vec<usize> = std::iter::once(0).chain(starts).collect();
        let ends: Vec<usize> = starts[1..].iter().copied().chain([diff.len()]).collect();
        starts
            .into_iter()
            .zip(ends)
            .map(move |(start, end)| &diff[start..end])
    }
}

fn apply(diff: &str, directory: &Path) -> Result<()> {
    let patch = diffy::Patch::from_str(diff)?;
    let name = patch
        .original()
        .and_then(|name| name.strip_prefix("a/"))
        .context("the diff names no file a/…")?;
    let path = directory.join(name);
    let before = fs::read_to_string(&path).with_context(|| format!("could not read {name}"))?;
    let modified = fs::metadata(&path)?.modified()?;
    let after = diffy::apply(&before, &patch)
        .with_context(|| format!("{name} is not the file that the diff was made for"))?;
    ensure!(after != before, "the diff changes nothing");
    fs::write(&path, after)?;
    File::options()
        .write(true)
        .open(&path)?
        .set_modified(modified)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
Why

Applies to: thing 1.2.3

--- a/src/lib.rs
+++ b/src/lib.rs
@@ -1,3 +1,3 @@
 a
-b
+B
 c
";

    #[test]
    fn the_header_names_the_crate() {
        let patch = Patch::parse(TEXT).unwrap();
        assert_eq!((patch.package, patch.version), ("thing", "1.2.3"));
        assert!(patch.diff.starts_with("--- a/"), "{}", patch.diff);
        assert!(Patch::parse("Why\n--- a/x\n").is_err());
        assert!(Patch::parse("Applies to: thing 1.2.3\n").is_err());
    }

    #[test]
    fn it_applies_to_its_file_and_to_no_other() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("src/lib.rs");
        fs::create_dir(directory.path().join("src")).unwrap();
        let patch = Patch::parse(TEXT).unwrap();

        fs::write(&file, "0\na\nb\nc\n").unwrap();
        let modified = fs::metadata(&file).unwrap().modified().unwrap();
        patch.apply(directory.path()).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "0\na\nB\nc\n");
        assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), modified);

        fs::write(&file, "a\nx\nc\n").unwrap();
        let error = patch.apply(directory.path()).unwrap_err().to_string();
        assert!(error.contains("src/lib.rs is not the file"), "{error}");
    }

    #[test]
    fn it_may_be_for_several_files() {
        let directory = tempfile::tempdir().unwrap();
        let text = format!("{TEXT}--- a/other\n+++ b/other\n@@ -1 +1 @@\n-x\n+y\n");
        fs::create_dir(directory.path().join("src")).unwrap();
        fs::write(directory.path().join("src/lib.rs"), "a\nb\nc\n").unwrap();
        fs::write(directory.path().join("other"), "x\n").unwrap();
        Patch::parse(&text)
            .unwrap()
            .apply(directory.path())
            .unwrap();
        let read = |name| fs::read_to_string(directory.path().join(name)).unwrap();
        assert_eq!(
            (read("src/lib.rs").as_str(), read("other").as_str()),
            ("a\nB\nc\n", "y\n")
        );
    }
}
