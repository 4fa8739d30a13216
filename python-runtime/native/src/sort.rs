//! Numpy's sorting of numbers: `np.sort`, where no other algorithm is asked for.
//!
//! On most machines numpy sorts by vectors there, and here it has only the comparing algorithm for those
//! without. This sorts by digits, which takes as many steps whatever the numbers are. Numbers that compare
//! as equal can't be told from each other, but for the sign of zero, and what a NaN holds; these come
//! in the order of their bits, NaNs last. (`argsort` is left as it is: there the order of equal ones shows.)

use crate::memory::{Number, Scratch};
use core::slice;

/// Fewer than these are sorted by comparing: it is faster, and needs no memory.
const BY_DIGITS: usize = 400;

/// More than these are sorted in place, by numpy's own: there would have to be as much memory again.
const MAX_BYTES: usize = 64 << 20;

/// Bits of a digit.
const DIGIT: usize = 8;
const VALUES: usize = 1 << DIGIT;

/// Bits that are compared as an unsigned number.
trait Key: Number + Ord {
    const DIGITS: usize;

    /// One of its digits, the last one first.
    fn digit(self, index: usize) -> usize;
}

macro_rules! key {
    ($key:ty) => {
        impl Key for $key {
            const DIGITS: usize = size_of::<Self>() * 8 / DIGIT;

            #[inline(always)]
            fn digit(self, index: usize) -> usize {
                (self >> (index * DIGIT)) as usize % VALUES
            }
        }
    };
}

key!(u32);
key!(u64);

/// Sorts by digits, or else by comparing.
fn sort<K: Key>(keys: &mut [K]) {
    if keys.is_sorted() {
        return;
    }
    let scratch = if keys.len() < BY_DIGITS {
        None
    } else {
        Scratch::new(keys.len())
    };
    match scratch {
        Some(mut scratch) => by_digits(keys, scratch.as_mut()),
        None => keys.sort_unstable(),
    }
}

/// Sorts by every digit that differs, the last one first. What has to be moved lies in turns in one slice
/// and in the other.
#[inline(always)]
fn by_digits<K: Key>(keys: &mut [K], scratch: &mut [K]) {
    // Eight digits at most.
    let mut counts = [[0_u32; VALUES]; 8];
    for key in keys.iter() {
        for (digit, counts) in counts.iter_mut().take(K::DIGITS).enumerate() {
            counts[key.digit(digit)] += 1;
        }
    }
    let (mut from, mut to) = (keys, scratch);
    let mut swapped = false;
    for (digit, counts) in counts.iter_mut().take(K::DIGITS).enumerate() {
        if counts[from[0].digit(digit)] as usize == from.len() {
            continue;
        }
        let mut place = 0;
        for count in counts.iter_mut() {
            (*count, place) = (place, place + *count);
        }
        for key in from.iter() {
            let place = &mut counts[key.digit(digit)];
            // SAFETY: there are as many places as keys, and each is used once.
            unsafe { *to.get_unchecked_mut(*place as usize) = *key };
            *place += 1;
        }
        (from, to) = (to, from);
        swapped = !swapped;
    }
    if swapped {
        to.copy_from_slice(from);
    }
}

/// A number's bits as a key, and back. Signed and floating-point numbers compare as their bits do once
/// the sign is turned round, and for negative floating-point ones all other bits, too.
trait Sortable {
    type Key: Key;

    fn key(bits: Self::Key) -> Self::Key;
    fn bits(key: Self::Key) -> Self::Key;
    /// `true` if it belongs behind all others.
    fn is_last(bits: Self::Key) -> bool;
}

macro_rules! sortable {
    ($number:ident, $key:ty, $bits:ident => $to:expr, $back:ident => $from:expr, $last:ident => $is_last:expr) => {
        struct $number;

        impl Sortable for $number {
            type Key = $key;

            #[inline(always)]
            fn key($bits: $key) -> $key {
                $to
            }

            #[inline(always)]
            fn bits($back: $key) -> $key {
                $from
            }

            #[inline(always)]
            fn is_last($last: $key) -> bool {
                $is_last
            }
        }
    };
}

const SIGN_32: u32 = 1 << 31;
const SIGN_64: u64 = 1 << 63;

