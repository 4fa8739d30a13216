//! Which names a server answers to.
//!
//! A page of another site can have its own name point to this machine, and then talk to a server here
//! as if it was its own (DNS rebinding). But its requests have its own name in `Host`: so a server that
//! listens for this machine only answers to the names of this machine only.

use belljar_contract::ErrorType;
use hyper::Version;
use hyper::header::HOST;
use hyper::http::request::Parts;
use std::net::{IpAddr, Ipv6Addr};

/// The names of this machine for itself, with the addresses that [`Name::is_loopback`] knows.
const LOCAL: &str = "localhost";

/// What a server may be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AllowedHosts {
    /// Anything.
    Any,
    /// What only this machine calls it.
    Loopback,
    /// These.
    Listed(Vec<Host>),
}

/// A name or an address, and a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Host {
    name: Name,
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Name {
    Address(IpAddr),
    /// In lower case, without the dot that may end it.
    Text(String),
}

/// Why a request is not for this server.
type Refusal = (ErrorType, String);

impl AllowedHosts {
    /// What `list` says; if it says nothing, what fits a server that listens at `address`.
    ///
    /// `None` when an element is not `*`, a name, or an address, each with a port or without.
    pub(crate) fn new(list: &[String], address: IpAddr) -> Option<Self> {
        if list.iter().any(|host| host == "*") {
            return Some(Self::Any);
        }
        let listed: Option<Vec<Host>> = list.iter().map(|host| Host::parse(host)).collect();
        Some(match listed? {
            none if none.is_empty() && address.to_canonical().is_loopback() => Self::Loopback,
            none if none.is_empty() => Self::Any,
            listed => Self::Listed(listed),
        })
    }

    /// Whether a request is for this server.
    ///
    /// RFC 9112, 3.2: a request of HTTP/1.1 has exactly one `Host`, or the server answers 400; the
    /// target's own authority, if it has one, counts instead.
    pub(crate) fn allow(&self, head: &Parts) -> Result<(), Refusal> {
        let mut headers = head.headers.get_all(HOST).iter();
        let header = match (headers.next(), headers.next()) {
            (Some(header), None) => Some(header.to_str().map_err(|_| malformed())?),
            (None, None) if head.version == Version::HTTP_10 => None,
            _ => {
                let message = "host: expected exactly one header of this name".to_owned();
                return Err((ErrorType::InvalidRequest, message));
            }
        };
        let target = head.uri.authority().map(|authority| authority.as_str());
        if *self == Self::Any {
            return Ok(());
        }
        // Whoever sends none, by HTTP/1.0, is no browser.
        for text in [header, target].into_iter().flatten() {
            let host = Host::parse(text).ok_or_else(malformed)?;
            if !self.has(&host) {
                let message = "host: this server is not known by this name; its operator can add it \
                               with --allowed-hosts";
                return Err((ErrorType::HostNotAllowed, message.to_owned()));
            }
        }
        Ok(())
    }

    fn has(&self, host: &Host) -> bool {
        match self {
            Self::Any => true,
            Self::Loopback => host.name.is_loopback(),
            Self::Listed(listed) => listed.iter().any(|allowed| {
                allowed.name == host.name && (allowed.port.is_none() || allowed.port == host.port)
            }),
        }
    }
}

fn malformed() -> Refusal {
    let message = "host: expected a name or an address, and a port if any".to_owned();
    (ErrorType::InvalidRequest, message)
}

impl Host {
    fn parse(text: &str) -> Option<Self> {
        let (name, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (address, port) = rest.split_once(']')?;
                let address: Ipv6Addr = address.parse().ok()?;
                (Name::Address(IpAddr::from(address).to_canonical()), port)
            }
            None => {
                let end = text.find(':').unwrap_or(text.len());
                let (name, port) = text.split_at(end);
                (Name::parse(name)?, port)
            }
        };
        let port = match port.strip_prefix(':') {
            None if port.is_empty() => None,
            // A port may be left out behind its colon (RFC 3986, 3.2.3).
            Some("") => None,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(digits.parse().ok()?)
            }
            _ => return None,
        };
        Some(Self { name, port })
    }
}

impl Name {
    fn parse(text: &str) -> Option<Self> {
        let text = text.strip_suffix('.').unwrap_or(text);
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        if text.is_empty() || !text.bytes().all(fits) {
            return None;
        }
        Some(match text.parse() {
            Ok(address) => Self::Address(address),
            Err(_) => Self::Text(text.to_ascii_lowercase()),
        })
    }

