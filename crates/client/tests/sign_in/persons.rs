//! People who sign in.

use crate::tenants::*;
use agentuser::sign_in::{Login, Person, Prompt, Scopes, SignInPrompt, prompts};
use agentuser::{Code, ListQuery, Problem};
use agentuser_simulator::ids;
use std::sync::Arc;
use tokio::sync::mpsc;

/// A person, and what the person is shown.
fn person(root: &str, prompt: Prompt) -> (Person, mpsc::UnboundedReceiver<SignInPrompt>) {
    let (shown, prompts_seen) = mpsc::unbounded_channel();
    let host = prompts(move |prompt| {
        shown.send(prompt).unwrap();
        Ok(())
    });
    let login = Login::chosen(None, None, Some(root)).unwrap();
    let person = Person::new(TENANT, &ids::plain_app(2).to_string(), prompt, host).unwrap();
    let scopes = Scopes::new([format!("{root}/User.Read.All")]).unwrap();
    (person.login(login).unwrap().scopes(scopes), prompts_seen)
}

fn browser() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .tls_backend_preconfigured(tls())
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

fn tls() -> rustls::ClientConfig {
    rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}

async fn visit(url: &str) -> (u16, Option<String>, String) {
    let answer = browser().get(url).send().await.unwrap();
    let to = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
    (answer.status().as_u16(), to, answer.text().await.unwrap())
}

async fn address(prompts: &mut mpsc::UnboundedReceiver<SignInPrompt>) -> String {
    match prompts.recv().await.unwrap() {
        SignInPrompt::Browser { url } => url,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_person_signs_in_in_a_browser_and_then_by_the_refresh_token() {
    let server = serve(tenant());
    let (person, mut shown) = person(server.root(), Prompt::Browser);
    let client = builder(server.root()).token(person.clone()).build().unwrap();
    let listed = tokio::spawn({
        let run = client.list(ListQuery::default());
        async move { run.await }
    });
    let url = address(&mut shown).await;
    assert!(person.refresh_token().is_none());
    let (status, back, _) =
        visit(&format!("{url}&simulator_user=human1@contoso.com&simulator_decision=approve")).await;
    assert_eq!(status, 302);
    let back = back.unwrap();
    assert!(back.starts_with("http://localhost:"), "{back}");

    // Whatever else comes to the port is turned away, and ends nothing.
    let port = back.split('?').next().unwrap();
    for other in ["/favicon.ico", "/?code=stolen&state=guessed", "/?error=access_denied"] {
        assert_eq!(visit(&format!("{port}{other}")).await.0, 404, "{other}");
    }
    // A browser opens connections in advance.
    let _idle =
        tokio::net::TcpStream::connect(port.trim_start_matches("http://").replace("localhost", "127.0.0.1"))
            .await
            .unwrap();
    let (status, _, page) = visit(&back).await;
    assert_eq!((status, page.contains("You are signed in.")), (200, true), "{page}");
    assert!(listed.await.unwrap().unwrap() > 0);
    assert!(browser().get(&back).send().await.is_err(), "the port is closed");

    // The next program needs no browser.
    let refresh_token = person.refresh_token().unwrap();
    let (again, mut shown) = self::person(server.root(), Prompt::Browser);
    again.remember(refresh_token);
    let client = builder(server.root()).token(again.clone()).build().unwrap();
    let seen = Seen::default();
    client.list(ListQuery::default()).on_record(requests(), seen.record()).await.unwrap();
    assert_eq!(seen.legs()[0], "refresh");
    assert!(shown.try_recv().is_err(), "nobody was asked");
    again.sign_out();
    assert!(again.refresh_token().is_none());
    server.stop().await;
}

#[tokio::test]
async fn a_person_who_declines_is_told_so() {
    let server = serve(tenant());
    let (person, mut shown) = person(server.root(), Prompt::Browser);
    let client = builder(server.root()).token(person).build().unwrap();
    let listed = tokio::spawn({
        let run = client.list(ListQuery::default());
        async move { run.await }
    });
    let url = address(&mut shown).await;
    let (_, back, _) =
        visit(&format!("{url}&simulator_user=human1@contoso.com&simulator_decision=deny")).await;
    let (_, _, page) = visit(&back.unwrap()).await;
    assert!(page.contains("You are not signed in."), "{page}");
    let problem = listed.await.unwrap().unwrap_err();
    assert_eq!(problem.code(), Code::SignInDeclined, "{problem:?}");
    server.stop().await;
}

#[tokio::test]
async fn a_host_that_can_show_nothing_ends_the_sign_in() {
    let server = serve(tenant());
    let host = prompts(|_| Err(Problem::new(Code::NoBrowser, "There is no screen.")));
    for prompt in [Prompt::Browser, Prompt::DeviceCode] {
        let login = Login::chosen(None, None, Some(server.root())).unwrap();
        let person = Person::new(TENANT, &ids::plain_app(2).to_string(), prompt, host.clone()).unwrap();
        let client = builder(server.root()).token(person.login(login).unwrap()).build().unwrap();
        let problem = client.list(ListQuery::default()).await.unwrap_err();
        assert_eq!((problem.code(), problem.message()), (Code::NoBrowser, "There is no screen."));
    }
    server.stop().await;
}

#[tokio::test]
async fn a_person_signs_in_by_a_code() {
    let server = serve(tenant());
    let (person, mut shown) = person(server.root(), Prompt::DeviceCode);
    let client = builder(server.root()).token(person).build().unwrap();
    let listed = tokio::spawn({
        let run = client.list(ListQuery::default());
        async move { run.await }
    });
    let SignInPrompt::DeviceCode { user_code, verification_uri, message, expires_in } =
        shown.recv().await.unwrap()
    else {
        panic!()
    };
    assert!(message.is_some_and(|message| message.contains(&user_code)) && expires_in.as_secs() == 900);
    let approve = format!("{verification_uri}?code={user_code}&user=human1@contoso.com&decision=approve");
    assert_eq!(visit(&approve).await.0, 200);
    assert!(listed.await.unwrap().unwrap() > 0);
    server.stop().await;
}
