//! The page for people: its files, their headers, and what they may do.

use belljar_front::Response;

use crate::support::{Answer, Call, Fake};

const PAGES: [&str; 2] = ["/", "/embed"];

/// A file of the page; paths with a digest are not in the OpenAPI document one by one.
fn get(path: &str) -> Answer {
    Call::get(path).sent_to_unchecked(&Fake::default())
}

/// The files that a page names.
fn assets(page: &str) -> Vec<String> {
    let html = get(page).text().to_owned();
    let mut found: Vec<String> = html
        .split('"')
        .filter(|part| part.starts_with("/assets/"))
        .map(str::to_owned)
        .collect();
    found.sort();
    found.dedup();
    found
}

fn directives(response: &Response) -> Vec<String> {
    let policy = response.header("content-security-policy");
    let policy = policy.expect("a page has a policy");
    policy
        .split(';')
        .map(|part| part.trim().to_owned())
        .collect()
}

#[test]
fn a_page_runs_only_its_own_scripts() {
    for path in PAGES {
        let answer = Call::get(path).send();
        assert_eq!(
            answer.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        let directives = directives(&answer.response);
        for directive in [
            "default-src 'none'",
            "script-src 'self'",
            "connect-src 'self'",
            "frame-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
        ] {
            assert!(directives.iter().any(|d| d == directive), "{directive}");
        }
        // What that policy would block had better not be there.
        let html = answer.text();
        for (before, script) in html.match_indices("<script") {
            let tag = html[before..].split('>').next();
            assert!(
                tag.is_some_and(|tag| tag.contains(" src=\"/assets/")),
                "{script}"
            );
        }
        assert!(!html.contains(" style=") && !html.contains(" onclick="));
    }
}

#[test]
fn only_the_page_for_it_may_be_embedded() {
    let ancestors = |path| {
        let directives = directives(&get(path).response);
        let found = directives.iter().find(|d| d.starts_with("frame-ancestors"));
        found.cloned()
    };
    assert_eq!(ancestors("/").as_deref(), Some("frame-ancestors 'none'"));
    assert_eq!(ancestors("/embed").as_deref(), Some("frame-ancestors *"));
}

#[test]
fn who_may_embed_it_can_be_said() {
    for (variable, expected) in [
        ("'self' https://a.example", "'self' https://a.example"),
        ("'none'", "'none'"),
        ("  ", "*"),
        // Nothing else gets into the policy.
        ("*; script-src *", "'none'"),
        ("*\r\nX: y", "'none'"),
        ("https://a.example, https://b.example", "'none'"),
    ] {
        let fake = Fake::default().with_variable("frame_ancestors", variable);
        for (path, expected) in [("/embed", expected), ("/", "'none'")] {
            let directives = directives(&Call::get(path).sent_to(&fake).response);
            let expected = format!("frame-ancestors {expected}");
            assert!(directives.contains(&expected), "{path}: {directives:?}");
        }
    }
}

#[test]
fn what_a_page_names_is_there_and_may_be_kept() {
    for path in PAGES {
        let named = assets(path);
        assert!(named.len() >= 3, "script, style, icon: {named:?}");
        for asset in named {
            let answer = get(&asset);
            assert_eq!(answer.response.status, 200, "{asset}");
            let caching = answer.header("cache-control");
            assert_eq!(caching, Some("public, max-age=31536000, immutable"));
            let expected = match asset.rsplit('.').next() {
                Some("js") => "text/javascript; charset=utf-8",
                Some("css") => "text/css; charset=utf-8",
                Some("svg") => "image/svg+xml",
                _ => "text/plain; charset=utf-8",
            };
            assert_eq!(answer.header("content-type"), Some(expected), "{asset}");
        }
    }
    assert_eq!(get("/embed.js").header("cache-control"), Some("no-cache"));
}

#[test]
fn names_that_the_page_does_not_have_are_not_found() {
    for path in [
        "/assets/",
        "/assets/index.html",
        "/assets/x-00000000.js",
        "/assets/../index.html",
    ] {
        Call::get(path).send().error(404, "not_found");
    }
}

#[test]
fn it_is_compressed_for_those_who_take_it() {
    let plain = get("/");
    assert_eq!(plain.header("content-encoding"), None);
    assert!(plain.text().contains("<title>"));
    let packed = Call::get("/")
        .header("accept-encoding", "gzip, br")
        .sent_to_unchecked(&Fake::default());
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert_eq!(packed.response.body[..2], [0x1f, 0x8b]);
    assert!(packed.response.body.len() < plain.response.body.len());
    for answer in [plain, packed] {
        let varies = answer.response.headers.iter();
        let varies: Vec<_> = varies.filter(|header| header.0 == "vary").collect();
        assert_eq!(varies.len(), 2, "by origin and by encoding: {varies:?}");
    }
}

#[test]
fn what_is_known_is_not_sent_again() {
    let tag = get("/").header("etag").expect("a tag").to_owned();
    let strong = tag.trim_start_matches("W/").to_owned();
    for known in [tag.clone(), strong, format!("\"x\", {tag}"), "*".to_owned()] {
        let again = Call::get("/").header("if-none-match", &known).send();
        assert_eq!(again.response.status, 304, "{known}");
        assert!(again.response.body.is_empty());
        assert_eq!(again.header("etag"), Some(tag.as_str()));
    }
    let other = Call::get("/").header("if-none-match", "\"x\"").send();
    assert_eq!(other.response.status, 200);
}
