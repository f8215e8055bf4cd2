//! URLs from parts: every part is encoded, whatever it holds.

use super::cloud::Endpoint;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Commas are plain in `$select`, as in Microsoft's own samples.
const ENCODED_VALUE: &AsciiSet = &ENCODED.remove(b',');

/// A URL under an endpoint, in the making.
#[derive(Debug, Clone)]
pub struct Url {
    text: String,
    has_query: bool,
}

impl Url {
    /// The endpoint itself.
    #[must_use]
    pub fn new(endpoint: &Endpoint) -> Self {
        Self { text: endpoint.base().to_owned(), has_query: false }
    }

    /// Adds a path segment that is part of Graph's own vocabulary, such as `users` or `$ref`.
    #[must_use]
    pub fn word(mut self, word: &'static str) -> Self {
        self.text.push('/');
        self.text.push_str(word);
        self
    }

    /// Adds a path segment from outside, percent-encoded.
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        self.text.push('/');
        self.text.extend(utf8_percent_encode(key, ENCODED));
        self
    }

    /// Adds a query option, its value percent-encoded.
    #[must_use]
    pub fn query(mut self, name: &'static str, value: &str) -> Self {
        self.option(name);
        self.text.extend(utf8_percent_encode(value, ENCODED_VALUE));
        self
    }

    /// Adds `$filter` with this condition, where there is one.
    #[must_use]
    pub fn filter(self, condition: Option<String>) -> Self {
        match condition {
            Some(condition) => self.query("$filter", &condition),
            None => self,
        }
    }

    /// Adds `$select` with names of Graph's own vocabulary, which have nothing to encode, and with commas between them.
    #[must_use]
    pub fn select(mut self, names: &'static str) -> Self {
        self.option("$select");
        self.text.push_str(names);
        self
    }

    /// Adds a name, percent-encoded, to the query option that was added last.
    #[must_use]
    pub fn and(mut self, name: &str) -> Self {
        self.text.push(',');
        self.text.extend(utf8_percent_encode(name, ENCODED_VALUE));
        self
    }

    fn option(&mut self, name: &str) {
        self.text.push(if self.has_query { '&' } else { '?' });
        self.has_query = true;
        self.text.push_str(name);
        self.text.push('=');
    }

    /// The URL.
    #[must_use]
    pub fn done(self) -> String {
        self.text
    }
}

/// The condition that the text of a member begins so.
pub(super) fn starts_with(member: &str, start: &str) -> String {
    format!("startsWith({member},{})", literal(start))
}

/// A text as an OData string literal: in single quotes, its own doubled (docs/graph.md#names).
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
