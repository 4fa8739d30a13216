//! The read-only files: names and places in the file pack. As natively, see
//! `engine/src/file_tree.rs`.

use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// Names and places.
#[derive(Debug, Default)]
pub(crate) struct FileTree {
    files: BTreeMap<String, Range<u32>>,
    directories: BTreeSet<String>,
}

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    File(Range<u32>),
    Directory,
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
        Some(Self { files, directories })
    }

    /// A file wins over a directory of the same name: the archive is a file, and the data files
    /// that Python expects "inside" it lie below the same path.
    pub(crate) fn lookup(&self, path: &str) -> Option<Node> {
        if let Some(range) = self.files.get(path) {
            return Some(Node::File(range.clone()));
        }
        self.directories.contains(path).then_some(Node::Directory)
    }

    /// Only what seems to lie inside the archive may be listed.
    pub(crate) fn is_listable(&self, path: &str) -> bool {
        path.match_indices('/')
            .any(|(end, _)| self.files.contains_key(&path[..end]))
    }

    /// Names in a directory, and whether each is a directory.
    pub(crate) fn children(&self, path: &str) -> Vec<(&str, bool)> {
        let below = |candidate: &&String| {
            let rest = candidate.strip_prefix(path)?.strip_prefix('/')?;
            (!rest.is_empty() && !rest.contains('/')).then_some(())
        };
        let name = |found: &'_ String| found.len() - (path.len() + 1);
        let directories = self.directories.iter().filter(|one| below(one).is_some());
        let files = self.files.keys().filter(|one| below(one).is_some());
        directories
            .map(|one| (&one[one.len() - name(one)..], true))
            .chain(files.map(|one| (&one[one.len() - name(one)..], false)))
            .collect()
    }
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
        let children = tree.children("lib/a.zip/package/data");
        assert_eq!(children, [("fonts", true), ("rc", false)]);
        assert!(tree.is_listable("lib/a.zip/package/data") && !tree.is_listable("lib"));
        assert!(FileTree::parse("x").is_none());
    }

    #[test]
    fn dots_do_not_lead_out() {
        assert_eq!(normalise("./a//b/../c/"), "a/c");
        assert_eq!(normalise("../../etc/passwd"), "etc/passwd");
        assert_eq!(normalise("/"), "");
    }
}
