//! The read-only files: names and places in the file pack. As natively, see
//! `engine/src/file_tree.rs`.

use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// The paths of random bytes without an end.
const RANDOM: [&str; 2] = ["dev/random", "dev/urandom"];

/// Names and places.
#[derive(Debug, Default)]
pub(crate) struct FileTree {
    files: BTreeMap<String, Range<u32>>,
    directories: BTreeSet<String>,
    /// What is in the directories that can be listed.
    listings: BTreeMap<String, Vec<(String, bool)>>,
}

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    File(Range<u32>),
    Directory,
    /// A device that gives random bytes.
    Random,
}

impl FileTree {
    /// Reads the table: a line for each file, with its offset, length and path.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut files = BTreeMap::new();
        for line in text.lines() {
            let (offset, rest) = line.split_once(' ')?;
            let (length, path) = rest.split_once(' ')?;
            let start: u32 = offset.parse().ok()?;
            let end = start.checked_add(length.parse().ok()?)?;
            files.insert(path.to_owned(), start..end);
        }
        let directories = directories(&files);
        Some(Self {
            listings: listings(&files, &directories),
            files,
            directories,
        })
    }

    /// A file wins over a directory of the same name: the archive is a file, and the data files
    /// that Python expects "inside" it lie below the same path.
    pub(crate) fn lookup(&self, path: &str) -> Option<Node> {
        if let Some(range) = self.files.get(path) {
            return Some(Node::File(range.clone()));
        }
        if RANDOM.contains(&path) {
            return Some(Node::Random);
        }
        let is_directory = self.directories.contains(path) || path == "dev";
        is_directory.then_some(Node::Directory)
    }

    /// What is directly below a directory: names, and whether each is a directory. `None` if it
    /// cannot be listed: only what seems to lie inside the archive can.
    pub(crate) fn children(&self, path: &str) -> Option<&[(String, bool)]> {
        self.listings.get(path).map(Vec::as_slice)
    }
}

/// What is directly below each directory that lies below a file.
fn listings(
    files: &BTreeMap<String, Range<u32>>,
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

/// Every directory above a file; inside the archive only what is below one that holds files.
fn directories(files: &BTreeMap<String, Range<u32>>) -> BTreeSet<String> {
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

/// A path without `.`, `..` and empty parts; `..` does not lead out.
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

    #[test]
    fn files_and_their_directories_are_found_and_nothing_else_is() {
        let text = "0 3 lib/a.zip\n3 0 lib/a.zip/package/data/rc\n\
                    3 4 lib/a.zip/package/data/fonts/ttf/font.ttf\n";
        let tree = FileTree::parse(text).expect("a table");
        assert_eq!(tree.lookup("lib/a.zip"), Some(Node::File(0..3)));
        let font = "lib/a.zip/package/data/fonts/ttf/font.ttf";
        assert_eq!(tree.lookup(font), Some(Node::File(3..7)));
        assert_eq!(
            tree.lookup("lib/a.zip/package/data/fonts"),
            Some(Node::Directory)
        );
        assert_eq!(
            tree.lookup("lib/a.zip/package"),
            None,
            "a package of the archive"
        );
        assert_eq!(tree.lookup("etc/passwd"), None);
        let children = [("fonts".to_owned(), true), ("rc".to_owned(), false)];
        assert_eq!(tree.children("lib/a.zip/package/data"), Some(&children[..]));
        for scenery in ["", "lib", "lib/a.zip", "dev"] {
            assert_eq!(tree.children(scenery), None, "{scenery}");
        }
        assert_eq!(tree.lookup("dev/urandom"), Some(Node::Random));
        assert!(FileTree::parse("x").is_none());
    }

    #[test]
    fn dots_do_not_lead_out() {
        assert_eq!(normalise("./a//b/../c/"), "a/c");
        assert_eq!(normalise("../../etc/passwd"), "etc/passwd");
        assert_eq!(normalise("/"), "");
    }
}
