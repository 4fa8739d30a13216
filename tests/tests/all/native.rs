//! The native code that is linked into the interpreter: right for everything that it replaces or adds, the same
//! on every run, and within the limits.

use belljar_tests::script;
use serde_json::json;

/// Runs a script that returns what is wrong, and expects nothing.
#[track_caller]
pub(crate) fn nothing_is_wrong(source: &str) {
    script(source).generously().run().gives(&json!([]));
}

#[test]
fn numbers_are_sorted_as_python_sorts_them() {
    nothing_is_wrong(
        "
import numpy as np

def expected(array):
    # NaN and NaT are last, wherever they were.
    return sorted(array.tolist(), key=lambda x: (x is None or x != x, 0 if x is None else x))

def same(found, wanted):
    return len(found) == len(wanted) and all(a == b or (a != a and b != b) for a, b in zip(found, wanted))

def main():
    rng = np.random.default_rng(5)
    wrong = []
    for kind in 'i4 u4 i8 u8 f4 f8 l L q Q i I p intp uintp M8[s] m8[us]'.split():
        dtype = np.dtype(kind)
        for size in (0, 1, 2, 3, 7, 20, 21, 33, 399, 400, 401, 1000, 70_000):
            if dtype.kind in 'fMm':
                bits = rng.integers(0, 256, size * dtype.itemsize, 'u1')
                arrays = {
                    'random bits': bits.view(dtype),
                    'random': rng.integers(-10**6, 10**6, size).astype(dtype),
                    'few': rng.integers(-3, 3, size).astype(dtype),
                }
                if dtype.kind == 'f':
                    special = [np.nan, -np.nan, np.inf, -np.inf, 0.0, -0.0, 1.5, -1.5]
                    special += [np.finfo(dtype).max, np.finfo(dtype).min, np.finfo(dtype).tiny, -5e-324]
                    arrays['special'] = rng.choice(np.array(special, dtype), size)
            else:
                low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
                arrays = {
                    'random': rng.integers(low, high, size, dtype, endpoint=True),
                    'few': rng.integers(0, 3, size).astype(dtype),
                    'extremes': rng.choice(np.array([low, high, 0, 1], dtype), size),
                }
            arrays['ascending'] = np.arange(size).astype(dtype)
            arrays['descending'] = np.arange(size)[::-1].astype(dtype)
            arrays['one less'] = np.concatenate([np.arange(size), [0]]).astype(dtype)
            for name, array in arrays.items():
                whole = array if dtype.kind not in 'Mm' else array.view('i8')
                if dtype.kind in 'Mm':
                    nat = np.iinfo('i8').min
                    wanted = sorted(whole.tolist(), key=lambda x: (x == nat, x))
                    found = np.sort(array).view('i8').tolist()
                else:
                    wanted = expected(array)
                    found = np.sort(array).tolist()
                if not same(found, wanted):
                    wrong.append(f'{kind} {size} {name}')
    return wrong",
    );
}

#[test]
fn sorting_keeps_to_the_part_of_the_array_that_it_is_asked_for() {
    nothing_is_wrong(
        "
import numpy as np

def main():
    rng = np.random.default_rng(6)
    wrong = []
    def check(name, good):
        if not good: wrong.append(name)
    a = rng.random(5000)
    whole = a.copy()
    a[1000:3000].sort()
    check('a slice', a[1000:3000].tolist() == sorted(whole[1000:3000].tolist())
          and (a[:1000] == whole[:1000]).all() and (a[3000:] == whole[3000:]).all())
    a = whole.copy()
    a[::2].sort()
    check('every other', a[::2].tolist() == sorted(whole[::2].tolist()) and (a[1::2] == whole[1::2]).all())
    a = whole.copy()
    a[::-1].sort()
    check('backwards', a.tolist() == sorted(whole.tolist(), reverse=True))
    m = rng.integers(0, 99, (600, 7))
    check('columns', np.sort(m, axis=0).T.tolist() == [sorted(column) for column in m.T.tolist()])
    check('rows', np.sort(m.T).tolist() == [sorted(column) for column in m.T.tolist()])
    swapped = whole.astype('>f8')
    check('other byte order', np.sort(swapped).tolist() == sorted(whole.tolist()))
    zeros = np.sort(np.array([0.0, -0.0] * 500))
    check('zeros of both signs are all kept', np.signbit(zeros).sum() == 500)
    # Numpy's own sort leaves them as they come: this one is not bypassed.
    check('of zeros the negative ones are first', np.signbit(zeros[:500]).all())
    bits = np.array([0x7ff8000000000001, 0xfff8000000000002, 0x3ff0000000000000] * 300, 'u8')
    kept = np.sort(bits.view('f8')).view('u8')
    check('what a NaN holds is kept', sorted(kept.tolist()) == sorted(bits.tolist()))
    check('median', np.median(whole) == sorted(whole.tolist())[2499:2501][0] / 2 + sorted(whole.tolist())[2500] / 2)
    check('unique', np.unique(m).tolist() == sorted(set(m.ravel().tolist())))
    return wrong",
    );
}

