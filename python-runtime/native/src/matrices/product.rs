//! Matrix by matrix: `gemm_kernel` of OpenBLAS for `f64` and `f32`.
//!
//! OpenBLAS has copied a block of each matrix into *panels* before: two rows of A, or two columns of B,
//! side by side, one step of the sum after the other. Where their number is odd, the last one has a panel
//! to itself. The kernel computes the sums of a tile of C, several panels by several panels, in variables.

use core::arch::wasm32::*;

/// The number of rows or columns in a panel.
const WIDTH: usize = 2;

/// A type of number: how its panels are read.
trait Number: Copy + 'static {
    /// The number of steps of the sum that a vector holds of a panel.
    const STEPS: usize;

    /// The next steps of a panel of `width` rows, `steps` of them; those that are not there are zero. A single row
    /// may stand beside itself.
    ///
    /// # Safety
    ///
    /// They are there.
    unsafe fn rows(panel: *const Self, width: usize, steps: usize) -> v128;

    /// The next steps of a column of a panel of `width` columns, each beside itself.
    ///
    /// # Safety
    ///
    /// They are there.
    unsafe fn column(panel: *const Self, width: usize, index: usize, steps: usize) -> v128;

    /// `a * b + sum`.
    fn multiply_add(a: v128, b: v128, sum: v128) -> v128;

    /// The sums of two rows, from those of the steps that a vector holds.
    fn sums(sums: v128) -> [Self; WIDTH];

    /// `self * factor + sum`.
    fn scaled_into(self, factor: Self, sum: Self) -> Self;
}

impl Number for f64 {
    const STEPS: usize = 1;

    #[inline(always)]
    unsafe fn rows(panel: *const Self, width: usize, _: usize) -> v128 {
        // SAFETY: the caller's.
        unsafe {
            match width {
                WIDTH => v128_load(panel.cast()),
                _ => v128_load64_zero(panel.cast()),
            }
        }
    }

    #[inline(always)]
    unsafe fn column(panel: *const Self, _: usize, index: usize, _: usize) -> v128 {
        // SAFETY: the caller's.
        unsafe { v128_load64_splat(panel.add(index).cast()) }
    }

    #[inline(always)]
    fn multiply_add(a: v128, b: v128, sum: v128) -> v128 {
        f64x2_relaxed_madd(a, b, sum)
    }

    #[inline(always)]
    fn sums(sums: v128) -> [Self; WIDTH] {
        [f64x2_extract_lane::<0>(sums), f64x2_extract_lane::<1>(sums)]
    }

    #[inline(always)]
    fn scaled_into(self, factor: Self, sum: Self) -> Self {
        self * factor + sum
    }
}

impl Number for f32 {
    const STEPS: usize = 2;

    #[inline(always)]
    unsafe fn rows(panel: *const Self, width: usize, steps: usize) -> v128 {
        // SAFETY: the caller's.
        unsafe {
            match (width, steps) {
                (WIDTH, 2) => v128_load(panel.cast()),
                (WIDTH, _) => v128_load64_zero(panel.cast()),
                (_, 2) => {
                    let steps = v128_load64_zero(panel.cast());
                    i32x4_shuffle::<0, 0, 1, 1>(steps, steps)
                }
                _ => {
                    let step = v128_load32_zero(panel.cast());
                    i32x4_shuffle::<0, 0, 1, 1>(step, step)
                }
            }
        }
    }

    #[inline(always)]
    unsafe fn column(panel: *const Self, width: usize, index: usize, steps: usize) -> v128 {
        // SAFETY: the caller's.
        unsafe {
            let next = Self::rows(panel, width, steps);
            match (width, index) {
                (WIDTH, 0) => i32x4_shuffle::<0, 0, 2, 2>(next, next),
                (WIDTH, _) => i32x4_shuffle::<1, 1, 3, 3>(next, next),
                _ => next,
            }
        }
    }

    #[inline(always)]
    fn multiply_add(a: v128, b: v128, sum: v128) -> v128 {
        f32x4_relaxed_madd(a, b, sum)
    }

    #[inline(always)]
    fn sums(sums: v128) -> [Self; WIDTH] {
        [
            f32x4_extract_lane::<0>(sums) + f32x4_extract_lane::<2>(sums),
            f32x4_extract_lane::<1>(sums) + f32x4_extract_lane::<3>(sums),
        ]
    }

    #[inline(always)]
    fn scaled_into(self, factor: Self, sum: Self) -> Self {
        self * factor + sum
    }
}

/// The operands of a kernel.
struct Block<T> {
    /// The steps of the sum.
    steps: usize,
    factor: T,
    /// Panels of A and B, and the block of C, whose columns are `stride` apart.
    a: *const T,
    b: *const T,
    c: *mut T,
    stride: usize,
}

