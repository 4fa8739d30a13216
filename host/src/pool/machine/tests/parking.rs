//! Parking: executions that sleep give up their places.

use super::super::lie::Lie;
use super::paper::Paper;
use crate::worker::protocol::Request;

#[test]
fn who_sleeps_keeps_nobody_waiting() {
    let mut paper = Paper::new(2, 8, |rules| rules.parked_per_worker = 200);
    for _ in 0..200 {
        let id = paper.submit("a").unwrap();
        assert!(paper.runs(id), "the others sleep");
        paper.park(id, 1 << 20).unwrap();
    }
    let load = paper.scheduler.load();
    assert_eq!((load.running, load.parked, load.queued), (200, 200, 0));
}

#[test]
fn who_wakes_goes_on_before_what_is_new_of_the_same_client() {
    let mut paper = Paper::new(1, 1, |_| {});
    let sleeper = paper.submit("a").unwrap();
    paper.park(sleeper, 0).unwrap();
    let runs = paper.submit("a").unwrap();
    let new = paper.submit("a").unwrap();
    paper.wake(sleeper).unwrap();
    assert_eq!(paper.resumed(sleeper), 0, "the place is taken");
    paper.finish(runs);
    assert_eq!(paper.resumed(sleeper), 1);
    assert!(!paper.runs(new));
    paper.finish(sleeper);
    assert!(paper.runs(new));
}

#[test]
fn a_herd_that_wakes_does_not_keep_others_from_starting() {
    let mut paper = Paper::new(1, 2, |rules| {
        rules.queue_length = 3;
        rules.parked_per_worker = 400;
    });
    let herd: Vec<u64> = (0..200)
        .map(|_| {
            let id = paper.submit("a").unwrap();
            paper.park(id, 0).unwrap();
            id
        })
        .collect();
    for id in &herd {
        paper.wake(*id).unwrap();
    }
    let new = paper.submit("b").unwrap();
    let first = herd.iter().find(|id| paper.resumed(**id) == 1).unwrap();
    paper.finish(*first);
    assert!(paper.runs(new), "it holds nothing, the herd holds one");
    paper.finish(new);
    for _ in 1..200 {
        let next = herd
            .iter()
            .find(|id| paper.runs(**id) && paper.resumed(**id) == 1);
        paper.finish(*next.expect("all of them get their turn"));
    }
    assert_eq!(paper.scheduler.load().running, 0);
}

#[test]
fn what_is_parked_is_bounded_for_all_and_for_each() {
    let mut paper = Paper::new(1, 8, |rules| {
        rules.parked_per_worker = 10;
        rules.parked_bytes = 100 << 20;
    });
    let sleep = |paper: &mut Paper, client: &str, bytes: u64| {
        let id = paper.submit(client).unwrap();
        assert!(paper.runs(id));
        paper.park(id, bytes).unwrap();
        id
    };
    for _ in 0..6 {
        sleep(&mut paper, "a", 0);
    }
    assert_eq!(paper.scheduler.load().parked, 5, "half is for one");
    assert_eq!(paper.scheduler.clients.of("a").places, 1);
    sleep(&mut paper, "b", 60 << 20);
    assert_eq!(paper.scheduler.clients.of("b").places, 1, "too large");
    let large = sleep(&mut paper, "c", 50 << 20);
    assert_eq!(paper.scheduler.clients.of("c").parked, 1);
    sleep(&mut paper, "d", 50 << 20);
    assert_eq!(paper.scheduler.clients.of("d").places, 1, "too much");
    paper.finish(large);
    assert_eq!(paper.scheduler.room.bytes_now, 5 * (256 << 10));
}

#[test]
fn what_is_parked_can_end_and_be_given_up() {
    let mut paper = Paper::new(1, 1, |_| {});
    let [first, second] = [(); 2].map(|()| {
        let id = paper.submit("a").unwrap();
        paper.park(id, 0).unwrap();
        id
    });
    let runs = paper.submit("b").unwrap();
    paper.wake(second).unwrap();
    paper.abandon(second);
    assert_eq!(paper.sent(&Request::Cancel { id: second }), 1);
    // Its worker answers, wherever it stood; and so when it is late.
    paper.finish(second);
    paper.finish(first);
    assert!(paper.runs(runs));
    assert_eq!(paper.scheduler.load().parked, 0);
}

#[test]
fn nonsense_about_waiting_is_a_lie() {
    let mut paper = Paper::new(1, 2, |_| {});
    let id = paper.submit("a").unwrap();
    let worker = paper.worker_of(id).unwrap();
    let now = paper.now;
    assert_eq!(paper.wake(id), Err(Lie::NotWaiting));
    assert_eq!(paper.scheduler.park(worker, 77, 0, now), Err(Lie::NotGiven));
    assert_eq!(paper.park(id, 0), Ok(()));
    assert_eq!(paper.park(id, 0), Err(Lie::NotRunning));
    assert_eq!(paper.wake(id), Ok(()));
    assert_eq!(paper.wake(id), Err(Lie::NotWaiting));
    assert_eq!(paper.scheduler.wake(worker, 77, now), Err(Lie::NotGiven));
    assert_eq!(paper.scheduler.note_alive(worker), Err(Lie::NotAsked));
}
