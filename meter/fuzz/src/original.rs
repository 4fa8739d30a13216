//! Modules to be metered, of all kinds.

use super::{noise::Noise, program, shape::Shape, smith};

/// A module that every engine can run, or `None` if this noise yields none. Some end by themselves.
pub fn module(noise: &mut Noise) -> Option<Vec<u8>> {
    let ends = noise.pick(2) == 0;
    match noise.pick(2) {
        0 => {
            let shape = Shape {
                exceptions: false,
                ends,
            };
            Some(program::program(noise, shape))
        }
        _ => {
            let shape = smith::Shape {
                exceptions: false,
                imports: false,
                turns: ends.then_some(200),
            };
            smith::module(&noise.bytes(2000), shape)
        }
    }
}
