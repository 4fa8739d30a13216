//! The HTTP API, driven natively with a fake executor behind it.
//!
//! Every answer these tests get is also checked against the OpenAPI document that the same code
//! serves: its status, its headers and its body (`support::conformance`).

mod cors;
mod description;
mod faults;
mod forged;
mod page;
mod requests;
mod results;
mod routing;
mod service;
mod stream;
mod support;
