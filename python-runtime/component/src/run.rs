//! One run: what the interpreter's imports work on, and the run itself.
//!
//! # The deadline
//!
//! Nothing from outside can stop a component on Spin. So the shim gives out a run's fuel in slices
//! of some milliseconds. When one is used up, the next check of the meter calls [`tick`]: it looks
//! at the clock, and gives the next slice or ends the run. The clock also decides whenever the
//! interpreter calls an import, and sleeping never lasts longer than the deadline.

use crate::facts::{EntropyRegion, Facts};
use crate::glue;
use crate::machine::Interpreter;
use crate::preview2::Pollables;
use alloc::vec;
use alloc::vec::Vec;
use belljar_contract::caps::PAGE_BYTES;
use belljar_contract::{Delivery, DisplayCollector, Ending, LimitValues, Usage};
use belljar_surface::{Cause, Clock, Entropy, Machine, Output, Stdin, Stop, Surface};
use core::cell::UnsafeCell;
use core::time::Duration;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

const NS_PER_MS: u64 = 1_000_000;

const TIMEOUT: Stop = Stop::Interrupted(Cause::Timeout);

/// Units of fuel in a slice: 1 to 8 ms of Python on a machine of 2026, and so the most by which a
/// deadline is missed there.
const SLICE: i64 = 20_000_000;

/// The state on which the imports work.
pub(crate) struct State {
    pub(crate) surface: Surface,
    pub(crate) interpreter: Interpreter,
    pub(crate) pollables: Pollables,
    pub(crate) delivery: Delivery,
    /// Fuel that the run may use, and what of it was given to the meter.
    budget: i64,
    granted: i64,
    /// The reason why the run was ended, and the fuel it had used: more than its budget when that
    /// was used up, because code is paid for before it is begun.
    stopped: Option<(Stop, i64)>,
}

/// An instance has one thread, and no import calls another.
struct Cell(UnsafeCell<Option<State>>);

// SAFETY: WebAssembly without shared memory has one thread.
unsafe impl Sync for Cell {}

static STATE: Cell = Cell(UnsafeCell::new(None));

impl State {
    /// The state of the run; `None` before and after it.
    pub(crate) fn current() -> Option<&'static mut Self> {
        // SAFETY: there is one thread; imports don't nest, and each takes the reference once. `run`
        // takes it only while the interpreter does not run.
        unsafe { (*STATE.0.get()).as_mut() }
    }

    /// Ends a call: takes its price from the fuel, and says whether the run goes on. If fuel and time
    /// are both used up it is fuel, which is used up on every run.
    pub(crate) fn settle(&self, price: u64) -> Result<(), Stop> {
        let price = i64::try_from(price).unwrap_or(i64::MAX);
        // Below zero, the next check of the meter gives the next slice or ends the run.
        glue::set_fuel(glue::fuel().saturating_sub(price));
        if self.used() > self.budget {
            return Err(Stop::OutOfFuel);
        }
        self.check_deadline()
    }

    /// Fails once the deadline has passed. Virtual time passes by sleeping only.
    fn check_deadline(&self) -> Result<(), Stop> {
        let is_late = self.surface.clock == Clock::Real && self.interpreter.is_late();
        if is_late { Err(TIMEOUT) } else { Ok(()) }
    }

    /// The fuel that was used.
    fn used(&self) -> i64 {
        self.granted - glue::fuel()
    }
}

/// Called by a check of the meter when its counter is below zero. It returns if the run may go on.
#[unsafe(export_name = "meter.tick")]
extern "C" fn tick() {
    let Some(state) = State::current() else {
        glue::stop()
    };
    // Also on virtual time: what hangs must end.
    let is_late = state.interpreter.is_late();
    let used = state.used();
    if state.stopped.is_some() || used > state.budget {
        stop(Stop::OutOfFuel)
    }
    if is_late {
        stop(TIMEOUT)
    }
    while state.granted < used {
        state.granted = state.granted.saturating_add(SLICE).min(state.budget);
    }
    glue::set_fuel(state.granted - used);
}

/// Ends the run. The fuel is taken away too: code that catches the exception, as C++ may, gets no
/// further than its next check.
pub(crate) fn stop(stop: Stop) -> ! {
    if let Some(state) = State::current() {
        // The first reason counts.
        let used = state.used();
        state.stopped.get_or_insert((stop, used));
    }
    glue::set_fuel(-1);
    glue::stop()
}

