//! Tests through the public interface: modules are metered, verified, and run.

mod adversarial;
mod asking;
mod bounded;
mod bulk;
mod calls;
mod counted;
mod exceptions;
#[path = "../../fuzz/src/lib.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "the fuzz targets use all of it, from outside"
)]
mod fuzz;
mod host;
mod layout;
mod limited;
mod loops;
mod mutants;
mod programs;
mod random;
mod refusals;
mod support;
mod verifier;
