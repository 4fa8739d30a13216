//! The request as the harness reads it: see `harness/README.md`.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use serde::Serialize;

const VERSION: u8 = 1;
const SEEDED: u8 = 1;
const HAS_INPUT: u8 = 2;
const HAS_OPTIONS: u8 = 4;
const NO_DISPLAY: u8 = 8;

/// The parts of a program that the harness is told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) is_program: bool,
    pub(crate) script: &'a str,
    pub(crate) input: Option<&'a str>,
    pub(crate) args: &'a [String],
    pub(crate) env: &'a [(String, String)],
    pub(crate) seed: Option<u64>,
    pub(crate) display: bool,
}

#[derive(Serialize)]
struct Options<'a> {
    args: &'a [String],
    env: BTreeMap<&'a str, &'a str>,
}

impl Request<'_> {
    /// The frame.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let input = match self.input {
            Some(input) if !self.is_program => Some(input),
            _ => None,
        };
        let options = if self.args.is_empty() && self.env.is_empty() {
            String::new()
        } else {
            let pairs = self.env.iter();
            let env = pairs.map(|(name, value)| (name.as_str(), value.as_str()));
            // Strings always have a JSON form.
            serde_json::to_string(&Options {
                args: self.args,
                env: env.collect(),
            })
            .unwrap_or_default()
        };
        let flag = |set: bool, flag: u8| if set { flag } else { 0 };
        let flags = flag(self.seed.is_some(), SEEDED)
            | flag(input.is_some(), HAS_INPUT)
            | flag(!options.is_empty(), HAS_OPTIONS)
            | flag(!self.display, NO_DISPLAY);

        let parts = [self.script, input.unwrap_or(""), &options];
        let mut frame = Vec::with_capacity(24 + parts.iter().map(|part| part.len()).sum::<usize>());
        frame.extend_from_slice(&[VERSION, u8::from(self.is_program), flags, 0]);
        frame.extend_from_slice(&self.seed.unwrap_or(0).to_le_bytes());
        for part in parts {
            // All of it came through a memory of 4 GiB.
            let len = u32::try_from(part.len()).unwrap_or(u32::MAX);
            frame.extend_from_slice(&len.to_le_bytes());
        }
        for part in parts {
            frame.extend_from_slice(part.as_bytes());
        }
        frame
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::borrow::ToOwned;

    #[test]
    fn a_frame_has_the_documented_layout() {
        let mut request = Request {
            is_program: false,
            script: "x",
            input: Some("7"),
            args: &["a".to_owned()],
            env: &[],
            seed: Some(0x0102),
            display: true,
        };
        let frame = request.encode();
        assert_eq!(frame[..4], [1, 0, 7, 0]);
        assert_eq!(frame[4..12], 0x0102_u64.to_le_bytes());
        assert_eq!(frame[12..24], [1, 0, 0, 0, 1, 0, 0, 0, 23, 0, 0, 0]);
        assert_eq!(&frame[24..], b"x7{\"args\":[\"a\"],\"env\":{}}".as_slice());
        request.is_program = true;
        assert_eq!(request.encode()[..3], [1, 1, 5], "input is for functions");
        request.display = false;
        assert_eq!(request.encode()[..3], [1, 1, 13]);
    }
}
