//! The read-only files a guest sees: the standard library's archive and a few data files.
//!
//! They all lie in one *pack*, a flat file mapped into memory and so shared by every process that
//! runs sandboxes. A path is looked up as a whole string: nothing of the host's file system is ever
//! consulted, so there is nothing to escape to.
//!
//! Beside them are the random devices, by their usual names: SQLite, for one, seeds its generator from
//! one, and with the time of day where there is none, which is the same for everybody.

use memmap2::Mmap;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::ops::Range;
use std::path::Path;

/// The paths of random bytes without an end.
const RANDOM: [&str; 2] = ["dev/random", "dev/urandom"];

/// One file of a pack: `path` is absolute, without the leading slash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Where the guest sees it, for example `usr/local/lib/python315.zip`.
    pub path: String,
    /// Where it begins in the pack, in bytes.
    pub offset: u64,
    /// Its size in bytes.
    pub length: u64,
}

/// A pack that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileTreeError {
    /// The pack could not be opened or mapped.
    #[error("the file pack could not be mapped: {0}")]
    Io(#[from] std::io::Error),
    /// An entry lies outside the pack: the two do not belong together.
    #[error("the entry `{0}` lies outside the file pack")]
    OutOfRange(String),
}

/// A read-only tree of files.
#[derive(Debug)]
pub struct FileTree {
    pack: Option<Mmap>,
    files: BTreeMap<String, Range<usize>>,
    directories: BTreeSet<String>,
    /// What is in the directories that can be listed.
    listings: BTreeMap<String, Vec<(String, bool)>>,
}

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    File(Range<usize>),
    Directory,
    /// A device that gives random bytes.
    Random,
}

impl FileTree {
    /// A tree without any file.
    pub fn empty() -> Self {
        Self {
            pack: None,
            files: BTreeMap::new(),
            directories: BTreeSet::new(),
            listings: BTreeMap::new(),
        }
    }

    /// The files `entries` of the pack at `pack`.
    ///
    /// # Errors
    ///
    /// When the pack cannot be mapped, or is too short for an entry.
    pub fn open(pack: &Path, entries: &[FileEntry]) -> Result<Self, FileTreeError> {
        let file = File::open(pack)?;
        // SAFETY: the pack is a cache file of ours in a directory private to the user, replaced
        // only by renaming another over it, never written in place.
        let pack = unsafe { Mmap::map(&file)? };
        let mut files = BTreeMap::new();
        for entry in entries {
            let range = (|| {
                let start = usize::try_from(entry.offset).ok()?;
                let end = start.checked_add(usize::try_from(entry.length).ok()?)?;
                (end <= pack.len()).then_some(start..end)
            })();
            let range = range.ok_or_else(|| FileTreeError::OutOfRange(entry.path.clone()))?;
            files.insert(entry.path.clone(), range);
        }
        let directories = directories(&files);
        Ok(Self {
            pack: Some(pack),
            listings: listings(&files, &directories),
            files,
            directories,
        })
    }

    /// What `path` (relative to the root, normalised) leads to.
    pub(crate) fn lookup(&self, path: &str) -> Option<Node> {
        // A file wins over a directory of the same name: the archive is a file, and the data
        // files that Python expects "inside" it lie below the same path.
        if let Some(range) = self.files.get(path) {
            return Some(Node::File(range.clone()));
        }
        if RANDOM.contains(&path) {
            return Some(Node::Random);
        }
        let is_directory = self.directories.contains(path) || path == "dev";
        is_directory.then_some(Node::Directory)
    }

    /// What is directly below the directory `path`: names, and whether each is a directory. `None` if
    /// it cannot be listed: one below a file (inside the archive) can, the directories that lead
    /// there are scenery.
    pub(crate) fn children(&self, path: &str) -> Option<&[(String, bool)]> {
        self.listings.get(path).map(Vec::as_slice)
    }

    /// The bytes of a file.
    pub(crate) fn bytes(&self, range: &Range<usize>) -> &[u8] {
        self.pack
            .as_ref()
            .and_then(|pack| pack.get(range.clone()))
            .unwrap_or_default()
    }
}

