//! Starting and ending worker processes.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use tokio::sync::oneshot;

/// Starts and ends processes on a thread of its own.
///
/// The thread matters: a worker asks the kernel to be killed when its parent dies, and the kernel
/// means by that the *thread* that started it. This one lives as long as the pool does; a thread of
/// an event loop may not.
#[derive(Debug, Clone)]
pub(super) struct Spawner {
    orders: mpsc::Sender<Order>,
}

/// A process, our end of its connection, and the pipe that is its standard error.
type Started = (Child, UnixStream, Option<ChildStderr>);

enum Order {
    Start(oneshot::Sender<io::Result<Started>>),
    End(Child, Option<oneshot::Sender<ExitStatus>>),
}

/// A running worker. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Process {
    child: Option<Child>,
    spawner: Spawner,
}

impl Spawner {
    /// A spawner of `program worker`.
    pub(super) fn new(program: PathBuf) -> io::Result<Self> {
        let (orders, received) = mpsc::channel();
        std::thread::Builder::new()
            .name("belljar-spawner".to_owned())
            .spawn(move || {
                for order in received {
                    match order {
                        Order::Start(reply) => {
                            // If nobody waits any more, the child comes back and is ended.
                            if let Err(Ok((mut child, ..))) = reply.send(start(&program)) {
                                let _ = child.kill();
                                let _ = child.wait();
                            }
                        }
                        Order::End(mut child, reply) => {
                            // Fails if it has ended by itself.
                            let _ = child.kill();
                            if let (Ok(status), Some(reply)) = (child.wait(), reply) {
                                let _ = reply.send(status);
                            }
                        }
                    }
                }
            })?;
        Ok(Self { orders })
    }

    /// Starts a worker; returns it with our end of its connection, and of its standard error.
    pub(super) async fn start(&self) -> io::Result<(Process, UnixStream, Option<ChildStderr>)> {
        let gone = || io::Error::other("the thread that starts workers has ended");
        let (reply, started) = oneshot::channel();
        self.orders.send(Order::Start(reply)).map_err(|_| gone())?;
        let (child, stream, errors) = started.await.map_err(|_| gone())??;
        let process = Process {
            child: Some(child),
            spawner: self.clone(),
        };
        Ok((process, stream, errors))
    }
}

impl Process {
    pub(super) fn id(&self) -> u32 {
        self.child.as_ref().map_or(0, Child::id)
    }

    /// Kills the process if it still runs, and says how it ended.
    pub(super) async fn end(mut self) -> Option<ExitStatus> {
        let (reply, ended) = oneshot::channel();
        let child = self.child.take()?;
        self.spawner
            .orders
            .send(Order::End(child, Some(reply)))
            .ok()?;
        ended.await.ok()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(child) = self.child.take() {
            let _ = self.spawner.orders.send(Order::End(child, None));
        }
    }
}

fn start(program: &PathBuf) -> io::Result<Started> {
    let (ours, theirs) = UnixStream::pair()?;
    ours.set_nonblocking(true)?;
    let mut command = Command::new(program);
    command
        .arg("worker")
        .env_clear()
        .current_dir("/")
        // Not in our group: Ctrl-C in a terminal is for the server, which ends its workers itself.
        .process_group(0)
        .stdin(OwnedFd::from(theirs))
        .stdout(Stdio::null())
        // Not ours: what it writes there goes through our hands.
        .stderr(Stdio::piped());
    // SAFETY: between fork and exec only calls that are safe after a fork: one system call.
    unsafe { command.pre_exec(close_other_files) };
    let mut child = command.spawn()?;
    let errors = child.stderr.take();
    Ok((child, ours, errors))
}

/// Has all files but the three standard ones close when the worker's program begins: also those
/// that some library of this process, or its parent, opened without saying so.
fn close_other_files() -> io::Result<()> {
    let flags = libc::CLOSE_RANGE_CLOEXEC;
    // SAFETY: takes numbers only; marks descriptors, and closes none yet.
    unsafe { libc::syscall(libc::SYS_close_range, 3, u32::MAX, flags) };
    // Fails before Linux 5.11. Then the mark has to do that Rust puts on all it opens.
    Ok(())
}
