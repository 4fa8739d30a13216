"""Calls what scripts commonly call, before the snapshot is taken.

Much of Python happens at the first call: pandas imports parts of numpy, regular expressions and
format specifications are compiled, the interpreter specialises byte code and fills its caches. What
happens here, once, does not happen in a sandbox.
"""

import asyncio
import base64
import collections
import csv
import dataclasses
import datetime
import decimal
import functools
import hashlib
import io
import itertools
import json
import math
import random
import re
import statistics
import string
import textwrap
import uuid

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib import font_manager

#: Byte code is specialised, and its caches filled, after a few rounds.
ROUNDS = 4


def standard_library() -> None:
    """The parts of the standard library that most scripts touch."""
    json.loads(
        json.dumps({"a": [1, 2.5, None, True, "x"], "b": {"c": "é"}}, indent=2, sort_keys=True)
    )
    re.sub(r"(\w+)\s+(\d+)", r"\2 \1", "a 1 bb 22")
    re.findall(r"[a-z]+@[a-z]+\.com", "someone@example.com")
    datetime.datetime.now().isoformat()
    datetime.datetime.strptime("2024-01-31", "%Y-%m-%d").strftime("%d.%m.%Y")
    datetime.datetime.fromisoformat("2024-01-31T12:00:00+00:00") + datetime.timedelta(days=1)
    collections.Counter("banana").most_common(1)
    collections.defaultdict(list)["a"].append(1)
    list(itertools.combinations(range(4), 2))
    functools.reduce(lambda a, b: a * b, range(1, 6))
    math.sqrt(2), math.factorial(10), statistics.mean([1, 2, 3]), statistics.stdev([1, 2, 3])
    decimal.Decimal("1.10") + decimal.Decimal("2.20")
    hashlib.sha256(b"x").hexdigest(), base64.b64encode(b"x")
    list(csv.DictReader(io.StringIO("a,b\n1,2\n")))
    random.random(), random.choice([1, 2]), random.randint(1, 6), random.shuffle([1, 2])
    textwrap.fill("word " * 20, 40), string.Template("$a").substitute(a=1), str(uuid.uuid4())
    "%s %d" % ("a", 1), f"{1.5:.2f} {'a':>5} {12345:,}", "{:>8}".format("x")
    sorted([3, 1, 2], key=lambda x: -x), sum(i * i for i in range(100)), {x: x for x in "abc"}

    @dataclasses.dataclass
    class Point:
        x: int
        y: int = 0

    dataclasses.asdict(Point(1))
    try:
        {}["missing"]
    except KeyError:
        pass


def numerics() -> None:
    """numpy, and the parts of it that are imported late."""
    a = np.arange(12.0).reshape(3, 4)
    a @ a.T, np.linalg.inv(np.eye(3) + 0.1), np.linalg.svd(a), np.linalg.eigh(np.eye(2))
    np.linalg.solve(np.eye(2), [1, 2]), np.linalg.det(np.eye(2)), a.mean(0), a.std(), a.sum(axis=1)
    np.sort(a, axis=None), np.unique([1, 2, 2]), np.fft.rfft(a), np.where(a > 3, a, 0)
    np.random.default_rng(1).normal(size=3), np.random.rand(3), np.random.randint(0, 9, 3)
    np.concatenate([a, a]), np.vstack([a, a]), str(a), repr(a), a.tolist(), np.cumsum(a)
    np.polyfit([1, 2, 3], [1, 4, 9], 1), np.percentile(a, 50), np.median(a), np.array(["a", "bb"])
    np.einsum("ij,ij->i", a, a), np.linspace(0, 1, 5), np.exp(a), np.argmax(a), np.isnan(a).any()
    np.array([1, 2, 3, 4, 5]).mean(), np.array([1, 2, 3, 4, 5]).std(), float(np.float64(1.5))


def frame() -> pd.DataFrame:
    """A small frame with a column of each common kind."""
    return pd.DataFrame(
        {
            "a": [1, 2, 3, 4],
            "b": [4.5, 5.5, 6.5, 7.0],
            "c": ["x", "y", "x", "z"],
            "d": pd.date_range("2024-01-01", periods=4),
        }
    )


