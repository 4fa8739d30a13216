//! Where a module's machine code is, and where in it a run can be ended.

use belljar_meter::host::STOP_EXPORT;
use std::ops::Range;
use wasmtime::{Error, Module, Result};

/// What `unreachable` is compiled to: the instruction that traps.
#[cfg(target_arch = "x86_64")]
const TRAP: &[u8] = &[0x0f, 0x0b];
#[cfg(target_arch = "aarch64")]
const TRAP: &[u8] = &[0x1f, 0xc1, 0x00, 0x00];

/// The most code that a function which does nothing but trap may have, in bytes. More, and it is not
/// the stop function that was found.
const MAX_STOP_FUNCTION: usize = 64;

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
        let mut places: Vec<Range<usize>> = module
            .functions()
            .map(|function| function.offset..function.offset + function.len)
            .collect();
        // The stop function is a module's last.
        let stop = places.last().cloned().ok_or_else(missing)?;
        let code = text.get(stop.clone()).ok_or_else(missing)?;
        let trap = (code.windows(TRAP.len()))
            .rposition(|window| window == TRAP)
            .filter(|_| code.len() <= MAX_STOP_FUNCTION)
            .ok_or_else(missing)?;

        places.sort_unstable_by_key(|place| place.start);
        let base = text.as_ptr().addr();
        let mut functions: Vec<Range<usize>> = Vec::new();
        for place in places {
            let (start, end) = (base + place.start, base + place.end);
            match functions.last_mut() {
                Some(last) if is_padding(text, last.end - base..place.start) => last.end = end,
                _ => functions.push(start..end),
            }
        }
        Ok(Self {
            functions,
            trap: base + stop.start + trap,
            _module: module.clone(),
        })
    }

    /// Where a thread that is at `address` can be sent to trap; `None` if it is not in a function of
    /// the module, or there already.
    ///
    /// Called by a signal handler: it must neither allocate, nor lock, nor panic.
    pub(super) fn trap_for(&self, address: usize) -> Option<usize> {
        let after = self.functions.partition_point(|f| f.start <= address);
        let function = self.functions.get(after.checked_sub(1)?)?;
        (address < function.end && address != self.trap).then_some(self.trap)
    }
}

/// Whether there is nothing between two functions but what aligns the second.
fn is_padding(text: &[u8], between: Range<usize>) -> bool {
    /// Functions begin at multiples of at most this.
    const ALIGNMENT: usize = 64;
    between.len() < ALIGNMENT
        && text
            .get(between)
            .is_some_and(|bytes| bytes.iter().all(|&byte| byte == 0))
}
