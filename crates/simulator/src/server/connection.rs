//! One connection, which may have to break.

use super::{Shared, cors};
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;

/// How long a client may take for the head of a request. Longer than clients keep connections that they don't use, so
/// that none is closed in the moment in which it is used again.
const HEAD_WITHIN: Duration = Duration::from_secs(120);
/// How long requests that are being answered may take once the server stops.
const GRACE: Duration = Duration::from_secs(1);

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

pub(super) async fn serve(stream: TcpStream, router: Router, shared: Arc<Shared>) {
    let router = TowerToHyperService::new(router);
    let service = service_fn(|request| answer(request, router.clone(), &shared));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    // An error is the client's, or the connection has ended: no one is left to tell.
    tokio::select! {
        _ = connection.as_mut() => {}
        () = super::asked_to_stop(&shared) => {
            connection.as_mut().graceful_shutdown();
            drop(tokio::time::timeout(GRACE, connection).await);
        }
    }
}

/// An error makes hyper close the connection without an answer.
async fn answer(
    request: Request<Incoming>,
    router: TowerToHyperService<Router>,
    shared: &Shared,
) -> Result<Response<Body>, Cut> {
    shared.touch();
    if request.method() == Method::OPTIONS {
        return Ok(cors::preflight());
    }
    let Ok(response) = router.call(request).await;
    match response.extensions().get::<Cut>() {
        Some(cut) => Err(*cut),
        None => Ok(cors::allow(response)),
    }
}
