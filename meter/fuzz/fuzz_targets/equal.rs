//! Random modules, metered, beside the originals.
#![no_main]

use belljar_meter_fuzz::{equal, noise::Noise, original};
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let mut noise = Noise::from_bytes(bytes);
    let Some(original) = original::module(&mut noise) else {
        return Corpus::Reject;
    };
    equal::check(&original, &mut noise);
    Corpus::Keep
});
