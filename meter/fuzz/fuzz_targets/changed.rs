//! Random modules, metered, with something changed, before the verifier.
#![no_main]

use belljar_meter_fuzz::{noise::Noise, original, sound};
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let mut noise = Noise::from_bytes(bytes);
    let Some(original) = original::module(&mut noise) else {
        return Corpus::Reject;
    };
    sound::check_changed(&original, &mut noise);
    Corpus::Keep
});
