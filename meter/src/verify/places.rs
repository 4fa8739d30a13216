//! Which memory or table an instruction works on, whatever the instruction is.

use wasmparser::Operator;

/// The memory, table or global that an instruction works on.
#[derive(Clone, Copy)]
pub(super) enum Place {
    Memory(u32),
    Table(u32),
}

impl Place {
    fn is_memory(self, index: u32) -> bool {
        matches!(self, Self::Memory(memory) if memory == index)
    }

    fn is_table(self, index: u32) -> bool {
        matches!(self, Self::Table(table) if table == index)
    }
}

/// `true` if an instruction works on a memory or a table, be it with an address or as a whole.
pub(super) fn works_on(op: &Operator<'_>, place: Place) -> bool {
    /// By the name of an immediate: whether it says that the instruction works on the place.
    macro_rules! names {
        (memarg, $value:expr) => {
            place.is_memory($value.memory)
        };
        (mem, $value:expr) => {
            place.is_memory(*$value)
        };
        (dst_mem, $value:expr) => {
            place.is_memory(*$value)
        };
        (src_mem, $value:expr) => {
            place.is_memory(*$value)
        };
        (table, $value:expr) => {
            place.is_table(*$value)
        };
        (table_index, $value:expr) => {
            place.is_table(*$value)
        };
        (dst_table, $value:expr) => {
            place.is_table(*$value)
        };
        (src_table, $value:expr) => {
            place.is_table(*$value)
        };
        ($other:ident, $value:expr) => {{
            let _ = $value;
            false
        }};
    }
    macro_rules! match_operators {
        ($(@$proposal:ident $op:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident ($($ann:tt)*))*) => {
            match op {
                $(Operator::$op $({ $($arg),* })? => false $($(|| names!($arg, $arg))*)?,)*
                // `Operator` is non-exhaustive; what it does not list is refused beforehand.
                _ => true,
            }
        };
    }
    wasmparser::for_each_operator!(match_operators)
}
