//! numpy's default integer has 64 bits, in numpy and in what is built on it: each answer is the one of
//! a 64-bit machine.

use belljar_tests::script;
use serde_json::{Value, json};

const SOURCE: &str = "import numpy as np\nimport pandas as pd\n\
                      def main(expressions):\n    return [eval(each, globals()) for each in expressions]\n";

/// Evaluates expressions with `np` and `pd`, and expects these results.
#[track_caller]
fn are(cases: &[(&str, Value)]) {
    let expressions: Vec<&str> = cases.iter().map(|(expression, _)| *expression).collect();
    let expected: Vec<&Value> = cases.iter().map(|(_, value)| value).collect();
    script(SOURCE)
        .generously()
        .input(&json!(expressions))
        .run()
        .gives(&json!(expected));
}

#[test]
fn integers_of_numpy_are_right_beyond_32_bits() {
    are(&[
        ("np.arange(1, 100001).sum()", json!(5_000_050_000_i64)),
        ("np.prod((500, 500, 500, 500))", json!(62_500_000_000_i64)),
        ("np.array([100000, 3]) ** 2", json!([10_000_000_000_i64, 9])),
        (
            "np.cumsum([2_000_000_000] * 2)",
            json!([2_000_000_000, 4_000_000_000_i64]),
        ),
        (
            "np.array([3e9, 5e9]).astype(int)",
            json!([3_000_000_000_i64, 5_000_000_000_i64]),
        ),
        (
            "np.array([1704067200]) * 1000",
            json!([1_704_067_200_000_i64]),
        ),
        (
            "np.linalg.matrix_power(np.array([[1, 1], [1, 0]]), 60)[0, 1]",
            json!(1_548_008_755_920_i64),
        ),
        ("np.power(10, 10)", json!(10_000_000_000_i64)),
        ("np.left_shift(1, 40)", json!(1_i64 << 40)),
        ("np.floor_divide(2**40, 3)", json!(366_503_875_925_i64)),
        ("np.negative(2**31)", json!(-2_147_483_648_i64)),
        ("np.square(70000)", json!(4_900_000_000_i64)),
        ("np.dot([100000], [100000])", json!(10_000_000_000_i64)),
        (
            "np.array([2**31 - 1] * 2, np.int32).sum()",
            json!(4_294_967_294_i64),
        ),
        (
            "np.loadtxt(['3000000000 4'], dtype=int)",
            json!([3_000_000_000_i64, 4]),
        ),
        ("np.int_(5) * 2**40", json!(5_497_558_138_880_i64)),
    ]);
}

#[test]
fn every_name_of_the_default_integer_means_64_bits() {
    let wide = [
        "np.arange(3).dtype",
        "np.array([1]).dtype",
        "np.zeros(1, int).dtype",
        "np.dtype(int)",
        "np.dtype('int')",
        "np.dtype('int_')",
        "np.dtype('l')",
        "np.dtype('long')",
        "np.dtype('q')",
        "np.dtype(np.int_)",
        "np.dtype(np.long)",
        "np.unique([1]).dtype",
        "np.full(2, 5).dtype",
        "np.indices((2, 2)).dtype",
        "np.fromiter([1], int).dtype",
        "np.eye(2, dtype=int).dtype",
        "np.array([True]).sum().dtype",
        "np.array([1], np.int8).cumsum().dtype",
        "(np.array([True]) + 1).dtype",
        "np.where([True], 1, 2).dtype",
        "np.abs(-5).dtype",
        "np.random.randint(0, 5, 3).dtype",
        "np.random.permutation(3).dtype",
        "np.random.choice(5, 2).dtype",
        "np.random.binomial(10, .5, 3).dtype",
        "np.random.multinomial(9, [.5, .5]).dtype",
        "np.random.poisson(3, 2).dtype",
        "np.random.default_rng().integers(5, size=2).dtype",
        "pd.Series([1, 2]).dtype",
        "pd.Series(np.arange(3)).dtype",
        "pd.Series(['1']).astype(int).dtype",
        "pd.Series([1.0]).astype('int').dtype",
        "pd.DataFrame({'a': [1]}).dtypes['a']",
        "pd.DataFrame({'a': [1]}).isna().sum().dtype",
        "pd.Series(['a']).value_counts().dtype",
        "pd.Series([1], dtype='int32').sum().dtype",
    ];
    let cases: Vec<(String, Value)> = wide
        .iter()
        .map(|each| (format!("str({each}), ({each}).char"), json!(["int64", "l"])))
        .collect();
    let cases: Vec<(&str, Value)> = cases
        .iter()
        .map(|(expression, value)| (expression.as_str(), value.clone()))
        .collect();
    are(&cases);
    are(&[
        (
            "str(np.dtype('L')), str(np.dtype('uint')), str(np.dtype(np.ulong))",
            json!(["uint64", "uint64", "uint64"]),
        ),
        ("str(np.array([1], np.uint8).sum().dtype)", json!("uint64")),
        (
            "str(np.dtype('i')), np.dtype('int32').char, np.dtype('uint32').char",
            json!(["int32", "i", "I"]),
        ),
        (
            "np.iinfo(int).max == np.iinfo('l').max == 2**63 - 1",
            json!(true),
        ),
    ]);
}

