//! The admin listener: for operators and their machines, not for clients.

use crate::http::{Answer, Call, Content, Handler, Payload, error, json};
use crate::metrics::Metrics;
use belljar_contract::ErrorType;
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use hyper::{Method, Request, StatusCode};
use serde_json::json as object;
use std::sync::Arc;

/// OpenMetrics, as `prometheus-client` writes it.
const METRICS_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Answers `GET /metrics` and `GET /healthz`.
#[derive(Debug)]
pub(crate) struct Admin(pub(crate) Arc<Metrics>);

impl Handler for Admin {
    const BODY_BYTES: usize = 0;

    async fn handle(&self, request: Request<Payload>, call: &Arc<Call>) -> Answer {
        let refuse = |error_type, message| error(error_type, message, &call.request_id);
        let path = request.uri().path();
        if !matches!(path, "/metrics" | "/healthz") {
            return refuse(
                ErrorType::NotFound,
                "no such path: there are /metrics and /healthz",
            );
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let mut answer = refuse(ErrorType::MethodNotAllowed, "expected GET");
            answer
                .headers_mut()
                .insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return answer;
        }
        if path == "/healthz" {
            return json(StatusCode::OK, &object!({"status": "ok"}));
        }
        let mut answer = Answer::new(Content::whole(self.0.encode()));
        let media_type = HeaderValue::from_static(METRICS_TYPE);
        answer.headers_mut().insert(CONTENT_TYPE, media_type);
        answer
    }
}
