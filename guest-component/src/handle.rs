//! The life of a request.

use std::borrow::Cow;

use crate::contract::{Completion, Mode};
use crate::error::ApiError;
use crate::host::Host;
use crate::http::{Body, Request, Response};
use crate::routes::Route;
use crate::{answer, body, cors, decode, openapi, request_id, runtime};

const PAGE: &str = include_str!("../assets/index.html");

/// The page runs nothing and loads nothing; its style is its own.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
                           form-action 'none'; frame-ancestors 'none'";

/// Answers a request. Its body is read only by routes that take one.
pub fn handle(request: &Request, body: &mut dyn Body, host: &impl Host) -> Response {
    let id = request_id::of(request, host);
    let response =
        answer(request, body, host, &id).unwrap_or_else(|error| error.into_response(&id));
    let response = cors::permit(response, request, host)
        .with_header("x-content-type-options", "nosniff")
        .with_header("cache-control", "no-store")
        .with_header(request_id::HEADER, id);
    if request.is_head() {
        without_body(response)
    } else {
        response
    }
}

fn answer(
    request: &Request,
    body: &mut dyn Body,
    host: &impl Host,
    id: &str,
) -> Result<Response, ApiError> {
    let route = Route::of(request.path())?;
    if !route.takes(request.method()) {
        return Err(route.refusal(request.method()));
    }
    if request.method() == "OPTIONS" {
        return Ok(cors::options(route, request));
    }
    let describe = || {
        host.describe()
            .map_err(|rejection| ApiError::rejected(host, id, &rejection))
    };
    match route {
        Route::Execute => execute(Mode::Function, request, body, host, id),
        Route::Run => execute(Mode::Program, request, body, host, id),
        Route::Runtime => Ok(runtime::describe(&describe()?)),
        Route::Health => Ok(runtime::alive()),
        Route::Ready => Ok(runtime::ready(&describe()?)),
        Route::OpenApi => Ok(openapi::document(host.describe().ok().as_ref())),
        Route::Page => Ok(page()),
    }
}

fn execute(
    mode: Mode,
    request: &Request,
    body: &mut dyn Body,
    host: &impl Host,
    id: &str,
) -> Result<Response, ApiError> {
    let mut program = decode::program(&body::read(request, body)?, mode)?;
    program.request_id = Some(id.to_owned());
    let outcome = host
        .execute(&program)
        .map_err(|rejection| ApiError::rejected(host, id, &rejection))?;
    let fits = match outcome.completion {
        Completion::Value(_) => mode == Mode::Function,
        Completion::Exited(_) => mode == Mode::Program,
        Completion::Fault(_) => true,
    };
    if !fits {
        return Err(ApiError::internal(
            host,
            id,
            "the executor answered for the other mode",
        ));
    }
    Ok(answer::to(&outcome))
}

fn page() -> Response {
    Response::empty(200)
        .with_body("text/html; charset=utf-8", PAGE.as_bytes())
        .with_header("content-security-policy", PAGE_POLICY)
        .with_header("referrer-policy", "no-referrer")
}

/// What `HEAD` gets: the headers of `GET`.
fn without_body(mut response: Response) -> Response {
    response.body = Cow::Borrowed(&[]);
    response
}
