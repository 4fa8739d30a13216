//! The files that are taken of each package's wheel.

use super::{Locked, own};
use crate::artifacts::{FONT_PACKAGE, PACKAGES_GUEST_PATH};
use crate::{Error, Result};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Cursor, Read, Write};
use std::path::PathBuf;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// Changed when something else is made of the same wheels.
pub(super) const LAYOUT: &[u8] = b"packages 1";

/// Parts of paths of what is left out: tests, types, and what is for Jupyter's own front ends (two
/// more copies of plotly.js and one of a widget, 20 MB).
const LEFT_OUT: &[&str] = &[
    ".data/",
    ".pyi",
    "/py.typed",
    "/tests/",
    ".dist-info/RECORD",
    ".dist-info/WHEEL",
    "plotly/labextension/",
    "plotly/package_data/widgetbundle.js",
];

/// The largest data file that lies beside the archive as well as in it: `plotly.min.js` does not, which
/// is only ever read by way of the import system.
const LARGEST_FILE_BYTES: usize = 4 << 20;

/// All packages, put together.
#[derive(Debug, Default)]
pub(crate) struct Bundle {
    /// The archive that Python imports from.
    pub(crate) archive: Vec<u8>,
    /// Data files, by their paths in the guest.
    pub(crate) files: Vec<(String, Vec<u8>)>,
    /// Fonts for matplotlib, by name.
    pub(crate) fonts: Vec<(String, Vec<u8>)>,
    /// Licence texts, by package.
    pub(crate) licenses: BTreeMap<String, Vec<u8>>,
    /// Versions, by package.
    pub(crate) versions: BTreeMap<String, String>,
}

/// Puts the packages together from their wheels.
pub(crate) fn bundle(wheels: &[(Locked, PathBuf)]) -> Result<Bundle> {
    let mut bundle = Bundle::default();
    let mut archive = BTreeMap::new();
    for (package, path) in wheels {
        let members = members(path)?;
        let license = license(&members);
        if license.is_empty() {
            let name = package.name;
            return Err(Error::Wheel(format!("{name} has no licence with it")));
        }
        bundle.licenses.insert(package.name.to_owned(), license);
        if package.name == FONT_PACKAGE {
            bundle.fonts.extend(fonts(members));
            continue;
        }
        let version = package.version.to_owned();
        bundle.versions.insert(package.name.to_owned(), version);
        for (name, bytes) in members {
            if is_data(&name) && bytes.len() <= LARGEST_FILE_BYTES {
                let path = format!("{PACKAGES_GUEST_PATH}/{name}");
                bundle.files.push((path, bytes.clone()));
            }
            archive.insert(name, bytes);
        }
    }
    for (name, source) in own::SOURCES {
        archive.insert((*name).to_owned(), source.as_bytes().to_vec());
    }
    bundle.archive = zipped(&archive)?;
    Ok(bundle)
}

/// The members of a wheel that are taken, in order.
fn members(path: &PathBuf) -> Result<BTreeMap<String, Vec<u8>>> {
    let file = File::open(path).map_err(Error::io("could not open", path))?;
    let mut wheel = ZipArchive::new(file).map_err(broken)?;
    let mut members = BTreeMap::new();
    for index in 0..wheel.len() {
        let mut member = wheel.by_index(index).map_err(broken)?;
        let name = member.name().map_err(broken)?.into_owned();
        if member.is_dir() || LEFT_OUT.iter().any(|part| name.contains(part)) {
            continue;
        }
        let mut bytes = Vec::new();
        member.read_to_end(&mut bytes).map_err(broken)?;
        members.insert(name, bytes);
    }
    Ok(members)
}

/// `true` if code may want to open it by path.
fn is_data(name: &str) -> bool {
    !name.ends_with(".py") && !name.contains(".dist-info/")
}

fn fonts(members: BTreeMap<String, Vec<u8>>) -> impl Iterator<Item = (String, Vec<u8>)> {
    members.into_iter().filter_map(|(name, bytes)| {
        let file_name = name.rsplit('/').next()?.to_owned();
        name.ends_with(".ttc").then_some((file_name, bytes))
    })
}

/// All licences and notices that a wheel has with it, one after the other.
fn license(members: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let mut text = Vec::new();
    for (name, bytes) in members {
        let lower = name.to_lowercase();
        let is_license = ["licen", "copying", "notice", "authors"]
            .iter()
            .any(|word| lower.contains(word));
        if lower.contains(".dist-info/") && is_license {
            text.extend_from_slice(bytes);
            text.push(b'\n');
        }
    }
    text
}

/// An archive that depends on nothing but its content.
fn zipped(members: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        archive.start_file(name.as_str(), options).map_err(broken)?;
        archive.write_all(bytes).map_err(broken)?;
    }
    Ok(archive.finish().map_err(broken)?.into_inner())
}

fn broken(error: impl std::fmt::Display) -> Error {
    Error::Wheel(format!("the archive of packages: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_members_make_the_same_archive_and_can_be_read_from_it() {
        let members = BTreeMap::from([("a/b.py".to_owned(), b"x = 1\n".repeat(100))]);
        let archive = zipped(&members).unwrap();
        assert_eq!(archive, zipped(&members).unwrap());
        assert!(archive.len() < 400);
        let mut read = ZipArchive::new(Cursor::new(archive)).unwrap();
        let mut text = String::new();
        read.by_name("a/b.py")
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text.as_bytes(), members["a/b.py"]);
    }

    #[test]
    fn every_licence_of_a_wheel_is_kept() {
        let members = BTreeMap::from([
            ("a-1.dist-info/licenses/LICENSE".to_owned(), b"one".to_vec()),
            ("a-1.dist-info/NOTICE".to_owned(), b"two".to_vec()),
            ("a/license.py".to_owned(), b"no".to_vec()),
        ]);
        assert_eq!(license(&members), b"two\none\n");
    }
}
