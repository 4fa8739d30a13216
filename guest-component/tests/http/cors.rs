//! Tests of which other sites may call the API from a browser.

use crate::support::{Answer, Call, Fake};

const ORIGINS: &str = "cors_allow_origins";

fn call_from(origin: &str, fake: &Fake) -> Answer {
    Call::post("/execute", r#"{"script": "x"}"#)
        .header("origin", origin)
        .sent_to(fake)
}

fn preflight(origin: &str, fake: &Fake) -> Answer {
    Call::new("OPTIONS", "/execute")
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type")
        .sent_to(fake)
}

#[test]
fn by_default_no_other_site_may() {
    let fake = Fake::default();
    for answer in [
        call_from("https://a.example", &fake),
        preflight("https://a.example", &fake),
    ] {
        assert_eq!(answer.header("access-control-allow-origin"), None);
        assert_eq!(answer.header("vary"), Some("origin"));
    }
}

#[test]
fn a_listed_site_may() {
    let fake = Fake::default().with_variable(ORIGINS, "https://a.example, https://b.example");
    for answer in [
        call_from("https://b.example", &fake),
        preflight("https://b.example", &fake),
    ] {
        assert_eq!(
            answer.header("access-control-allow-origin"),
            Some("https://b.example")
        );
        let exposed = answer.header("access-control-expose-headers");
        assert_eq!(exposed, Some("x-request-id, retry-after"));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
    }
    let other = call_from("https://c.example", &fake);
    assert_eq!(other.header("access-control-allow-origin"), None);
}

#[test]
fn a_star_lets_every_site() {
    let fake = Fake::default().with_variable(ORIGINS, "*");
    let answer = call_from("https://any.example", &fake);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
}

#[test]
fn a_preflight_is_told_what_it_asks() {
    let fake = Fake::default().with_variable(ORIGINS, "*");
    let answer = preflight("https://any.example", &fake);
    assert_eq!(answer.response.status, 204);
    assert_eq!(
        answer.header("access-control-allow-methods"),
        Some("POST, OPTIONS")
    );
    let headers = answer.header("access-control-allow-headers");
    assert_eq!(headers, Some("content-type, x-request-id"));
    assert_eq!(answer.header("access-control-max-age"), Some("7200"));
    assert_eq!(fake.programs_run(), 0);
}

#[test]
fn a_listed_site_can_read_errors_as_well() {
    let fake = Fake::default().with_variable(ORIGINS, "https://a.example");
    let answer = Call::post("/execute", "{")
        .header("origin", "https://a.example")
        .sent_to(&fake);
    answer.error(400, "invalid_request");
    assert_eq!(
        answer.header("access-control-allow-origin"),
        Some("https://a.example")
    );
}
