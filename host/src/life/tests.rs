//! Servers over an executor without sandboxes: what they ask of it, and when.

use super::scripted::{ENDLESS, Scripted};
use super::*;
use crate::executor_http::{ExecutorHttp, Token, TokenGate};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

const TOKEN: &str = "0123456789abcdef";

/// Longer than anything here takes on a busy machine.
const LONG: Duration = Duration::from_secs(20);

/// Time enough for what happens at once, and not much to wait for what must not happen.
const SHORT: Duration = Duration::from_millis(60);

/// A server of the executor protocol.
struct Server {
    address: SocketAddr,
    executor: Arc<Scripted>,
    signal: oneshot::Sender<&'static str>,
    life: JoinHandle<Result<(), ServeError>>,
}

impl Server {
    async fn start(grace: Duration) -> Self {
        let mut config = Config::default();
        config.http.shutdown_grace_ms = u64::try_from(grace.as_millis()).unwrap();
        let clients = Listener::bind("127.0.0.1:0").await.unwrap();
        let address = clients.address();
        let executor = Arc::new(Scripted::new());
        let (signal, told) = oneshot::channel();
        let own = Arc::clone(&executor);
        let life = tokio::spawn(async move {
            let listeners = Listeners {
                clients,
                admin: None,
            };
            let site = async |parts: Parts<Scripted>| {
                let token = Token::new(TOKEN).expect("it is long enough");
                Ok(Site {
                    handler: ExecutorHttp::new(parts.executor),
                    gates: vec![Box::new(TokenGate(token))],
                })
            };
            let told = async { told.await.unwrap_or("nobody is left") };
            live(&config, &listeners, own, site, told).await
        });
        Self {
            address,
            executor,
            signal,
            life,
        }
    }

    /// Asks to execute a script; the answer will be the whole of what comes.
    async fn ask(&self, script: &str, token: &str) -> JoinHandle<String> {
        let body = format!(r#"{{"mode": "function", "script": "{script}"}}"#);
        let request = format!(
            "POST /v1/execute HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             authorization: Bearer {token}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        tokio::spawn(async move {
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer
        })
    }

    /// Waits until the executor was asked for this last.
    async fn until_asked(&self, what: &str) {
        let asked = async {
            while self.executor.asked().last().is_none_or(|last| last != what) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(LONG, asked).await.expect(what);
    }
}

async fn ended<T>(task: JoinHandle<T>) -> T {
    timeout(LONG, task).await.expect("it should end").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_answered_before_the_executor_is_ready() {
    let server = Server::start(LONG).await;
    let mut early = server.ask("1", TOKEN).await;
    assert!(timeout(SHORT, &mut early).await.is_err(), "it waits");
    assert_eq!(server.executor.asked(), ["ready"]);
    server.executor.get_ready();
    let answer = ended(early).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert_eq!(server.executor.asked(), ["ready", "execute 1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_pass_a_gate_reaches_no_executor() {
    let server = Server::start(LONG).await;
    server.executor.get_ready();
    let answer = ended(server.ask("1", "0123456789abcdeF").await).await;
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert!(
        answer.contains("\r\nwww-authenticate: Bearer\r\n"),
        "{answer}"
    );
    assert_eq!(server.executor.asked(), ["ready"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_waits_for_what_runs_and_then_stops_its_executor_once() {
    let server = Server::start(SHORT).await;
    server.executor.get_ready();
    let endless = server.ask(ENDLESS, TOKEN).await;
    server.until_asked("execute endless").await;
    let start = Instant::now();
    server.signal.send("SIGTERM").unwrap();
    // It is cancelled when the grace period is over, and its client is told.
    let answer = ended(endless).await;
    assert!(start.elapsed() >= SHORT);
    assert!(answer.contains("cancelled"), "{answer}");
    ended(server.life).await.unwrap();
    assert_eq!(
        server.executor.asked(),
        ["ready", "execute endless", "stop 0"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_server_stops_new_requests_are_refused() {
    let server = Server::start(LONG).await;
    server.executor.get_ready();
    let endless = server.ask(ENDLESS, TOKEN).await;
    server.until_asked("execute endless").await;
    server.signal.send("SIGTERM").unwrap();
    tokio::time::sleep(SHORT).await;
    // `signal` is gone: what is left of the server is asked for its address only.
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let request = b"GET /v1/describe HTTP/1.1\r\nhost: localhost\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut answer = String::new();
    timeout(LONG, stream.read_to_string(&mut answer))
        .await
        .unwrap()
        .unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(!endless.is_finished());
    // The client that waits goes: then there is nothing to wait for.
    endless.abort();
    ended(server.life).await.unwrap();
    assert_eq!(
        server.executor.asked(),
        ["ready", "execute endless", "stop 0"]
    );
}
