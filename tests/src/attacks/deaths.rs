//! Deaths of workers: no script can cause one, but a kernel that is out of memory can. What ran
//! there has no effects but its answer, so it is run again, and nobody is told.

use super::Attack;
use std::process::Command;
use std::time::Duration;

pub(super) const ATTACKS: &[Attack] = &[Attack::new("workers that are killed in turn", |field| {
    let mut turn = 0;
    while field.goes_on() {
        field.wait(Duration::from_millis(700));
        let workers = field.server.workers_now();
        // None while all of them are being replaced.
        let Some(victim) = workers.get(turn % workers.len().max(1)) else {
            continue;
        };
        kill(*victim);
        turn += 1;
    }
})
.that_kills_workers()
.at_least_ms(3000)];

/// Ends a process at once.
fn kill(pid: u32) {
    // It may have ended by itself.
    let _ = Command::new("kill")
        .args(["-KILL", &pid.to_string()])
        .status();
}
