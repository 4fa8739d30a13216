//! The module `_belljar_native`: functions that the interpreter lacks. The harness gives them the names that scripts know.

use crate::keys;
use crate::python::{Arguments, Definition, FASTCALL, Method, Module, Object, returned};
use core::ffi::{CStr, c_char, c_int};
use core::ptr;

const NAME: &CStr = c"_belljar_native";

static METHODS: [Method; 3] = [
    Method {
        name: c"pbkdf2".as_ptr(),
        function: Some(pbkdf2),
        flags: FASTCALL,
        doc: ptr::null(),
    },
    Method {
        name: c"scrypt".as_ptr(),
        function: Some(scrypt),
        flags: FASTCALL,
        doc: ptr::null(),
    },
    Method {
        name: ptr::null(),
        function: None,
        flags: 0,
        doc: ptr::null(),
    },
];

static DEFINITION: Definition = Definition::new(NAME, &METHODS);

#[link(wasm_import_module = "interpreter")]
unsafe extern "C" {
    fn PyImport_AppendInittab(
        name: *const c_char,
        initialise: unsafe extern "C" fn() -> *mut Object,
    ) -> c_int;
    fn PyModuleDef_Init(definition: *mut Module) -> *mut Object;
}

/// Tells Python that the module exists. The pipeline calls it before Python is started.
#[unsafe(export_name = "belljar_register")]
extern "C" fn register() -> c_int {
    // SAFETY: the name and the function live for ever.
    unsafe { PyImport_AppendInittab(NAME.as_ptr(), initialise) }
}

unsafe extern "C" fn initialise() -> *mut Object {
    // SAFETY: it lives for ever.
    unsafe { PyModuleDef_Init(DEFINITION.get()) }
}

/// `pbkdf2(hash name, password, salt, rounds, length)`: a key, or `None` where there is no such hash function.
unsafe extern "C" fn pbkdf2(
    _: *mut Object,
    first: *const *mut Object,
    count: isize,
) -> *mut Object {
    // SAFETY: Python calls it.
    let arguments = unsafe { Arguments::new(first, count) };
    returned(keys::pbkdf2(arguments))
}

/// `scrypt(password, salt, n, r, p, length)`: a key.
unsafe extern "C" fn scrypt(
    _: *mut Object,
    first: *const *mut Object,
    count: isize,
) -> *mut Object {
    // SAFETY: Python calls it.
    let arguments = unsafe { Arguments::new(first, count) };
    returned(keys::scrypt(arguments).map(Some))
}