#[test]
fn a_sort_without_memory_for_more_is_right_all_the_same() {
    // 25 million numbers take 200 MB beside the interpreter's 337 MiB, and as much again is not there.
    script(
        "
import numpy as np
def main():
    a = np.arange(25_000_000, dtype='f8')
    a[:10], a[-10:] = a[-10:].copy(), a[:10].copy()
    a.sort()
    return bool((a[:-1] <= a[1:]).all()), a[12]",
    )
    .timeout_ms(600_000)
    .fuel(400_000_000_000)
    .memory_bytes(600 << 20)
    .run()
    .gives(&json!([true, 12.0]));
}

#[test]
fn products_of_whole_numbers_are_exact() {
    nothing_is_wrong(
        "
import numpy as np

def main():
    rng = np.random.default_rng(7)
    wrong = []
    sizes = [(0, 3, 2), (2, 0, 3), (1, 1, 1), (1, 5, 1), (2, 2, 2), (3, 3, 3), (4, 7, 5), (5, 1, 9), (6, 4, 6), (7, 8, 4),
             (8, 3, 11), (13, 17, 1), (1, 300, 6), (65, 33, 31), (130, 257, 129), (259, 131, 5)]
    for m, k, n in sizes:
        a, b = rng.integers(-9, 9, (m, k)), rng.integers(-9, 9, (k, n))
        exact = a @ b
        for dtype in 'f8', 'f4', 'c16', 'c8':
            x, y = a.astype(dtype), b.astype(dtype)
            ways = {
                'plain': lambda: x @ y,
                'dot': lambda: np.dot(x, y),
                'columns first': lambda: np.asfortranarray(x) @ np.asfortranarray(y),
                'transposed': lambda: (y.T @ x.T).T,
                'backwards': lambda: x[:, ::-1] @ y[::-1],
                'every other': lambda: np.repeat(x, 2, axis=1)[:, ::2] @ np.repeat(y, 2, axis=0)[::2],
                'stacked': lambda: (np.stack([x, x]) @ y)[1],
                'by vectors': lambda: np.array([x @ column for column in y.T]).reshape(n, m).T,
                'dot of vectors': lambda: np.array([[np.dot(r, c) for c in y.T] for r in x[:9]]).reshape(min(m, 9), n),
                'inner': lambda: np.inner(x, y.T),
                'out': lambda: np.matmul(x, y, out=np.empty((m, n), dtype)),
            }
            for name, way in ways.items():
                if not np.array_equal(way(), exact[:9] if name == 'dot of vectors' else exact):
                    wrong.append(f'{m}x{k} by {k}x{n} {dtype} {name}')
    for dtype in 'f8', 'f4':
        square = rng.integers(-9, 9, (50, 50)).astype(dtype)
        exact = square.astype(int) @ square.astype(int)
        same = square.copy()
        np.matmul(same, same, out=same)
        if not np.array_equal(same, exact): wrong.append(f'out is what is multiplied, {dtype}')
    return wrong",
    );
}

#[test]
fn products_are_as_precise_as_they_can_be_and_keep_what_is_not_finite() {
    nothing_is_wrong(
        "
import math
import numpy as np

def main():
    rng = np.random.default_rng(8)
    wrong = []
    for dtype in np.float64, np.float32:
        a, b = rng.standard_normal((37, 200)).astype(dtype), rng.standard_normal((200, 23)).astype(dtype)
        product, bound = a @ b, np.finfo(dtype).eps * (np.abs(a).astype('f8') @ np.abs(b).astype('f8'))
        for i in range(37):
            for j in range(23):
                exact = math.sumprod(a[i].astype('f8').tolist(), b[:, j].astype('f8').tolist())
                if abs(product[i, j] - exact) > 20 * bound[i, j]: wrong.append(f'{dtype.__name__} {i} {j}')
        if (product != np.stack([a] * 3)[1] @ b).any(): wrong.append('not the same again')
        same = np.tile(a[:1], (37, 1)) @ b
        if (same != same[0]).any(): wrong.append('equal rows differ')
        for value in np.nan, np.inf, -np.inf:
            for place in 0, 1, 36:
                c = np.ones((37, 200), dtype); c[place, 5] = value
                d = np.ones((200, 3), dtype); found = c @ d
                good = np.delete(found, place, 0)
                if not (good == 200).all() or not np.array_equal(found[place], [value] * 3, equal_nan=True):
                    wrong.append(f'{value} in row {place}')
                if not np.array_equal(c[place] @ d[:, 0], value, equal_nan=True): wrong.append(f'{value} in a vector')
        zero_by_infinity = np.zeros((3, 3), dtype) @ np.full((3, 3), np.inf, dtype)
        if not np.isnan(zero_by_infinity).all(): wrong.append('zero by infinity')
    m = rng.standard_normal((60, 60))
    if not np.allclose(np.linalg.inv(m) @ m, np.eye(60), atol=1e-9): wrong.append('inverse')
    q, r = np.linalg.qr(m)
    if not np.allclose(q @ r, m): wrong.append('qr')
    return wrong",
    );
}

