//! The read-only files a guest sees, and their bytes.
//!
//! They all lie in one *pack*, a flat file mapped into memory and so shared by every process that
//! runs sandboxes. What a path leads to is the [surface's](SystemTree) to say.

use belljar_surface::SystemTree;
use memmap2::Mmap;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// One file of a pack: `path` is absolute, without the leading slash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// The path at which the guest sees it, for example `usr/local/lib/python315.zip`.
    pub path: String,
    /// The offset in the pack at which it begins, in bytes.
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

/// A read-only tree of files, with the bytes of its pack.
#[derive(Debug, Default)]
pub struct FileTree {
    pack: Option<Mmap>,
    tree: Arc<SystemTree>,
}

impl FileTree {
    /// A tree without any file.
    pub fn empty() -> Self {
        Self::default()
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
        let place = |entry: &FileEntry| {
            let end = entry.offset.checked_add(entry.length);
            let range = entry.offset..end.filter(|end| *end <= pack.len() as u64)?;
            Some((entry.path.clone(), range))
        };
        let files: Result<Vec<_>, _> = entries
            .iter()
            .map(|entry| place(entry).ok_or_else(|| FileTreeError::OutOfRange(entry.path.clone())))
            .collect();
        Ok(Self {
            tree: Arc::new(SystemTree::new(files?)),
            pack: Some(pack),
        })
    }

    /// The names of the files, and their places in the pack.
    pub(crate) fn tree(&self) -> &Arc<SystemTree> {
        &self.tree
    }

    /// Bytes of the pack; `None` where it has none.
    pub(crate) fn bytes(&self, offset: u64, len: u32) -> Option<&[u8]> {
        let start = usize::try_from(offset).ok()?;
        let end = start.checked_add(len as usize)?;
        self.pack.as_deref().unwrap_or_default().get(start..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(offset: u64, length: u64) -> Result<FileTree, FileTreeError> {
        let pack = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(pack.path(), b"zipfont").unwrap();
        let path = "x".into();
        FileTree::open(
            pack.path(),
            &[FileEntry {
                path,
                offset,
                length,
            }],
        )
    }

    #[test]
    fn bytes_are_those_of_the_pack() {
        let tree = open(3, 4).unwrap();
        assert_eq!(tree.bytes(3, 4), Some(&b"font"[..]));
        assert_eq!(tree.bytes(7, 0), Some(&b""[..]));
        assert_eq!(tree.bytes(7, 1), None);
        assert_eq!(tree.bytes(u64::MAX, 1), None);
        assert_eq!(FileTree::empty().bytes(0, 1), None);
    }

    #[test]
    fn an_entry_outside_of_the_pack_is_refused() {
        for (offset, length) in [(2, u64::MAX), (8, 0), (3, 5)] {
            let refused = open(offset, length);
            assert!(
                matches!(refused, Err(FileTreeError::OutOfRange(path)) if path == "x"),
                "{offset} {length}"
            );
        }
    }
}
