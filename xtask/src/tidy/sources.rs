//! The files of the repository.

use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The files that are, or are about to be, in the repository.
#[derive(Debug)]
pub(super) struct Sources {
    root: PathBuf,
    /// Relative to the root, sorted.
    paths: Vec<String>,
}

impl Sources {
    /// Asks git, which knows what is ignored.
    pub(super) fn list(root: &Path) -> Result<Self> {
        let output = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others"])
            .arg("--exclude-standard")
            .current_dir(root)
            .output()
            .context("git, which knows the repository's files, could not be started")?;
        ensure!(
            output.status.success(),
            "git does not say which files are in the repository: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
        let mut paths: Vec<String> = String::from_utf8(output.stdout)
            .context("a file's name is not UTF-8")?
            .split_terminator('\0')
            // Removed, and not committed yet.
            .filter(|path| root.join(path).exists())
            .map(str::to_owned)
            .collect();
        paths.sort();
        paths.dedup();
        Ok(Self {
            root: root.to_owned(),
            paths,
        })
    }

    /// All files.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }

    /// The files with one of these extensions.
    pub(super) fn with_extension(&self, extensions: &[&str]) -> impl Iterator<Item = &str> {
        self.paths().filter(move |path| {
            let extension = Path::new(path).extension();
            extension.is_some_and(|extension| extensions.iter().any(|one| extension == *one))
        })
    }

    /// True where there is such a file.
    pub(super) fn has(&self, path: &str) -> bool {
        self.paths
            .binary_search_by(|known| known.as_str().cmp(path))
            .is_ok()
    }

    /// The text of a file.
    pub(super) fn read(&self, path: &str) -> Result<String> {
        fs::read_to_string(self.root.join(path)).with_context(|| format!("could not read {path}"))
    }

    /// The folders with a package of Cargo's.
    pub(super) fn packages(&self) -> impl Iterator<Item = &str> {
        self.paths()
            .filter_map(|path| path.strip_suffix("/Cargo.toml"))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A repository with these files.
    pub(in crate::tidy) fn repository(files: &[(&str, &str)]) -> (tempfile::TempDir, Sources) {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path();
        for (path, text) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let init = Command::new("git")
            .args(["init", "--quiet"])
            .current_dir(root)
            .status();
        assert!(init.unwrap().success());
        let sources = Sources::list(root).unwrap();
        (directory, sources)
    }

    #[test]
    fn what_git_ignores_is_no_source() {
        let (_directory, sources) = repository(&[
            (".gitignore", "target\n"),
            ("a/Cargo.toml", ""),
            ("a/src/lib.rs", ""),
            ("a/target/x.rs", ""),
        ]);
        let paths: Vec<&str> = sources.paths().collect();
        assert_eq!(paths, [".gitignore", "a/Cargo.toml", "a/src/lib.rs"]);
        let rust: Vec<&str> = sources.with_extension(&["rs", "py"]).collect();
        assert_eq!(rust, ["a/src/lib.rs"]);
        assert!(sources.has("a/src/lib.rs") && !sources.has("a/target/x.rs"));
        assert_eq!(sources.packages().collect::<Vec<_>>(), ["a"]);
    }
}
