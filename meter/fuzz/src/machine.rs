//! An interpreter that runs modules and counts their work as the meter defines it: what
//! `CostModel::weight` says of each instruction, written down here a second time.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::OnceLock,
};

use wasmi::{
    Caller, CompilationMode, Config, CustomFuelCosts, Engine, Extern, ExternType, F32, F64, Func,
    Instance, Module, Nullable, OperatorCost, Ref, Store, TrapCode, V128, Val, ValType,
};

use super::{
    choices::{FLOOR, FUEL, HOOK, PAGES, REFUSED, STOP},
    noise::Noise,
};

/// The depth that calls may have. Both the original and the metered module are bounded by it, and by nothing
/// else.
const DEPTH: usize = 200;

/// The end of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// With results.
    Returned(Vec<u64>),
    /// By a trap of the module's own.
    Trapped(TrapCode),
    /// By more work than it was allowed.
    Endless,
    /// By calling too deep.
    TooDeep,
}

/// The fuel that the hook has to give: so much altogether, and so much at a time.
#[derive(Debug, Default)]
struct Grants {
    left: i64,
    slice: i64,
}

/// An instance.
pub struct Machine {
    store: Store<Grants>,
    instance: Instance,
    /// The names of its exported functions, but the meter's.
    functions: Vec<String>,
}

impl Machine {
    /// Makes an instance, or `None` if that fails, as it may.
    pub fn new(wasm: &[u8]) -> Option<Self> {
        let module = Module::new(engine(), wasm).expect("a valid module");
        let mut functions: Vec<String> = module
            .exports()
            .filter(|export| matches!(export.ty(), ExternType::Func(_)))
            .map(|export| export.name().to_owned())
            .filter(|name| name != STOP)
            .collect();
        functions.sort();
        let mut store = Store::new(engine(), Grants::default());
        store.set_fuel(1 << 24).expect("work is counted");
        let instance = Instance::new(&mut store, &module, &[]).ok()?;
        let mut machine = Self {
            store,
            instance,
            functions,
        };
        machine.set_hook();
        Some(machine)
    }

    /// The names of the functions that can be called.
    pub fn functions(&self) -> Vec<String> {
        self.functions.clone()
    }

    /// Makes the hook give what it has, slice by slice, and no more.
    fn set_hook(&mut self) {
        let Some(table) = self.instance.get_table(&self.store, HOOK) else {
            return;
        };
        let fuel = self.instance.get_global(&self.store, FUEL);
        let fuel = fuel.expect("a hook comes with a counter");
        let hook = Func::wrap(&mut self.store, move |mut caller: Caller<'_, Grants>| {
            let Val::I64(mut counter) = fuel.get(&caller) else {
                unreachable!("the counter is an i64")
            };
            let grants = caller.data_mut();
            while counter < 0 && grants.left > 0 {
                let slice = grants.slice.min(grants.left);
                grants.left -= slice;
                counter += slice;
            }
            fuel.set(&mut caller, Val::I64(counter))
                .expect("a mutable i64");
        });
        table
            .set(&mut self.store, 0, Ref::Func(Nullable::Val(hook)))
            .expect("a table of functions");
    }

    /// Gives it fuel: all of it, or a part that the hook adds to.
    pub fn set_fuel(&mut self, fuel: i64) {
        let has_hook = self.instance.get_table(&self.store, HOOK).is_some();
        let slice = if has_hook { fuel / 7 } else { fuel };
        *self.store.data_mut() = Grants {
            left: fuel - slice,
            slice: slice.max(1),
        };
        self.set(FUEL, Val::I64(slice));
    }

    /// The fuel that is left, with what the hook still has.
    pub fn fuel(&self) -> i64 {
        let fuel = self.instance.get_global(&self.store, FUEL);
        match fuel.expect("a counter").get(&self.store) {
            Val::I64(counter) => counter + self.store.data().left,
            other => panic!("{other:?} is no counter"),
        }
    }

    /// Limits the memory to some pages more than it has, if it can be limited, and returns the limit.
    pub fn limit_memory(&mut self, more: u32) -> Option<u32> {
        self.instance.get_global(&self.store, PAGES)?;
        let limit = self.pages().saturating_add(more);
        self.set(PAGES, Val::I32(limit.cast_signed()));
        Some(limit)
    }

    /// The pages of the first memory that is exported, but for the floor.
    pub fn pages(&self) -> u32 {
        let memories = self.instance.exports(&self.store).filter_map(|export| {
            let is_floor = export.name() == FLOOR;
            export.into_memory().filter(|_| !is_floor)
        });
        let most = memories.map(|memory| memory.size(&self.store)).max();
        u32::try_from(most.unwrap_or(0)).unwrap_or(u32::MAX)
    }

    fn set(&mut self, name: &str, value: Val) {
        let global = self.instance.get_global(&self.store, name);
        let global = global.expect("an exported global");
        global.set(&mut self.store, value).expect("a mutable one");
    }

    /// Calls a function with arguments that are made up, and allows it some work. Returns how that
    /// ended and what it did.
    pub fn call(&mut self, name: &str, noise: &mut Noise, work: u64) -> (End, u64) {
        let function = self.instance.get_func(&self.store, name);
        let function = function.expect("an exported function");
        let ty = function.ty(&self.store);
        let arguments: Vec<Val> = ty.params().iter().map(|ty| value(*ty, noise)).collect();
        let mut results: Vec<Val> = ty
            .results()
            .iter()
            .map(|ty| Val::default_for_ty(*ty))
            .collect();
        self.store.set_fuel(work).expect("work is counted");
        let ended = function.call(&mut self.store, &arguments, &mut results);
        let done = work - self.store.get_fuel().expect("work is counted");
        let end = match ended {
            Ok(()) => End::Returned(results.iter().map(bits).collect()),
            Err(error) => match error.as_trap_code() {
                Some(TrapCode::OutOfFuel) => End::Endless,
                Some(TrapCode::StackOverflow) => End::TooDeep,
                Some(trap) => End::Trapped(trap),
                None => panic!("{error}"),
            },
        };
        (end, done)
    }

    /// A digest of all that is exported, but for what is the meter's.
    pub fn state(&self) -> u64 {
        let mut exports: Vec<_> = (self.instance.exports(&self.store))
            .map(|export| (export.name().to_owned(), export.into_extern()))
            .filter(|(name, _)| ![FUEL, FLOOR, STOP, HOOK, PAGES, REFUSED].contains(&name.as_str()))
            .collect();
        exports.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut hasher = DefaultHasher::new();
        for (name, export) in exports {
            name.hash(&mut hasher);
            match export {
                Extern::Memory(memory) => memory.data(&self.store).hash(&mut hasher),
                Extern::Global(global) => bits(&global.get(&self.store)).hash(&mut hasher),
                Extern::Table(table) => table.size(&self.store).hash(&mut hasher),
                Extern::Func(_) => {}
            }
        }
        hasher.finish()
    }
}

