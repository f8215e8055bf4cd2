//! Serves the answers to an audit, rendered beforehand: `answers COUNT`
//!
//! An audit of a tenant with so many agent users and planted findings runs once against the simulator; what it asked for is
//! answered from memory after that, so that what an audit takes is the client's time. `/requests` lists what was asked.
//! Requests go one by one, without `$batch`. No token is looked at. The address is printed; it ends with its standard input.

use agentuser_core::Now;
use agentuser_core::flow::{self, AuditRequest};
use agentuser_core::graph::Endpoint;
use agentuser_core::http::{Method, Request};
use agentuser_core::operation::{Items, Limits, Session, Settings};
use agentuser_simulator::{Directory, Faults, Network, Tenant, World, tenant};
use axum::body::{Body, to_bytes};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::convert::Infallible;
use std::error::Error;
use std::io::Read as _;
use std::sync::Arc;
use tokio::net::TcpListener;

/// The longest body of a request.
const MOST: usize = 1 << 20;

/// An answer: its status, its headers, its body.
type Answer = (u16, Vec<(String, String)>, Bytes);

/// Answers by path and query, and the body of the request.
type Answers = HashMap<(String, Bytes), Answer>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let count = std::env::args().nth(1).ok_or("answers COUNT")?.parse()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let root = format!("http://{}", listener.local_addr()?);
    let answers = Arc::new(render(Tenant::planted(count).root(&root).build(), &root)?);
    println!("{root}");
    tokio::spawn(serve(listener, answers));
    let end = || std::io::stdin().read_to_end(&mut Vec::new());
    tokio::task::spawn_blocking(end).await??;
    Ok(())
}

/// The answers to everything that an audit asks for.
fn render(mut directory: Directory, root: &str) -> Result<Answers, Box<dyn Error>> {
    let mut world = World::new(Network::new(directory.clone(), Faults::none()), tenant::ADMIN);
    world.network_mut().directory_mut().keep_sums_only();
    let session = Session::new(Settings::new(Endpoint::new(root)?))
        .with_limits(Limits { batch: 1, ..Limits::default() });
    let request = AuditRequest::default();
    let ran =
        world.run(session.start(0, |graph, _: Items<()>| async move { flow::audit(&graph, request).await }));
    ran.result.ok_or("nothing to wait for")??;
    let (mut answers, mut requests) = (Answers::new(), Vec::new());
    for (_, request) in ran.sent {
        let path = request.url.strip_prefix(root).ok_or("another root")?.to_owned();
        let body = Bytes::from(request.body.clone());
        requests.push(listed(&request, &path));
        let response = directory.handle(Now::default(), Some(tenant::ADMIN), &request);
        let headers = response.headers.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        answers.insert((path, body), (response.status, headers.collect(), response.body.into()));
    }
    let list = serde_json::to_vec(&requests)?.into();
    answers.insert(("/requests".to_owned(), Bytes::new()), (200, Vec::new(), list));
    Ok(answers)
}

fn listed(request: &Request, path: &str) -> Value {
    let body = (request.method != Method::Get).then(|| String::from_utf8_lossy(&request.body).into_owned());
    json!({ "path": path, "body": body })
}

async fn serve(listener: TcpListener, answers: Arc<Answers>) {
    while let Ok((stream, _)) = listener.accept().await {
        // Else the end of an answer waits for the client's acknowledgement.
        drop(stream.set_nodelay(true));
        let answers = Arc::clone(&answers);
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let answers = Arc::clone(&answers);
            async move { Ok::<_, Infallible>(answer(&answers, request).await) }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn answer(answers: &Answers, request: hyper::Request<Incoming>) -> hyper::Response<Body> {
    let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let body = to_bytes(Body::new(request.into_body()), MOST).await.unwrap_or_default();
    let mut response = hyper::Response::new(Body::empty());
    let Some((status, headers, body)) = answers.get(&(path, body)) else {
        *response.status_mut() = hyper::StatusCode::NOT_FOUND;
        return response;
    };
    *response.status_mut() = hyper::StatusCode::from_u16(*status).unwrap_or_default();
    for (name, value) in headers {
        let name = hyper::header::HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, value.parse()) {
            response.headers_mut().insert(name, value);
        }
    }
    *response.body_mut() = Body::from(body.clone());
    response
}
