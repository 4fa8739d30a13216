//! The cases.
//!
//! The numbers in them are addresses and descriptors that have names here, and what is near them.

mod descriptors;
mod directories;
mod memory;
mod paths;
mod polling;
mod reading;
mod refused;
mod system;
mod writing;

use crate::Case;

/// All of them.
pub fn all() -> Vec<Case> {
    [
        descriptors::cases(),
        directories::cases(),
        memory::cases(),
        paths::cases(),
        polling::cases(),
        reading::cases(),
        refused::cases(),
        system::cases(),
        writing::cases(),
    ]
    .concat()
}

/// The addresses at which calls put one number, and a second.
const OUT: u64 = 0x100;
const OUT2: u64 = 0x110;

/// The addresses of lists of buffers, of paths, and of the bytes that are read.
const LIST: u64 = 0x200;
const PATH: u64 = 0x400;
const BUFFER: u64 = 0x800;

/// A large buffer, outside of what is shown.
const LARGE: u64 = 0x1_0000;

/// The end of the guest's memory.
const END: u64 = crate::MEMORY_PAGES as u64 * (64 << 10);

/// An address outside of it.
const OUTSIDE: u64 = 0xffff_fff0;

/// The preopened root, and the first and second descriptors that are opened.
const ROOT: u64 = 3;
const FIRST: u64 = 4;
const SECOND: u64 = 5;

/// A descriptor that nobody has.
const NOBODY: u64 = 99;

const ARCHIVE: &str = "lib/a.zip";
const RC: &str = "lib/a.zip/data/rc";
const DATA: &str = "lib/a.zip/data";

impl Case {
    /// Opens a path from the root, for reading.
    fn opens(self, path: &str) -> Self {
        let len = path.len() as u64;
        // The path is there until another one is opened: no case looks at it.
        let at = PATH + self.steps.len() as u64 * 0x40;
        self.data(at as u32, path)
            .call("path_open", &[ROOT, 0, at, len, 0, 0, 0, 0, OUT])
    }

    /// Fails to open a path from the root, with these flags and rights.
    fn fails_to_open(
        self,
        path: &str,
        flags: u64,
        rights: u64,
        errno: belljar_surface::Errno,
    ) -> Self {
        let len = path.len() as u64;
        let at = PATH + self.steps.len() as u64 * 0x40;
        let arguments = [ROOT, 0, at, len, flags, rights, 0, 0, OUT];
        self.data(at as u32, path)
            .fails("path_open", &arguments, errno)
    }
}

#[cfg(test)]
mod tests {
    use super::{Case, all};
    use std::collections::BTreeSet;

    #[test]
    fn the_surface_answers_as_it_must() {
        let cases = all();
        let complaints: Vec<_> = cases.iter().flat_map(Case::complaints).collect();
        assert!(complaints.is_empty(), "{complaints:#?}");
    }

    #[test]
    fn every_function_has_a_case_and_every_case_a_name() {
        let cases = all();
        let names: BTreeSet<_> = cases.iter().map(|case| case.name).collect();
        assert_eq!(names.len(), cases.len());
        let called: BTreeSet<_> = cases
            .iter()
            .flat_map(|case| &case.steps)
            .map(|step| step.function)
            .collect();
        for (function, _) in crate::dispatch::FUNCTIONS {
            assert!(called.contains(function), "nobody calls {function}");
        }
    }
}
