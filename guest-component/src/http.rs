//! HTTP messages, free of any binding.

use std::borrow::Cow;

use serde::Serialize;

use crate::body::BodyError;
use crate::written::Tail;

/// The head of a request.
#[derive(Clone, Debug)]
pub struct Request {
    method: String,
    path: String,
    headers: Vec<(String, Vec<u8>)>,
}

impl Request {
    /// A request as it came in. The query, if there is one, means nothing to any route.
    #[must_use]
    pub fn new(
        method: impl Into<String>,
        path_with_query: &str,
        headers: Vec<(String, Vec<u8>)>,
    ) -> Self {
        let path = path_with_query.split('?').next().unwrap_or_default();
        Self {
            method: method.into(),
            path: path.to_owned(),
            headers,
        }
    }

    pub(crate) fn method(&self) -> &str {
        &self.method
    }

    pub(crate) fn is_head(&self) -> bool {
        self.method == "HEAD"
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Every value of a header, in order.
    pub(crate) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        let named = move |header: &&(String, Vec<u8>)| header.0.eq_ignore_ascii_case(name);
        self.headers
            .iter()
            .filter(named)
            .map(|(_, value)| value.as_slice())
    }

    /// The value of a header that must be given once, as text.
    pub(crate) fn value<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        let mut values = self.values(name);
        let value = values.next()?;
        if values.next().is_some() {
            return None;
        }
        str::from_utf8(value).ok().map(str::trim_ascii)
    }
}

/// The body of a request, read piece by piece.
pub trait Body {
    /// The next piece, or `None` at the end.
    ///
    /// # Errors
    ///
    /// When the client broke off or sent something that isn't a body.
    fn read(&mut self) -> Result<Option<Vec<u8>>, BodyError>;
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(&'static str, Cow<'static, str>)>,
    /// Body; empty for no body, or one that is written later.
    pub body: Cow<'static, [u8]>,
    /// The body, where it is not kept.
    pub tail: Option<Tail>,
}

impl Response {
    /// An answer without a body.
    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::with_capacity(8),
            body: Cow::Borrowed(&[]),
            tail: None,
        }
    }

    /// A JSON answer. `size` is a guess at the length of its text, to allocate once.
    pub(crate) fn json(status: u16, size: usize, value: &impl Serialize) -> Self {
        let mut text = Vec::with_capacity(size);
        serde_json::to_writer(&mut text, value)
            .expect("a body is made of strings and numbers, and memory takes every write");
        Self::empty(status).with_body("application/json", text)
    }

    pub(crate) fn with_body(
        mut self,
        media_type: &'static str,
        body: impl Into<Cow<'static, [u8]>>,
    ) -> Self {
        self.body = body.into();
        self.with_header("content-type", media_type)
    }

    pub(crate) fn with_header(
        mut self,
        name: &'static str,
        value: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|header| header.0 == name)
            .map(|(_, value)| value.as_ref())
    }
}
