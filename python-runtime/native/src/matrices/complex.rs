//! Matrix by matrix, of complex numbers: the four `gemm_kernel` of OpenBLAS for each type.
//!
//! The panels are as those of [`product`](super::product), with a real and an imaginary part for each number. What is
//! summed is every part of A with the real part of B, and with its imaginary part; only at the end do
//! they become complex numbers, and there it is that the kernels differ: in which matrix is conjugated.

use core::arch::wasm32::*;

/// The number of rows or columns in a panel.
const WIDTH: usize = 2;

/// A complex number.
#[derive(Clone, Copy)]
struct Complex<T>(T, T);

/// The operands of a kernel: the panels, the block of C, whose columns are `stride` apart, and the steps of the
/// sum.
struct Block<T> {
    steps: usize,
    factor: Complex<T>,
    a: *const Complex<T>,
    b: *const Complex<T>,
    c: *mut Complex<T>,
    stride: usize,
}

macro_rules! kernels {
    ($number:ident, $vectors:literal, $rows_of:ident, $splat:ident, $multiply_add:ident,
     $parts:ident, $($function:ident, $name:literal, $of_a:literal, $of_b:literal;)+) => {
        impl Block<$number> {
            /// C += factor * A * B, for `rows` by `columns` numbers; the signs are those of imaginary parts.
            ///
            /// # Safety
            ///
            /// The panels and C have so many.
            #[inline(always)]
            unsafe fn multiply(&self, rows: usize, columns: usize, of_a: $number, of_b: $number) {
                for column in (0..columns).step_by(WIDTH) {
                    for row in (0..rows).step_by(WIDTH) {
                        // SAFETY: every tile lies within the block.
                        unsafe {
                            match (rows - row > 1, columns - column > 1) {
                                (true, true) => self.tile::<2, 2>(row, column, of_a, of_b),
                                (true, false) => self.tile::<2, 1>(row, column, of_a, of_b),
                                (false, true) => self.tile::<1, 2>(row, column, of_a, of_b),
                                (false, false) => self.tile::<1, 1>(row, column, of_a, of_b),
                            }
                        }
                    }
                }
            }

            /// A panel of A by a panel of B.
            #[inline(always)]
            unsafe fn tile<const HIGH: usize, const WIDE: usize>(
                &self,
                row: usize,
                column: usize,
                of_a: $number,
                of_b: $number,
            ) {
                let mut sums = [[[i64x2_splat(0); 2]; $vectors]; WIDTH];
                // SAFETY: the panels have so many steps, and C has these numbers.
                unsafe {
                    let a = self.a.add(row * self.steps);
                    let b = self.b.add(column * self.steps).cast::<$number>();
                    for step in 0..self.steps {
                        let rows = $rows_of::<HIGH>(a.add(step * HIGH));
                        for (column, sums) in sums.iter_mut().enumerate().take(WIDE) {
                            for part in 0..2 {
                                let b = $splat(b.add(2 * (step * WIDE + column) + part).cast());
                                for (rows, sums) in rows.iter().zip(sums.iter_mut()) {
                                    sums[part] = $multiply_add(*rows, b, sums[part]);
                                }
                            }
                        }
                    }
                    for (index, sums) in sums.iter().enumerate().take(WIDE) {
                        let c = self.c.add((column + index) * self.stride + row);
                        for (offset, [real, imaginary]) in $parts(sums).into_iter().enumerate().take(HIGH) {
                            let Complex(x, y) = Complex(
                                real.0 - of_a * of_b * imaginary.1,
                                of_a * real.1 + of_b * imaginary.0,
                            );
                            let Complex(u, v) = self.factor;
                            let c = &mut *c.add(offset);
                            *c = Complex(c.0 + (u * x - v * y), c.1 + (u * y + v * x));
                        }
                    }
                }
            }
        }

        $(
            /// The kernel as OpenBLAS calls it: C += alpha * A * B, with the one or the other conjugated.
            ///
            /// # Safety
            ///
            /// As for C's: the panels have `m` rows, `n` columns and `k` steps, and C has room.
            #[unsafe(export_name = $name)]
            unsafe extern "C" fn $function(
                m: isize,
                n: isize,
                k: isize,
                alpha_real: $number,
                alpha_imaginary: $number,
                a: *const Complex<$number>,
                b: *const Complex<$number>,
                c: *mut Complex<$number>,
                ldc: isize,
            ) -> i32 {
                let block = Block {
                    steps: k.max(0).cast_unsigned(),
                    factor: Complex(alpha_real, alpha_imaginary),
                    a,
                    b,
                    c,
                    stride: ldc.cast_unsigned(),
                };
                let (m, n) = (m.max(0).cast_unsigned(), n.max(0).cast_unsigned());
                // SAFETY: the caller's.
                unsafe { block.multiply(m, n, $of_a, $of_b) };
                0
            }
        )+
    };
}

/// The rows of a panel: a vector for each.
#[inline(always)]
unsafe fn rows_64<const HIGH: usize>(panel: *const Complex<f64>) -> [v128; 2] {
    // SAFETY: the caller's: there are so many.
    unsafe {
        let first = v128_load(panel.cast());
        match HIGH {
            WIDTH => [first, v128_load(panel.add(1).cast())],
            _ => [first, i64x2_splat(0)],
        }
    }
}

/// The rows of a panel: one vector for both.
#[inline(always)]
unsafe fn rows_32<const HIGH: usize>(panel: *const Complex<f32>) -> [v128; 1] {
    // SAFETY: the caller's: there are so many.
    unsafe {
        match HIGH {
            WIDTH => [v128_load(panel.cast())],
            _ => [v128_load64_zero(panel.cast())],
        }
    }
}

/// For each row, its parts with the real part of B, and with the imaginary part.
#[inline(always)]
fn parts_64(sums: &[[v128; 2]; 2]) -> [[Complex<f64>; 2]; 2] {
    let part = |sum: v128| Complex(f64x2_extract_lane::<0>(sum), f64x2_extract_lane::<1>(sum));
    sums.map(|sums| sums.map(part))
}

/// The same for both rows of a vector.
#[inline(always)]
fn parts_32(sums: &[[v128; 2]; 1]) -> [[Complex<f32>; 2]; 2] {
    let first = |sum: v128| Complex(f32x4_extract_lane::<0>(sum), f32x4_extract_lane::<1>(sum));
    let second = |sum: v128| Complex(f32x4_extract_lane::<2>(sum), f32x4_extract_lane::<3>(sum));
    [sums[0].map(first), sums[0].map(second)]
}

kernels! {
    f64, 2, rows_64, v128_load64_splat, f64x2_relaxed_madd, parts_64,
    f64_neither, "replace zgemm_kernel_n", 1.0, 1.0;
    f64_first, "replace zgemm_kernel_l", -1.0, 1.0;
    f64_second, "replace zgemm_kernel_r", 1.0, -1.0;
    f64_both, "replace zgemm_kernel_b", -1.0, -1.0;
}

kernels! {
    f32, 1, rows_32, v128_load32_splat, f32x4_relaxed_madd, parts_32,
    f32_neither, "replace cgemm_kernel_n", 1.0, 1.0;
    f32_first, "replace cgemm_kernel_l", -1.0, 1.0;
    f32_second, "replace cgemm_kernel_r", 1.0, -1.0;
    f32_both, "replace cgemm_kernel_b", -1.0, -1.0;
}
