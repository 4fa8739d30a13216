//! The little of Python's C interface that functions for it need.

use core::ffi::{c_char, c_int, c_long, c_void};
use core::ptr;
use core::slice;

/// An object. Nothing of ours looks into one.
#[repr(C)]
pub(crate) struct Object {
    _opaque: [u8; 0],
}

/// A function with positional arguments (`METH_FASTCALL`): their array, and how many they are.
pub(crate) type Function =
    unsafe extern "C" fn(*mut Object, *const *mut Object, isize) -> *mut Object;

/// `PyMethodDef`.
#[repr(C)]
pub(crate) struct Method {
    pub(crate) name: *const c_char,
    pub(crate) function: Option<Function>,
    pub(crate) flags: c_int,
    pub(crate) doc: *const c_char,
}

/// `PyModuleDef`, as 32-bit builds of CPython 3.15 have it.
#[repr(C)]
pub(crate) struct Module {
    references: isize,
    ty: *mut c_void,
    init: *mut c_void,
    index: isize,
    copy: *mut Object,
    name: *const c_char,
    doc: *const c_char,
    size: isize,
    methods: *const Method,
    slots: *mut c_void,
    traverse: *mut c_void,
    clear: *mut c_void,
    free: *mut c_void,
}

// SAFETY: WebAssembly without threads has one.
unsafe impl Sync for Method {}

/// A module's definition, which Python writes to.
#[repr(transparent)]
pub(crate) struct Definition(core::cell::UnsafeCell<Module>);

// SAFETY: WebAssembly without threads has one.
unsafe impl Sync for Definition {}

impl Definition {
    pub(crate) const fn new(name: &'static core::ffi::CStr, methods: &'static [Method]) -> Self {
        Self(core::cell::UnsafeCell::new(Module {
            references: 1,
            ty: ptr::null_mut(),
            init: ptr::null_mut(),
            index: 0,
            copy: ptr::null_mut(),
            name: name.as_ptr(),
            doc: ptr::null(),
            size: 0,
            methods: methods.as_ptr(),
            slots: ptr::null_mut(),
            traverse: ptr::null_mut(),
            clear: ptr::null_mut(),
            free: ptr::null_mut(),
        }))
    }

    pub(crate) fn get(&'static self) -> *mut Module {
        self.0.get()
    }
}

/// `METH_FASTCALL`.
pub(crate) const FASTCALL: c_int = 0x80;

/// The first of the constants that Python gives by number: `None`.
const NONE: u32 = 0;

#[link(wasm_import_module = "interpreter")]
unsafe extern "C" {
    fn PyBytes_AsStringAndSize(object: *mut Object, at: *mut *mut u8, length: *mut isize) -> c_int;
    fn PyBytes_FromStringAndSize(at: *const u8, length: isize) -> *mut Object;
    fn PyBytes_AsString(object: *mut Object) -> *mut u8;
    fn PyErr_BadArgument() -> c_int;
    fn PyErr_NoMemory() -> *mut Object;
    fn PyErr_Occurred() -> *mut Object;
    fn PyLong_AsLong(object: *mut Object) -> c_long;
    fn Py_GetConstant(number: u32) -> *mut Object;
}

/// A Python exception is set.
pub(crate) struct Raised;

/// The arguments of a function.
pub(crate) struct Arguments<'a>(&'a [*mut Object]);

impl<'a> Arguments<'a> {
    /// # Safety
    ///
    /// They are what Python gave a function that is running.
    pub(crate) unsafe fn new(first: *const *mut Object, count: isize) -> Self {
        match count {
            // SAFETY: there are so many.
            1.. => Self(unsafe { slice::from_raw_parts(first, count.cast_unsigned()) }),
            _ => Self(&[]),
        }
    }

    fn next(&mut self) -> Result<*mut Object, Raised> {
        match self.0 {
            [first, rest @ ..] => {
                self.0 = rest;
                Ok(*first)
            }
            [] => {
                // SAFETY: it only sets an exception.
                unsafe { PyErr_BadArgument() };
                Err(Raised)
            }
        }
    }

    /// The next one, which is `bytes`: they do not change while it is an argument.
    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], Raised> {
        let object = self.next()?;
        let (mut at, mut length) = (ptr::null_mut(), 0);
        // SAFETY: it is an object.
        if unsafe { PyBytes_AsStringAndSize(object, &raw mut at, &raw mut length) } != 0 {
            return Err(Raised);
        }
        // SAFETY: so Python says.
        Ok(unsafe { slice::from_raw_parts(at, length.cast_unsigned()) })
    }

    /// The next one, which is a number that is not negative.
    pub(crate) fn number(&mut self) -> Result<u32, Raised> {
        let object = self.next()?;
        // SAFETY: it is an object.
        let number = unsafe { PyLong_AsLong(object) };
        if let Ok(number) = u32::try_from(number) {
            return Ok(number);
        }
        // SAFETY: they only look at the exception, and set one.
        unsafe {
            if PyErr_Occurred().is_null() {
                PyErr_BadArgument();
            }
        }
        Err(Raised)
    }
}

/// `bytes` of a length, written by a function that says whether it has.
pub(crate) fn new_bytes(
    length: u32,
    write: impl FnOnce(&mut [u8]) -> Result<(), Raised>,
) -> Result<*mut Object, Raised> {
    // Python gives an error for what is too long.
    let size = isize::try_from(length).unwrap_or(isize::MAX);
    // SAFETY: without bytes to copy it leaves them as they are.
    let object = unsafe { PyBytes_FromStringAndSize(ptr::null(), size) };
    if object.is_null() {
        return Err(Raised);
    }
    // SAFETY: they are new, and nobody else's yet.
    let bytes = unsafe {
        let at = PyBytes_AsString(object);
        at.write_bytes(0, length as usize);
        slice::from_raw_parts_mut(at, length as usize)
    };
    // An object that is not wanted after all is never freed: the exception ends what asked for it.
    write(bytes)?;
    Ok(object)
}

/// The value that a function returns to Python: an object, `None`, or null for an exception.
pub(crate) fn returned(result: Result<Option<*mut Object>, Raised>) -> *mut Object {
    match result {
        Ok(Some(object)) => object,
        // SAFETY: it is one of Python's constants.
        Ok(None) => unsafe { Py_GetConstant(NONE) },
        Err(Raised) => ptr::null_mut(),
    }
}

/// There is not enough memory: `MemoryError`.
pub(crate) fn no_memory() -> Raised {
    // SAFETY: it only sets an exception.
    unsafe { PyErr_NoMemory() };
    Raised
}
