//! The table of the file pack, as the packaging writes it: a line for each file, with its offset,
//! length and path.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;
use belljar_surface::SystemTree;

/// Reads the table; `None` when it is not what our packaging writes.
pub(crate) fn parse(text: &[u8]) -> Option<SystemTree> {
    let files: Option<Vec<_>> = core::str::from_utf8(text)
        .ok()?
        .lines()
        .map(|line| {
            let (offset, rest) = line.split_once(' ')?;
            let (length, path) = rest.split_once(' ')?;
            let start: u64 = offset.parse().ok()?;
            let end = start.checked_add(length.parse().ok()?)?;
            Some((path.to_owned(), start..end))
        })
        .collect();
    files.map(SystemTree::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn a_table_has_a_line_for_each_file() {
        let tree = parse(b"0 3 lib/a.zip\n3 4 a file\n").expect("a table");
        let expected = [("lib/a.zip".to_owned(), 0..3), ("a file".to_owned(), 3..7)];
        let expected = SystemTree::new(expected);
        assert_eq!(format!("{tree:?}"), format!("{expected:?}"));
        for bad in [
            &b"x"[..],
            b"0 3",
            b"0 x y",
            b"\xff",
            b"9 18446744073709551615 x",
        ] {
            assert!(parse(bad).is_none(), "{bad:?}");
        }
    }
}
