//! A guess at whether Cargo will have nothing to do.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Whether nothing that a product of Cargo's was made from has changed since Cargo last
/// [confirmed](confirm) it, as far as the list that Cargo left beside it (`.d`) and the workspace's
/// manifests tell.
///
/// Only Cargo knows, and it is asked anyway. This decides whether it is to show its progress, of
/// which even "nothing to do" is a line.
pub(crate) fn looks_fresh(product: &Path, workspace: &Path) -> bool {
    let Some(confirmed) = modified(&stamp(product)) else {
        return false;
    };
    let Ok(list) = fs::read_to_string(product.with_extension("d")) else {
        return false;
    };
    let is_older = |path: &Path| modified(path).is_some_and(|time| time <= confirmed);
    is_older(product)
        && prerequisites(&list)
            .iter()
            .chain(&manifests(workspace))
            .all(|path| is_older(path))
}

/// Notes that Cargo has just found a product fresh, or made it so.
pub(crate) fn confirm(product: &Path) {
    // Without the note Cargo says once more than it must that there is nothing to do.
    let _ = fs::write(stamp(product), "");
}

/// The file whose time of modification is that of the last confirmation.
fn stamp(product: &Path) -> PathBuf {
    product.with_extension("confirmed")
}

/// The lockfile of a workspace, its manifest, and those of the packages in it.
fn manifests(workspace: &Path) -> Vec<PathBuf> {
    let packages = fs::read_dir(workspace).into_iter().flatten().flatten();
    packages
        .map(|entry| entry.path().join("Cargo.toml"))
        .filter(|manifest| manifest.exists())
        .chain(["Cargo.toml", "Cargo.lock"].map(|name| workspace.join(name)))
        .collect()
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}

/// The files after the colon in a line of a makefile, where `\ ` stands for a blank in a name.
fn prerequisites(list: &str) -> Vec<PathBuf> {
    let (_, files) = list.split_once(": ").unwrap_or_default();
    // No path has a NUL in it.
    let files = files.trim_end().replace("\\ ", "\0");
    files
        .split(' ')
        .filter(|name| !name.is_empty())
        .map(|name| PathBuf::from(name.replace('\0', " ")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::time::Duration;

    #[test]
    fn a_product_is_fresh_until_something_it_was_made_from_is_newer_or_gone() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name| directory.path().join(name);
        let set = |name, seconds| {
            let options = File::options().create(true).append(true).open(at(name));
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            options.unwrap().set_modified(time).unwrap();
        };
        let is_fresh = || looks_fresh(&at("product"), directory.path());
        assert!(!is_fresh(), "not there");

        fs::create_dir(at("member")).unwrap();
        let files = [
            "Cargo.lock",
            "Cargo.toml",
            "member/Cargo.toml",
            "member/a file.rs",
        ];
        for file in files {
            set(file, 50);
        }
        set("product", 50);
        set("product.confirmed", 100);
        let source = at(files[3]).to_str().unwrap().replace(' ', "\\ ");
        fs::write(at("product.d"), format!("/product: {source}\n")).unwrap();
        assert!(is_fresh());

        for file in files.iter().chain(&["product"]) {
            set(file, 150);
            assert!(!is_fresh(), "{file} is newer");
            set(file, 50);
            assert!(is_fresh());
        }
        set(files[0], 150);
        confirm(&at("product"));
        assert!(is_fresh(), "Cargo says that it makes no difference");
        fs::remove_file(at(files[3])).unwrap();
        assert!(!is_fresh(), "a source is gone");
    }
}