#[test]
fn it_is_counted_the_same_on_every_run() {
    let fuel = || {
        let source = "
import hashlib
import numpy as np
def main():
    a = np.random.default_rng(3).random((200, 200))
    hashlib.scrypt(b'p', salt=b's', n=64, r=8, p=2)
    return (a @ a).sum() + np.sort(a.ravel())[7] + hashlib.pbkdf2_hmac('md5', b'p', b's', 99)[0]";
        let run = script(source).seed(1).run();
        run.outcome().usage.fuel
    };
    let first = fuel();
    assert!(first > 10_000_000, "{first}: counted at all");
    assert_eq!(fuel(), first);
}

#[test]
fn the_largest_and_the_smallest_are_found_whatever_lies_around_them() {
    nothing_is_wrong(
        "
import numpy as np

def main():
    rng = np.random.default_rng(9)
    wrong = []
    for dtype in 'f8', 'f4':
        for size in (1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 1000):
            a = rng.standard_normal(size).astype(dtype)
            values = a.tolist()
            for name, view, of in (
                ('plain', a, values), ('backwards', a[::-1], values), ('every other', a[::2], values[::2]),
                ('rows', np.stack([a, a])[1], values), ('from the second', np.concatenate([a[:1], a])[1:], values),
            ):
                if view.max() != max(of) or view.min() != min(of): wrong.append(f'{dtype} {size} {name}')
            for place in {0, size // 2, size - 1}:
                for value in np.nan, np.inf, -np.inf:
                    b = a.copy(); b[place] = value
                    wanted = (np.nan, np.nan) if value != value else (max(b.tolist()), min(b.tolist()))
                    if not np.array_equal((b.max(), b.min()), wanted, equal_nan=True):
                        wrong.append(f'{dtype} {size} {value} at {place}')
            m = rng.standard_normal((size, 5)).astype(dtype)
            if m.max(0).tolist() != [max(c) for c in m.T.tolist()]: wrong.append(f'{dtype} {size} columns')
            if m.min(1).tolist() != [min(r) for r in m.tolist()]: wrong.append(f'{dtype} {size} rows')
            if np.maximum(a, a[::-1]).tolist() != [max(p) for p in zip(values, values[::-1])]: wrong.append('maximum')
            if a.max(initial=99) != 99 or a.min(where=a > 9, initial=7) != 7: wrong.append('initial')
        try:
            np.array([], dtype).max(); wrong.append('empty')
        except ValueError as error:
            if 'zero-size array' not in str(error): wrong.append(str(error))
    return wrong",
    );
}

#[test]
fn conjugated_products_are_exact() {
    nothing_is_wrong(
        "
import numpy as np
from scipy.linalg import blas

def main():
    rng = np.random.default_rng(10)
    wrong = []
    whole = lambda *shape: rng.integers(-9, 9, shape) + 1j * rng.integers(-9, 9, shape)
    for m, k, n in (1, 1, 1), (2, 3, 4), (5, 7, 3), (33, 65, 17):
        a, b = whole(m, k), whole(k, n)
        exact = (a[:, :, None] * b).sum(1)
        for kind, gemm in (np.complex128, blas.zgemm), (np.complex64, blas.cgemm):
            x, y = a.astype(kind), b.astype(kind)
            for name, found in {
                'neither': gemm(1, x, y),
                'the first': gemm(1, x.conj().T, y, trans_a=2),
                'the second': gemm(1, x, y.conj().T, trans_b=2),
                'both': gemm(1, x.conj().T, y.conj().T, trans_a=2, trans_b=2),
                'factors': (gemm(2j, x, y, beta=3, c=x @ y) - 3 * exact) / 2j,
            }.items():
                if not np.array_equal(found, exact): wrong.append(f'{m}x{k}x{n} {kind.__name__} {name}')
    return wrong",
    );
}
