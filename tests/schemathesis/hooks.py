"""A check that the status alone cannot make: which 400 an answer is."""

import schemathesis

#: Errors of the request. All others with status 400 are about what the script did.
REFUSALS = {
    "invalid_request",
    "missing_script",
    "script_too_large",
    "request_too_large",
    "unsupported_media_type",
}


@schemathesis.check
def valid_requests_are_not_refused(ctx, response, case) -> None:
    """What the schema allows is executed, whatever comes of it."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if response.status_code not in (400, 413, 415):
        return
    body = response.json()
    assert body["error_type"] not in REFUSALS, (
        f"the schema allows this request, the server does not: {body['error']}"
    )