/// The directories that `files` are in.
///
/// Below a file (inside the archive) only those exist that a file lies in, or above: Python takes
/// a path that is no directory for a path inside the archive, and must go on doing so for
/// packages that merely have a data directory further down.
fn directories(files: &BTreeMap<String, Range<usize>>) -> BTreeSet<String> {
    let parents = |path: &str| -> Vec<String> {
        path.match_indices('/')
            .map(|(end, _)| path[..end].to_owned())
            .collect()
    };
    let holding: BTreeSet<String> = files
        .keys()
        .filter_map(|path| Some(path.rsplit_once('/')?.0.to_owned()))
        .collect();
    let mut found = BTreeSet::from([String::new()]);
    for path in files.keys() {
        let parents = parents(path);
        let (mut inside, mut below_holding) = (false, false);
        for parent in parents {
            inside |= files.contains_key(&parent);
            below_holding |= inside && holding.contains(&parent) && !files.contains_key(&parent);
            if !inside || below_holding {
                found.insert(parent);
            }
        }
    }
    found
}

/// What is directly below each directory that lies below a file.
fn listings(
    files: &BTreeMap<String, Range<usize>>,
    directories: &BTreeSet<String>,
) -> BTreeMap<String, Vec<(String, bool)>> {
    let is_inside = |path: &str| {
        path.match_indices('/')
            .any(|(end, _)| files.contains_key(&path[..end]))
    };
    let mut listings: BTreeMap<String, Vec<(String, bool)>> = directories
        .iter()
        .filter(|path| is_inside(path))
        .map(|path| (path.clone(), Vec::new()))
        .collect();
    let directories = directories.iter().map(|path| (path, true));
    let files = files.keys().map(|path| (path, false));
    for (path, is_directory) in directories.chain(files) {
        let Some((parent, name)) = path.rsplit_once('/') else {
            continue;
        };
        if let Some(listing) = listings.get_mut(parent) {
            listing.push((name.to_owned(), is_directory));
        }
    }
    listings
}

/// The path relative to the root with `.`, `..` and empty components resolved, as a file system
/// without symbolic links would. `..` above the root stays at the root.
pub(crate) fn normalise(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> FileTree {
        let mut pack = tempfile::NamedTempFile::new().unwrap();
        std::io::Write::write_all(&mut pack, b"zipfont").unwrap();
        let entry = |path: &str, offset, length| FileEntry {
            path: path.into(),
            offset,
            length,
        };
        let entries = [
            entry("lib/a.zip", 0, 3),
            entry("lib/a.zip/package/data/rc", 3, 0),
            entry("lib/a.zip/package/data/fonts/ttf/font.ttf", 3, 4),
        ];
        FileTree::open(pack.path(), &entries).unwrap()
    }

    #[test]
    fn files_and_their_directories_are_found_and_nothing_else_is() {
        let tree = tree();
        assert_eq!(tree.lookup("lib/a.zip"), Some(Node::File(0..3)));
        assert_eq!(
            tree.lookup("lib/a.zip/package/data/fonts/ttf/font.ttf"),
            Some(Node::File(3..7))
        );
        assert_eq!(tree.lookup(""), Some(Node::Directory));
        assert_eq!(tree.lookup("etc/passwd"), None);
        assert_eq!(tree.bytes(&(3..7)), b"font");
        assert_eq!(
            tree.children("lib/a.zip/package/data"),
            Some(&[("fonts".to_owned(), true), ("rc".to_owned(), false)][..])
        );
        for scenery in ["", "lib", "lib/a.zip", "dev"] {
            assert_eq!(tree.children(scenery), None, "{scenery}");
        }
        assert_eq!(tree.lookup("dev"), Some(Node::Directory));
        assert_eq!(tree.lookup("dev/urandom"), Some(Node::Random));
        assert_eq!(tree.lookup("dev/null"), None);
    }

    #[test]
    fn a_package_inside_the_archive_is_no_directory_for_having_data_below() {
        let tree = tree();
        assert_eq!(tree.lookup("lib/a.zip/package"), None);
        assert_eq!(
            tree.lookup("lib/a.zip/package/data/fonts"),
            Some(Node::Directory)
        );
    }

    #[test]
    fn an_entry_outside_of_the_pack_is_refused() {
        let pack = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(pack.path(), b"abc").unwrap();
        let entry = FileEntry {
            path: "x".into(),
            offset: 2,
            length: u64::MAX,
        };
        assert!(matches!(
            FileTree::open(pack.path(), &[entry]),
            Err(FileTreeError::OutOfRange(path)) if path == "x"
        ));
    }

    #[test]
    fn dots_do_not_lead_out() {
        assert_eq!(normalise("./a//b/../c/"), "a/c");
        assert_eq!(normalise("../../etc/passwd"), "etc/passwd");
        assert_eq!(normalise("/"), "");
    }
}