    fn is_loopback(&self) -> bool {
        match self {
            Self::Address(address) => address.is_loopback(),
            // RFC 6761, 6.3: names below it never leave the machine either.
            Self::Text(text) => text
                .strip_suffix(LOCAL)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.')),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::Request;
    use hyper::http::request::Builder;

    const LOCALHOST: &str = "127.0.0.1";

    fn allowed(list: &[&str], address: &str) -> AllowedHosts {
        let list: Vec<String> = list.iter().map(ToString::to_string).collect();
        AllowedHosts::new(&list, address.parse().unwrap()).unwrap()
    }

    fn head(request: Builder) -> Parts {
        request.body(()).unwrap().into_parts().0
    }

    /// The status for this `Host`.
    fn status(allowed: &AllowedHosts, target: &str, host: &str) -> u16 {
        match allowed.allow(&head(Request::builder().uri(target).header(HOST, host))) {
            Ok(()) => 200,
            Err((error_type, _)) => error_type.status(),
        }
    }

    #[test]
    fn a_server_for_this_machine_answers_to_its_names_only() {
        let loopback = allowed(&[], LOCALHOST);
        for host in [
            "localhost",
            "localhost:8000",
            "LocalHost.",
            "localhost.:1",
            "localhost:",
            "app.localhost:8000",
            "127.0.0.1:8000",
            "127.1.2.3",
            "[::1]:8000",
            "[0:0:0:0:0:0:0:1]",
            "[::ffff:127.0.0.1]:8000",
        ] {
            assert_eq!(status(&loopback, "/", host), 200, "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:8000",
            "localhost.evil.example",
            "notlocalhost",
            "127.0.0.1.evil.example",
            "192.0.2.1",
            "0.0.0.0",
            "[2001:db8::1]:8000",
        ] {
            assert_eq!(status(&loopback, "/", host), 421, "{host}");
        }
        for host in [
            "",
            ".",
            ":80",
            "a b",
            "user@localhost",
            "localhost:x",
            "localhost:99999",
            "[::1",
            "[::1]x",
            "::1",
            "[localhost]",
            "localhost/",
        ] {
            assert_eq!(status(&loopback, "/", host), 400, "{host}");
        }
    }

    #[test]
    fn the_target_counts_as_well() {
        let loopback = allowed(&[], LOCALHOST);
        assert_eq!(
            status(&loopback, "http://localhost:8000/", "localhost"),
            200
        );
        assert_eq!(status(&loopback, "http://evil.example/", "localhost"), 421);
        assert_eq!(status(&loopback, "http://localhost/", "evil.example"), 421);
        let request = || Request::builder().uri("/");
        let none = head(request());
        assert!(loopback.allow(&none).is_err(), "HTTP/1.1 has a host");
        let old = head(request().version(Version::HTTP_10));
        assert!(loopback.allow(&old).is_ok());
        let one = request().header(HOST, "localhost");
        let two = head(one.header(HOST, "localhost"));
        assert!(loopback.allow(&two).is_err(), "and only one");
    }

    #[test]
    fn a_list_is_what_it_says_and_a_server_for_others_has_any_name() {
        for address in ["0.0.0.0", "::", "192.0.2.1"] {
            assert_eq!(allowed(&[], address), AllowedHosts::Any);
        }
        assert_eq!(allowed(&[], "::1"), AllowedHosts::Loopback);
        assert_eq!(allowed(&["a", "*"], LOCALHOST), AllowedHosts::Any);
        let listed = allowed(
            &["Python.example.org", "internal:8000", "[2001:db8::1]"],
            "::",
        );
        for (host, expected) in [
            ("python.example.ORG.:443", 200),
            ("internal:8000", 200),
            ("internal", 421),
            ("internal:8001", 421),
            ("[2001:db8:0::1]:8000", 200),
            ("localhost", 421),
            ("example.org", 421),
        ] {
            assert_eq!(status(&listed, "/", host), expected, "{host}");
        }
        for wrong in ["", "http://x", "a b", "x:y"] {
            let list = [wrong.to_owned()];
            assert!(AllowedHosts::new(&list, LOCALHOST.parse().unwrap()).is_none());
        }
    }
}
