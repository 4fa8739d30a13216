//! Needs the set-up: `cargo xtask setup`, or `belljar runtime build`.

use belljar_python_runtime::{Cache, reproduce};

#[test]
fn two_preparations_give_the_same_snapshot() {
    let (first, second) = reproduce(&Cache::open().unwrap()).unwrap();
    assert_eq!(first, second);
}
