//! What the pool costs: run with `--ignored --nocapture speed`.

use crate::support::{ECHO, config, echo, start, value};
use belljar::Belljar;
use belljar_pool::Pool;
use belljar_pool::{Executor, Program};
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn latency_and_throughput() {
    const ROUNDS: u64 = 3_000;
    let begun = Instant::now();
    let pool = Pool::start(config(2, 8)).unwrap();
    pool.ready(Duration::from_secs(30)).await.unwrap();
    println!("ready after         {:?}", begun.elapsed());
    drop(pool);

    let belljar = Belljar::builder().sandboxes(2).build().unwrap();
    let program = Program::function(ECHO).input("1");
    let before = own_cpu_seconds();
    let in_process = sorted((0..ROUNDS).map(|_| {
        let begun = Instant::now();
        belljar.execute(&program).unwrap();
        begun.elapsed()
    }));
    report("in process", &in_process);
    println!(
        "in process: CPU each {:.0} us",
        (own_cpu_seconds() - before) * 1e6 / ROUNDS as f64
    );
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..ROUNDS {
                    belljar.execute(&program).unwrap();
                }
            });
        }
    });
    let rate = 2.0 * ROUNDS as f64 / begun.elapsed().as_secs_f64();
    println!("in process, 2 threads: {rate:.0} executions/s");
    drop(belljar);

    let pool = start(config(2, 8)).await;
    let begun = cpu_seconds(&pool);
    let mut times = Vec::new();
    for number in 0..ROUNDS {
        let begun = Instant::now();
        let outcome = pool.execute(echo(number)).await.unwrap();
        times.push(begun.elapsed());
        assert_eq!(value(&outcome), number.to_string());
    }
    report("pool, one at a time", &sorted(times));
    let [server, workers] = cpu_seconds(&pool);
    println!(
        "pool, one at a time: CPU each: server {:.0} us, workers {:.0} us",
        (server - begun[0]) * 1e6 / ROUNDS as f64,
        (workers - begun[1]) * 1e6 / ROUNDS as f64,
    );

    drop(pool);

    for sandboxes_per_worker in [1, 2, 4, 8] {
        let pool = start(config(2, sandboxes_per_worker)).await;
        for concurrency in [8, 64] {
            let begun = (Instant::now(), cpu_seconds(&pool));
            let total = 20_000;
            let clients: Vec<_> = (0..concurrency)
                .map(|_| {
                    let pool = pool.clone();
                    tokio::spawn(async move {
                        for number in 0..total / concurrency {
                            let outcome = pool.execute(echo(number)).await.unwrap();
                            assert_eq!(value(&outcome), number.to_string());
                        }
                    })
                })
                .collect();
            for client in clients {
                client.await.unwrap();
            }
            let rate = total as f64 / begun.0.elapsed().as_secs_f64();
            let spent = cpu_seconds(&pool).map(|now| now * 1e6 / total as f64);
            let before = begun.1.map(|then| then * 1e6 / total as f64);
            println!(
                "pool, {sandboxes_per_worker} sandboxes each, {concurrency} at a time: \
                 {rate:.0} executions/s; CPU each: server {:.0} us, workers {:.0} us",
                spent[0] - before[0],
                spent[1] - before[1],
            );
        }
    }
}

/// What this process and the pool's workers have used so far.
fn cpu_seconds(pool: &Pool) -> [f64; 2] {
    let workers = pool.worker_pids().into_iter().map(cpu_seconds_of).sum();
    [own_cpu_seconds(), workers]
}

fn own_cpu_seconds() -> f64 {
    cpu_seconds_of(std::process::id())
}

fn cpu_seconds_of(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    let fields: Vec<&str> = fields.split(' ').collect();
    let ticks = fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
    ticks / 100.0
}

fn sorted(times: impl IntoIterator<Item = Duration>) -> Vec<Duration> {
    let mut times: Vec<_> = times.into_iter().collect();
    times.sort();
    times
}

fn report(what: &str, times: &[Duration]) {
    let at = |share: f64| times[(times.len() as f64 * share) as usize];
    println!("{what}: p50 {:?}, p99 {:?}", at(0.5), at(0.99));
}