#[test]
fn what_takes_positions_takes_64_bit_integers() {
    are(&[
        ("np.repeat([1, 2], np.array([1, 2]))", json!([1, 2, 2])),
        (
            "np.choose(np.array([0, 1]), [[1, 2], [3, 4]])",
            json!([1, 4]),
        ),
        (
            "[a := np.zeros(3, int), np.put(a, np.array([1]), 7)][0]",
            json!([0, 7, 0]),
        ),
        (
            "np.add.reduceat(np.arange(8), np.array([0, 4]))",
            json!([6, 22]),
        ),
        ("np.bincount(np.array([1, 2, 2]))", json!([0, 1, 2])),
        ("np.take([4, 5, 6], np.array([0, 2]))", json!([4, 6])),
        ("np.split(np.arange(4), np.array([1]))[1]", json!([1, 2, 3])),
        ("np.delete(np.arange(4), np.array([1]))", json!([0, 2, 3])),
        (
            "np.partition(np.arange(3), np.array([1]))",
            json!([0, 1, 2]),
        ),
        (
            "pd.Series([3, 1]).repeat(np.array([1, 2])).tolist()",
            json!([3, 1, 1]),
        ),
    ]);
}

#[test]
fn seeded_draws_are_those_of_a_desk() {
    are(&[
        (
            "[np.random.seed(42), np.random.randint(0, 100, 5)][1]",
            json!([51, 92, 14, 71, 60]),
        ),
        (
            "[np.random.seed(7), np.random.randint(5), np.random.randint(0, 10**10)][1:]",
            json!([4, 5_664_942_582_i64]),
        ),
        (
            "[np.random.seed(0), np.random.binomial(np.array([10, 20]), [.5, .2]).tolist(), \
              np.random.multinomial(20, [.25] * 4, size=2).sum(axis=1).tolist()][1:]",
            json!([[5, 5], [20, 20]]),
        ),
    ]);
}

#[test]
fn pandas_keeps_64_bits_and_its_columns() {
    are(&[
        (
            "pd.Series([3e9, 5e9]).astype(int).tolist()",
            json!([3_000_000_000_i64, 5_000_000_000_i64]),
        ),
        (
            "pd.Series(['3000000000', '4']).astype(int).tolist()",
            json!([3_000_000_000_i64, 4]),
        ),
        (
            "pd.DataFrame({'x': np.arange(1, 100001)}).pipe(lambda d: (d.x * d.x).max())",
            json!(10_000_000_000_i64),
        ),
        ("pd.Series([1, 2]).describe()['count']", json!(2.0)),
        // A column in front: the lists of where columns are remain lists of positions.
        (
            "[d := pd.DataFrame({'a': [1], 'b': ['x']}), d.insert(0, 'z', [3]), \
              pd.concat([d, d], ignore_index=True).z.tolist(), pd.crosstab(d.a, d.b).values.tolist()][2:]",
            json!([[3, 3], [[1]]]),
        ),
    ]);
}

#[test]
fn compiled_code_for_c_long_gets_what_it_takes() {
    let source = "
import numpy as np
from scipy import signal, sparse, special
from scipy.sparse import csgraph
from sklearn.ensemble import BaggingClassifier, HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.neighbors import KNeighborsClassifier

def main():
    x, y = np.arange(40).reshape(20, 2), np.array([0, 1] * 10)
    a = sparse.csr_matrix(np.array([[0, 1], [2, 0]]))
    found = [
        signal.peak_prominences(np.array([0, 2, 0, 3, 0]), np.array([1, 3]))[0],
        round(special.lambertw(1).real, 6),
        round(special.spherical_jn(1, 2.0), 6),
        csgraph.shortest_path(a).tolist(),
        a[np.array([1, 0])].toarray().tolist(),
        SimpleImputer(strategy='most_frequent').fit_transform(np.array([[1, np.nan], [3, 4]])).tolist(),
    ]
    for kind in (
        KNeighborsClassifier(3),
        BaggingClassifier(n_estimators=3, bootstrap=False, max_samples=0.5, random_state=0),
        HistGradientBoostingClassifier(max_iter=2),
    ):
        found.append(len(kind.fit(x, y).predict(x)))
    return found
";
    script(source).generously().run().gives(&json!([
        [2.0, 3.0],
        0.567_143,
        0.435_398,
        [[0.0, 1.0], [2.0, 0.0]],
        [[2, 0], [0, 1]],
        [[1.0, 4.0], [3.0, 4.0]],
        20,
        20,
        20
    ]));
}
