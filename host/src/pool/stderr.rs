//! The standard error of workers.

use super::machine::{CHARACTERS, hearsay};
use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe::Receiver;

/// The most lines that are logged of what one worker writes to its standard error. A panic has five.
const LINES: usize = 20;

/// Logs what a worker writes to its standard error, up to a bound; the rest is read and forgotten, so that
/// it never waits for us.
pub(super) async fn log_errors(mut errors: Receiver, worker: usize, pid: u32) {
    let mut lines = 0;
    let mut line = Vec::new();
    let mut chunk = [0; 4096];
    while let Ok(count @ 1..) = errors.read(&mut chunk).await {
        for byte in &chunk[..count] {
            if *byte != b'\n' {
                // Four bytes a character, at most.
                if line.len() <= 4 * CHARACTERS {
                    line.push(*byte);
                }
                continue;
            }
            if lines < LINES {
                let said = hearsay(&String::from_utf8_lossy(&line));
                tracing::warn!(worker, pid, said, "worker wrote to its standard error");
            }
            lines += 1;
            line.clear();
        }
    }
}
