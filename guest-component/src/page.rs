//! The page for people, and the files it is made of: what `playground/` builds.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::GzDecoder;

use crate::host::Host;
use crate::http::{Request, Response};

/// Every file of the page, compressed by `build.rs`.
const ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// A file of the page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Asset {
    name: &'static str,
    /// Its entity tag.
    tag: &'static str,
    /// Its content, as `Content-Encoding: gzip` has it.
    packed: &'static [u8],
}

/// The page runs its own scripts and asks its own server; nothing else gets in or out.
///
/// Styles may be inline: HTML that a script displays is shown in a frame without scripts, origin
/// or network, and that frame inherits this policy. Only this frame is ever given a script's HTML,
/// which Trusted Types enforce.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; font-src data:; connect-src 'self'; frame-src 'none'; \
                      base-uri 'none'; form-action 'none'; \
                      require-trusted-types-for 'script'; trusted-types belljar-frame";

/// The variable: who may show the page that is made to be embedded in a frame, as the policy takes it.
/// Anyone, by default.
const ANCESTORS: &str = "frame_ancestors";

/// Hashed names are never used again for something else.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Asked for every time, and mostly answered with 304.
const ASK_AGAIN: &str = "no-cache";

impl Asset {
    /// The file at a path, if the page has one there.
    pub(crate) fn at(path: &str) -> Option<&'static Self> {
        let name = match path {
            "/" => "index.html",
            "/embed" => "embed.html",
            "/embed.js" => "embed.js",
            _ => path
                .strip_prefix("/assets/")
                .filter(|name| is_hashed(name))?,
        };
        ASSETS.iter().find(|asset| asset.name == name)
    }

    /// The answer that carries it.
    pub(crate) fn serve(&self, request: &Request, host: &impl Host) -> Response {
        if self.is_known(request) {
            return self.with_caching(Response::empty(304));
        }
        let (body, encoding) = if accepts_gzip(request) {
            (Cow::Borrowed(self.packed), Some("gzip"))
        } else {
            (Cow::Owned(self.unpacked()), None)
        };
        let mut response =
            self.with_caching(Response::empty(200).with_body(self.media_type(), body));
        if let Some(encoding) = encoding {
            response = response.with_header("content-encoding", encoding);
        }
        if self.name.ends_with(".html") {
            // Nothing but what is made to be embedded.
            let ancestors = if self.name == "embed.html" {
                ancestors(host)
            } else {
                Cow::Borrowed("'none'")
            };
            response = response
                .with_header(
                    "content-security-policy",
                    format!("{POLICY}; frame-ancestors {ancestors}"),
                )
                .with_header("referrer-policy", "no-referrer");
        }
        response
    }

    fn with_caching(&self, response: Response) -> Response {
        let caching = if is_hashed(self.name) {
            FOR_EVER
        } else {
            ASK_AGAIN
        };
        response
            .with_header("cache-control", caching)
            .with_header("etag", self.tag)
            .with_header("vary", "accept-encoding")
    }

    fn media_type(&self) -> &'static str {
        match self.name.rsplit('.').next() {
            Some("html") => "text/html; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            _ => "text/plain; charset=utf-8",
        }
    }

    fn unpacked(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        GzDecoder::new(self.packed)
            .read_to_end(&mut bytes)
            .expect("the build compressed it");
        bytes
    }

    /// `true` if the client has this version already.
    fn is_known(&self, request: &Request) -> bool {
        request
            .values("if-none-match")
            .filter_map(|value| str::from_utf8(value).ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .any(|tag| {
                tag == "*" || tag.trim_start_matches("W/") == self.tag.trim_start_matches("W/")
            })
    }
}

/// The sources of the policy's `frame-ancestors`. What would end the directive, or the header, is
/// taken for nobody.
fn ancestors(host: &impl Host) -> Cow<'static, str> {
    match host.variable(ANCESTORS) {
        None => Cow::Borrowed("*"),
        Some(sources) if sources.trim().is_empty() => Cow::Borrowed("*"),
        Some(sources) => {
            let fits = |c: char| c.is_ascii_graphic() && !";,".contains(c) || c == ' ';
            match sources.chars().all(fits) {
                true => Cow::Owned(sources.trim().to_owned()),
                false => Cow::Borrowed("'none'"),
            }
        }
    }
}

/// `true` if a name ends in the digest of its content: `main-PHYOOH4W.js`.
fn is_hashed(name: &str) -> bool {
    name.split_once('.')
        .and_then(|(stem, _)| stem.rsplit_once('-'))
        .is_some_and(|(_, digest)| digest.len() == 8)
}

fn accepts_gzip(request: &Request) -> bool {
    request
        .values("accept-encoding")
        .filter_map(|value| str::from_utf8(value).ok())
        .flat_map(|value| value.split(','))
        .any(|entry| {
            let mut parts = entry.split(';').map(str::trim);
            let coding = parts.next().unwrap_or_default();
            let is_refused = parts.any(|weight| {
                weight
                    .strip_prefix("q=")
                    .is_some_and(|q| q.parse() == Ok(0.0))
            });
            !is_refused && (coding == "*" || coding.eq_ignore_ascii_case("gzip"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(name: &str, value: &str) -> Request {
        let headers = vec![(name.to_owned(), value.as_bytes().to_vec())];
        Request::new("GET", "/", headers)
    }

    #[test]
    fn gzip_is_sent_to_those_who_take_it() {
        for (value, expected) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("*", true),
            ("gzip;q=0", false),
            ("gzip; q=0.000", false),
            ("br", false),
            ("", false),
        ] {
            let request = request("accept-encoding", value);
            assert_eq!(accepts_gzip(&request), expected, "{value:?}");
        }
    }

    #[test]
    fn only_names_with_a_digest_are_kept_for_ever() {
        for (name, expected) in [
            ("main-PHYOOH4W.js", true),
            ("index.html", false),
            ("embed.js", false),
            ("short-AB.js", false),
        ] {
            assert_eq!(is_hashed(name), expected, "{name}");
        }
    }
}
