//! The other sites whose pages may use the API (the Fetch standard's CORS protocol).
//!
//! The playground is served from the same origin and needs no permission. Whoever embeds the API
//! in another site lists that site's origin in the variable `cors_allow_origins`. No answer depends
//! on cookies, so credentials are never allowed.

use std::borrow::Cow;

use crate::host::Host;
use crate::http::{Request, Response};
use crate::routes::Route;

/// The variable: origins separated by commas or spaces, or `*` for all. Empty by default.
const VARIABLE: &str = "cors_allow_origins";

/// The time for which a browser may remember a preflight, in seconds: two hours is the most that
/// Chromium takes.
const MAX_AGE_SECONDS: &str = "7200";

/// The answer to `OPTIONS`, preflight or not.
pub(crate) fn options(route: Route, request: &Request) -> Response {
    let response = Response::empty(204).with_header("allow", route.methods());
    if request.value("access-control-request-method").is_none() {
        return response;
    }
    response
        .with_header("access-control-allow-methods", route.methods())
        .with_header("access-control-allow-headers", "content-type, x-request-id")
        .with_header("access-control-max-age", MAX_AGE_SECONDS)
}

/// Lets the page that asks read the answer, if its origin is allowed.
pub(crate) fn permit(response: Response, request: &Request, host: &impl Host) -> Response {
    // Said even where nothing is allowed: a cache must not serve one site's answer to another.
    let response = response.with_header("vary", "origin");
    // Most requests have no origin, and then the variable isn't looked up.
    let Some(origin) = request.value("origin") else {
        return response;
    };
    let Some(allowed) = host
        .variable(VARIABLE)
        .and_then(|list| permission(&list, origin))
    else {
        return response;
    };
    response
        .with_header("access-control-allow-origin", allowed)
        .with_header("access-control-expose-headers", "x-request-id, retry-after")
}

fn permission(list: &str, origin: &str) -> Option<Cow<'static, str>> {
    let mut entries = list
        .split([',', ' '])
        .map(|entry| entry.trim().trim_end_matches('/'));
    entries.find_map(|entry| match entry {
        "" => None,
        "*" => Some(Cow::Borrowed("*")),
        _ => entry
            .eq_ignore_ascii_case(origin)
            .then(|| Cow::Owned(origin.to_owned())),
    })
}

#[cfg(test)]
mod tests {
    use super::permission;

    #[test]
    fn an_origin_is_allowed_if_the_list_has_it() {
        let list = "https://a.example, https://b.example:8443/ ,HTTP://C.example";
        for origin in [
            "https://a.example",
            "https://b.example:8443",
            "http://c.example",
        ] {
            assert_eq!(permission(list, origin).as_deref(), Some(origin));
        }
        for origin in [
            "https://b.example",
            "http://a.example",
            "https://a.example.evil",
            "null",
        ] {
            assert_eq!(permission(list, origin), None, "{origin}");
        }
    }

    #[test]
    fn a_star_allows_everyone_and_nothing_allows_no_one() {
        assert_eq!(permission("*", "https://any.example").as_deref(), Some("*"));
        assert_eq!(permission("", "https://any.example"), None);
        assert_eq!(permission(" , ", ""), None);
    }
}
