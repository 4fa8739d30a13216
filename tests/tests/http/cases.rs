//! The cases of `tests/conformance`, and hostile scripts among good ones.

use crate::{eventually, lacks_what_it_imports, server, skips_as_remote};
use belljar_tests::Hostile;
use belljar_tests::conformance::{Answer, Case};
use belljar_tests::http::Server;
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

#[test]
fn every_case_holds_over_http() {
    let cases = Case::all();
    let server = server();
    let runtime = server.get("/runtime").value();
    let most_memory = runtime["limits"]["maximum"]["memory_bytes"].as_u64();
    let applies = |case: &&Case| {
        // A small edition adds to Python's message what it is.
        let plain = runtime["edition"] == "full" || !case.script.contains("no_such_module");
        plain
            && case.request.limits.memory_bytes <= most_memory
            && !lacks_what_it_imports(&case.script)
    };
    let cases: Vec<&Case> = cases.iter().filter(applies).collect();
    let problems: Vec<String> = cases
        .iter()
        .flat_map(|case| {
            let (route, body) = case.request.to_http(&case.script);
            let response = server.json(route, &body);
            case.problems(&Answer {
                status: response.status,
                body: response.body,
            })
        })
        .collect();
    assert!(cases.len() >= 40, "only {} cases were found", cases.len());
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

/// The memory that may stay of it once there is nothing to do: less than makes it worth replacing a
/// worker.
const KEPT_BYTES: u64 = 2 * (32 << 20);

#[test]
fn hostile_scripts_do_good_ones_no_harm_and_leave_no_memory_behind() {
    if skips_as_remote() {
        return;
    }
    // As many at a time as there are clients, and longer than by default.
    let server = Server::start(&[
        "--workers",
        "2",
        "--sandboxes",
        "8",
        "--max-timeout-ms",
        "60000",
    ]);
    let warm_up = |_: usize| good(&server, 0).err();
    assert_eq!(eight_at_a_time(80, warm_up), Vec::<String>::new());
    let before = server.resident();
    let attacks: Vec<&Hostile> = Hostile::all().collect();
    let problems = eight_at_a_time(attacks.len(), |index| {
        let attack = attacks[index];
        let answer = server.json("/execute", &attack.body());
        let judged = attack.judge(&answer).err();
        judged.or(good(&server, index as u64).err())
    });
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
    let after = server.resident();
    println!("{} MiB before, {} MiB after", before >> 20, after >> 20);
    eventually("its memory is given back", Duration::from_secs(60), || {
        server.resident() <= before + KEPT_BYTES && server.workers().len() == 2
    });
    println!("{} MiB in the end", server.resident() >> 20);
    assert_eq!(good(&server, 7), Ok(()));
    assert_eq!(server.metric("belljar_worker_restarts_total"), Some(0.0));
}

/// A script that uses what hostile ones like to break; what is wrong with its answer.
fn good(server: &Server, number: u64) -> Result<(), String> {
    let script = "
import json, re, pandas as pd
def main(n):
    frame = pd.DataFrame({'k': list('aab'), 'v': [n, 2, 3]})
    return [frame.groupby('k').v.sum().to_dict(), re.sub('b', 'c', 'abc'), json.loads('[1.5]')]";
    let body = json!({"script": script, "input": number});
    let answer = server.json("/execute", &body.to_string());
    let expected = json!([{"a": number + 2, "b": 3}, "acc", [1.5]]);
    if answer.status == 200 && answer.value()["result"] == expected {
        Ok(())
    } else {
        Err(format!(
            "a good script got {}: {}",
            answer.status, answer.body
        ))
    }
}

/// Does something for each number below `count`, by eight clients; the problems.
fn eight_at_a_time(count: usize, problem: impl Fn(usize) -> Option<String> + Sync) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let client = || {
        let mut problems = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return problems;
            }
            problems.extend(problem(index));
        }
    };
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..8).map(|_| scope.spawn(client)).collect();
        let joined = clients
            .into_iter()
            .map(|client| client.join().expect("a client"));
        joined.flatten().collect()
    })
}
