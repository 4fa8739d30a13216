//! Outgoing HTTP: to other components of the application, and to other hosts without TLS.

use crate::app::App;
use crate::instance::Environment;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::{Request, Response};
use std::io::Read;
use std::sync::Arc;
use wasmtime_wasi_http::{Error, WasiBody};

/// The end of a host's name that means a component of this application, for local service chaining.
const INTERNAL: &str = ".spin.internal";

/// Sends a request, if the component may.
pub(crate) async fn send(
    app: &Arc<App>,
    environment: &Environment,
    request: Request<WasiBody>,
) -> Result<Response<WasiBody>, Error> {
    let uri = request.uri().clone();
    let scheme = uri.scheme_str().unwrap_or("https");
    let authority = uri.authority().ok_or(Error::HttpRequestUriInvalid)?;
    if !is_allowed(&environment.allowed_hosts, scheme, authority.as_str()) {
        let component = &environment.component;
        eprintln!("{component}: {scheme}://{authority} is not in allowed_outbound_hosts");
        return Err(Error::HttpRequestDenied);
    }
    if let Some(component) = authority.host().strip_suffix(INTERNAL) {
        if !app.has(component) {
            return Err(Error::DestinationNotFound);
        }
        return Ok(Box::pin(app.call(component, request)).await);
    }
    let (parts, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    tokio::task::spawn_blocking(move || exchange(Request::from_parts(parts, body)))
        .await
        .unwrap_or(Err(Error::InternalError(None)))
}

/// `true` if a host is one of those, each `scheme://host:port`; the port may be left out where it
/// is the scheme's own.
fn is_allowed(allowed: &[String], scheme: &str, authority: &str) -> bool {
    let with_port = |scheme: &str, authority: &str| match (authority.contains(':'), scheme) {
        (true, _) => authority.to_owned(),
        (false, "http") => format!("{authority}:80"),
        (false, _) => format!("{authority}:443"),
    };
    allowed.iter().any(|host| {
        host.split_once("://").is_some_and(|(of, host)| {
            let host = host.trim_end_matches('/');
            of == scheme && with_port(of, host) == with_port(scheme, authority)
        })
    })
}

/// One request and its answer.
fn exchange(request: Request<Bytes>) -> Result<Response<WasiBody>, Error> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into();
    let (parts, body) = request.into_parts();
    let request = Request::from_parts(parts, body.to_vec());
    let response = agent.run(request).map_err(|error| match error {
        ureq::Error::Io(error) => match error.kind() {
            std::io::ErrorKind::ConnectionRefused => Error::ConnectionRefused,
            _ => Error::ConnectionTerminated,
        },
        ureq::Error::ConnectionFailed => Error::ConnectionRefused,
        ureq::Error::HostNotFound => Error::DestinationNotFound,
        other => Error::InternalError(Some(other.to_string())),
    })?;
    let (parts, body) = response.into_parts();
    let mut bytes = Vec::new();
    body.into_reader()
        .read_to_end(&mut bytes)
        .map_err(|_| Error::HttpResponseIncomplete)?;
    let body = Full::new(Bytes::from(bytes)).map_err(|never| match never {});
    Ok(Response::from_parts(parts, body.boxed_unsync()))
}

#[cfg(test)]
mod tests {
    use super::is_allowed;

    #[test]
    fn only_listed_hosts_may_be_called() {
        let allowed = ["http://sandbox.spin.internal", "http://127.0.0.1:8100"].map(str::to_owned);
        assert!(is_allowed(&allowed, "http", "sandbox.spin.internal"));
        assert!(is_allowed(&allowed, "http", "sandbox.spin.internal:80"));
        assert!(is_allowed(&allowed, "http", "127.0.0.1:8100"));
        assert!(!is_allowed(&allowed, "https", "sandbox.spin.internal"));
        assert!(!is_allowed(&allowed, "http", "127.0.0.1:8101"));
        assert!(!is_allowed(&allowed, "http", "elsewhere"));
    }
}
