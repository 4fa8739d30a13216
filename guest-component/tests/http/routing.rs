//! Paths, methods, request ids, and the headers of every answer.

use std::time::Duration;

use belljar_front::contract::{Completion, Rejection};

use crate::support::{Call, Fake};

const POSTS: [&str; 2] = ["/execute", "/run"];
const GETS: [&str; 7] = [
    "/",
    "/embed",
    "/embed.js",
    "/runtime",
    "/healthz",
    "/readyz",
    "/openapi.json",
];

#[test]
fn an_unknown_path_is_not_found() {
    for path in [
        "/nope",
        "/execute/",
        "//execute",
        "/EXECUTE",
        "/execute%2f",
        "*",
        "",
        "/run/1",
    ] {
        for method in ["GET", "POST", "OPTIONS"] {
            Call::new(method, path).send().error(404, "not_found");
        }
    }
}

#[test]
fn a_query_makes_no_difference() {
    assert_eq!(
        Call::get("/healthz?a=b?c")
            .sent_to_unchecked(&Fake::default())
            .response
            .status,
        200
    );
}

#[test]
fn another_method_is_told_which_ones_there_are() {
    let methods = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "get", "X",
    ];
    for method in methods {
        for (paths, taken, allow) in [
            (&POSTS[..], ["POST"].as_slice(), "POST, OPTIONS"),
            (&GETS[..], ["GET", "HEAD"].as_slice(), "GET, HEAD, OPTIONS"),
        ] {
            if taken.contains(&method) {
                continue;
            }
            for path in paths {
                let answer = Call::new(method, path).send();
                assert_eq!(
                    (answer.response.status, answer.header("allow")),
                    (405, Some(allow))
                );
                if method != "HEAD" {
                    answer.error(405, "method_not_allowed");
                }
            }
        }
    }
}

#[test]
fn head_has_the_headers_of_get_and_no_body() {
    for path in GETS {
        let get = Call::get(path).send();
        let head = Call::new("HEAD", path).send();
        assert_eq!(head.response.status, 200);
        assert_eq!(head.response.headers, get.response.headers);
        assert!(head.response.body.is_empty() && !get.response.body.is_empty());
    }
}

#[test]
fn options_tells_the_methods() {
    for path in POSTS {
        let answer = Call::new("OPTIONS", path).send();
        assert_eq!(
            (answer.response.status, answer.header("allow")),
            (204, Some("POST, OPTIONS"))
        );
    }
    for path in GETS {
        let answer = Call::new("OPTIONS", path).send();
        assert_eq!(answer.header("allow"), Some("GET, HEAD, OPTIONS"));
    }
}

#[test]
fn a_sane_request_id_is_taken_over() {
    for id in [
        "a",
        "7f3c-11",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ] {
        let answer = Call::get("/healthz").header("X-Request-Id", id).send();
        assert_eq!(answer.header("x-request-id"), Some(id));
    }
}

#[test]
fn any_other_request_id_is_replaced() {
    let long = "a".repeat(129);
    for id in ["", "a b", "<script>", "é", "a\tb", "\u{7f}", long.as_str()] {
        let answer = Call::get("/healthz").header("x-request-id", id).send();
        assert_eq!(answer.header("x-request-id"), Some("0000000000000001"));
    }
    let bytes = Call::get("/healthz").header("x-request-id", b"\xff").send();
    assert_eq!(bytes.header("x-request-id"), Some("0000000000000001"));
    let twice = Call::get("/healthz")
        .header("x-request-id", "a")
        .header("x-request-id", "b")
        .send();
    assert_eq!(twice.header("x-request-id"), Some("0000000000000001"));
}

#[test]
fn every_answer_has_an_id_is_not_cached_and_not_sniffed() {
    let busy = Fake::rejecting(&Rejection::Overloaded {
        retry_after: Duration::from_millis(1),
    });
    let broken = Fake::rejecting(&Rejection::Internal("why".to_owned()));
    let exited = Fake::giving(Completion::Exited(1));
    let script = r#"{"script": "x"}"#;
    for (call, fake, status) in [
        (Call::post("/run", script), &exited, 200),
        (Call::post("/execute", "{"), &exited, 400),
        (Call::get("/nope"), &exited, 404),
        (Call::get("/run"), &exited, 405),
        (Call::new("POST", "/run"), &exited, 415),
        (Call::post("/execute", script), &broken, 500),
        (Call::post("/execute", script), &busy, 503),
        (Call::get("/healthz"), &exited, 200),
        (Call::new("OPTIONS", "/"), &exited, 204),
    ] {
        let answer = call.header("x-request-id", "id").sent_to(fake);
        assert_eq!(answer.response.status, status);
        for (name, value) in [
            ("x-request-id", "id"),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("vary", "origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{status} {name}");
        }
    }
}