/// One engine for all.
fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let mut config = Config::default();
        config
            .consume_fuel(true)
            .operator_cost(weights())
            .fuel_cost(CustomFuelCosts {
                bytes_copied_per_fuel: 8,
                fuel_per_bytes_translated: 0,
                fuel_per_bytes_validated: 0,
            })
            .compilation_mode(CompilationMode::Eager)
            .set_max_recursion_depth(DEPTH)
            .wasm_multi_memory(true)
            .wasm_extended_const(true)
            .wasm_simd(true);
        Engine::new(&config)
    })
}

/// The weights of instructions; one, where nothing is said.
fn weights() -> OperatorCost {
    OperatorCost {
        local_get: 0,
        local_set: 0,
        local_tee: 0,
        i32_const: 0,
        i64_const: 0,
        f32_const: 0,
        f64_const: 0,
        v128_const: 0,
        return_: 1,
        call: 4,
        br_table: 4,
        call_indirect: 12,
        i32_div_s: 5,
        i32_div_u: 5,
        i32_rem_s: 5,
        i32_rem_u: 5,
        i64_div_s: 5,
        i64_div_u: 5,
        i64_rem_s: 5,
        i64_rem_u: 5,
        f32_div: 5,
        f64_div: 5,
        f32_sqrt: 5,
        f64_sqrt: 5,
        f32x4_div: 5,
        f64x2_div: 5,
        f32x4_sqrt: 5,
        f64x2_sqrt: 5,
        memory_copy: 40,
        memory_fill: 40,
        memory_init: 40,
        table_copy: 40,
        table_fill: 40,
        table_init: 40,
        memory_grow: 100,
        table_grow: 100,
        ..OperatorCost::default()
    }
}

/// A value of a type, small rather than large.
fn value(ty: ValType, noise: &mut Noise) -> Val {
    let small = noise.pick(0x200) as u32;
    match ty {
        ValType::I32 => Val::I32(small.cast_signed() - 16),
        ValType::I64 => Val::I64(i64::from(small)),
        ValType::F32 => Val::F32(F32::from_float(small as f32)),
        ValType::F64 => Val::F64(F64::from_float(f64::from(small))),
        ValType::V128 => Val::V128(V128::from(u128::from(small) << 60)),
        ValType::FuncRef | ValType::ExternRef => Val::default_for_ty(ty),
    }
}

/// A value as a number that can be compared.
fn bits(value: &Val) -> u64 {
    match value {
        Val::I32(value) => u64::from(value.cast_unsigned()),
        Val::I64(value) => value.cast_unsigned(),
        Val::F32(value) => u64::from(value.to_bits()),
        Val::F64(value) => value.to_bits(),
        Val::V128(value) => {
            let value = value.as_u128();
            (value ^ (value >> 64)) as u64
        }
        Val::FuncRef(function) => u64::from(!function.is_null()),
        Val::ExternRef(reference) => u64::from(!reference.is_null()),
    }
}
