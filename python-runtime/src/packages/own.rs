//! Packages of ours under names that scripts know.

/// Path in the archive and source.
///
/// `IPython` is the part of it that scripts written for notebooks use to show things, made for
/// sandboxes: IPython itself is a shell for terminals, and needs a dozen packages more.
pub(super) const SOURCES: &[(&str, &str)] = &[
    (
        "IPython/__init__.py",
        include_str!("../../packages/IPython/__init__.py"),
    ),
    (
        "IPython/display.py",
        include_str!("../../packages/IPython/display.py"),
    ),
    (
        "IPython/core/__init__.py",
        include_str!("../../packages/IPython/core/__init__.py"),
    ),
    (
        "IPython/core/display.py",
        include_str!("../../packages/IPython/core/display.py"),
    ),
];
