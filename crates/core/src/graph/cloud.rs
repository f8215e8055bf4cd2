//! Clouds and their roots (docs/graph.md#clouds).

use crate::any_case;
use std::fmt;
use std::str::FromStr;

/// A Microsoft cloud. Tokens of one are worth nothing in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Cloud {
    /// Global, and GCC.
    #[default]
    Global,
    /// US Government L4 (GCC High).
    UsGovernment,
    /// US Government L5 (DoD).
    UsGovernmentDod,
    /// China, operated by 21Vianet.
    China,
}

impl Cloud {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Global, Self::UsGovernment, Self::UsGovernmentDod, Self::China];

    /// Its name, as in settings and flags.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::UsGovernment => "usgov",
            Self::UsGovernmentDod => "usgovdod",
            Self::China => "china",
        }
    }

    /// The origin of its Graph.
    #[must_use]
    pub const fn graph(self) -> &'static str {
        match self {
            Self::Global => "https://graph.microsoft.com",
            Self::UsGovernment => "https://graph.microsoft.us",
            Self::UsGovernmentDod => "https://dod-graph.microsoft.us",
            Self::China => "https://microsoftgraph.chinacloudapi.cn",
        }
    }

    /// The origin of its sign-in.
    #[must_use]
    pub const fn login(self) -> &'static str {
        match self {
            Self::Global => "https://login.microsoftonline.com",
            Self::UsGovernment | Self::UsGovernmentDod => "https://login.microsoftonline.us",
            Self::China => "https://login.chinacloudapi.cn",
        }
    }
}

/// No cloud has that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a cloud; there are global, usgov, usgovdod and china")]
pub struct UnknownCloud(String);

impl FromStr for Cloud {
    type Err = UnknownCloud;

    fn from_str(name: &str) -> Result<Self, UnknownCloud> {
        Self::ALL
            .iter()
            .copied()
            .find(|cloud| cloud.name().eq_ignore_ascii_case(name))
            .ok_or_else(|| UnknownCloud(name.to_owned()))
    }
}

/// Where Graph is: an origin and a version. Every request and every next link stays under it.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// `https://host` or `https://host/v1.0`, without a slash at the end.
    base: String,
    origin_length: usize,
}

/// The text is not a usable Graph origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0}. Give an origin: https:// and a host name. Plain http is taken only for 127.0.0.1, [::1] and localhost."
)]
pub struct InvalidEndpoint(&'static str);

impl Endpoint {
    /// An origin of one's own, such as a simulator's: `https://host[:port]`, or `http` on a loopback address.
    ///
    /// # Errors
    /// When it has a path, a query, a user, characters that don't belong, or plain http to another machine.
    pub fn new(origin: &str) -> Result<Self, InvalidEndpoint> {
        let origin = origin.strip_suffix('/').unwrap_or(origin);
        let lower = origin.to_ascii_lowercase();
        let (https, authority) = match (lower.strip_prefix("https://"), lower.strip_prefix("http://")) {
            (Some(authority), _) => (true, authority),
            (None, Some(authority)) => (false, authority),
            (None, None) => return Err(InvalidEndpoint("It starts with neither https:// nor http://")),
        };
        let (host, port) = split_port(authority);
        if host.is_empty()
            || !host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':'))
        {
            return Err(InvalidEndpoint("There is no plain host name after the scheme"));
        }
        if port.and_then(|port| port.parse::<u16>().ok()).is_none_or(|port| port == 0) {
            return Err(InvalidEndpoint("The port is not a number from 1 to 65535"));
        }
        if !https && !is_loopback(host) {
            return Err(InvalidEndpoint("A token must not travel over plain http to another machine"));
        }
        Ok(Self::at(lower, "v1.0"))
    }

    fn at(origin: String, version: &str) -> Self {
        let origin_length = origin.len();
        Self { base: format!("{origin}/{version}"), origin_length }
    }

    /// The origin, without a slash at the end.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.base.get(..self.origin_length).unwrap_or_default()
    }

    /// Whether it is on this machine: 127.0.0.1, `[::1]` or localhost.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let authority = self.origin().split_once("://").map_or("", |(_, authority)| authority);
        let (host, _) = split_port(authority);
        is_loopback(host)
    }

    /// Origin and version, without a slash at the end.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The same origin in the version beta, for what v1.0 does not have.
    #[must_use]
    pub fn beta(&self) -> Self {
        Self::at(self.origin().to_owned(), "beta")
    }

    /// Whether a URL from an answer is under this endpoint, so that a token may go there.
    ///
    /// It must begin with the origin to the letter (in either case) and a slash; then no reader of URLs can find
    /// another host in it. Control characters and spaces are refused, because readers disagree on them.
    #[must_use]
    pub fn holds(&self, url: &str) -> bool {
        any_case::strip_prefix(url, self.origin()).is_some_and(|rest| rest.starts_with('/'))
            && !url.contains(|c: char| c.is_control() || c == ' ' || c == '\\')
    }
}

/// A host without the brackets of an IPv6 address, and its port; none where what follows the host is not one.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, rest)) => (host, rest.strip_prefix(':').or(rest.is_empty().then_some("443"))),
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, Some("443")),
        },
    }
}

fn is_loopback(host: &str) -> bool {
    matches!(host, "127.0.0.1" | "::1" | "localhost")
}

impl From<Cloud> for Endpoint {
    fn from(cloud: Cloud) -> Self {
        Self::at(cloud.graph().to_owned(), "v1.0")
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_is_an_origin_over_tls_or_on_this_machine() {
        for good in [
            "https://graph.microsoft.com",
            "https://graph.microsoft.us/",
            "http://127.0.0.1:8080",
            "http://[::1]:1",
            "http://localhost:80",
            "https://h:1",
        ] {
            assert!(Endpoint::new(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "graph.microsoft.com",
            "ftp://h",
            "http://graph.microsoft.com",
            "https://",
            "https://a@b",
            "https://h/v1.0",
            "https://h?x",
            "https://h#",
            "https://h:0",
            "https://h:99999",
            "https://h:x",
            "http://127.0.0.1.evil.example",
            "http://localhost@evil.example",
            "https://h o",
            "http://[::1]x:1",
        ] {
            assert!(Endpoint::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_token_goes_to_one_origin() {
        let endpoint = Endpoint::from(Cloud::Global);
        for mine in
            ["https://graph.microsoft.com/v1.0/users?$skiptoken=x", "HTTPS://Graph.Microsoft.com/v1.0/users"]
        {
            assert!(endpoint.holds(mine), "{mine}");
        }
        for foreign in [
            "https://graph.microsoft.com.evil.example/v1.0/users",
            "https://graph.microsoft.com@evil.example/v1.0/users",
            "https://graph.microsoft.com:444/v1.0/users",
            "https://graph.microsoft.com",
            "http://graph.microsoft.com/v1.0/users",
            "https://graph.microsoft.com\\@evil.example/",
            "//graph.microsoft.com/v1.0/users",
            "/v1.0/users",
            "https://graph.microsoft.us/v1.0/users",
            "https://graph.microsoft.com/v1.0/us ers",
            "https://graph.microsoft.com/\r\nHost: evil",
            "",
        ] {
            assert!(!endpoint.holds(foreign), "{foreign}");
        }
    }
}
