//! The largest and the smallest of floating-point numbers: `np.max` and `np.min` of what lies side by side.
//!
//! Not a number is the largest and the smallest of all; of two zeros it is the positive or the negative one.
//! All else that `np.maximum` and `np.minimum` do is left to numpy's own.

use core::arch::wasm32::*;

/// The number of vectors that are compared side by side: a comparison waits for the one before it.
const VECTORS: usize = 4;

macro_rules! replace {
    ($($function:ident, $original:ident: $name:literal, $number:ident, $splat:ident, $compare:ident, $first:ident;)+) => {
        #[link(wasm_import_module = "original")]
        unsafe extern "C" {
            $(
                #[link_name = $name]
                fn $original(places: *const *mut u8, count: *const isize, steps: *const isize, data: *mut u8);
            )+
        }

        $(
            /// A loop of a universal function: `count` times, it takes what is at the first two places to the third
            /// one, and all of them a step further. A reduction stays at the same first and third place.
            ///
            /// # Safety
            ///
            /// So numpy calls it.
            #[unsafe(export_name = concat!("replace ", $name))]
            unsafe extern "C" fn $function(
                places: *const *mut u8,
                count: *const isize,
                steps: *const isize,
                data: *mut u8,
            ) {
                // SAFETY: numpy's: there are three places and steps, and so many aligned numbers.
                unsafe {
                    let [first, from, to] = *places.cast::<[*mut u8; 3]>();
                    let side_by_side = size_of::<$number>().cast_signed();
                    if first != to || *steps.cast::<[isize; 3]>() != [0, side_by_side, 0] {
                        return $original(places, count, steps, data);
                    }
                    let lanes = size_of::<v128>() / size_of::<$number>();
                    let (mut from, to) = (from.cast_const().cast::<$number>(), to.cast::<$number>());
                    let mut left = (*count).max(0).cast_unsigned();
                    let mut found = [$splat(*to); VECTORS];
                    while left >= VECTORS * lanes {
                        for (index, found) in found.iter_mut().enumerate() {
                            *found = $compare(*found, v128_load(from.add(index * lanes).cast()));
                        }
                        from = from.add(VECTORS * lanes);
                        left -= VECTORS * lanes;
                    }
                    let mut found = found.into_iter().fold(found[0], |a, b| $compare(a, b));
                    while left > 0 {
                        found = $compare(found, $splat(*from));
                        from = from.add(1);
                        left -= 1;
                    }
                    // The halves, and for four numbers the quarters.
                    found = $compare(found, i64x2_shuffle::<1, 0>(found, found));
                    if lanes > 2 {
                        found = $compare(found, i32x4_shuffle::<1, 0, 3, 2>(found, found));
                    }
                    *to = $first::<0>(found);
                }
            }
        )+
    };
}

replace! {
    f64_max, original_f64_max: "DOUBLE_maximum", f64, f64x2_splat, f64x2_max, f64x2_extract_lane;
    f64_min, original_f64_min: "DOUBLE_minimum", f64, f64x2_splat, f64x2_min, f64x2_extract_lane;
    f32_max, original_f32_max: "FLOAT_maximum", f32, f32x4_splat, f32x4_max, f32x4_extract_lane;
    f32_min, original_f32_min: "FLOAT_minimum", f32, f32x4_splat, f32x4_min, f32x4_extract_lane;
}
