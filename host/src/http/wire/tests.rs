//! A connection's bytes, without a socket: hyper behind a wire, a client in front of it.

use super::*;
use crate::metrics::PoolReading;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use std::error::Error;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use wasmtime_wasi_http::io::TokioIo;

/// The bytes that a stream holds before anybody reads.
const HELD_BYTES: usize = 64 << 10;

/// The most of a head.
const HEADER_BYTES: u32 = 8 << 10;

/// Longer than anything here takes on a busy machine.
const LONG: Duration = Duration::from_secs(20);

/// Time enough for what comes at once, and not much to wait for what must not come.
const SHORT: Duration = Duration::from_millis(60);

const PATIENT: Timeouts = Timeouts {
    header: LONG,
    write: LONG,
    idle: LONG,
};

/// A connection to a server that answers every request with its body.
struct Connection {
    client: DuplexStream,
    shared: Arc<Shared>,
    metrics: Arc<Metrics>,
    server: JoinHandle<hyper::Result<()>>,
}

impl Connection {
    fn new(timeouts: Timeouts) -> Self {
        let (client, server) = duplex(HELD_BYTES);
        let shared = Arc::new(Shared::default());
        shared.set(Phase::Idle);
        let metrics = Metrics::new(PoolReading::default);
        let wire = Wire::new(
            server,
            Arc::clone(&shared),
            Arc::clone(&metrics),
            timeouts,
            HEADER_BYTES,
        );
        let of_service = Arc::clone(&shared);
        let connection = http1::Builder::new()
            .header_read_timeout(None)
            .max_header_size(HEADER_BYTES as usize)
            .serve_connection(
                TokioIo::new(wire),
                service_fn(move |request: Request<Incoming>| {
                    let shared = Arc::clone(&of_service);
                    shared.set(Phase::Busy);
                    async move {
                        let body = request.into_body().collect().await?.to_bytes();
                        shared.set(Phase::Answering);
                        Ok::<Response<Full<Bytes>>, hyper::Error>(Response::new(body.into()))
                    }
                }),
            );
        Self {
            client,
            shared,
            metrics,
            server: tokio::spawn(connection),
        }
    }

    async fn send(&mut self, text: &str) {
        self.client.write_all(text.as_bytes()).await.unwrap();
    }

    /// The text that comes until the server closes its half.
    async fn rest(&mut self) -> String {
        let mut text = String::new();
        let read = self.client.read_to_string(&mut text);
        timeout(LONG, read).await.expect("it should end").unwrap();
        text
    }

    /// The text that comes, up to this end.
    async fn until(&mut self, end: &str) -> String {
        let mut bytes = Vec::new();
        while !bytes.ends_with(end.as_bytes()) {
            let byte = timeout(LONG, self.client.read_u8()).await;
            bytes.push(byte.expect("it should come").expect("there should be more"));
        }
        String::from_utf8(bytes).unwrap()
    }
}

fn post(body: &str) -> String {
    let len = body.len();
    format!("POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: {len}\r\n\r\n{body}")
}

/// That this is an answer of ours with this status and error, and nothing else.
fn assert_own(text: &str, status: u16, error_type: ErrorType) {
    let (head, body) = text.split_once("\r\n\r\n").expect(text);
    assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{text}");
    let body: serde_json::Value = serde_json::from_str(body).expect(text);
    assert_eq!(body["error_type"], error_type.name(), "{text}");
    assert!(body["request_id"].is_string(), "{text}");
}

#[tokio::test]
async fn requests_are_answered_one_after_the_other() {
    let mut connection = Connection::new(PATIENT);
    connection
        .send(&[post("first"), post("second")].concat())
        .await;
    let text = connection.until("second").await;
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 2, "{text}");
    assert!(text.contains("first"), "{text}");
    connection.send(&post("third")).await;
    connection.until("third").await;
    assert_eq!(connection.shared.requests(), 3);
}

