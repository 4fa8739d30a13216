//! Those who live beside the attacker.

use belljar_tests::client::Client;
use belljar_tests::http::Server;
use belljar_tests::neighbours::{Kind, Pauses, Report, Resident};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// The requests of the residents, and the number of residents that ask for each.
const RESIDENTS: [(Kind, u16); 3] = [(Kind::Tiny, 3), (Kind::Pandas, 2), (Kind::Stream, 2)];

/// The pause between two requests.
const REST: Duration = Duration::from_millis(10);

/// The report of all of them, who go on until this becomes true.
pub(crate) fn live(server: &Server, pauses: &Pauses, ends: &AtomicBool) -> Report {
    let until = || ends.load(Ordering::Relaxed);
    let mut number = 0;
    let mut report = Report::default();
    thread::scope(|scope| {
        let mut threads = Vec::new();
        for (kind, count) in RESIDENTS {
            for _ in 0..count {
                number += 1;
                let client = Client::new(server, number);
                let mut resident = Resident::new(client, number, kind, REST);
                threads.push(scope.spawn(move || resident.live(pauses, &until)));
            }
        }
        for thread in threads {
            report.merge(thread.join().expect("a resident"));
        }
    });
    report
}

/// The same for so much time.
pub(crate) fn live_for(server: &Server, pauses: &Pauses, time: Duration) -> Report {
    let ends = AtomicBool::new(false);
    thread::scope(|scope| {
        let residents = scope.spawn(|| live(server, pauses, &ends));
        thread::sleep(time);
        ends.store(true, Ordering::Relaxed);
        residents.join().expect("residents")
    })
}
