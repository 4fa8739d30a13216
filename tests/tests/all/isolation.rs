//! No byte of one tenant's data is in the next tenant's memory.
//!
//! WebAssembly memory is one flat array, and numpy can be told that an array begins at any address:
//! so a script can look at all of its sandbox's memory, and these do.

use belljar::Belljar;
use belljar_tests::{Script, sandboxes, script, shared};
use serde_json::{Value, json};

/// Eight bytes that are in no image. Tenants write them as 64-byte patterns, over and over; as the
/// pattern repeats, any 15 bytes in a row that survive have all eight in order.
const CANARY: [u8; 8] = [0xc5, 0x1d, 0x92, 0xf3, 0x6e, 0xab, 0x04, 0xd7];

/// The canary is not to be in the searcher's memory itself, so it gets it disguised.
const DISGUISE: u8 = 0x5a;

fn disguised() -> Vec<u8> {
    CANARY.iter().map(|byte| byte ^ DISGUISE).collect()
}

/// All linear memory as a numpy array; the canary's bytes are looked for one after another, so
/// that they never stand side by side.
const SEARCH: &str = r"
import numpy as np

def memory(end):
    class Everything:
        __array_interface__ = {'shape': (end - 1024,), 'typestr': '|u1', 'data': (1024, False), 'version': 3}
    return np.asarray(Everything())

def count(disguised, end):
    everything, found, chunk = memory(end), 0, 4 << 20
    for start in range(0, len(everything), chunk):
        window = everything[start : start + chunk + 7]
        hits = np.flatnonzero(window[: len(window) - 7] == disguised[0] ^ 0x5a)
        for offset in range(1, 8):
            hits = hits[window[hits + offset] == disguised[offset] ^ 0x5a]
        found += len(hits)
    return found
";

/// Grows memory without writing to it, then searches all there is.
fn search(grow: u64) -> Script {
    let main = "
def main(job):
    grown = np.empty(job['grow'], np.uint8)
    end = max(grown.__array_interface__['data'][0] + len(grown), job['image'])
    # What is above the image, where only the allocator has written its few words yet.
    dirty = int(np.count_nonzero(memory(end)[job['image'] - 1024:]))
    return {'found': count(job['disguised'], end), 'searched': end, 'dirty': dirty}";
    let image = shared().info().image.memory_bytes;
    script(format!("{SEARCH}{main}"))
        .input(&json!({"disguised": disguised(), "grow": grow, "image": image}))
        .generously()
}

