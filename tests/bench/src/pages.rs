//! Serves lists of agent users whose pages are rendered beforehand: `pages COUNT...`
//!
//! The simulator renders every page once; after that a request costs a look-up and a write, so that what a list takes
//! is the client's time. No token is looked at: Microsoft's JavaScript client sends none where there is no TLS. One
//! address for each count is printed, as a JSON array; it ends with its standard input.

use agentuser_core::Now;
use agentuser_core::http::{Headers, Method, Request};
use agentuser_core::model::{AgentUser, Page};
use agentuser_simulator::{Directory, License, Tenant, Token, ids, tenant};
use hyper::body::{Bytes, Incoming};
use hyper::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, CONTENT_TYPE,
    HeaderValue,
};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::collections::{BTreeSet, HashMap};
use std::convert::Infallible;
use std::error::Error;
use std::io::Read as _;
use std::sync::Arc;
use tokio::net::TcpListener;

/// The query that the library itself sends.
const QUERY: &str = "$select=id,userPrincipalName,displayName,mailNickname,identityParentId,accountEnabled,\
usageLocation,userType,mail,createdDateTime,jobTitle,department,assignedLicenses&$top=999";

/// The pages by their token; the first has none.
type Pages = HashMap<Option<String>, Bytes>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut addresses = Vec::new();
    for count in std::env::args().skip(1) {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let root = format!("http://{}", listener.local_addr()?);
        let pages = Arc::new(render(&mut directory(&root, count.parse()?), &root)?);
        tokio::spawn(serve(listener, pages));
        addresses.push(root);
    }
    println!("{}", serde_json::to_string(&addresses)?);
    let end = || std::io::stdin().read_to_end(&mut Vec::new());
    tokio::task::spawn_blocking(end).await??;
    Ok(())
}

/// A tenant with as many agent users, each with a job and a department, every other one with a license.
fn directory(root: &str, count: u32) -> Directory {
    let licensed = || License { disabled_plans: BTreeSet::new(), assigned: Now::default(), error: None };
    let mut tenant = Tenant::new().root(root).domain("contoso.com").blueprint(1);
    tenant = tenant.token("token", Token::everything()).populate(1, count, 1);
    for n in 1..=count {
        tenant = tenant.change_user(ids::agent_user(n), |user| {
            user.display_name = format!("Agent {n}, \u{c9}quipe {}", n % 97);
            user.extras.insert("jobTitle".to_owned(), "Account assistant".into());
            user.extras.insert("department".to_owned(), format!("Department {}", n % 13).into());
            if n % 2 == 0 {
                user.licenses.insert(ids::sku(tenant::FULL_SKU), licensed());
            }
        });
    }
    tenant.build()
}

/// Every page of the list.
fn render(directory: &mut Directory, root: &str) -> Result<Pages, Box<dyn Error>> {
    let mut url = format!("{root}/v1.0/users/microsoft.graph.agentUser?{QUERY}");
    let mut pages = Pages::new();
    loop {
        let request = Request { method: Method::Get, url, headers: Headers::new(), body: Vec::new() };
        let response = directory.handle(Now::default(), Some("Bearer token"), &request);
        let page: Page<Vec<AgentUser>> = serde_json::from_slice(&response.body)?;
        pages.insert(token(&request.url), response.body.into());
        let Some(next) = page.next_link else { return Ok(pages) };
        url = next;
    }
}

/// Which page a URL asks for.
fn token(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("skiptoken=")?;
    rest.split('&').next().map(str::to_owned)
}

async fn serve(listener: TcpListener, pages: Arc<Pages>) {
    while let Ok((stream, _)) = listener.accept().await {
        // Else the end of a page waits for the client's acknowledgement.
        drop(stream.set_nodelay(true));
        let pages = Arc::clone(&pages);
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let is_preflight = request.method() == hyper::Method::OPTIONS;
            let page = pages.get(&token(&request.uri().to_string())).filter(|_| !is_preflight).cloned();
            async move { Ok::<_, Infallible>(answer(page.or(is_preflight.then(Bytes::new)))) }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

fn answer(page: Option<Bytes>) -> hyper::Response<axum::body::Body> {
    let status = if page.is_some() { 200 } else { 404 };
    let mut response = hyper::Response::new(axum::body::Body::from(page.unwrap_or_default()));
    *response.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or_default();
    let json = HeaderValue::from_static("application/json;odata.metadata=minimal;charset=utf-8");
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, json);
    // Pages of other origins may ask, too, as Graph allows them.
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*, Authorization"));
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    response
}