#[tokio::test]
async fn what_is_no_request_is_answered_in_our_words() {
    for (text, status, error_type) in [
        (
            "nonsense\r\n\r\n".to_owned(),
            400,
            ErrorType::InvalidRequest,
        ),
        (
            format!(
                "GET / HTTP/1.1\r\nx: {}\r\n\r\n",
                "x".repeat(HEADER_BYTES as usize)
            ),
            431,
            ErrorType::HeadersTooLarge,
        ),
        (
            "GET / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: gzip\r\n\r\n".to_owned(),
            501,
            ErrorType::UnsupportedTransferCoding,
        ),
    ] {
        let mut connection = Connection::new(PATIENT);
        connection.send(&text).await;
        assert_own(&connection.rest().await, status, error_type);
        let counted = format!("belljar_http_requests_total{{status=\"{status}\"}} 1\n");
        assert!(connection.metrics.encode().contains(&counted));
    }
}

#[tokio::test]
async fn who_is_refused_may_send_on_and_still_reads_why() {
    let mut connection = Connection::new(PATIENT);
    connection.send("nonsense\r\n\r\n").await;
    // Far more than fits between the two: somebody takes it off.
    let more = vec![b'x'; 4 * HELD_BYTES];
    let sent = timeout(LONG, connection.client.write_all(&more)).await;
    sent.expect("it should be read").unwrap();
    assert!(!connection.server.is_finished(), "it waits for our end");
    assert_own(&connection.rest().await, 400, ErrorType::InvalidRequest);
    connection.client.shutdown().await.unwrap();
    let ended = timeout(LONG, connection.server).await;
    let _ = ended.expect("now it ends").unwrap();
}

#[tokio::test]
async fn a_request_before_a_bad_one_is_answered_first() {
    let mut connection = Connection::new(PATIENT);
    let bad = "GET / HTTP/1.1\nhost: x\r\n\r\n";
    connection.send(&[&post("good"), bad].concat()).await;
    let text = connection.rest().await;
    let (good, bad) = text.split_once("good").expect(&text);
    assert!(good.starts_with("HTTP/1.1 200 OK"), "{text}");
    assert_own(bad, 400, ErrorType::InvalidRequest);
}

#[tokio::test]
async fn a_head_has_its_time_and_so_has_silence() {
    let hasty = Timeouts {
        header: SHORT,
        idle: SHORT,
        ..PATIENT
    };
    let mut begun = Connection::new(hasty);
    begun.send("GET / HT").await;
    assert_own(&begun.rest().await, 408, ErrorType::RequestTimeout);
    let mut silent = Connection::new(hasty);
    assert_eq!(silent.rest().await, "", "nothing was asked");
    let mut idle = Connection::new(Timeouts {
        header: LONG,
        ..hasty
    });
    idle.send(&post("once")).await;
    idle.until("once").await;
    assert_eq!(idle.rest().await, "", "it has its answer");
}

#[tokio::test]
async fn a_body_has_none_of_a_heads_time() {
    let mut connection = Connection::new(Timeouts {
        header: SHORT,
        idle: SHORT,
        ..PATIENT
    });
    let text = post("slowly");
    let (begin, end) = text.split_at(text.len() - 3);
    connection.send(begin).await;
    sleep(3 * SHORT).await;
    connection.send(end).await;
    connection.until("slowly").await;
}

#[tokio::test]
async fn a_client_that_does_not_read_its_answer_is_given_up() {
    let mut connection = Connection::new(Timeouts {
        write: SHORT,
        ..PATIENT
    });
    connection.send(&post(&"x".repeat(4 * HELD_BYTES))).await;
    let ended = timeout(LONG, connection.server).await.unwrap().unwrap();
    let error = ended.expect_err("it failed");
    let source = error.source().and_then(|it| it.downcast_ref::<io::Error>());
    assert_eq!(source.map(io::Error::kind), Some(io::ErrorKind::TimedOut));
}

#[tokio::test]
async fn who_is_about_to_ask_is_told_that_the_server_stops() {
    let mut connection = Connection::new(PATIENT);
    connection.shared.end(Ending::Stopping);
    connection.send("GET").await;
    assert_own(&connection.rest().await, 503, ErrorType::Unavailable);
}