/// Writes the canary all over, in many kinds of objects, then ends as told.
fn plant(megabytes: u64, ending: &str) -> Script {
    let main = format!(
        r"
import array
def main(job):
    pattern = bytes(byte ^ 0x5a for byte in job['disguised']) * 8
    size = job['megabytes'] << 20
    arrays = np.frombuffer(pattern * (size // 64), np.uint8).copy()
    copies = [bytearray(pattern) for _ in range(20_000)]
    text = pattern.decode('latin-1') * 1000
    table = {{pattern + str(n).encode(): [pattern, text] for n in range(1000)}}
    numbers = array.array('B', pattern * 1000)
    stack = lambda n: stack(n - 1) + pattern if n else pattern
    stack(100)
    end = max(id(copies[-1]), arrays.__array_interface__['data'][0] + size, job['image'])
    print(count(job['disguised'], end))
    {ending}"
    );
    let image = shared().info().image.memory_bytes;
    script(format!("{SEARCH}{main}"))
        .input(&json!({"disguised": disguised(), "megabytes": megabytes, "image": image}))
        .generously()
}

/// A search that must find nothing, in all of the image and of what memory grew to.
#[track_caller]
fn find_nothing(belljar: &Belljar, grow: u64) {
    let report = search(grow).run_in(belljar).value();
    assert_eq!(report["found"], 0, "{report}");
    assert!(report["dirty"].as_u64().unwrap() < 64, "{report}");
    let least = shared().info().image.memory_bytes;
    assert!(
        report["searched"].as_u64().unwrap() >= least.max(grow),
        "{report}"
    );
}

/// Ways for a tenant to end.
const ENDINGS: [&str; 6] = [
    "return 'ended'",
    "raise ValueError(pattern)",
    "import os; os._exit(3)",
    "import os; os.abort()",
    "while True: pass",
    "import sys; sys.setrecursionlimit(10**9); f = lambda: f(); [f() for _ in range(9)]",
];

#[test]
fn the_search_finds_what_is_there() {
    let run = plant(1, "return count(job['disguised'], end)").run();
    let found = run.value().as_u64().unwrap();
    assert!(
        found > 100_000,
        "only {found} of the canaries in its own memory"
    );
}

#[test]
fn nothing_of_a_tenant_is_left_however_it_ended() {
    let belljar = sandboxes(1);
    find_nothing(&belljar, 1 << 20);
    for ending in ENDINGS {
        let run = plant(8, ending)
            .timeout_ms(20_000)
            .fuel(6_000_000_000)
            .run_in(&belljar);
        assert!(
            run.stdout().trim().parse::<u64>().unwrap() > 100_000,
            "{ending}"
        );
        find_nothing(&belljar, 64 << 20);
    }
}

#[test]
fn nothing_of_a_large_tenant_is_left() {
    // More than is reset by copying: the rest goes back to the kernel.
    let belljar = sandboxes(1);
    for ending in ["return 'ended'", "import os; os.abort()"] {
        plant(300, ending).run_in(&belljar);
        find_nothing(&belljar, 500 << 20);
    }
}

#[test]
fn nothing_of_a_request_is_left() {
    let belljar = sandboxes(1);
    let text = "SECRET-OF-TENANT-ONE-".repeat(2000);
    let mut request = script(format!(
        "def main(x):\n    print(x)\n    return x\n# {text}"
    ));
    request = request
        .input(&json!(text))
        .stdin(text.clone())
        .args([&text[..100]]);
    request.run_in(&belljar);
    let source = format!(
        "{SEARCH}
def main(job):
    return count(job['disguised'], job['image'])"
    );
    let needle: Vec<u8> = b"SECRET-O".iter().map(|byte| byte ^ DISGUISE).collect();
    let image = shared().info().image.memory_bytes;
    let input = json!({"disguised": needle, "image": image});
    let next = script(source).input(&input).generously().run_in(&belljar);
    next.gives(&json!(0));
}

/// A checksum of all memory of the image, taken by the first thing a script does.
fn checksum() -> Script {
    let source = format!(
        "{SEARCH}
import zlib
def main(image):
    return zlib.crc32(memory(image))"
    );
    let image = shared().info().image.memory_bytes;
    script(source).input(&json!(image)).seed(1).generously()
}

#[test]
fn every_tenant_begins_with_the_same_memory_to_the_last_byte() {
    let belljar = sandboxes(1);
    let first = checksum().run_in(&belljar).value();
    for tenant in [
        "def main(): return 1",
        "import pandas as pd\ndef main(): return pd.DataFrame({'a': range(10**5)}).a.sum()",
        "import os\ndef main():\n    keep = bytearray(10**8)\n    os.abort()",
        "def main():\n    while True: pass",
        "import scipy.stats\ndef main(): return 1",
        // Overwrites the interpreter itself.
        "import numpy as np\nclass All:\n    __array_interface__ = {'shape': (10**8,), \
         'typestr': '|u1', 'data': (1024, False), 'version': 3}\n\
         def main(): np.asarray(All())[:] = 255",
    ] {
        script(tenant).fuel(9_000_000_000).run_in(&belljar);
        assert_eq!(checksum().run_in(&belljar).value(), first, "after {tenant}");
    }
}

#[test]
fn tenants_at_the_same_time_do_not_see_each_other() {
    let belljar = sandboxes(4);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for ending in [
                    "return 'ended'",
                    "import os; os.abort()",
                    "raise ValueError",
                ] {
                    plant(4, ending).run_in(&belljar);
                }
            });
            scope.spawn(|| {
                for _ in 0..4 {
                    find_nothing(&belljar, 16 << 20);
                }
            });
        }
    });
}

#[test]
fn nothing_that_a_script_changes_is_there_for_the_next() {
    let belljar = sandboxes(1);
    let change = "
import builtins, json, math, os, random, sys
def main():
    builtins.print = builtins.len = None
    builtins.leak = json.leak = math.pi = 3
    sys.path.append('leak'); sys.argv.append('leak')
    os.environ['LEAK'] = '1'
    sys.setrecursionlimit(50)
    json.dumps = lambda *a, **k: 'leak'
    sys.modules['leak'] = sys";
    let look = "
import builtins, json, math, os, sys
def main():
    print('works')
    return [hasattr(builtins, 'leak'), hasattr(json, 'leak'), round(math.pi * 100), 'leak' in sys.path,
            sys.argv, 'LEAK' in os.environ, sys.getrecursionlimit(), json.dumps([1]), 'leak' in sys.modules]";
    let expected = json!([
        false,
        false,
        314,
        false,
        ["script.py"],
        false,
        1000,
        "[1]",
        false
    ]);
    for _ in 0..3 {
        script(change).run_in(&belljar).gives(&Value::Null);
        script(look)
            .run_in(&belljar)
            .gives(&expected)
            .prints("works\n");
    }
}

#[test]
fn a_script_learns_nothing_of_the_host() {
    let source = "
import gc, os, platform, sys, sysconfig
def main():
    told = [sys.path, sys.executable, sys.prefix, sys.argv, sys.flags, dict(os.environ),
            platform.platform(), platform.node(), os.getcwd(), __file__, sys.modules,
            sysconfig.get_paths()]
    for name in ('getpid', 'getuid', 'uname', 'getlogin', 'getloadavg', 'getppid', 'ctermid'):
        try: told.append(getattr(os, name)())
        except Exception as error: told.append(repr(error))
    return repr(told)";
    let told = script(source).run().value().to_string();
    let mut secrets = vec![
        ".cargo".to_owned(),
        concat!(env!("CARGO_MANIFEST_DIR"), "/").to_owned(),
        "wasmtime".to_owned(),
    ];
    for variable in [
        "HOME",
        "PATH",
        "HOSTNAME",
        "CARGO_MANIFEST_DIR",
        "CONTAINER_NAME",
    ] {
        secrets.extend(std::env::var(variable));
    }
    for secret in secrets.iter().filter(|secret| secret.len() > 3) {
        assert!(!told.contains(secret.as_str()), "{secret} in {told}");
    }
}
