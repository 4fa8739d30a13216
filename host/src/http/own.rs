//! An answer of ours to something that never became a request.

use super::answer;
use super::call::new_id;
use crate::metrics::Metrics;
use belljar_contract::ErrorType;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::AsyncWrite;

/// An error, as it is written to a connection.
#[derive(Debug)]
pub(super) struct OwnAnswer {
    bytes: Vec<u8>,
    written: usize,
}

impl OwnAnswer {
    /// An answer with this error, which is counted and noted in the log.
    pub(super) fn new(error_type: ErrorType, message: &str, metrics: &Metrics) -> Self {
        let request_id = new_id();
        let status = error_type.status();
        metrics.answered(status, None);
        tracing::info!(
            target: "belljar::access",
            status,
            request_id,
            outcome = error_type.name(),
            error = message,
            "no request"
        );
        Self {
            bytes: answer::raw(error_type, message, &request_id),
            written: 0,
        }
    }

    /// Writes on from where it stopped, to the end.
    pub(super) fn poll_write_to<S: AsyncWrite + Unpin>(
        &mut self,
        stream: &mut S,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            let rest = self.bytes.get(self.written..).unwrap_or_default();
            if rest.is_empty() {
                return Poll::Ready(Ok(()));
            }
            let count = ready!(Pin::new(&mut *stream).poll_write(cx, rest))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.written += count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::PoolReading;
    use std::future::poll_fn;
    use tokio::io::{AsyncReadExt, duplex};

    #[tokio::test]
    async fn it_is_whole_however_slowly_it_is_taken_and_it_is_counted() {
        let metrics = Metrics::new(PoolReading::default);
        let message = "request head: expected within 5 ms";
        let mut answer = OwnAnswer::new(ErrorType::RequestTimeout, message, &metrics);
        let (mut ours, mut theirs) = duplex(7);
        let writing =
            tokio::spawn(async move { poll_fn(|cx| answer.poll_write_to(&mut ours, cx)).await });
        let mut text = String::new();
        theirs.read_to_string(&mut text).await.unwrap();
        writing.await.unwrap().unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 408 "), "{head}");
        assert!(head.contains("\r\nconnection: close"), "{head}");
        assert!(head.contains(&format!("\r\ncontent-length: {}\r\n", body.len())));
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["error_type"], "request_timeout");
        assert_eq!(body["error"], message);
        assert!(
            metrics
                .encode()
                .contains("http_requests_total{status=\"408\"} 1\n")
        );
    }
}
