//! The fuzz targets of `fuzz/`, asked for a while.

use crate::{
    fuzz::{
        equal::{self, Seen},
        noise::Noise,
        original,
        sound::{self, Verdict},
    },
    random::cases,
};

/// The module that a seed stands for, or `None` if it stands for no module.
fn original(seed: u64) -> Option<(Vec<u8>, Noise)> {
    let mut noise = Noise::new(seed + 1);
    // The first numbers of neighbouring seeds are not unlike.
    noise.bytes(8);
    let original = original::module(&mut noise)?;
    Some((original, noise))
}

#[test]
fn a_metered_module_does_what_it_did_in_an_interpreter_too() {
    let mut all = Seen::default();
    for seed in 0..2 * cases() {
        let Some((original, mut noise)) = original(seed) else {
            continue;
        };
        let seen = std::panic::catch_unwind(move || equal::check(&original, &mut noise))
            .unwrap_or_else(|_| panic!("seed {seed}"));
        all.calls += seen.calls;
        all.returned += seen.returned;
        all.stopped += seen.stopped;
        all.strips += seen.strips;
        all.most = all.most.max(seen.most);
    }
    println!("{all:?}");
    let enough = cases() / 4;
    assert!(all.calls > enough && all.returned > enough / 2, "{all:?}");
    assert!(all.stopped > enough / 2 && all.strips > 0, "{all:?}");
}

#[test]
fn what_the_verifier_accepts_of_changed_modules_is_metered() {
    let (mut refused, mut accepted, mut invalid) = (0, 0, 0);
    for seed in 0..8 * cases() {
        let Some((original, mut noise)) = original(seed) else {
            continue;
        };
        let verdict = std::panic::catch_unwind(move || sound::check_changed(&original, &mut noise))
            .unwrap_or_else(|_| panic!("seed {seed}"));
        match verdict {
            Verdict::Refused => refused += 1,
            Verdict::Accepted => accepted += 1,
            Verdict::Invalid => invalid += 1,
            Verdict::Unchanged => {}
        }
    }
    println!("{refused} refused, {accepted} accepted and sound, {invalid} not valid");
    let enough = cases() / 8;
    assert!(
        refused > enough && accepted > enough,
        "{refused} {accepted}"
    );
}
