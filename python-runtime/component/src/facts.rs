//! The facts that the packaging knows of the image: lines of text in the component, one fact each.
//!
//! Read anew for each run, which takes some microseconds.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use belljar_contract::{Limit, LimitPolicy, LimitValues};

/// A place in the snapshot that random bytes belong into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EntropyRegion {
    pub(crate) address: u32,
    pub(crate) length: u32,
}

/// All of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// The interpreter's version.
    pub(crate) python: String,
    /// The edition of the runtime.
    pub(crate) edition: String,
    /// The cost model behind `fuel`.
    pub(crate) meter: String,
    /// Names and versions, sorted.
    pub(crate) packages: Vec<(String, String)>,
    /// The memory of a sandbox at its start.
    pub(crate) memory_bytes: u64,
    /// The limits that it grants.
    pub(crate) limits: LimitPolicy,
    /// The addresses of the soft and the hard limit of the interpreter's C stack, and the values to
    /// put there.
    pub(crate) stack: [u32; 3],
    /// The places of the random generators.
    pub(crate) entropy: Vec<EntropyRegion>,
}

impl Facts {
    /// Reads the text; `None` when it is not what our packaging writes.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut facts = Self::default();
        for line in text.lines() {
            let (name, value) = line.split_once(' ')?;
            let number = || value.parse::<u64>().ok();
            match name {
                "python" => facts.python = value.to_owned(),
                "edition" => facts.edition = value.to_owned(),
                "meter" => facts.meter = value.to_owned(),
                "package" => {
                    let (name, version) = value.split_once(' ')?;
                    facts.packages.push((name.to_owned(), version.to_owned()));
                }
                "memory_bytes" => facts.memory_bytes = number()?,
                "default_limits" => facts.limits.default = limits(value)?,
                "maximum_limits" => facts.limits.maximum = limits(value)?,
                "stack" => {
                    let mut numbers = value.split(' ').map(|number| number.parse().ok());
                    let mut next = || numbers.next().flatten();
                    facts.stack = [next()?, next()?, next()?];
                }
                "entropy" => {
                    let (address, length) = value.split_once(' ')?;
                    facts.entropy.push(EntropyRegion {
                        address: address.parse().ok()?,
                        length: length.parse().ok()?,
                    });
                }
                _ => return None,
            }
        }
        Some(facts)
    }
}

/// Numbers in the order of [`Limit::ALL`].
fn limits(text: &str) -> Option<LimitValues> {
    let mut numbers = text.split(' ').map(|number| number.parse().ok());
    LimitValues::try_each(|_: Limit| numbers.next().flatten().ok_or(())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_lines() {
        let text = "python 3.15.0\npackage numpy 2.5.0\nentropy 16 2496\nstack 8 9 7\n\
                    default_limits 1 2 3 4\n";
        let facts = Facts::parse(text).expect("facts");
        assert_eq!(facts.python, "3.15.0");
        assert_eq!(facts.packages, [("numpy".to_owned(), "2.5.0".to_owned())]);
        assert_eq!(facts.entropy[0].address, 16);
        assert_eq!(facts.stack, [8, 9, 7]);
        assert_eq!(facts.limits.default.output_bytes, 4);
        assert_eq!(Facts::parse("colour blue"), None);
        assert_eq!(Facts::parse("memory_bytes many"), None);
    }
}
