//! Chance and time: fresh for everyone, or the same on every run with a seed.

use belljar_tests::{program, sandboxes, script};
use serde_json::json;
use std::time::Duration;

/// One draw from every generator in the image: those of the standard library, of numpy and of C.
const DRAWS: &str = "
import email.generator, os, random, secrets, sqlite3, statistics, tempfile, uuid
import numpy as np
import pandas as pd
db = sqlite3.connect(':memory:')
def one(query): return str(db.execute(query).fetchone()[0])
def main():
    random.shuffle(letters := list('abcdefghijklmnopqrstuvwxyz'))
    print(random.random(), ''.join(letters))
    return {
        'random': random.random(),
        'gauss': random.gauss(),
        'getrandbits': random.getrandbits(64),
        'Random': random.Random().random(),
        'SystemRandom': random.SystemRandom().random(),
        'NormalDist': statistics.NormalDist().samples(1),
        'numpy.rand': np.random.rand(2),
        'numpy.randint': np.random.randint(2**30),
        'numpy.standard_normal': np.random.standard_normal(),
        'RandomState': np.random.RandomState().rand(),
        'default_rng': np.random.default_rng().random(),
        'SeedSequence': str(np.random.SeedSequence().entropy),
        'sample': pd.Series(range(10**6)).sample(3).tolist(),
        'uuid4': uuid.uuid4(),
        'uuid1': uuid.uuid1(),
        'uuid7': uuid.uuid7(),
        'getnode': str(uuid.getnode()),
        'urandom': os.urandom(16),
        '/dev/urandom': open('/dev/urandom', 'rb').read(16),
        '/dev/random': os.read(os.open('/dev/random', os.O_RDONLY), 16),
        'secrets': secrets.token_hex(),
        'tempfile': next(tempfile._get_candidate_names()),
        'a boundary of e-mail': email.generator._make_boundary(),
        'sqlite random()': one('select random()'),
        'sqlite randomblob()': one('select hex(randomblob(16))'),
    }";

/// The same from packages that are not imported before: they have no generators of their own.
const DRAWS_OF_PACKAGES: &str = "
import mpmath, networkx, scipy.stats, sympy.core.random
from sklearn.datasets import make_blobs
def main():
    return {
        'scipy': float(scipy.stats.norm.rvs()),
        'scipy.stats.qmc': scipy.stats.qmc.Sobol(2).random(1)[0],
        'sklearn': make_blobs(2)[0][0],
        'networkx': sorted(networkx.gnp_random_graph(20, .5).edges()),
        'sympy': sympy.core.random.rng.random(),
        'mpmath': str(mpmath.rand()),
    }";

/// The other things that could differ from run to run.
const CIRCUMSTANCES: &str = "
import datetime, os, sys, time
import pandas as pd
def main():
    print(time.time(), time.monotonic(), time.perf_counter(), datetime.datetime.now())
    print(id(object()), hash('text'), hash(3.5), list({'a', 'b', 'c', 'd'}), object())
    print(sys.getrefcount(None) > 0, os.environ, time.process_time(), pd.Timestamp.now())
    try:
        {}['x']
    except KeyError as error:
        return [repr(error), {str(n) for n in range(10)} and list({str(n) for n in range(10)})]";

#[test]
fn two_runs_draw_different_numbers() {
    let [first, second] = [(); 2].map(|()| script(DRAWS).run());
    assert_ne!(first.stdout(), second.stdout());
    let (first, second) = (first.value(), second.value());
    for (name, drawn) in first.as_object().unwrap() {
        assert_ne!(drawn, &second[name], "{name}");
    }
}

#[test]
fn packages_draw_different_numbers_too() {
    let draw = || script(DRAWS_OF_PACKAGES).generously();
    let [first, second] = [(); 2].map(|()| draw().run().value());
    for (name, drawn) in first.as_object().unwrap() {
        assert_ne!(drawn, &second[name], "{name}");
    }
    let [first, second] = [(); 2].map(|()| draw().seed(7).run());
    first.value();
    assert_eq!(first.repeatable(), second.repeatable());
}

/// Beside the two that the host seeds: any other would have the same state for everybody.
#[test]
fn no_module_that_is_imported_already_keeps_a_generator_of_its_own() {
    let source = "
import random, sys
import numpy.random as numpy_random
def main():
    kinds = random.Random, numpy_random.RandomState, numpy_random.Generator
    shared = random._inst, numpy_random.mtrand._rand
    found, seen = [], 0
    for name, module in list(sys.modules.items()):
        kept = list(vars(module).values())
        kept += [value for each in kept if isinstance(each, type) for value in vars(each).values()]
        for each in kept:
            if isinstance(each, kinds) and not isinstance(each, random.SystemRandom):
                seen += 1
                if not any(each is one for one in shared):
                    found.append(name)
    return found, seen > 0";
    script(source)
        .generously()
        .run()
        .gives(&serde_json::json!([[], true]));
}

/// SQLite seeds its generator when it is first used. Without a device of random bytes it takes the
/// time of day, in seconds: many draws make it certain that some fall into the same one.
#[test]
fn sqlite_draws_different_numbers_in_the_same_second() {
    let source = "
import sqlite3
def main(): return sqlite3.connect(':memory:').execute('select hex(randomblob(16))').fetchone()[0]";
    let mut draws: Vec<String> = (0..12)
        .map(|_| script(source).run().value_text().to_owned())
        .collect();
    draws.sort();
    let count = draws.len();
    draws.dedup();
    assert_eq!(draws.len(), count);
}

