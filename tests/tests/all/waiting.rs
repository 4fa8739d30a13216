//! More executions at once than there are sandboxes.

use belljar_tests::{sandboxes, script};
use serde_json::json;
use std::thread;
use std::time::{Duration, Instant};

#[test]
fn executions_wait_for_a_free_sandbox() {
    let belljar = sandboxes(2);
    let source = "import time\ndef main(n):\n    time.sleep(0.1)\n    return n";
    let start = Instant::now();
    thread::scope(|scope| {
        for n in 0..8 {
            let belljar = &belljar;
            scope.spawn(move || {
                let input = json!({"n": n});
                script(source).input(&input).run_in(belljar).gives(&input);
            });
        }
    });
    assert!(
        start.elapsed() >= Duration::from_millis(400),
        "two at a time"
    );
}

#[test]
fn waiting_for_a_sandbox_does_not_count_as_the_scripts_time() {
    let belljar = sandboxes(1);
    thread::scope(|scope| {
        scope.spawn(|| {
            let source = "import time\ndef main(): time.sleep(0.7)";
            script(source).run_in(&belljar).gives(&json!(null));
        });
        thread::sleep(Duration::from_millis(100));
        let run = script("def main(): return 1")
            .timeout_ms(500)
            .run_in(&belljar);
        let run = run.gives(&json!(1));
        assert!(run.outcome().usage.duration < Duration::from_millis(500));
    });
}

#[test]
fn a_sandbox_is_free_again_after_every_way_to_end() {
    let belljar = sandboxes(1);
    for source in [
        "def main(): return 1",
        "def main(): 1/0",
        "import os\ndef main(): os._exit(3)",
        "import os\ndef main(): os.abort()",
        "def main():\n    while True: pass",
        "def main():\n    while True: print('x' * 1000)",
        "not python",
    ] {
        for _ in 0..3 {
            script(source).fuel(20_000_000).run_in(&belljar);
        }
    }
    script("def main(): return 'free'")
        .run_in(&belljar)
        .gives(&json!("free"));
}

#[test]
fn many_threads_get_their_own_answers() {
    let belljar = sandboxes(4);
    let source = "import random\ndef main(n):\n    print(n)\n    return [n, random.random()]";
    let draws: Vec<f64> = thread::scope(|scope| {
        let workers: Vec<_> = (0..8)
            .map(|worker| {
                let belljar = &belljar;
                scope.spawn(move || {
                    let answer = |turn: u64| {
                        let n = worker * 1000 + turn;
                        let run = script(source).input(&json!(n)).run_in(belljar);
                        let run = run.prints(&format!("{n}\n"));
                        assert_eq!(run.value()[0], n);
                        run.value()[1].as_f64().unwrap()
                    };
                    (0..25).map(answer).collect::<Vec<f64>>()
                })
            })
            .collect();
        let joined = workers.into_iter().map(|worker| worker.join().unwrap());
        joined.flatten().collect()
    });
    let mut sorted = draws.clone();
    sorted.sort_by(f64::total_cmp);
    sorted.dedup();
    assert_eq!(sorted.len(), draws.len(), "no two drew the same number");
}