def data_frames() -> None:
    """pandas: building, selecting, grouping, joining, reading, printing."""
    df = frame()
    df.sum(numeric_only=True).to_dict(), df.describe(), df.info(buf=io.StringIO()), df.head(2)
    df["a"].sum(), int(df["a"].sum()), df.a.mean(), df[["a", "b"]].sum(), df.loc[1], df.iloc[0, 0]
    df.groupby("c").b.agg(["sum", "mean", "max", "count"]).to_dict(), df.groupby("c")["a"].sum()
    df.groupby("c").agg({"a": "sum", "b": "mean"}), df.groupby("c").size()
    (
        df.sort_values("b", ascending=False).head(2).to_dict("records"),
        df[df.a > 1].reset_index(drop=True),
    )
    df.merge(df[["c", "a"]], on="c"), df.pivot_table(index="c", values="b", aggfunc="mean")
    df.to_json(), df.to_csv(index=False), str(df), repr(df.dtypes), df.to_html(), df.to_string()
    pd.read_csv(io.StringIO("a,b\n1,2\n3,x\n")), pd.read_json(io.StringIO('[{"a":1}]'))
    (
        pd.to_datetime(["2024-01-01", "2024-02-01"]).month,
        df.d.dt.year,
        df.c.str.upper().str.contains("X"),
    )
    (
        df.isna().sum(),
        df.fillna(0),
        df.dropna(),
        df.apply(lambda row: row.a + 1, axis=1),
        df.a.map(str),
    )
    df.a.rolling(2).mean(), df.value_counts("c"), df.c.value_counts(), pd.concat([df, df])
    df.set_index("d").resample("2D").a.sum(), df.astype({"a": float}).corr(numeric_only=True)
    (
        df.drop_duplicates("c"),
        df.a.cumsum(),
        pd.Series([1, 2, None]).interpolate(),
        pd.cut(df.a, 2),
        df.T,
    )
    df.assign(e=df.a * 2).rename(columns={"e": "f"}).drop(columns="f"), df.columns.tolist(), len(df)


def figures() -> None:
    """matplotlib: the first figure of a script is as quick as its second."""
    x = np.linspace(0, 6, 50)
    figure, axes = plt.subplots(1, 2, figsize=(4, 2))
    axes[0].plot(x, np.sin(x), label="sin")
    axes[0].legend()
    axes[0].grid(True)
    axes[1].bar(["a", "b"], [1, 2])
    axes[1].scatter([1, 2], [2, 1])
    axes[1].hist([1, 2, 2, 3], alpha=0.5)
    axes[0].set(title="t", xlabel="x", ylabel="y")
    figure.suptitle("s")
    figure.tight_layout()
    figure.savefig(io.BytesIO(), format="png")
    plt.close("all")


def forget_fonts() -> None:
    """A font keeps its file open, and a fresh sandbox has no open files."""
    font_manager._get_font.cache_clear()


async def coroutine() -> int:
    """A coroutine for the event loop."""
    await asyncio.sleep(0)
    return sum(await asyncio.gather(*(asyncio.sleep(0, i) for i in range(3))))


def warm_up() -> None:
    """Everything that does not need the harness."""
    # First, because what is drawn by few must not leave its mark on the byte code of all: the
    # interpreter specialises for what it saw last.
    figures()
    figures()
    forget_fonts()
    for _ in range(ROUNDS):
        standard_library()
        numerics()
        data_frames()


#: Scripts that take the harness through its own code, results and failures alike.
SCRIPTS = [
    "def main():\n    return {'answer': 4, 'items': [1, 2.5, None, True, 'x']}\n",
    "import math\ndef main(numbers):\n    print('hello', math.pi)\n    return sum(numbers)\n",
    "import pandas as pd\ndef main():\n    df = pd.DataFrame({'a': [1, 2], 'b': [1.5, None]})\n    return df\n",
    "import pandas as pd\ndef main():\n    return {'sum': pd.DataFrame({'a': [1, 2, 3]}).a.sum()}\n",
    "import numpy as np\ndef main():\n    return {'mean': np.mean([1, 2]), 'all': np.arange(3)}\n",
    "import asyncio\nasync def main():\n    await asyncio.sleep(0)\n    return 1\n",
    "def main():\n    return [float('nan'), {1: 'a', None: 'b'}, '\\ud800', 10**5000]\n",
    "import pandas as pd\ndef main():\n    s = pd.Series([1, None], dtype='Int64')\n"
    "    return [s, pd.Timestamp('2024-01-01', tz='UTC'), pd.Timedelta('1h')]\n",
    "def main():\n    return 1 / 0\n",
    "def main():\n    try:\n        {}['x']\n    except KeyError as e:\n        raise ValueError('y') from e\n",
    "def main(:\n",
    "x = 1\n",
    "def main():\n    return object()\n",
]

#: Scripts that display, and run before the others.
DISPLAYS = [
    "import pandas as pd\ndef main():\n    display(pd.DataFrame({'a': [1, 2], 'b': ['x', None]}), 'text', [1])\n",
    "import matplotlib.pyplot as plt\ndef main():\n    plt.plot([1, 2]); plt.show(); plt.plot([2, 1])\n",
]


def warm_up_harness(turn, frame_of) -> None:
    """Every path of the harness, a few times, with answers that go nowhere."""
    for script in DISPLAYS:
        turn(frame_of(0, script.encode(), b""))
    forget_fonts()
    for _ in range(ROUNDS):
        asyncio.run(coroutine())
        for script in SCRIPTS:
            turn(frame_of(0, script.encode(), b"[1, 2, 3]"))
        for program in (b"import sys\nprint(sys.argv)\n", b"raise ValueError\n", b"import sys\nsys.exit(3)\n"):
            turn(frame_of(1, program, b""))
