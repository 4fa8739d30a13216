//! The paths that there are, and the methods that each takes.

use crate::contract::ErrorType;
use crate::error::ApiError;
use crate::page::Asset;

/// The purpose of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// Runs a script's `main`.
    Execute,
    /// Runs a whole program.
    Run,
    /// Tells what scripts run on.
    Runtime,
    /// Is this process alive?
    Health,
    /// Can it run scripts?
    Ready,
    /// The description of the API.
    OpenApi,
    /// A file of the page for people.
    Page(&'static Asset),
}

impl Route {
    /// The route of a path.
    pub(crate) fn of(path: &str) -> Result<Self, ApiError> {
        Ok(match path {
            "/execute" => Self::Execute,
            "/run" => Self::Run,
            "/runtime" => Self::Runtime,
            "/healthz" => Self::Health,
            "/readyz" => Self::Ready,
            "/openapi.json" => Self::OpenApi,
            _ => {
                if let Some(asset) = Asset::at(path) {
                    return Ok(Self::Page(asset));
                }
                let message = "no such path; GET /openapi.json describes what there is";
                return Err(ApiError::new(ErrorType::NotFound, message));
            }
        })
    }

    /// The methods it takes, as `Allow` has them.
    pub(crate) const fn methods(self) -> &'static str {
        match self {
            Self::Execute | Self::Run => "POST, OPTIONS",
            Self::Runtime | Self::Health | Self::Ready | Self::OpenApi | Self::Page(_) => {
                "GET, HEAD, OPTIONS"
            }
        }
    }

    /// `true` if it takes this method. Methods are case-sensitive.
    pub(crate) fn takes(self, method: &str) -> bool {
        self.methods().split(", ").any(|taken| taken == method)
    }

    /// The answer to any other method.
    pub(crate) fn refusal(self, method: &str) -> ApiError {
        let methods = self.methods();
        let method = method.chars().take(20).collect::<String>();
        let message = format!("this path takes {methods}, not {method}");
        ApiError::new(ErrorType::MethodNotAllowed, message).with_header("allow", methods)
    }
}
