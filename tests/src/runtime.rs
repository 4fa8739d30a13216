//! The Belljars that tests run scripts in.

use crate::Cli;
use belljar::{Belljar, Builder, LimitPolicy};
use std::path::PathBuf;
use std::sync::LazyLock;

/// One for all tests of a process: they then also show that neighbours do not disturb each other.
static SHARED: LazyLock<Belljar> = LazyLock::new(|| sandboxes(6));

/// The Belljar that all tests of this process share.
pub fn shared() -> &'static Belljar {
    &SHARED
}

/// A Belljar of its own, with so many sandboxes and all that can be asked for.
pub fn sandboxes(count: u32) -> Belljar {
    let builder = Belljar::builder().sandboxes(count);
    build(builder.limit_policy(LimitPolicy::widest()))
}

/// A Belljar of its own with the limits that strangers get.
pub fn for_strangers() -> Belljar {
    build(Belljar::builder().sandboxes(1))
}

fn build(builder: Builder) -> Belljar {
    // As the binary does.
    belljar::refuse_huge_pages();
    match builder.build() {
        Ok(belljar) => belljar,
        Err(error) => panic!("{error}\n`belljar runtime build` makes the image these tests need"),
    }
}

/// The directory of the image in the cache.
pub fn image_directory() -> PathBuf {
    let info = Cli::new(["runtime", "info"]).run().exits_with(0).json();
    match info["directory"].as_str() {
        Some(directory) => PathBuf::from(directory),
        None => panic!("`runtime info` names no directory: {info}"),
    }
}
