//! The query of a URL.

use super::secret::Secret;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Writes a query. Blanks are written as `%20`.
pub(super) fn write(members: &[(&str, &str)]) -> String {
    let pairs = members
        .iter()
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)));
    pairs.collect::<Vec<_>>().join("&")
}

/// The members of a query. One of them may be a code, so all are overwritten.
pub(super) struct Query(Vec<(String, Secret)>);

impl Query {
    /// Reads what follows the `?` of a URL; what follows a `#` is left out.
    pub(super) fn read(query: &str) -> Self {
        let query = query.split('#').next().unwrap_or_default();
        let text = |text: &str| {
            let spaced = Secret::from(text.replace('+', " "));
            percent_decode_str(spaced.expose()).decode_utf8_lossy().into_owned()
        };
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        Self(pairs.map(|(name, value)| (text(name), text(value).into())).collect())
    }

    /// The value of that member; none where it is there twice, which no server writes.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let mut all = self.0.iter().filter(|(known, _)| known == name);
        let first = all.next();
        if all.next().is_some() { None } else { first.map(|(_, value)| value.expose()) }
    }
}
