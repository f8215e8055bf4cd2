//! Sums over all requests, and the origins that were contacted.

use std::collections::BTreeMap;

/// Which origins were contacted, and whether with a token.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contacts {
    pub(super) requests: BTreeMap<(String, bool), u64>,
}

impl Contacts {
    /// Requests by origin, and whether they carried an `Authorization` value.
    #[must_use]
    pub const fn requests(&self) -> &BTreeMap<(String, bool), u64> {
        &self.requests
    }

    /// Origins other than `own` that got a token.
    #[must_use]
    pub fn leaks(&self, own: &str) -> Vec<&str> {
        let own = origin(own);
        let leaked = self.requests.keys().filter(|(origin, token)| *token && *origin != own);
        leaked.map(|(origin, _)| origin.as_str()).collect()
    }
}

/// Sums over all requests.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// All requests to Graph.
    pub requests: u64,
    /// All requests to Entra.
    pub sign_ins: u64,
    /// The batches among the requests to Graph.
    pub batches: u64,
    /// Faults by name.
    pub faults: BTreeMap<&'static str, u64>,
    /// Requests that the directory saw.
    pub seen_by_directory: u64,
}

/// Scheme, host and port of a URL, in lower case.
pub(super) fn origin(url: &str) -> String {
    let host = url.find("://").map_or(0, |at| at + 3);
    let rest = url.get(host..).unwrap_or_default();
    let length = host + rest.find(['/', '?', '#']).unwrap_or(rest.len());
    url.get(..length).unwrap_or_default().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins() {
        for (url, expected) in [
            ("https://graph.microsoft.com/v1.0/users", "https://graph.microsoft.com"),
            ("HTTPS://Graph.Microsoft.com?x", "https://graph.microsoft.com"),
            ("http://127.0.0.1:80", "http://127.0.0.1:80"),
            ("https://graph.microsoft.com@evil.example/v1.0", "https://graph.microsoft.com@evil.example"),
            ("nonsense", "nonsense"),
        ] {
            assert_eq!(origin(url), expected);
        }
    }
}
