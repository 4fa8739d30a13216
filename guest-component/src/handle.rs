//! The life of a request.

use std::borrow::Cow;

use crate::answer::Answer;
use crate::contract::Mode;
use crate::error::ApiError;
use crate::host::{Host, Job};
use crate::http::{Body, Request, Response};
use crate::routes::Route;
use crate::{body, cors, decode, openapi, request_id, runtime, stream};

/// Answers a request. Its body is read only by routes that take one.
pub fn handle(request: &Request, body: &mut dyn Body, host: &impl Host) -> Response {
    let id = request_id::of(request, host);
    let response =
        answer(request, body, host, &id).unwrap_or_else(|error| error.into_response(&id));
    let mut response = cors::permit(response, request, host)
        .with_header("x-content-type-options", "nosniff")
        .with_header(request_id::HEADER, id);
    // Only the page's files are the same for everyone.
    if response.header("cache-control").is_none() {
        response = response.with_header("cache-control", "no-store");
    }
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
        Route::Page(asset) => Ok(asset.serve(request, host)),
    }
}

fn execute(
    mode: Mode,
    request: &Request,
    body: &mut dyn Body,
    host: &impl Host,
    id: &str,
) -> Result<Response, ApiError> {
    let job = Job {
        program: decode::program(&body::read(request, body)?, mode)?,
        request_id: id.to_owned(),
    };
    if stream::is_wanted(request) {
        return stream::answer(job, host);
    }
    let outcome = host
        .execute(job)
        .map_err(|rejection| ApiError::rejected(host, id, &rejection))?;
    Ok(Answer::new(mode, outcome, id.to_owned()).into_response())
}

/// The answer to `HEAD`: the headers of `GET`.
fn without_body(mut response: Response) -> Response {
    response.body = Cow::Borrowed(&[]);
    response.tail = None;
    response
}
