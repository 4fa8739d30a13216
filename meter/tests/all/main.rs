//! Tests through the public interface: modules are metered, verified, and run.

mod adversarial;
mod bulk;
mod calls;
mod counted;
mod exceptions;
mod host;
mod layout;
mod loops;
mod mutants;
mod programs;
mod random;
mod refusals;
mod support;
mod verifier;
