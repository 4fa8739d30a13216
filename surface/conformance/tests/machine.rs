//! Tests of what the surface takes from the machine, and of what it does not take.

use belljar_surface::{Cause, Clock, Entropy, Machine, Stop, Surface};
use belljar_surface_conformance::Mock;
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::time::Duration;

const SECOND_NS: u64 = 1_000_000_000;

/// The start of every monotonic clock.
const START_NS: u64 = 100_000 * SECOND_NS;

#[test]
fn a_real_clock_is_the_machines() {
    let (mut surface, mut machine) = (Surface::new(0), Mock::default());
    let (_, price) = surface.call(&mut machine, |call| {
        assert_eq!(call.sleep(5), Ok(()));
        assert_eq!(call.monotonic_ns(), START_NS + 5);
        assert_eq!(call.realtime_ns(), Mock::default().realtime_ns());
    });
    assert_eq!((machine.slept_ns, price), (5, 51_000));
}

#[test]
fn a_virtual_clock_waits_for_nothing_and_ends_at_its_deadline() {
    let (mut surface, mut machine) = (Surface::new(0), Mock::default());
    surface.clock = Clock::virtual_until(Duration::from_secs(1));
    let (_, price) = surface.call(&mut machine, |call| {
        assert_eq!(call.sleep(0), Ok(()));
        assert_eq!(call.sleep(900_000_000), Ok(()));
        assert_eq!(call.monotonic_ns(), START_NS + 900_001_000);
        let late = call.sleep(200_000_000);
        assert_eq!(late, Err(Stop::Interrupted(Cause::Timeout)));
    });
    assert_eq!((machine.slept_ns, price), (0, 101_000));
}

fn draw(surface: &mut Surface, len: u32) -> Vec<u8> {
    let mut machine = Mock::default();
    let (filled, _) = surface.call(&mut machine, |call| call.fill_random(0, len));
    assert_eq!(filled, Ok(()));
    machine.memory[..len as usize].to_vec()
}

fn seeded(seed: u64) -> Surface {
    let mut surface = Surface::new(0);
    surface.entropy = Entropy::seeded(seed);
    surface
}

#[test]
fn seeded_bytes_are_those_of_chacha12_whatever_pieces_they_come_in() {
    let mut whole = [0; 3001];
    ChaCha12Rng::seed_from_u64(7).fill_bytes(&mut whole);
    assert_eq!(draw(&mut seeded(7), 3001), whole);
    assert_ne!(draw(&mut seeded(8), 3001), whole);
}

#[test]
fn bytes_without_a_seed_are_the_machines() {
    let mut machine = Mock::default();
    machine.write_random(0, 16).unwrap();
    assert_eq!(draw(&mut Surface::new(0), 16), machine.memory[..16]);
}

#[test]
fn a_bad_address_takes_nothing_from_the_stream() {
    let mut surface = seeded(7);
    let (filled, price) = surface.call(&mut Mock::default(), |call| call.fill_random(u32::MAX, 9));
    assert!(filled.is_err());
    assert_eq!(price, 1_036, "asking is paid for");
    assert_eq!(draw(&mut surface, 16), draw(&mut seeded(7), 16));
}
