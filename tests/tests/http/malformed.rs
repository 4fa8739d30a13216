//! Requests that are not what they should be.

use crate::server;
use belljar_tests::http::Server;
use serde_json::{Value, json};

#[test]
fn bodies_that_are_not_the_json_we_describe_are_refused_by_name() {
    let script = r#""script": "def main(): return 1""#;
    let server = server();
    for (body, message) in [
        (String::new(), ""),
        ("{".to_owned(), "line 1"),
        ("[]".to_owned(), "object"),
        (format!("{{{script}, \"scrpt\": 1}}"), "scrpt"),
        (format!("{{{script}, \"stdin\": 1}}"), "stdin"),
        (format!("{{{script}, \"args\": \"a\"}}"), "args"),
        (
            format!("{{{script}, \"limits\": {{\"fuel\": \"x\"}}}}"),
            "limits.fuel",
        ),
        (
            format!("{{{script}, \"limits\": {{\"timeout_ms\": 99999999}}}}"),
            "limits.timeout_ms",
        ),
        (format!("{{{script}, {script}}}"), "script"),
    ] {
        server
            .json("/execute", &body)
            .refuses(400, "invalid_request", message);
    }
    server
        .json("/execute", "{}")
        .refuses(400, "missing_script", "script");
}

#[test]
fn other_kinds_of_content_are_refused() {
    let server = server();
    let body = br#"{"script": "def main(): return 1"}"#;
    for content_type in ["text/plain", "application/x-www-form-urlencoded"] {
        let answer = server.post("/execute", content_type, body);
        answer.refuses(415, "unsupported_media_type", "application/json");
    }
    let not_utf8 = b"{\"script\": \"\xff\"}";
    server
        .post("/execute", "application/json", not_utf8)
        .refuses(400, "invalid_request", "UTF-8");
    let answer = server.raw(
        b"POST /execute HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
          Content-Encoding: gzip\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
    );
    assert!(answer.starts_with("HTTP/1.1 415"), "{answer}");
}

#[test]
fn too_much_is_refused() {
    let server = server();
    let script = format!("def main(): pass\n{}", "#".repeat(101 << 10));
    let body = serde_json::json!({ "script": script }).to_string();
    server
        .json("/execute", &body)
        .refuses(413, "script_too_large", "102400");
    let answer = server.raw(
        b"POST /execute HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
          Content-Length: 10000000\r\nConnection: close\r\n\r\n{",
    );
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    // Other hosts of the front have limits of their own for what comes before it.
    if crate::skips_as_remote() {
        return;
    }
    let header = format!(
        "GET / HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n",
        "x".repeat(64 << 10)
    );
    let answer = server.raw(header.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

/// Refusals that the listener makes before the front sees a request are in the front's description
/// all the same.
#[test]
fn refusals_of_the_listener_are_described() {
    if crate::skips_as_remote() {
        return;
    }
    let server = Server::start(&["--header-timeout-ms", "300", "--body-timeout-ms", "300"]);
    let openapi = server.get("/openapi.json").value();
    let operation = &openapi["paths"]["/execute"]["post"]["responses"];
    let described = |status: &str| {
        let response = operation[status]["$ref"].as_str().expect("a reference");
        let schema = openapi.pointer(&response[1..]).expect("a response")["content"]
            ["application/json"]["schema"]["$ref"]
            .as_str()
            .expect("a schema");
        openapi.pointer(&schema[1..]).expect("it is there")["properties"].clone()
    };
    let body_to_come = "Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{";
    for (status, error_type, request) in [
        (
            "408",
            "request_timeout",
            "POST /execute HTTP/1.1\r\nHost: x\r\nX-Slow".to_owned(),
        ),
        (
            "408",
            "request_timeout",
            format!("POST /execute HTTP/1.1\r\nHost: x\r\n{body_to_come}"),
        ),
        (
            "414",
            "uri_too_long",
            format!(
                "GET /{} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "x".repeat(9000)
            ),
        ),
        (
            "431",
            "headers_too_large",
            format!(
                "GET / HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n",
                "x".repeat(64 << 10)
            ),
        ),
    ] {
        let answer = server.raw(request.as_bytes());
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{answer}"
        );
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        let head = head.to_lowercase();
        assert!(
            head.contains("x-request-id: ") && head.contains("application/json"),
            "{head}"
        );
        let body: Value = serde_json::from_str(body).expect("a body of JSON");
        assert_eq!(body["error_type"], error_type);
        let properties = described(status);
        let types = properties["error_type"]["enum"].as_array().expect("a list");
        assert!(types.contains(&body["error_type"]), "{types:?}");
        for name in body.as_object().expect("an object").keys() {
            assert!(
                properties[name].is_object(),
                "{status}: {name} is not described"
            );
        }
    }
}

#[test]
fn what_is_not_there_is_said_with_what_is() {
    let server = server();
    let answer = server.get("/execute");
    answer.refuses(405, "method_not_allowed", "");
    assert!(
        answer
            .header("allow")
            .is_some_and(|allow| allow.contains("POST"))
    );
    server.get("/nothing").refuses(404, "not_found", "");
    let answer = server.raw(b"NONSENSE\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
}

#[test]
fn requests_may_be_pipelined() {
    let get = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2);
    let last = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answer = server().raw((get + last).as_bytes());
    assert_eq!(answer.matches("HTTP/1.1 200").count(), 3, "{answer}");
}

#[test]
fn every_answer_has_a_request_id_and_takes_ours() {
    let server = server();
    assert!(server.get("/healthz").header("x-request-id").is_some());
    let answer = server.raw(
        b"GET /nothing HTTP/1.1\r\nHost: x\r\nX-Request-Id: my-own-id\r\nConnection: close\r\n\r\n",
    );
    assert!(
        answer.to_lowercase().contains("x-request-id: my-own-id"),
        "{answer}"
    );
}

#[test]
fn the_service_describes_itself() {
    let server = server();
    let runtime = server.get("/runtime").value();
    if runtime["edition"] == "small" {
        assert_eq!(runtime["packages"], json!({}));
    } else {
        assert_eq!(runtime["python_version"], "3.15.0");
        assert!(runtime["packages"]["pandas"].is_string(), "{runtime}");
    }
    let openapi = server.get("/openapi.json").value();
    assert!(
        openapi["openapi"]
            .as_str()
            .is_some_and(|version| version.starts_with("3.1"))
    );
    for path in ["/", "/healthz", "/readyz"] {
        assert_eq!(server.get(path).status, 200, "{path}");
    }
}
