//! The addresses of a module's machine code, and the instruction at which a run can be ended.

use belljar_meter::host::STOP_EXPORT;
use std::ops::Range;
use wasmtime::{Error, Module, Result};

/// The machine code of `unreachable`: the instruction that traps.
#[cfg(target_arch = "x86_64")]
const TRAP: &[u8] = &[0x0f, 0x0b];
#[cfg(target_arch = "aarch64")]
const TRAP: &[u8] = &[0x1f, 0xc1, 0x00, 0x00];

/// The most code that a function which does nothing but trap may have, in bytes. More, and it is not
/// the stop function that was found.
const MAX_STOP_FUNCTION: usize = 64;

/// Between two functions with less than this between them, in bytes, is nothing but what aligns the
/// second: what Wasmtime adds has to save and to load half a dozen registers.
const SMALLEST_OTHER: usize = 32;

/// The code of a module with a [stop function](belljar_meter::Options::stop).
#[derive(Debug)]
pub struct Code {
    /// The addresses of its functions, in order, neighbours in one range. What Wasmtime puts
    /// beside them, to get from the host to them and back, is not in it: there the engine is not yet,
    /// or no longer, prepared for a trap.
    functions: Vec<Range<usize>>,
    /// The address of the instruction that traps.
    trap: usize,
    /// Keeps it where it is.
    _module: Module,
}

impl Code {
    /// The code of a module.
    ///
    /// # Errors
    ///
    /// When it has no stop function.
    pub fn of(module: &Module) -> Result<Self> {
        let missing = || Error::msg(format!("the module has no function `{STOP_EXPORT}`"));
        module.get_export(STOP_EXPORT).ok_or_else(missing)?;
        let text = module.text();
        let base = text.as_ptr().addr();
        // They come in the order of their places, nearly all of them in one range.
        let mut functions: Vec<Range<usize>> = Vec::new();
        let mut last = None;
        for function in module.functions() {
            let start = base + function.offset;
            let end = start + function.len;
            match functions.last_mut() {
                Some(range) if (range.end..range.end + SMALLEST_OTHER).contains(&start) => {
                    range.end = end;
                }
                _ => functions.push(start..end),
            }
            last = Some(start..end);
        }
        functions.sort_unstable_by_key(|range| range.start);

        // The stop function is a module's last.
        let stop = last.ok_or_else(missing)?;
        let code = text.get(stop.start - base..stop.end - base);
        let code = code.ok_or_else(missing)?;
        let trap = (code.windows(TRAP.len()))
            .rposition(|window| window == TRAP)
            .filter(|_| code.len() <= MAX_STOP_FUNCTION)
            .ok_or_else(missing)?;
        Ok(Self {
            functions,
            trap: stop.start + trap,
            _module: module.clone(),
        })
    }

    /// The address to which a thread that is at `address` can be sent to trap; `None` if it is not
    /// in a function of the module, or there already.
    ///
    /// Called by a signal handler: it must neither allocate, nor lock, nor panic.
    pub(super) fn trap_for(&self, address: usize) -> Option<usize> {
        let after = self.functions.partition_point(|f| f.start <= address);
        let function = self.functions.get(after.checked_sub(1)?)?;
        (address < function.end && address != self.trap).then_some(self.trap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use belljar_meter::Options;
    use wasmtime::Engine;

    #[test]
    fn the_functions_are_known_and_nothing_else() {
        let functions = "(func (param i32) (result i32) (i32.mul (local.get 0) (local.get 0)))";
        let text = format!(
            "(module (import \"host\" \"f\" (func $f)) (func (export \"f\") (call $f)) {})",
            functions.repeat(1000)
        );
        let options = Options {
            stop: Some(STOP_EXPORT.to_owned()),
            ..Options::default()
        };
        let wasm = belljar_meter::meter(&wat::parse_str(text).unwrap(), &options).unwrap();
        let module = Module::new(&Engine::default(), wasm.wasm).unwrap();
        let code = Code::of(&module).unwrap();
        assert_eq!(code.functions.len(), 1, "{:?}", code.functions);

        let base = module.text().as_ptr().addr();
        let mut inside = 0;
        for function in module.functions() {
            for offset in [0, function.len - 1] {
                let address = base + function.offset + offset;
                let expected = (address != code.trap).then_some(code.trap);
                assert_eq!(code.trap_for(address), expected);
            }
            inside += function.len;
        }
        // What gets in and out of the module is there too, and is not in it.
        let all = module.text().len();
        let covered = code.functions[0].len();
        assert!(
            inside <= covered && covered < all,
            "{inside} {covered} {all}"
        );
        for address in [0, base - 1, base + covered, base + all, usize::MAX] {
            assert_eq!(code.trap_for(address), None, "{address:#x}");
        }
    }
}
