//! Scripts that attack: the process survives all of them, and the next script is served as if
//! nothing had happened.

use belljar::Belljar;
use belljar_tests::{Hostile, sandboxes, script};
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A clean script; what is wrong with its answer.
fn clean(belljar: &Belljar, after: &str) -> Result<(), String> {
    let source = "
import json, re, pandas as pd
def main(n):
    print('clean', n)
    frame = pd.DataFrame({'k': list('aab'), 'v': [n, 2, 3]})
    sums = frame.groupby('k').v.sum().to_dict()
    return {'sums': sums, 'text': re.sub('b', 'c', 'abc'), 'json': json.loads('[1.5]')}";
    let run = script(source).input(&json!(1)).run_in(belljar);
    let expected = json!({"sums": {"a": 3, "b": 3}, "text": "acc", "json": [1.5]});
    if run.fault_if_any().is_none() && run.value() == expected && run.stdout() == "clean 1\n" {
        Ok(())
    } else {
        Err(format!(
            "the clean script after {after:?}: {:?}",
            run.outcome()
        ))
    }
}

#[test]
fn one_process_survives_them_all_and_serves_a_clean_script_after_each() {
    let belljar = sandboxes(1);
    let mut problems = Vec::new();
    for hostile in Hostile::all() {
        let run = hostile.run_in(&belljar);
        problems.extend(run.err());
        problems.extend(clean(&belljar, hostile.name).err());
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn hostile_and_clean_scripts_do_not_disturb_each_other_on_several_threads() {
    let belljar = sandboxes(3);
    let scripts: Vec<&Hostile> = Hostile::all().collect();
    let next = AtomicUsize::new(0);
    let attack = || {
        let mut problems = Vec::new();
        while let Some(hostile) = scripts.get(next.fetch_add(1, Ordering::Relaxed)) {
            problems.extend(hostile.run_in(&belljar).err());
        }
        problems
    };
    let serve = || {
        let mut problems = Vec::new();
        while next.load(Ordering::Relaxed) < scripts.len() {
            problems.extend(clean(&belljar, "others at the same time").err());
        }
        problems
    };
    let problems: Vec<String> = thread::scope(|scope| {
        let threads = [
            scope.spawn(attack),
            scope.spawn(attack),
            scope.spawn(serve),
            scope.spawn(serve),
        ];
        let joined = threads.map(|thread| thread.join().unwrap());
        joined.into_iter().flatten().collect()
    });
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn the_attacks_have_names_of_their_own() {
    let mut names: Vec<&str> = Hostile::all().map(|hostile| hostile.name).collect();
    assert!(names.len() >= 100, "only {} attacks", names.len());
    names.sort_unstable();
    let before = names.len();
    names.dedup();
    assert_eq!(names.len(), before);
}