sortable!(Unsigned32, u32, bits => bits, key => key, _bits => false);
sortable!(Unsigned64, u64, bits => bits, key => key, _bits => false);
sortable!(Signed32, u32, bits => bits ^ SIGN_32, key => key ^ SIGN_32, _bits => false);
sortable!(Signed64, u64, bits => bits ^ SIGN_64, key => key ^ SIGN_64, _bits => false);
// "Not a time" is the least number.
sortable!(Time, u64, bits => bits ^ SIGN_64, key => key ^ SIGN_64, bits => bits == SIGN_64);
sortable!(
    Float32, u32,
    bits => bits ^ ((bits.cast_signed() >> 31).cast_unsigned() | SIGN_32),
    key => key ^ ((!key.cast_signed() >> 31).cast_unsigned() | SIGN_32),
    bits => f32::from_bits(bits).is_nan()
);
sortable!(
    Float64, u64,
    bits => bits ^ ((bits.cast_signed() >> 63).cast_unsigned() | SIGN_64),
    key => key ^ ((!key.cast_signed() >> 63).cast_unsigned() | SIGN_64),
    bits => f64::from_bits(bits).is_nan()
);

/// Sorts numbers.
#[inline(always)]
fn sort_numbers<N: Sortable>(numbers: &mut [N::Key]) {
    let mut end = numbers.len();
    let mut index = 0;
    while index < end {
        let bits = numbers[index];
        if N::is_last(bits) {
            end -= 1;
            numbers.swap(index, end);
        } else {
            numbers[index] = N::key(bits);
            index += 1;
        }
    }
    let (numbers, last) = numbers.split_at_mut(end);
    sort(numbers);
    for number in numbers {
        *number = N::bits(*number);
    }
    last.sort_unstable();
}

macro_rules! replace {
    ($($function:ident, $original:ident: $number:ty, $name:literal;)+) => {
        #[link(wasm_import_module = "original")]
        unsafe extern "C" {
            $(
                #[link_name = $name]
                fn $original(start: *mut u8, count: isize);
            )+
        }

        $(
            /// Sorts `count` numbers from `start` on. (That it always works is a constant, which the
            /// compiler of the interpreter has left out.)
            ///
            /// # Safety
            ///
            /// They are there, and aligned.
            #[unsafe(export_name = concat!("replace ", $name))]
            unsafe extern "C" fn $function(start: *mut u8, count: isize) {
                let length = count.max(0).cast_unsigned();
                if length > MAX_BYTES / size_of::<<$number as Sortable>::Key>() {
                    // SAFETY: the caller's.
                    unsafe { $original(start, count) };
                } else if length > 1 {
                    // SAFETY: the caller's.
                    let numbers = unsafe { slice::from_raw_parts_mut(start.cast(), length) };
                    sort_numbers::<$number>(numbers);
                }
            }
        )+
    };
}

replace! {
    sort_int, original_int: Signed32,
        "int quicksort_<npy::integral_type<int, (NPY_TYPES)5>, int, false>(int*, long)";
    sort_uint, original_uint: Unsigned32,
        "int quicksort_<npy::integral_type<unsigned int, (NPY_TYPES)6>, unsigned int, false>(unsigned int*, long)";
    sort_long, original_long: Signed32,
        "int quicksort_<npy::integral_type<long, (NPY_TYPES)7>, long, false>(long*, long)";
    sort_ulong, original_ulong: Unsigned32,
        "int quicksort_<npy::integral_type<unsigned long, (NPY_TYPES)8>, unsigned long, false>(unsigned long*, long)";
    sort_longlong, original_longlong: Signed64,
        "int quicksort_<npy::integral_type<long long, (NPY_TYPES)9>, long long, false>(long long*, long)";
    sort_ulonglong, original_ulonglong: Unsigned64,
        "int quicksort_<npy::integral_type<unsigned long long, (NPY_TYPES)10>, unsigned long long, false>(unsigned long long*, long)";
    sort_float, original_float: Float32,
        "int quicksort_<npy::floating_point_type<float, (NPY_TYPES)11>, float, false>(float*, long)";
    sort_double, original_double: Float64,
        "int quicksort_<npy::floating_point_type<double, (NPY_TYPES)12>, double, false>(double*, long)";
    sort_datetime, original_datetime: Time,
        "int quicksort_<npy::datetime_type<long long, (NPY_TYPES)21>, long long, false>(long long*, long)";
    sort_timedelta, original_timedelta: Time,
        "int quicksort_<npy::datetime_type<long long, (NPY_TYPES)22>, long long, false>(long long*, long)";
}
