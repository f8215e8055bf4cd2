//! Requests into traffic.

use crate::loss::{lost, reason};
use crate::tls::{self, Roots};
use agentuser_core::graph::Endpoint;
use agentuser_core::http::{Headers, Method, Request, Response};
use agentuser_core::operation::{Loss, Sent};
use agentuser_core::problem::{Code, Problem};
use bytes::Bytes;
use reqwest::header::{HeaderName, HeaderValue};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use zeroize::Zeroizing;

/// Room for an answer that does not say how long it is. A token fits in, so that no copy of it is left behind as the room
/// grows.
const USUAL_ANSWER: usize = 16 << 10;

/// How long a connection to the identity endpoint of this machine may take.
#[cfg(feature = "azure_identity")]
const IDENTITY_ENDPOINT_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(3);

/// The connections of a client. No redirects, no cookies, TLS everywhere but on loopback.
#[derive(Debug, Clone)]
pub(crate) struct Transport {
    http: reqwest::Client,
    /// Beside a Graph over TLS, that of addresses on this machine without it, such as a simulated sign-in's.
    here: Option<Arc<OnceLock<reqwest::Client>>>,
    answer_limit: usize,
}

impl Transport {
    pub(crate) fn new(
        http: reqwest::ClientBuilder,
        proxied: bool,
        endpoint: &Endpoint,
        roots: Roots,
        answer_limit: usize,
    ) -> Result<Self, Problem> {
        let is_tls = endpoint.origin().starts_with("https://");
        // A proxy of the environment has no business between a program and its own machine.
        let http = if is_tls || proxied { http } else { http.no_proxy() };
        if is_tls && !proxied {
            check_proxies()?;
        }
        let http = built(http.https_only(is_tls), roots, is_tls)?;
        Ok(Self { http, here: is_tls.then(Arc::default), answer_limit })
    }

    /// The same connections for the Azure SDK.
    #[cfg(feature = "azure_identity")]
    pub(crate) fn of_azure(&self) -> azure_core::http::Transport {
        azure_core::http::Transport::new(Arc::new(self.http.clone()))
    }

    /// Connections of the Azure SDK to the identity endpoint of this machine: plain http, past every proxy, and given up
    /// soon, for most machines have none.
    #[cfg(feature = "azure_identity")]
    pub(crate) fn of_this_machine(&self) -> Result<azure_core::http::Transport, Problem> {
        let http = reqwest::Client::builder().no_proxy().connect_timeout(IDENTITY_ENDPOINT_TIMEOUT);
        Ok(azure_core::http::Transport::new(Arc::new(built(http, Roots::new(), false)?)))
    }

    /// The connections that lead to a URL. Plain http leads to this machine alone, past every proxy.
    fn toward(&self, url: &str) -> Result<&reqwest::Client, Problem> {
        let Some(here) = self.here.as_ref().filter(|_| is_plain_loopback(url)) else {
            return Ok(&self.http);
        };
        if let Some(http) = here.get() {
            return Ok(http);
        }
        let http = built(reqwest::Client::builder().no_proxy(), Roots::new(), false)?;
        Ok(here.get_or_init(|| http))
    }

    /// Sends one request and takes the whole answer. Timeouts are the operation's: it drops this future.
    pub(crate) async fn send(
        &self,
        request: Request,
        authorization: Option<HeaderValue>,
        user_agent: Option<&str>,
    ) -> Result<Response, (Sent, Loss)> {
        let Request { method, url, headers, body } = request;
        self.exchange(method, &url, &headers, body.into(), authorization, user_agent).await
    }

    /// The same for a request whose body and answer have secrets: both are overwritten when they are dropped.
    pub(crate) async fn send_secret(
        &self,
        request: Request,
        user_agent: &str,
    ) -> Result<Response, (Sent, Loss)> {
        let Request { method, url, headers, body } = request;
        let body = Bytes::from_owner(Zeroizing::new(body));
        self.exchange(method, &url, &headers, body, None, Some(user_agent)).await
    }

    async fn exchange(
        &self,
        method: Method,
        url: &str,
        headers: &Headers,
        body: Bytes,
        authorization: Option<HeaderValue>,
        user_agent: Option<&str>,
    ) -> Result<Response, (Sent, Loss)> {
        let is_post = method == Method::Post;
        let method = match method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Patch => reqwest::Method::PATCH,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let http = self.toward(url).map_err(|problem| {
            (Sent::No, Loss::Unreachable(problem.message().trim_end_matches('.').to_owned()))
        })?;
        let mut outgoing = http.request(method, url);
        for (name, value) in headers.iter() {
            outgoing = outgoing.header(name, value);
        }
        if let Some(user_agent) = user_agent {
            outgoing = outgoing.header(reqwest::header::USER_AGENT, user_agent);
        }
        if let Some(authorization) = authorization {
            outgoing = outgoing.header(reqwest::header::AUTHORIZATION, authorization);
        }
        // Without a body, a length of 0 is what servers want to see of a POST.
        if !body.is_empty() || is_post {
            outgoing = outgoing.body(body);
        }
        let mut incoming = outgoing.send().await.map_err(|error| lost(&error))?;
        let status = incoming.status().as_u16();
        let headers: Headers = incoming.headers().iter().filter_map(field).collect();
        // Memory is reserved for the announced length, but never for more than the limit.
        let announced = incoming.content_length().and_then(|length| usize::try_from(length).ok());
        let mut body = Vec::with_capacity(announced.unwrap_or(USUAL_ANSWER).min(self.answer_limit));
        while let Some(chunk) = incoming.chunk().await.map_err(|error| lost(&error))? {
            if body.len().saturating_add(chunk.len()) > self.answer_limit {
                return Err((Sent::Maybe, Loss::TooLarge));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response { status, headers, body })
    }
}

/// Builds a client with the settings that all connections share.
fn built(http: reqwest::ClientBuilder, roots: Roots, is_tls: bool) -> Result<reqwest::Client, Problem> {
    // Tokens go over plain http to this machine alone, so that its name must not lead to another one. Ports are those of
    // the URLs.
    let this_machine: [SocketAddr; 2] = [(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()];
    let built = http
        .resolve_to_addrs("localhost", &this_machine)
        .tls_backend_preconfigured(tls::config(roots, is_tls)?)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .user_agent(concat!("agentuser/", env!("CARGO_PKG_VERSION")))
        .build();
    built.map_err(|error| Problem::new(Code::Internal, format!("HTTPS can't be set up: {}", reason(&error))))
}

/// Whether a URL is on this machine without TLS, by the rule of all endpoints.
fn is_plain_loopback(url: &str) -> bool {
    url.starts_with("http://")
        && reqwest::Url::parse(url)
            .is_ok_and(|url| Endpoint::new(&url.origin().ascii_serialization()).is_ok())
}

/// A variable that names no proxy would be passed over in silence.
fn check_proxies() -> Result<(), Problem> {
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        let value = std::env::var(name).unwrap_or_default();
        if !value.trim().is_empty() && reqwest::Proxy::all(value.trim()).is_err() {
            return Err(Problem::new(
                Code::ProxyFailed,
                format!("The value of {name} is not the URL of a proxy."),
            )
            .with_cause("The variable of the environment has another text than a URL.")
            .with_fix(format!("Set {name} to a URL such as http://proxy.example:3128, or unset it.")));
        }
    }
    Ok(())
}

fn field((name, value): (&HeaderName, &HeaderValue)) -> Option<(String, String)> {
    value.to_str().ok().map(|value| (name.as_str().to_owned(), value.to_owned()))
}
