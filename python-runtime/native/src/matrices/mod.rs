//! The innermost loops of OpenBLAS.
//!
//! The interpreter's OpenBLAS is the portable one: C without instructions for vectors of a certain machine.
//! What takes the time is here, with the fused multiply-add that nearly all machines have, and that
//! OpenBLAS uses on them. So results are rounded as they are there: not to the same bit, because the order of
//! summation is another one, as it is on every machine.
//!
//! - [`product`]: matrix by matrix, of `f64` and `f32`;
//! - [`complex`]: the same for complex numbers;
//! - [`dot`]: vector by vector.

mod complex;
mod dot;
mod product;