/// The request of a run, and everything else that it is given.
pub(crate) struct Task {
    pub(crate) request: Vec<u8>,
    pub(crate) stdin: Vec<u8>,
    pub(crate) limits: LimitValues,
    pub(crate) seed: Option<u64>,
}

/// The end of a run, and everything that it gave.
pub(crate) struct Finished {
    pub(crate) ending: Ending,
    pub(crate) output: Output,
    pub(crate) display: DisplayCollector,
    pub(crate) usage: Usage,
}

/// Runs one request to its end.
pub(crate) fn run(facts: &Facts, task: Task) -> Finished {
    let limits = task.limits;
    let budget = i64::try_from(limits.fuel).unwrap_or(i64::MAX);
    let granted = budget.min(SLICE);
    let mut surface = Surface::new(usize::try_from(limits.output_bytes).unwrap_or(usize::MAX));
    surface.stdin = Stdin::new(task.stdin);
    if let Some(seed) = task.seed {
        surface.entropy = Entropy::seeded(seed);
        surface.clock = Clock::virtual_until(Duration::from_millis(limits.timeout_ms));
    }
    let state = State {
        surface,
        interpreter: Interpreter {
            start_ns: glue::monotonic_now(),
            deadline_ns: limits.timeout_ms.saturating_mul(NS_PER_MS),
        },
        pollables: Pollables::default(),
        delivery: Delivery::default(),
        budget,
        granted,
        stopped: None,
    };
    // SAFETY: the interpreter does not run yet, so nobody has a reference.
    unsafe { *STATE.0.get() = Some(state) };
    let [address, soft, hard] = facts.stack;
    // The packaging has found the limits there.
    let _ = glue::write_u32(address, soft).and(glue::write_u32(address + 4, hard));
    if task.seed.is_none() {
        refresh_entropy(&facts.entropy);
    }
    glue::set_page_limit(u32::try_from(limits.memory_bytes >> 16).unwrap_or(u32::MAX));
    glue::set_fuel(granted);
    let status = call(&task.request);

    // SAFETY: the interpreter has returned, so nobody has a reference.
    let state = unsafe { (*STATE.0.get()).take() };
    let Some(state) = state else {
        // It was put there above.
        core::arch::wasm32::unreachable()
    };
    let duration_ns = state.interpreter.elapsed_ns();
    let is_late = state.check_deadline().is_err();
    let used = state.used();
    let delivery = state.delivery;
    let (ending, used) = match (state.stopped, status) {
        // Code that catches every exception may return although it was stopped.
        (Some((stop, used)), _) => (Ending::Stopped(stop.into()), used),
        (None, Some(_)) if is_late => (Ending::Stopped(TIMEOUT.into()), used),
        (None, Some(_)) => (Ending::Returned(delivery.answer), used),
        (None, None) => (Ending::Trapped, used),
    };
    Finished {
        ending,
        output: state.surface.output,
        display: delivery.display,
        usage: Usage {
            duration: Duration::from_nanos(duration_ns),
            fuel: used.cast_unsigned(),
            memory_bytes: u64::from(glue::pages()) * PAGE_BYTES,
        },
    }
}

/// Hands the request to the interpreter; `None` if it had no memory for it or was stopped.
fn call(request: &[u8]) -> Option<i32> {
    let len = u32::try_from(request.len()).ok()?;
    let address = glue::allocate(len);
    if address == 0 || address == glue::STOPPED {
        return None;
    }
    let address = address.cast_unsigned();
    glue::write(address, request).ok()?;
    let status = glue::turn(address, len);
    (status != glue::STOPPED).then_some(status)
}

/// Gives the random generators inside the snapshot a state of their own: every sandbox starts as
/// the same memory. They are Mersenne twisters, so a fast generator with a good seed will do.
fn refresh_entropy(regions: &[EntropyRegion]) {
    let mut seed = [0; 32];
    let bytes = glue::random_bytes(seed.len());
    seed.copy_from_slice(&bytes);
    let mut generator = ChaCha8Rng::from_seed(seed);
    for region in regions {
        let mut state = vec![0; region.length as usize];
        generator.fill_bytes(&mut state);
        // The packaging has seen that the region lies in the snapshot.
        let _ = glue::write(region.address, &state);
    }
}
