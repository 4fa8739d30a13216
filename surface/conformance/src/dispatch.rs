//! The functions by their names.

use crate::Mock;
use belljar_surface::{Errno, Served, Stop, Surface};

/// A number of preview 1's interface, as a guest's engine passes it.
pub(super) trait Number {
    /// Its type in WebAssembly.
    const TYPE: &str;

    fn of(argument: u64) -> Self;
}

impl Number for u32 {
    const TYPE: &str = "i32";

    fn of(argument: u64) -> Self {
        argument as Self
    }
}

impl Number for u64 {
    const TYPE: &str = "i64";

    fn of(argument: u64) -> Self {
        argument
    }
}

impl Number for i64 {
    const TYPE: &str = "i64";

    fn of(argument: u64) -> Self {
        argument.cast_signed()
    }
}

macro_rules! dispatch {
    ($($name:ident($($argument:ident: $type:ty),*);)+) => {
        /// The functions, and the types of their arguments.
        pub(super) const FUNCTIONS: &[(&str, &[&str])] =
            &[$((stringify!($name), &[$(<$type as Number>::TYPE),*])),+];

        /// Calls the function of this name with as many of the arguments as it takes.
        pub(super) fn call(
            surface: &mut Surface,
            machine: &mut Mock,
            name: &str,
            arguments: &[u64],
        ) -> Result<Served, Stop> {
            let mut arguments = arguments.iter().copied();
            match name {
                $(stringify!($name) => {
                    $(let $argument = <$type>::of(arguments.next().unwrap_or_default());)*
                    surface.serve(machine, |call| call.$name($($argument),*))
                })+
                "proc_exit" => Err(Stop::Exit(i32::of(arguments.next().unwrap_or_default()))),
                _ => surface.serve(machine, |_| Err(Errno::Notsup.into())),
            }
        }
    };
}

impl Number for i32 {
    const TYPE: &str = "i32";

    fn of(argument: u64) -> Self {
        (argument as u32).cast_signed()
    }
}

belljar_surface::preview1!(dispatch);
