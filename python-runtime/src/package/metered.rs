//! The meter in a packaged interpreter, and the proof that what is shipped is metered.
//!
//! Nothing outside can stop a component, so the checks are all there is to see a deadline with. The
//! shim gives out the fuel in slices. A check that finds its slice used up asks a hook, which the tie
//! connects to the shim: it looks at the clock and gives the next slice, or ends the run.
//!
//! Nor can anything outside limit the interpreter's memory alone. Without a maximum one script could
//! take as much as the host gives to everyone. The limit of a run, below it, is a global that only the
//! tie can reach.
//!
//! All of this the meter writes and its verifier knows. The verifier reads the module
//! where it lies in the finished component, after the last step that could have changed it.

use super::interpreter::{self, FUEL};
use crate::{Error, Result};
use belljar_contract::LimitPolicy;
use belljar_contract::caps::PAGE_BYTES;
use belljar_meter::{MemoryLimit, MeterError, Options, Proof, SlowPath};

/// The limit of a run's memory, in pages: set before it.
pub(super) const PAGE_LIMIT: &str = "belljar_page_limit";

/// Becomes 1 when memory was refused.
pub(super) const REFUSED: &str = "belljar_refused";

/// A table of one function: what a check calls that finds the fuel used up.
pub(super) const HOOKS: &str = "belljar_hooks";

/// The options with which the interpreter is metered.
fn options(limits: &LimitPolicy) -> Result<Options> {
    let maximum = u32::try_from(limits.maximum.memory_bytes / PAGE_BYTES)
        .map_err(|_| Error::Package("a memory of 32 bits has at most 4 GiB".to_owned()))?;
    Ok(Options {
        fuel: FUEL.to_owned(),
        // Nothing outside could raise it.
        floor: None,
        slow_path: SlowPath::Ask {
            hook: HOOKS.to_owned(),
        },
        memory: Some(MemoryLimit {
            pages: PAGE_LIMIT.to_owned(),
            refused: REFUSED.to_owned(),
            maximum,
        }),
        ..Options::default()
    })
}

/// The metered interpreter.
pub(super) fn meter(wasm: &[u8], limits: &LimitPolicy) -> Result<Vec<u8>> {
    let metered = belljar_meter::meter(wasm, &options(limits)?).map_err(|error| {
        Error::Package(match error {
            MeterError::MemoryTooLarge { .. } => {
                format!("the maximum of memory_bytes is below what the interpreter has: {error}")
            }
            error => format!("metering: {error}"),
        })
    })?;
    Ok(metered.wasm)
}

/// Proves that the interpreter in a component is metered, and that nothing in the component but the tie
/// reaches its counter.
pub(super) fn prove(component: &[u8], limits: &LimitPolicy) -> Result<Proof> {
    let failed = |why: String| Error::Package(format!("the component is not proved: {why}"));
    let python = interpreter::find(component).map_err(failed)?;
    belljar_meter::verify(python, &options(limits)?)
        .map_err(|error| failed(format!("its interpreter is not metered: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::glue;
    use belljar_contract::LimitValues;

    const PROGRAM: &str = "(module
        (memory (export \"memory\") 2)
        (func (export \"grow\") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export \"spin\") (loop $again (br $again))))";

    fn limits(pages: u64) -> LimitPolicy {
        let mut limits = LimitPolicy::default();
        let memory_bytes = pages * PAGE_BYTES;
        limits.maximum = LimitValues {
            memory_bytes,
            ..limits.maximum
        };
        limits
    }

    /// Ballast that makes a module so large that it is not taken for the place of another.
    const PADDING: &str =
        "(data \"----------------------------------------------------------------\")";

    const TIED: &str = "(component
        (core module $python)
        (core module $tie (import \"python\" \"belljar_fuel\" (global (mut i64))) {PADDING})
        (core instance $p (instantiate $python))
        (core instance (instantiate $tie (with \"python\" (instance $p)))))";

    /// The component of an interpreter and what is around it.
    fn component(python: &[u8], around: &str) -> Vec<u8> {
        let frame = wat::parse_str(around.replace("{PADDING}", PADDING)).unwrap();
        glue::fill(&frame, &[python]).unwrap()
    }

    fn metered() -> Vec<u8> {
        meter(&wat::parse_str(PROGRAM).unwrap(), &limits(10)).unwrap()
    }

    fn refusal(python: &[u8], around: &str, pages: u64) -> String {
        let component = component(python, around);
        prove(&component, &limits(pages)).unwrap_err().to_string()
    }

    #[test]
    fn an_interpreter_is_proved_where_it_lies_in_the_component() {
        let proof = prove(&component(&metered(), TIED), &limits(10)).unwrap();
        assert_eq!((proof.loops, proof.bulk), (1, 1));
        assert!(proof.checks >= 1, "{proof}");
    }

    #[test]
    fn an_interpreter_that_was_changed_after_it_was_metered_is_refused() {
        let metered = metered();
        // A check: i64.lt_s, if, and the call that asks.
        let check = [0x53, 0x04, 0x40, 0x10];
        let at: Vec<usize> = (0..metered.len() - check.len())
            .filter(|&at| metered[at..].starts_with(&check))
            .collect();
        assert_eq!(at.len(), 2, "one for the loop, one for growing");
        for at in at {
            let mut changed = metered.clone();
            // Never below zero: i64.gt_s.
            changed[at] = 0x55;
            let refusal = refusal(&changed, TIED, 10);
            assert!(refusal.contains("is not metered"), "{refusal}");
        }
    }

    #[test]
    fn an_interpreter_with_another_maximum_is_refused() {
        let refusal = refusal(&metered(), TIED, 9);
        assert!(refusal.contains("at most 9 pages"), "{refusal}");
    }

    #[test]
    fn an_interpreter_that_others_reach_is_refused() {
        let metered = metered();
        for (what, part, replacement) in [
            (
                "2 modules have a counter",
                "(core module $python)",
                "(core module $python) (core module {PADDING}
                    (global (export \"belljar_fuel\") (mut i64) (i64.const 0)))",
            ),
            (
                "2 instances of it",
                "(core instance $p (instantiate $python))",
                "(core instance $p (instantiate $python)) (core instance (instantiate $python))",
            ),
            (
                "2 modules are given it",
                "(with \"python\" (instance $p)))",
                "(with \"python\" (instance $p)))) (core instance (instantiate $tie (with \"python\" (instance $p)))",
            ),
            (
                "an alias of its export `spin`",
                "(core instance (instantiate $tie",
                "(alias core export $p \"spin\" (core func)) (core instance (instantiate $tie",
            ),
            (
                "a module of an inner component",
                "(core module $python)",
                "(core module $python) (component (core module))",
            ),
        ] {
            let around = TIED.replacen(part, replacement, 1);
            let refusal = refusal(&metered, &around, 10);
            assert!(refusal.contains(what), "{what}: {refusal}");
        }
        let without = wat::parse_str("(module (global (export \"a\") i64 (i64.const 0)))").unwrap();
        let refusal = refusal(&without, TIED, 10);
        assert!(refusal.contains("0 modules have a counter"), "{refusal}");
    }

    #[test]
    fn an_interpreter_larger_than_the_maximum_is_refused() {
        let error = meter(&wat::parse_str(PROGRAM).unwrap(), &limits(1)).unwrap_err();
        assert!(error.to_string().contains("memory_bytes"), "{error}");
    }
}
