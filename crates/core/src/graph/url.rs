//! URLs from parts: every part is encoded, whatever it holds.

use super::cloud::Endpoint;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A URL under a endpoint, in the making.
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
        self.text.push(if self.has_query { '&' } else { '?' });
        self.has_query = true;
        self.text.push_str(name);
        self.text.push('=');
        // Commas are plain in `$select`, as in Microsoft's own samples.
        for (index, part) in value.split(',').enumerate() {
            if index > 0 {
                self.text.push(',');
            }
            self.text.extend(utf8_percent_encode(part, ENCODED));
        }
        self
    }

    /// The URL.
    #[must_use]
    pub fn done(self) -> String {
        self.text
    }
}

/// A text as an OData string literal: in single quotes, its own doubled (docs/graph.md#names).
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
