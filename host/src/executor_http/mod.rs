//! The executor contract over HTTP: `belljar executor`.
#![doc = include_str!("../../../docs/executor-protocol.md")]

mod handler;
mod token;
mod token_gate;

pub(crate) use handler::ExecutorHttp;
pub use token::{Token, TokenError};
pub(crate) use token_gate::TokenGate;
