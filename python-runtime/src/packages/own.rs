//! Packages of ours under names that scripts know.

/// The sources of these paths, which lie in `packages/`.
macro_rules! sources {
    ($($path:literal)+) => {
        &[$(($path, include_str!(concat!("../../packages/", $path)))),+]
    };
}

/// Path in the archive and source.
///
/// `IPython` is the part of it that scripts written for notebooks use to show things, made for
/// sandboxes: IPython itself is a shell for terminals, and needs a dozen packages more.
pub(super) const SOURCES: &[(&str, &str)] = sources! {
    "IPython/__init__.py"
    "IPython/display.py"
    "IPython/core/__init__.py"
    "IPython/core/display.py"
    "IPython/core/display_functions.py"
    "IPython/lib/__init__.py"
    "IPython/lib/display.py"
    "IPython/lib/media.py"
};
