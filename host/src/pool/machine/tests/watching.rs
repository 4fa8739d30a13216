//! The fate of workers and executions that do not end.

use super::super::watching::Watched;
use super::paper::Paper;
use crate::FaultKind;
use std::time::Duration;

#[test]
fn what_cannot_be_stopped_is_answered_for_and_its_neighbours_end_in_peace() {
    let mut paper = Paper::new(1, 8, |_| {});
    let stuck = paper.submit("a").unwrap();
    let worker = paper.worker_of(stuck).unwrap();
    paper.now += Duration::from_secs(20);
    let neighbour = paper.submit("b").unwrap();
    assert_eq!(paper.watch(worker), Watched::Fine);
    paper.now += Duration::from_secs(13);
    assert_eq!(paper.watch(worker), Watched::Asked);
    let new = paper.submit("c").unwrap();
    assert!(!paper.runs(new), "it gets nothing new");
    paper.scheduler.note_alive(worker).unwrap();
    assert_eq!(paper.watch(worker), Watched::Fine);
    assert_eq!(paper.fault(stuck), Some(FaultKind::Timeout));
    // Another worker takes over.
    paper.start(0);
    assert!(paper.runs(new));
    paper.finish(neighbour);
    assert_eq!(paper.watch(worker), Watched::Stuck);
    assert_eq!(paper.lose(worker), 1);
}

#[test]
fn a_worker_that_does_not_live_is_ended_at_once() {
    let mut paper = Paper::new(1, 8, |_| {});
    let id = paper.submit("a").unwrap();
    let worker = paper.worker_of(id).unwrap();
    paper.now += Duration::from_secs(33);
    assert_eq!(paper.watch(worker), Watched::Asked);
    assert_eq!(paper.watch(worker), Watched::Fine);
    paper.now += Duration::from_secs(3);
    assert_eq!(paper.watch(worker), Watched::Stuck);
    assert_eq!(paper.die(worker), 0);
    assert!(paper.runs(id), "it is executed again");
}

#[test]
fn who_is_to_be_alone_does_not_wait_for_a_worker_that_is_stuck() {
    let mut paper = Paper::new(1, 8, |_| {});
    let killer = paper.submit("a").unwrap();
    let stuck = paper.submit("b").unwrap();
    for _ in 0..2 {
        let worker = paper.worker_of(killer).unwrap();
        paper.die(worker);
    }
    let (first, second) = match paper.runs(killer) {
        true => (killer, stuck),
        false => (stuck, killer),
    };
    let worker = paper.worker_of(first).unwrap();
    paper.now += Duration::from_secs(33);
    assert_eq!(paper.watch(worker), Watched::Asked);
    assert!(!paper.runs(second));
    paper.start(0);
    assert!(paper.runs(second), "in the other worker");
}

#[test]
fn time_in_which_nobody_could_do_anything_does_not_count() {
    let mut paper = Paper::new(1, 8, |_| {});
    let id = paper.submit("a").unwrap();
    let worker = paper.worker_of(id).unwrap();
    let stop = Duration::from_secs(3600);
    paper.now += stop;
    paper.scheduler.excuse(worker, stop, paper.now);
    paper.now += Duration::from_secs(31);
    assert_eq!(paper.watch(worker), Watched::Fine);
    paper.now += Duration::from_secs(2);
    assert_eq!(paper.watch(worker), Watched::Asked);
    paper.now += stop;
    paper.scheduler.excuse(worker, stop, paper.now);
    assert_eq!(
        paper.watch(worker),
        Watched::Fine,
        "its answer may be on its way"
    );
    paper.scheduler.note_alive(worker).unwrap();
    assert_eq!(paper.watch(worker), Watched::Stuck);
    assert_eq!(paper.fault(id), Some(FaultKind::Timeout));
}