impl<T: Number> Block<T> {
    /// C += factor * A * B, for `rows` by `columns` numbers.
    ///
    /// # Safety
    ///
    /// The panels and C have so many.
    #[inline(always)]
    unsafe fn multiply(&self, rows: usize, columns: usize) {
        let mut column = 0;
        // SAFETY: every tile lies within the block.
        unsafe {
            while columns - column >= 2 * WIDTH {
                self.tiles_of::<2, WIDTH>(rows, column);
                column += 2 * WIDTH;
            }
            if columns - column >= WIDTH {
                self.tiles_of::<1, WIDTH>(rows, column);
                column += WIDTH;
            }
            if columns > column {
                self.tiles_of::<1, 1>(rows, column);
            }
        }
    }

    /// All rows of some panels of columns.
    #[inline(always)]
    unsafe fn tiles_of<const COLUMNS: usize, const WIDE: usize>(&self, rows: usize, column: usize) {
        let mut row = 0;
        // SAFETY: every tile lies within the block.
        unsafe {
            while rows - row >= 3 * WIDTH {
                self.tile::<3, COLUMNS, WIDTH, WIDE>(row, column);
                row += 3 * WIDTH;
            }
            if rows - row >= 2 * WIDTH {
                self.tile::<2, COLUMNS, WIDTH, WIDE>(row, column);
                row += 2 * WIDTH;
            }
            if rows - row >= WIDTH {
                self.tile::<1, COLUMNS, WIDTH, WIDE>(row, column);
                row += WIDTH;
            }
            if rows > row {
                self.tile::<1, COLUMNS, 1, WIDE>(row, column);
            }
        }
    }

    /// A tile of C: `ROWS` panels of `HIGH` rows by `COLUMNS` panels of `WIDE` columns.
    #[inline(always)]
    unsafe fn tile<
        const ROWS: usize,
        const COLUMNS: usize,
        const HIGH: usize,
        const WIDE: usize,
    >(
        &self,
        row: usize,
        column: usize,
    ) {
        let mut sums = [[[f64x2_splat(0.0); WIDTH]; COLUMNS]; ROWS];
        // SAFETY: the panels have these rows and columns, and so many steps.
        unsafe {
            let mut a = self.a.add(row * self.steps);
            let mut b = self.b.add(column * self.steps);
            let (next_a, next_b) = (HIGH * self.steps, WIDE * self.steps);
            let mut add = |a: *const T, b: *const T, steps: usize| {
                let mut rows = [f64x2_splat(0.0); ROWS];
                for (panel, rows) in rows.iter_mut().enumerate() {
                    *rows = T::rows(a.add(panel * next_a), HIGH, steps);
                }
                for panel in 0..COLUMNS {
                    for index in 0..WIDE {
                        let column = T::column(b.add(panel * next_b), WIDE, index, steps);
                        for (rows, sums) in rows.iter().zip(&mut sums) {
                            let sum = &mut sums[panel][index];
                            *sum = T::multiply_add(*rows, column, *sum);
                        }
                    }
                }
            };
            let mut left = self.steps;
            while left >= 2 * T::STEPS {
                add(a, b, T::STEPS);
                add(a.add(T::STEPS * HIGH), b.add(T::STEPS * WIDE), T::STEPS);
                a = a.add(2 * T::STEPS * HIGH);
                b = b.add(2 * T::STEPS * WIDE);
                left -= 2 * T::STEPS;
            }
            while left > 0 {
                let steps = left.min(T::STEPS);
                add(a, b, steps);
                a = a.add(steps * HIGH);
                b = b.add(steps * WIDE);
                left -= steps;
            }
            for (panel, sums) in sums.iter().enumerate() {
                for (columns, sums) in sums.iter().enumerate() {
                    for (index, sums) in sums.iter().take(WIDE).enumerate() {
                        let column = column + columns * WIDE + index;
                        let c = self.c.add(column * self.stride + row + panel * HIGH);
                        for (offset, sum) in T::sums(*sums).into_iter().take(HIGH).enumerate() {
                            let c = c.add(offset);
                            *c = sum.scaled_into(self.factor, *c);
                        }
                    }
                }
            }
        }
    }
}

macro_rules! kernel {
    ($number:ty, $function:ident, $name:literal) => {
        /// The kernel as OpenBLAS calls it: C += alpha * A * B.
        ///
        /// # Safety
        ///
        /// As for C's: the panels have `m` rows, `n` columns and `k` steps, and C has room.
        #[unsafe(export_name = $name)]
        unsafe extern "C" fn $function(
            m: isize,
            n: isize,
            k: isize,
            alpha: $number,
            a: *const $number,
            b: *const $number,
            c: *mut $number,
            ldc: isize,
        ) -> i32 {
            let block = Block {
                steps: k.max(0).cast_unsigned(),
                factor: alpha,
                a,
                b,
                c,
                stride: ldc.cast_unsigned(),
            };
            // SAFETY: the caller's.
            unsafe { block.multiply(m.max(0).cast_unsigned(), n.max(0).cast_unsigned()) };
            0
        }
    };
}

kernel!(f64, f64_kernel, "replace dgemm_kernel");
kernel!(f32, f32_kernel, "replace sgemm_kernel");
