//! The hosts and origins that the server answers. A rehearsal holds a real roster: no page of a stranger may read it.
//!
//! A page is known by its `Origin`. A page whose name was bound to 127.0.0.1 after it was loaded is known by `Host`, which still
//! has that name.

use super::graph::refuse;
use axum::body::Body;
use axum::http::header::{HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use std::net::IpAddr;

/// The hosts and origins that are allowed besides loopback.
#[derive(Debug)]
pub(super) struct Guard {
    /// In lower case, without ports.
    hosts: Vec<String>,
    /// In lower case, without a slash at the end.
    origins: Vec<String>,
}

impl Guard {
    pub(super) fn new(hosts: impl IntoIterator<Item = String>, origins: &[String]) -> Self {
        let plain = |origin: &String| origin.trim_end_matches('/').to_ascii_lowercase();
        Self {
            hosts: hosts.into_iter().map(|host| host.to_ascii_lowercase()).collect(),
            origins: origins.iter().map(plain).collect(),
        }
    }

    /// The origin of the page that asks, or none where no page does. `tunnel` is the host that a proxied client asked for.
    pub(super) fn check(
        &self,
        head: &Parts,
        tunnel: Option<&str>,
    ) -> Result<Option<HeaderValue>, Box<Response<Body>>> {
        let refuse = |status, code: &str, message: &str| Box::new(refuse(status, code, message));
        let Some(host) = host(head) else {
            return Err(refuse(StatusCode::BAD_REQUEST, "BadRequest", "A request has one header 'Host'."));
        };
        let known = is_loopback(&host) || self.hosts.contains(&host);
        if !known && tunnel.is_none_or(|tunnel| !tunnel.eq_ignore_ascii_case(&host)) {
            let message = format!(
                "The simulator does not answer for the host '{host}'. Start it with --allow-host {host}."
            );
            return Err(refuse(StatusCode::FORBIDDEN, "HostNotAllowed", &message));
        }
        let Some(origin) = head.headers.get(ORIGIN) else { return Ok(None) };
        if self.allows(origin) {
            return Ok(Some(origin.clone()));
        }
        let text = String::from_utf8_lossy(origin.as_bytes());
        let message =
            format!("The simulator does not answer pages of '{text}'. Start it with --allow-origin {text}.");
        Err(refuse(StatusCode::FORBIDDEN, "OriginNotAllowed", &message))
    }

    fn allows(&self, origin: &HeaderValue) -> bool {
        let Ok(origin) = origin.to_str().map(str::to_ascii_lowercase) else { return false };
        let host = ["http://", "https://"].iter().find_map(|scheme| origin.strip_prefix(scheme));
        host.is_some_and(|host| is_loopback(without_port(host))) || self.origins.contains(&origin)
    }
}

/// Whether a browser sends the request for a page of another site, which need not have an `Origin`: an image, a script.
pub(super) fn is_for_another_site(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site")
}

/// The host of the request, in lower case and without its port. A request of HTTP/1.0 may have none: no browser sends it.
fn host(head: &Parts) -> Option<String> {
    let authority = match head.uri.authority() {
        Some(authority) => authority.as_str(),
        None => {
            let mut hosts = head.headers.get_all(HOST).iter();
            match (hosts.next(), hosts.next()) {
                (Some(host), None) => host.to_str().ok()?,
                (None, _) => "localhost",
                _ => return None,
            }
        }
    };
    Some(without_port(authority).trim_end_matches('.').to_ascii_lowercase())
}

pub(super) fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        // The address of IPv6 has colons of its own, in brackets.
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// Whether the name always leads to this machine.
fn is_loopback(host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host == "localhost"
        || host.ends_with(".localhost")
        || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn status(guard: &Guard, uri: &str, host: &[&str], origin: Option<&str>) -> u16 {
        let mut request = Request::builder().uri(uri);
        for host in host {
            request = request.header(HOST, *host);
        }
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin);
        }
        let head = request.body(()).unwrap().into_parts().0;
        guard.check(&head, Some("graph.microsoft.com")).err().map_or(200, |refused| refused.status().as_u16())
    }

    #[test]
    fn hosts() {
        let guard = Guard::new(["Sim.Example".to_owned()], &[]);
        for host in [
            "127.0.0.1:8080",
            "127.9.9.9",
            "LocalHost:1",
            "app.localhost",
            "[::1]:8080",
            "[::1]",
            "sim.example:443",
            "localhost.",
            "graph.microsoft.com",
        ] {
            assert_eq!(status(&guard, "/", &[host], None), 200, "{host}");
        }
        for host in [
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example:8080",
            "sim.example.evil.example",
            "[::2]",
            "0.0.0.0",
            "",
        ] {
            assert_eq!(status(&guard, "/", &[host], None), 403, "{host}");
        }
        assert_eq!(status(&guard, "/", &[], None), 200, "no browser leaves it out");
        assert_eq!(status(&guard, "/", &["localhost", "evil.example"], None), 400);
        assert_eq!(status(&guard, "http://evil.example/", &["localhost"], None), 403);
    }

    #[test]
    fn origins() {
        let guard = Guard::new([], &["https://Admin.Example/".to_owned()]);
        for origin in [
            "http://localhost:3000",
            "https://127.0.0.1",
            "http://[::1]:5173",
            "https://admin.example",
            "HTTPS://ADMIN.EXAMPLE",
        ] {
            assert_eq!(status(&guard, "/", &["localhost"], Some(origin)), 200, "{origin}");
        }
        for origin in [
            "null",
            "",
            "https://evil.example",
            "https://localhost.evil.example",
            "https://admin.example:444",
            "http://admin.example",
            "file://localhost",
            "https://evil.example/localhost",
        ] {
            assert_eq!(status(&guard, "/", &["localhost"], Some(origin)), 403, "{origin}");
        }
    }
}
