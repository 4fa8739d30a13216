//! Connections and routes.

use crate::app::{App, empty};
use anyhow::{Context, Result};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::header::{HOST, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use wasmtime_wasi_http::io::TokioIo;
use wasmtime_wasi_http::{Error, WasiBody};

/// Serves an application until the process ends.
pub(crate) async fn serve(app: Arc<App>, address: SocketAddr) -> Result<()> {
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("listening on {address}"))?;
    println!("Serving http://{}", listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await.context("accepting a connection")?;
        let _ = stream.set_nodelay(true);
        let app = Arc::clone(&app);
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(Arc::clone(&app), request));
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            // A client that breaks off ends here, and its request with it.
            let _ = connection.await;
        });
    }
}

async fn answer(
    app: Arc<App>,
    mut request: Request<Incoming>,
) -> Result<Response<WasiBody>, Infallible> {
    let Some(component) = app.route(request.uri().path()).map(str::to_owned) else {
        return Ok(empty(StatusCode::NOT_FOUND));
    };
    let host = HeaderValue::from_static("localhost");
    request.headers_mut().entry(HOST).or_insert(host);
    let request = request.map(|body| body.map_err(Error::from).boxed_unsync());
    Ok(app.call(&component, request).await)
}
