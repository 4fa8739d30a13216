//! Sharing: clients and the places there are.

use super::paper::Paper;
use crate::Rejection;
use std::time::Duration;

#[test]
fn one_client_never_has_more_than_three_quarters_of_the_places() {
    for places in 1..=8 {
        let mut paper = Paper::new(2, places, |_| {});
        let greedy: Vec<u64> = (0..40).map(|_| paper.submit("a").unwrap()).collect();
        let all = 2 * places;
        let has = greedy.iter().filter(|id| paper.runs(**id)).count();
        assert_eq!(has, all - all / 4, "of {all}");
        if all >= 4 {
            let modest = paper.submit("b").unwrap();
            assert!(paper.runs(modest), "somebody else finds a place of {all}");
        }
    }
}

#[test]
fn several_greedy_clients_leave_a_place_too() {
    let mut paper = Paper::new(2, 8, |_| {});
    for _ in 0..40 {
        for client in ["a", "b", "c", "d"] {
            paper.submit(client).unwrap();
        }
    }
    let modest = paper.submit("e").unwrap();
    assert!(paper.runs(modest));
}

#[test]
fn a_free_place_goes_to_who_holds_least() {
    let mut paper = Paper::new(1, 4, |_| {});
    let held: Vec<u64> = (0..3).map(|_| paper.submit("a").unwrap()).collect();
    let more = paper.submit("a").unwrap();
    let other = [paper.submit("b").unwrap(), paper.submit("b").unwrap()];
    assert!(!paper.runs(more), "three of four are enough");
    assert!(paper.runs(other[0]) && !paper.runs(other[1]));
    paper.finish(held[0]);
    assert!(paper.runs(other[1]) && !paper.runs(more));
}

#[test]
fn a_client_with_much_to_do_does_not_hold_up_another() {
    let mut paper = Paper::new(1, 1, |_| {});
    let greedy: Vec<u64> = (0..20).map(|_| paper.submit("greedy").unwrap()).collect();
    let modest = paper.submit("modest").unwrap();
    paper.finish(greedy[0]);
    paper.finish(greedy[1]);
    assert!(paper.runs(modest), "one went before it, of nineteen");
}

#[test]
fn what_does_not_fit_in_the_queue_is_told_when_to_come_back() {
    let mut paper = Paper::new(1, 1, |rules| rules.queue_length = 2);
    let accepted = [(); 3].map(|()| paper.submit("a").unwrap());
    let Err(Rejection::Overloaded { retry_after }) = paper.submit("a") else {
        panic!("three are enough");
    };
    assert!(retry_after >= Duration::from_secs(1));
    for id in accepted {
        assert!(paper.runs(id));
        paper.finish(id);
    }
    assert_eq!(paper.counters.overloaded.get(), 1);
    assert_eq!(paper.counters.accepted.get(), paper.counters.ended.get());
}

#[test]
fn nobody_waits_for_longer_than_one_may() {
    let mut paper = Paper::new(1, 1, |_| {});
    let [runs, waits] = [(); 2].map(|()| paper.submit("a").unwrap());
    paper.now += Duration::from_secs(30);
    paper.expire(runs);
    assert!(paper.answer(runs).is_none(), "it waits no longer");
    paper.expire(waits);
    let (result, waited) = paper.answer(waits).unwrap();
    assert!(matches!(result, Err(Rejection::Overloaded { .. })));
    assert_eq!(waited, Duration::from_secs(30));
}

#[test]
fn what_is_given_up_before_it_runs_never_does() {
    let mut paper = Paper::new(1, 1, |_| {});
    let [runs, waits, last] = [(); 3].map(|()| paper.submit("a").unwrap());
    paper.abandon(waits);
    assert_eq!(paper.forgotten, [waits]);
    paper.finish(runs);
    assert!(paper.runs(last) && paper.answer(waits).is_none());
    assert_eq!(paper.counters.abandoned.get(), 1);
}

#[test]
#[should_panic(expected = "time goes on")]
fn books_that_are_wrong_are_noticed() {
    let mut paper = Paper::new(1, 1, |_| {});
    paper.submit("a").unwrap();
    paper.now -= Duration::from_secs(1);
    let _ = paper.submit("a");
}
