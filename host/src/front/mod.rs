//! The HTTP front: a Spin component, a fresh instance of it for every request.
//!
//! [`component`] finds, compiles and caches it, [`engine`] has the settings it runs with,
//! [`instance`] is what a request's instance is given: `wasi:http` and, through [`imports`], the
//! executor and its configuration. [`Front`] puts a request in and takes an answer out; an answer that
//! is long, or comes while its script runs, is [`live`]. [`effort`] bounds what an instance computes,
//! and [`said`] is what it tells the operator.

mod component;
mod effort;
mod engine;
mod failure;
mod hosting;
mod imports;
mod instance;
mod link;
mod live;
mod running;
mod said;
mod shared;
mod tick;

pub(crate) use component::{Compiled, FrontError};
pub(crate) use hosting::Front;
