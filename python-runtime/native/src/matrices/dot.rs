//! Vector by vector: `ddot_k` and `sdot_k` of OpenBLAS.

use core::arch::wasm32::*;

/// The number of sums that are formed side by side: an addition waits for the one before it.
const SUMS: usize = 8;

macro_rules! dot {
    ($number:ty, $function:ident, $name:literal, $lanes:literal, $multiply_add:ident, $splat:ident,
     $add:ident, $extract:ident, [$($lane:literal),+]) => {
        /// The sum of the products of `n` numbers each, which are `step_x` and `step_y` apart.
        ///
        /// # Safety
        ///
        /// They are there.
        #[unsafe(export_name = $name)]
        unsafe extern "C" fn $function(
            n: isize,
            x: *const $number,
            step_x: isize,
            y: *const $number,
            step_y: isize,
        ) -> $number {
            let n = n.max(0);
            let mut sum = 0.0;
            let mut done = 0;
            // SAFETY: the caller's; only whole vectors of what is there are read.
            unsafe {
                if step_x == 1 && step_y == 1 {
                    let mut sums = [$splat(0.0); SUMS];
                    while n - done >= $lanes * SUMS.cast_signed() {
                        for (index, sum) in sums.iter_mut().enumerate() {
                            let at = done + $lanes * index.cast_signed();
                            let x = v128_load(x.offset(at).cast());
                            let y = v128_load(y.offset(at).cast());
                            *sum = $multiply_add(x, y, *sum);
                        }
                        done += $lanes * SUMS.cast_signed();
                    }
                    let mut step = SUMS;
                    while step > 1 {
                        step /= 2;
                        for index in 0..step {
                            sums[index] = $add(sums[index], sums[index + step]);
                        }
                    }
                    sum = 0.0 $(+ $extract::<$lane>(sums[0]))+;
                }
                while done < n {
                    sum += *x.offset(done * step_x) * *y.offset(done * step_y);
                    done += 1;
                }
            }
            sum
        }
    };
}

dot!(
    f64,
    f64_dot,
    "replace ddot_k",
    2,
    f64x2_relaxed_madd,
    f64x2_splat,
    f64x2_add,
    f64x2_extract_lane,
    [0, 1]
);
dot!(
    f32,
    f32_dot,
    "replace sdot_k",
    4,
    f32x4_relaxed_madd,
    f32x4_splat,
    f32x4_add,
    f32x4_extract_lane,
    [0, 1, 2, 3]
);
