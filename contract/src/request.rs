//! The request of a run as the harness reads it: see `python-runtime/harness/README.md`.

use crate::{Mode, Program};
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use serde::Serialize;

const VERSION: u8 = 1;
const SEEDED: u8 = 1;
const HAS_INPUT: u8 = 2;
const HAS_OPTIONS: u8 = 4;
const NO_DISPLAY: u8 = 8;

#[derive(Serialize)]
struct Options<'a> {
    args: &'a [String],
    env: BTreeMap<&'a str, &'a str>,
}

/// The frame for one program.
#[must_use]
pub fn encode(program: &Program) -> Vec<u8> {
    let (mode, input) = match program.mode {
        Mode::Function => (0, program.input.as_deref()),
        Mode::Program => (1, None),
    };
    let options = if program.args.is_empty() && program.env.is_empty() {
        String::new()
    } else {
        let env = program
            .env
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        // Strings always have a JSON form.
        serde_json::to_string(&Options {
            args: &program.args,
            env,
        })
        .unwrap_or_default()
    };
    let flag = |set: bool, flag: u8| if set { flag } else { 0 };
    let flags = flag(program.seed.is_some(), SEEDED)
        | flag(input.is_some(), HAS_INPUT)
        | flag(!options.is_empty(), HAS_OPTIONS)
        | flag(!program.display, NO_DISPLAY);

    let parts = [program.script.as_str(), input.unwrap_or(""), &options];
    let mut frame = Vec::with_capacity(24 + parts.iter().map(|part| part.len()).sum::<usize>());
    frame.extend_from_slice(&[VERSION, mode, flags, 0]);
    frame.extend_from_slice(&program.seed.unwrap_or(0).to_le_bytes());
    for part in parts {
        // Lengths are bounded far below 4 GiB before a program gets here; what would not fit is
        // refused by the guest's allocator.
        let len = u32::try_from(part.len()).unwrap_or(u32::MAX);
        frame.extend_from_slice(&len.to_le_bytes());
    }
    for part in parts {
        frame.extend_from_slice(part.as_bytes());
    }
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_has_the_documented_layout() {
        let program = Program::function("x").seed(0x0102).input("7").args(["a"]);
        let frame = encode(&program);
        assert_eq!(frame[..4], [1, 0, 7, 0]);
        assert_eq!(frame[4..12], 0x0102_u64.to_le_bytes());
        assert_eq!(frame[12..24], [1, 0, 0, 0, 1, 0, 0, 0, 23, 0, 0, 0]);
        assert_eq!(&frame[24..], b"x7{\"args\":[\"a\"],\"env\":{}}".as_slice());
    }

    #[test]
    fn input_is_for_functions() {
        let program = Program::program("x").input("7").args(["a"]).display(false);
        assert_eq!(encode(&program)[..3], [1, 1, 12]);
    }
}