#[test]
fn random_devices_are_as_elsewhere() {
    let source = "
import os, stat
def main():
    mode = os.stat('/dev/urandom').st_mode
    with open('/dev/urandom', 'rb') as f:
        read = [len(f.read(5)), len(f.read(100_000)), f.isatty()]
    try: open('/dev/urandom', 'wb')
    except OSError as error: refused = type(error).__name__
    return [stat.S_ISCHR(mode), read, refused]";
    let expected = json!([true, [5, 100_000, false], "OSError"]);
    script(source).run().gives(&expected);
}

#[test]
fn two_sandboxes_made_at_once_draw_different_numbers() {
    let draws: Vec<String> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| script(DRAWS).run()))
            .collect();
        let joined = runs.into_iter().map(|run| run.join().unwrap());
        joined.map(|run| run.value_text().to_owned()).collect()
    });
    for (index, draw) in draws.iter().enumerate() {
        assert!(!draws[..index].contains(draw));
    }
}

#[test]
fn with_a_seed_the_whole_answer_is_the_same() {
    for source in [DRAWS, CIRCUMSTANCES] {
        let [first, second] = [(); 2].map(|()| script(source).seed(2026).run());
        first.value();
        assert_eq!(first.repeatable(), second.repeatable());
    }
}

#[test]
fn another_sandbox_with_the_same_seed_gives_the_same_answer() {
    let here = script(DRAWS).seed(5).run();
    let there = script(DRAWS).seed(5).run_in(&sandboxes(1));
    assert_eq!(here.repeatable(), there.repeatable());
}

#[test]
fn another_seed_gives_other_numbers() {
    let [first, second] = [1, 2].map(|seed| script(DRAWS).seed(seed).run().value());
    for (name, drawn) in first.as_object().unwrap() {
        assert_ne!(drawn, &second[name], "{name}");
    }
}

#[test]
fn every_seed_works() {
    for seed in [0, 1, u64::from(u32::MAX), 1 << 32, u64::MAX] {
        let [first, second] = [(); 2].map(|()| script(DRAWS).seed(seed).run());
        first.value();
        assert_eq!(first.repeatable(), second.repeatable());
    }
}

#[test]
fn a_seeded_failure_is_the_same_too() {
    for source in [
        "import random\ndef main():\n    print(random.random())\n    raise ValueError(object())",
        "import random\ndef main():\n    while True: print(random.random())",
        "import os\ndef main():\n    os.abort()",
        "import sys\ndef main():\n    sys.setrecursionlimit(10**9)\n    f = lambda: f()\n    f()",
        "def main():\n    a = []\n    while True: a.append(bytearray(10**6))",
    ] {
        let run = || {
            script(source)
                .seed(3)
                .output_bytes(5000)
                .memory_bytes(400 << 20)
                .run()
        };
        let (first, second) = (run(), run());
        first.fault();
        assert_eq!(first.repeatable(), second.repeatable());
    }
}

#[test]
fn the_same_script_uses_the_same_fuel_even_without_a_seed() {
    let source = "def main(): return sum(n * n for n in range(10_000))";
    let fuel = || script(source).run().outcome().usage.fuel;
    let first = fuel();
    assert_eq!([fuel(), fuel(), fuel()], [first; 3]);
}

#[test]
fn fuel_is_the_same_after_a_hostile_neighbour() {
    let belljar = sandboxes(1);
    let good = || {
        let source = "import pandas as pd\ndef main(): return pd.Series(range(99)).sum()";
        script(source).seed(1).run_in(&belljar).repeatable()
    };
    let before = good();
    for hostile in [
        "import os\ndef main(): os.abort()",
        "def main():\n    a = [bytearray(50_000_000) for _ in range(4)]\n    while True: pass",
        "import numpy as np\ndef main():\n    np.pad = np.sum = None\n    np.random.seed(5)",
    ] {
        script(hostile).fuel(100_000_000).run_in(&belljar);
        assert_eq!(good(), before);
    }
}

#[test]
fn seeded_sleep_takes_virtual_time_only() {
    let source = "
import time
def main():
    before = time.time(), time.monotonic()
    time.sleep(3600)
    return [round(time.time() - before[0]), round(time.monotonic() - before[1])]";
    script(source)
        .seed(1)
        .timeout_ms(7_200_000)
        .run()
        .gives(&json!([3600, 3600]))
        .within(Duration::from_secs(5));
}

#[test]
fn a_seeded_deadline_is_in_virtual_time() {
    let source = "
import time
for second in range(100):
    print(second)
    time.sleep(1)";
    let run = || program(source).seed(9).timeout_ms(5_500).run();
    let (first, second) = (run(), run());
    assert_eq!(first.repeatable(), second.repeatable());
    let ended = first.fails_with("timeout").says("5500 ms");
    ended
        .prints("0\n1\n2\n3\n4\n5\n")
        .within(Duration::from_secs(4));
}

#[test]
fn waiting_for_virtual_time_in_a_loop_ends() {
    let source = "
import time
def main():
    end = time.monotonic() + 0.05
    looks = 0
    while time.monotonic() < end:
        looks += 1
    return looks > 100";
    script(source).seed(1).run().gives(&json!(true));
}

#[test]
fn a_seeded_endless_loop_is_still_stopped_in_real_time() {
    script("def main():\n    while True: pass")
        .seed(1)
        .timeout_ms(300)
        .run()
        .fails_with("timeout")
        .within(Duration::from_secs(3));
}

#[test]
fn real_clocks_tell_the_real_time() {
    let now = || {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.unwrap().as_secs_f64()
    };
    let before = now();
    let told = script("import time\ndef main(): return time.time()")
        .run()
        .value();
    let told = told.as_f64().unwrap();
    assert!(before <= told && told <= now(), "{before} {told}");
}
