//! One connection, which may have to break.

use super::crowd::Seat;
use super::graph::refuse;
use super::tls::Tls;
use super::{Shared, cors};
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// How long a client may take for the head of a request. Longer than clients keep connections that they don't use, so
/// that none is closed in the moment in which it is used again.
const HEAD_WITHIN: Duration = Duration::from_secs(120);
/// How long a client may take for a body.
const BODY_WITHIN: Duration = Duration::from_secs(30);
/// How long requests that are being answered may take once the server stops.
const GRACE: Duration = Duration::from_secs(1);
/// The first byte of TLS. No method of HTTP begins with it.
const HANDSHAKE: u8 = 0x16;
/// The hosts that the proxy leads to: itself, in Microsoft's name.
pub(super) const PROXIED: [&str; 2] = ["graph.microsoft.com", "login.microsoftonline.com"];

/// Marks an answer that must not be sent: the connection closes in its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the simulated network lost the answer")
    }
}

impl std::error::Error for Cut {}

/// No answer.
pub(super) fn cut() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(Cut);
    response
}

/// Where the client thinks it is, such as `https://login.microsoftonline.com`.
#[derive(Debug, Clone)]
pub(super) struct Base(pub(super) String);

/// The state that the requests of one connection share.
struct Line {
    router: TowerToHyperService<Router>,
    shared: Arc<Shared>,
    seat: Seat,
    is_tls: bool,
    /// The host that a proxied client asked for.
    tunnel: Option<&'static str>,
    /// The tunnel that begins when the connection has been answered.
    wanted: Mutex<Option<(OnUpgrade, &'static str)>>,
}

pub(super) async fn serve(stream: TcpStream, router: Router, shared: Arc<Shared>, seat: Seat) {
    let wanted = Mutex::new(None);
    let router = TowerToHyperService::new(router);
    let mut line = Line { router, shared, seat, is_tls: false, tunnel: None, wanted };
    let closed = line.seat.closed();
    tokio::select! {
        () = closed => {}
        () = line.begin(stream) => {}
    }
}

impl Line {
    /// One port serves both: managed identity and proxies speak plain HTTP even where the rest is TLS.
    async fn begin(&mut self, stream: TcpStream) {
        let mut first = [0];
        let peeked = tokio::time::timeout(HEAD_WITHIN, stream.peek(&mut first));
        tokio::select! {
            peeked = peeked => if !matches!(peeked, Ok(Ok(1))) { return },
            () = super::asked_to_stop(&self.shared) => return,
        }
        match self.shared.tls.clone() {
            Some(tls) if first == [HANDSHAKE] => self.secure(&tls, stream).await,
            _ => {
                self.converse(stream).await;
                let wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner).take();
                if let (Some((upgrade, host)), Some(tls)) = (wanted, self.shared.tls.clone())
                    && let Ok(stream) = upgrade.await
                {
                    self.tunnel = Some(host);
                    self.secure(&tls, TokioIo::new(stream)).await;
                }
            }
        }
    }

    async fn secure(&mut self, tls: &Tls, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        if let Some(stream) = tls.accept(stream).await {
            self.is_tls = true;
            self.converse(stream).await;
        }
    }

    async fn converse(&self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let service = service_fn(|request| self.answer(request));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_WITHIN)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        let mut connection = std::pin::pin!(connection);
        // An error is the client's, or the connection has ended: no one is left to tell.
        tokio::select! {
            _ = connection.as_mut() => {}
            () = super::asked_to_stop(&self.shared) => {
                connection.as_mut().graceful_shutdown();
                drop(tokio::time::timeout(GRACE, connection).await);
            }
        }
    }

    /// An error makes hyper close the connection without an answer.
    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Body>, Cut> {
        self.shared.touch();
        if request.method() == Method::CONNECT {
            return Ok(self.connect(request));
        }
        let (mut head, body) = request.into_parts();
        let origin = match self.shared.guard.check(&head, self.tunnel) {
            Ok(origin) => origin,
            Err(refused) => return Ok(*refused),
        };
        let mut response = if head.method == Method::OPTIONS {
            cors::preflight(&head.headers)
        } else {
            match whole(Body::new(body), self.shared.options.body_limit).await {
                Err((status, message)) => refuse(status, "Request_BadRequest", message),
                Ok(body) => {
                    let base = self.base(&head);
                    head.extensions.insert(base);
                    self.seat.answers();
                    let Ok(response) = self.router.call(Request::from_parts(head, Body::from(body))).await;
                    self.seat.waits();
                    response
                }
            }
        };
        if let Some(cut) = response.extensions().get::<Cut>() {
            return Err(*cut);
        }
        if let Some(origin) = origin {
            cors::allow(&mut response, origin);
        }
        Ok(response)
    }

    fn base(&self, head: &axum::http::request::Parts) -> Base {
        let host = head.headers.get(axum::http::header::HOST).and_then(|host| host.to_str().ok());
        let host = head.uri.authority().map(|authority| authority.as_str()).or(host);
        let scheme = if self.is_tls { "https" } else { "http" };
        Base(host.map_or_else(|| self.shared.address.clone(), |host| format!("{scheme}://{host}")))
    }

    /// The way of a program that knows only Microsoft's addresses: it asks its proxy for a tunnel, which ends here.
    fn connect(&self, mut request: Request<Incoming>) -> Response<Body> {
        let refuse = |message: &str| refuse(StatusCode::FORBIDDEN, "HostNotAllowed", message);
        if !self.shared.options.proxy || self.tunnel.is_some() {
            return refuse("The simulator is a proxy only when it is started with --proxy.");
        }
        let target = request.uri().authority().map(|authority| (authority.host(), authority.port_u16()));
        let host = target.filter(|(_, port)| *port == Some(443));
        let host =
            host.and_then(|(host, _)| PROXIED.iter().copied().find(|known| known.eq_ignore_ascii_case(host)));
        let Some(host) = host else {
            return refuse(
                "The simulator is a proxy only for graph.microsoft.com:443 and login.microsoftonline.com:443.",
            );
        };
        let upgrade = hyper::upgrade::on(&mut request);
        *self.wanted.lock().unwrap_or_else(PoisonError::into_inner) = Some((upgrade, host));
        Response::new(Body::empty())
    }
}

/// The whole body, unless it is too large or too slow.
async fn whole(body: Body, limit: usize) -> Result<Vec<u8>, (StatusCode, &'static str)> {
    match tokio::time::timeout(BODY_WITHIN, axum::body::to_bytes(body, limit)).await {
        Ok(Ok(body)) => Ok(body.into()),
        Ok(Err(_)) => Err((StatusCode::PAYLOAD_TOO_LARGE, "The body is too large, or it broke off.")),
        Err(_) => Err((StatusCode::REQUEST_TIMEOUT, "The body did not come in time.")),
    }
}
