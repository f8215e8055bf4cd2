//! Servers that are not Graph.

use crate::common::*;
use agentuser::{Code, ListQuery};
use agentuser_core::http::Method;
use agentuser_simulator::{Fault, Faults, Planned, Tenant};

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let decoy = Decoy::new();
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let root = canned(http(status, &format!("Location: {}/v1.0/users", decoy.root()), ""));
        let problem = admin(&root).list(ListQuery::default()).await.unwrap_err();
        assert_eq!(problem.code(), Code::Redirected, "{problem:?}");
    }
    decoy.was_not_contacted();
}

#[tokio::test]
async fn a_next_page_elsewhere_is_not_asked_for() {
    let fault = Planned::new(Method::Get, "/users", 1, Fault::ForeignNextLink);
    let tenant = Tenant::contoso(1).populate(100, 103, 1);
    let server = serve_with(tenant, Faults::plan([fault]), agentuser_simulator::server::ServerOptions::new());
    let query = ListQuery { page_size: 2, ..ListQuery::default() };
    let problem = admin(server.root()).list(query).await.unwrap_err();
    assert_eq!(problem.code(), Code::ForeignNextLink, "{problem:?}");
    server.network(|network| {
        let own = (network.directory().root().to_owned(), true);
        assert_eq!(network.contacts().requests().keys().collect::<Vec<_>>(), [&own]);
    });

    let decoy = Decoy::new();
    let body = format!(r#"{{"value": [], "@odata.nextLink": "{}/v1.0/users"}}"#, decoy.root());
    let root = canned(http("200 OK", "Content-Type: application/json", &body));
    let problem = admin(&root).list(ListQuery::default()).await.unwrap_err();
    assert_eq!(problem.code(), Code::ForeignNextLink, "{problem:?}");
    decoy.was_not_contacted();
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_not_taken() {
    let root = canned(http("200 OK", "Content-Type: application/json", &" ".repeat(5000)));
    let token = agentuser::FixedToken::new("admin".to_owned());
    let client = builder(&root).token(token).answer_limit(4999).build().unwrap();
    let problem = client.list(ListQuery::default()).await.unwrap_err();
    assert_eq!(problem.code(), Code::AnswerTooLarge, "{problem:?}");
}

#[tokio::test]
async fn a_page_in_place_of_an_answer() {
    for status in ["200 OK", "403 Forbidden"] {
        let page = "<html><body>Sign in to the guest network</body></html>";
        let root = canned(http(status, "Content-Type: text/html", page));
        let problem = admin(&root).list(ListQuery::default()).await.unwrap_err();
        assert_eq!(problem.code(), Code::BadAnswer, "{problem:?}");
    }
}

#[tokio::test]
async fn nobody_listens() {
    // Bound, so that no other process gets the port, and not listening, so that connections are refused.
    let held = tokio::net::TcpSocket::new_v4().unwrap();
    held.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let root = format!("http://{}", held.local_addr().unwrap());
    let problem = admin(&root).list(ListQuery::default()).await.unwrap_err();
    assert_eq!(problem.code(), Code::Unreachable, "{problem:?}");
    let client = builder(&root).token(blueprint(&root, SECRET)).build().unwrap();
    let problem = client.tenant_facts().await.unwrap_err();
    assert_eq!(problem.code(), Code::Unreachable, "{problem:?}");
}
