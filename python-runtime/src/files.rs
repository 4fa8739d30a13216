//! The file pack: the archives that Python imports from, and the data files of packages.

use crate::artifacts::{
    MATPLOTLIB_DATA, MATPLOTLIB_DATA_GUEST_PATH, PACKAGES_GUEST_PATH, STDLIB_GUEST_PATH,
};
use crate::packages::Bundle;
use crate::{Error, Result};
use belljar_engine::FileEntry;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use zip::ZipArchive;

/// Writes the pack and says what is where in it.
///
/// matplotlib opens its fonts and style sheets as files, next to its own module; that is inside
/// the archive, where there are none. The archive carries them as an archive of its own, which is
/// unpacked here, once, and not in every sandbox.
pub(crate) fn pack(
    stdlib: &[u8],
    packages: &Bundle,
    mut out: impl Write,
    path: &Path,
) -> Result<Vec<FileEntry>> {
    let mut entries = Vec::new();
    let mut offset = 0;
    let mut add = |path_in_guest: String, bytes: &[u8]| -> Result<()> {
        out.write_all(bytes)
            .map_err(Error::io("could not write", path))?;
        let length = bytes.len() as u64;
        entries.push(FileEntry {
            path: path_in_guest,
            offset,
            length,
        });
        offset += length;
        Ok(())
    };
    add(STDLIB_GUEST_PATH.to_owned(), stdlib)?;
    let mut archive = ZipArchive::new(Cursor::new(stdlib)).map_err(wheel)?;
    let mut data = Vec::new();
    archive
        .by_name(MATPLOTLIB_DATA)
        .map_err(wheel)?
        .read_to_end(&mut data)
        .map_err(wheel)?;
    let mut data = ZipArchive::new(Cursor::new(data)).map_err(wheel)?;
    for index in 0..data.len() {
        let mut member = data.by_index(index).map_err(wheel)?;
        if member.is_dir() {
            continue;
        }
        let name = member
            .name()
            .map_err(wheel)?
            .trim_start_matches("mpl-data/")
            .to_owned();
        let mut bytes = Vec::new();
        member.read_to_end(&mut bytes).map_err(wheel)?;
        add(format!("{MATPLOTLIB_DATA_GUEST_PATH}/{name}"), &bytes)?;
    }
    for (name, bytes) in &packages.fonts {
        add(
            format!("{MATPLOTLIB_DATA_GUEST_PATH}/fonts/ttf/{name}"),
            bytes,
        )?;
    }
    add(PACKAGES_GUEST_PATH.to_owned(), &packages.archive)?;
    for (path_in_guest, bytes) in &packages.files {
        add(path_in_guest.clone(), bytes)?;
    }
    Ok(entries)
}

fn wheel(error: impl std::fmt::Display) -> Error {
    Error::Wheel(format!("the standard library's archive: {error}"))
}
