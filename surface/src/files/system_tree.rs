//! The read-only files that every guest of an image sees: the standard library's archive and a few
//! data files.
//!
//! They all lie in one *pack*, of which the tree knows only offsets: the bytes are the machine's.
//!
//! Beside them are the random devices, by their usual names: SQLite, for one, seeds its generator from
//! one, and with the time of day where there is none, which is the same for everybody.

use super::Node;
use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// The paths of random bytes without an end.
const RANDOM: [&str; 2] = ["dev/random", "dev/urandom"];

/// A read-only tree of files: their names, and their places in the pack.
#[derive(Debug, Default)]
pub struct SystemTree {
    files: BTreeMap<String, Range<u64>>,
    directories: BTreeSet<String>,
    /// The entries of the directories that can be listed.
    listings: BTreeMap<String, Vec<(String, bool)>>,
}

impl SystemTree {
    /// The tree of these files: each with its path from the root, without the leading slash, and its
    /// place in the pack.
    pub fn new(files: impl IntoIterator<Item = (String, Range<u64>)>) -> Self {
        let files = files.into_iter().collect();
        let directories = directories(&files);
        Self {
            listings: listings(&files, &directories),
            files,
            directories,
        }
    }

    /// The node that `path` (relative to the root, normalised) leads to.
    pub(super) fn lookup(&self, path: &str) -> Option<Node> {
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

    /// The entries directly below the directory `path`: the name of each, and `true` if it is a
    /// directory. `None` if it cannot be listed: one below a file (inside the archive) can, the
    /// directories that lead there are scenery.
    pub(super) fn children(&self, path: &str) -> Option<&[(String, bool)]> {
        self.listings.get(path).map(Vec::as_slice)
    }
}

/// The directories that `files` are in.
///
/// Below a file (inside the archive) only those exist that a file lies in, or above: Python takes
/// a path that is no directory for a path inside the archive, and must go on doing so for
/// packages that merely have a data directory further down.
fn directories(files: &BTreeMap<String, Range<u64>>) -> BTreeSet<String> {
    let holding: BTreeSet<&str> = files
        .keys()
        .filter_map(|path| Some(path.rsplit_once('/')?.0))
        .collect();
    let mut found = BTreeSet::from([String::new()]);
    for path in files.keys() {
        let (mut inside, mut below_holding) = (false, false);
        for (end, _) in path.match_indices('/') {
            let parent = &path[..end];
            inside |= files.contains_key(parent);
            below_holding |= inside && holding.contains(parent) && !files.contains_key(parent);
            if !inside || below_holding {
                found.insert(parent.to_owned());
            }
        }
    }
    found
}

/// The entries directly below each directory that lies below a file.
fn listings(
    files: &BTreeMap<String, Range<u64>>,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> SystemTree {
        SystemTree::new([
            ("lib/a.zip".to_owned(), 0..3),
            ("lib/a.zip/package/data/rc".to_owned(), 3..3),
            ("lib/a.zip/package/data/fonts/ttf/font.ttf".to_owned(), 3..7),
        ])
    }

    #[test]
    fn files_and_their_directories_are_found_and_nothing_else_is() {
        let tree = tree();
        assert_eq!(tree.lookup("lib/a.zip"), Some(Node::File(0..3)));
        let font = "lib/a.zip/package/data/fonts/ttf/font.ttf";
        assert_eq!(tree.lookup(font), Some(Node::File(3..7)));
        assert_eq!(tree.lookup(""), Some(Node::Directory));
        assert_eq!(tree.lookup("etc/passwd"), None);
        let children = [("fonts".to_owned(), true), ("rc".to_owned(), false)];
        assert_eq!(tree.children("lib/a.zip/package/data"), Some(&children[..]));
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
        let fonts = tree.lookup("lib/a.zip/package/data/fonts");
        assert_eq!(fonts, Some(Node::Directory));
    }
}
