//! The fate of executions whose worker is lost.

use super::paper::Paper;
use crate::{Event, FaultKind, Rejection};
use std::time::Duration;

#[test]
fn what_a_lost_worker_had_is_executed_again_and_whoever_is_alone_with_three_is_blamed() {
    let mut paper = Paper::new(1, 8, |_| {});
    let killer = paper.submit("a").unwrap();
    let neighbour = paper.submit("b").unwrap();
    for _ in 0..2 {
        let worker = paper.worker_of(killer).unwrap();
        assert_eq!(paper.worker_of(neighbour), Some(worker));
        assert_eq!(paper.die(worker), 0);
    }
    // Alone, one after the other; nobody new meanwhile, where there is one worker.
    let new = paper.submit("c").unwrap();
    let first = if paper.runs(killer) {
        killer
    } else {
        neighbour
    };
    for id in [first, killer + neighbour - first] {
        assert!(paper.runs(id) && paper.scheduler.load().running == 1);
        if id == killer {
            let worker = paper.worker_of(killer).unwrap();
            assert_eq!(paper.die(worker), 1);
            assert_eq!(paper.fault(killer), Some(FaultKind::Crashed));
        } else {
            paper.finish(neighbour);
            assert!(matches!(paper.answer(neighbour), Some((Ok(_), _))));
        }
    }
    assert!(paper.runs(new));
    assert_eq!(paper.counters.retried.get(), 4);
}

#[test]
fn who_gets_a_worker_to_itself_waits_until_it_is_empty_and_others_go_elsewhere() {
    let mut paper = Paper::new(2, 2, |_| {});
    let killer = paper.submit("a").unwrap();
    let worker = paper.worker_of(killer).unwrap();
    let others: Vec<u64> = (0..3).map(|_| paper.submit("b").unwrap()).collect();
    paper.die(worker);
    let worker = paper.worker_of(killer).unwrap();
    paper.die(worker);
    let running: Vec<u64> = others
        .iter()
        .copied()
        .filter(|id| paper.runs(*id))
        .collect();
    for id in running {
        paper.finish(id);
    }
    let alone = paper.worker_of(killer).expect("it runs by now");
    let mut slots = paper.scheduler.workers.iter();
    let slot = slots.find(|slot| slot.key == alone).unwrap();
    assert_eq!(slot.running.len(), 1);
    let new = paper.submit("c").unwrap();
    assert!(paper.worker_of(new).is_some_and(|other| other != alone));
}

#[test]
fn a_worker_that_was_kept_for_one_who_leaves_is_for_all_again() {
    let mut paper = Paper::new(1, 2, |_| {});
    let [killer, other] = [(); 2].map(|()| paper.submit("a").unwrap());
    for _ in 0..2 {
        let worker = paper.worker_of(killer).unwrap();
        paper.die(worker);
    }
    let waits = if paper.runs(killer) { other } else { killer };
    let new = paper.submit("b").unwrap();
    assert!(!paper.runs(new), "the worker is another's");
    paper.abandon(waits);
    paper.finish(killer + other - waits);
    assert!(paper.runs(new));
}

#[test]
fn what_was_given_or_not_kept_or_given_up_does_not_begin_anew() {
    let mut paper = Paper::new(1, 8, |rules| rules.queue_bytes = 40);
    // Programs have 8 bytes: half of 40 is room for two of a client.
    let ids: Vec<u64> = (0..4).map(|_| paper.submit("a").unwrap()).collect();
    let other = paper.submit("b").unwrap();
    let worker = paper.worker_of(other).unwrap();
    let event = Event::Stdout(b"out".to_vec());
    let mut allowance = paper.scheduler.telling(worker, other).unwrap();
    assert!(allowance.covers(&event));
    paper.scheduler.told(worker, other, allowance);
    paper.abandon(ids[0]);
    assert_eq!(paper.die(worker), 4);
    assert!(paper.runs(ids[1]));
    for id in [ids[2], ids[3], other] {
        let answer = paper.answer(id);
        assert!(matches!(answer, Some((Err(Rejection::Unavailable(_)), _))));
    }
    assert_eq!(paper.scheduler.kept_bytes, 8);
    assert_eq!(paper.scheduler.clients.of("a").kept_bytes, 8);
}

#[test]
fn without_workers_nobody_waits_for_ever() {
    let mut paper = Paper::new(1, 2, |_| {});
    let id = paper.submit("a").unwrap();
    let worker = paper.worker_of(id).unwrap();
    paper.lose(worker);
    paper.now += Duration::from_secs(15);
    paper.give_up();
    assert_eq!(paper.scheduler.load().queued, 1);
    paper.now += Duration::from_secs(16);
    paper.give_up();
    assert!(matches!(paper.answer(id), Some((Err(_), _))));
}
