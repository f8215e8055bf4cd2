//! Requests to Graph, through the simulated network.

use super::Shared;
use super::connection::cut;
use crate::network::Delivered;
use crate::spelling;
use agentuser_core::http::{Headers, Method, Request, Response};
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, FORWARDED};
use axum::http::{self, HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;

/// Everything that is neither Entra's nor the simulator's own.
pub(super) async fn graph(
    State(shared): State<Arc<Shared>>,
    request: http::Request<Body>,
) -> http::Response<Body> {
    let (head, body) = request.into_parts();
    let Some(method) = method(&head.method) else {
        let message = "Specified HTTP method is not allowed for the request target.";
        return refuse(StatusCode::METHOD_NOT_ALLOWED, "Request_BadRequest", message);
    };
    let body = whole(body).await;
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    let url = format!("{}{path}", shared.root);
    let mut request = Request { method, url, headers: headers(&head.headers), body };
    #[cfg(feature = "contract")]
    if shared.options.contract
        && let [first, ..] = crate::contract::check_received(&request).as_slice()
    {
        return refuse(StatusCode::INTERNAL_SERVER_ERROR, "ContractBreach", &first.to_string());
    }
    request.url = spelling::address(&shared.root, path);
    answer(&shared, &head.headers, &request).await
}

/// The answer of the simulated network, which may be late, cut off or absent.
pub(super) async fn answer(shared: &Shared, fields: &HeaderMap, request: &Request) -> http::Response<Body> {
    let authorization = fields.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let delivery = shared.network().deliver(shared.now(), authorization, request);
    match delivery.outcome {
        Delivered::Response(response) => {
            tokio::time::sleep(delivery.after).await;
            to_http(response)
        }
        Delivered::Lost { .. } => {
            tokio::time::sleep(delivery.after).await;
            cut()
        }
        Delivered::Never => {
            tokio::time::sleep(shared.options.hold).await;
            cut()
        }
    }
}

/// The body, which has come already.
pub(super) async fn whole(body: Body) -> Vec<u8> {
    axum::body::to_bytes(body, usize::MAX).await.map(Into::into).unwrap_or_default()
}

pub(super) fn method(method: &http::Method) -> Option<Method> {
    if method == http::Method::HEAD {
        // The server leaves the body out.
        return Some(Method::Get);
    }
    [Method::Get, Method::Post, Method::Patch, Method::Put, Method::Delete]
        .into_iter()
        .find(|known| known.as_str() == method.as_str())
}

/// Header fields that are texts, without the token, and without what a proxy would say.
pub(super) fn headers(fields: &HeaderMap) -> Headers {
    let texts = fields.iter().filter(|(name, _)| **name != AUTHORIZATION && **name != FORWARDED);
    texts
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect()
}

/// A refusal by the server itself, in Graph's shape.
pub(super) fn refuse(status: StatusCode, code: &str, message: &str) -> http::Response<Body> {
    as_json(status, &json!({"error": {"code": code, "message": message}}))
}

pub(super) fn as_json(status: StatusCode, body: &Value) -> http::Response<Body> {
    let mut response = http::Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// A header that echoes what can't be sent is left out.
fn to_http(response: Response) -> http::Response<Body> {
    let mut answer = http::Response::new(Body::from(response.body));
    *answer.status_mut() = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in response.headers.iter() {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            answer.headers_mut().append(name, value);
        }
    }
    answer
}
