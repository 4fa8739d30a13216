//! Paths without dots.

use alloc::string::String;

/// A path from the root, without leading slash, `.`, `..` and empty names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) text: String,
    /// `true` if it was written as a directory's: with a slash, or a dot, at its end.
    pub(crate) is_directory: bool,
}

impl Path {
    /// The path `relative` as seen from the directory `base`, as a file system without symbolic links
    /// resolves it. `..` above the root stays at the root.
    pub(crate) fn resolve(base: &str, relative: &str) -> Self {
        let mut text = String::with_capacity(base.len() + relative.len() + 1);
        if !relative.starts_with('/') {
            text.push_str(base);
        }
        let mut is_directory = true;
        for part in relative.split('/') {
            is_directory = matches!(part, "" | "." | "..");
            match part {
                "" | "." => {}
                ".." => text.truncate(text.rfind('/').unwrap_or(0)),
                name => {
                    if !text.is_empty() {
                        text.push('/');
                    }
                    text.push_str(name);
                }
            }
        }
        Self { text, is_directory }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(base: &str, relative: &str) -> (String, bool) {
        let Path { text, is_directory } = Path::resolve(base, relative);
        (text, is_directory)
    }

    #[test]
    fn dots_do_not_lead_out() {
        for (relative, text, is_directory) in [
            ("./a//b/../c", "a/c", false),
            ("a/b/", "a/b", true),
            ("a/.", "a", true),
            ("a/b/..", "a", true),
            ("../../etc/passwd", "etc/passwd", false),
            ("a/../../b", "b", false),
            ("/", "", true),
            ("", "", true),
            ("...", "...", false),
        ] {
            assert_eq!(
                resolved("", relative),
                (text.into(), is_directory),
                "{relative}"
            );
        }
    }

    #[test]
    fn a_path_is_seen_from_its_directory() {
        assert_eq!(resolved("lib/x", "y").0, "lib/x/y");
        assert_eq!(resolved("lib/x", "../y").0, "lib/y");
        assert_eq!(resolved("lib/x", "../../../y").0, "y");
        assert_eq!(resolved("lib/x", "/y").0, "y");
    }
}
