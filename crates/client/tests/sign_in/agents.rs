//! Agent identities and agent users.

use crate::hosts::{Answers, Deaf};
use crate::tenants::*;
use agentuser::sign_in::UserOf;
use agentuser::{Code, ListQuery, UserRef};
use agentuser_simulator::entra::{Effect, Policy};
use agentuser_simulator::ids;
use std::sync::Arc;

#[tokio::test]
async fn an_agent_user_signs_in_by_three_legs_that_are_kept() {
    let server = serve(tenant());
    let blueprint = by_secret(server.root());
    let client = builder(server.root()).token(agent_user(&blueprint)).build().unwrap();
    let seen = Seen::default();
    let me = || client.get(UserRef::from(ids::agent_user(1))).on_record(requests(), seen.record());
    assert_eq!(me().await.unwrap().id(), Some(ids::agent_user(1)));
    let legs = seen.legs();
    assert_eq!(legs[..3], ["exchange", "userExchange", "agentUser"], "{legs:?}");
    assert!(legs[3..].iter().all(|path| path.starts_with("/v1.0/")), "{legs:?}");
    me().await.unwrap();
    assert!(seen.legs().iter().all(|path| path.starts_with("/v1.0/")), "the token is kept");

    // The agent identity's own token shares T1, and the agent user by name has T2 in common.
    let identity = blueprint.agent_identity(&ids::identity(1).to_string()).unwrap();
    let client = builder(server.root()).token(identity).build().unwrap();
    let run = client.list(ListQuery::default()).on_record(requests(), seen.record());
    assert_eq!(run.await.unwrap_err().code(), Code::PermissionMissing);
    assert_eq!(seen.legs()[0], "agentIdentity");
    let named = UserOf::by_name("agent1@contoso.com").unwrap();
    let named = blueprint.agent_user(&ids::identity(1).to_string(), named).unwrap();
    let client = builder(server.root()).token(named).build().unwrap();
    client.get(UserRef::from(ids::agent_user(1))).on_record(requests(), seen.record()).await.unwrap();
    assert_eq!(seen.legs()[0], "agentUser");

    // A token that is revoked is renewed, and only that.
    server.revoke_issued_tokens();
    client.get(UserRef::from(ids::agent_user(1))).on_record(requests(), seen.record()).await.unwrap();
    assert!(seen.legs().iter().filter(|leg| *leg == "agentUser").count() == 1);
    blueprint.sign_out();
    let token = client.token(&["https://graph.microsoft.com/User.Read"]).await.unwrap();
    assert_eq!(token.account().as_deref(), Some("agent1@contoso.com"));
    assert!(token.expires_in().is_some_and(|left| left.as_secs() > 3000));
    server.stop().await;
}

#[tokio::test]
async fn runs_that_wait_together_share_a_sign_in_and_both_hear_of_it() {
    let server = serve(tenant());
    let client = builder(server.root()).token(agent_user(&by_secret(server.root()))).build().unwrap();
    let (one, two) = (Seen::default(), Seen::default());
    let run = |seen: &Seen| {
        client.get(UserRef::from(ids::agent_user(1))).on_record(requests(), seen.record()).into_future()
    };
    let (first, second) = tokio::join!(run(&one), run(&two));
    first.unwrap();
    second.unwrap();
    for seen in [one, two] {
        let legs = seen.legs();
        let of_sign_in: Vec<_> = legs.iter().filter(|leg| !leg.starts_with('/')).collect();
        assert_eq!(of_sign_in, ["exchange", "userExchange", "agentUser"], "{legs:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn refusals_are_explained_and_hold_no_secret() {
    let server = serve(tenant());
    let nobody = ids::nothing(1).to_string();
    let blueprint = by_secret(server.root());
    // The identity of another blueprint, and an agent user without consent.
    let other = blueprint.agent_user(&ids::identity(2).to_string(), UserOf::Id(ids::agent_user(2))).unwrap();
    let unknown = blueprint.agent_user(&nobody, UserOf::Id(ids::agent_user(1))).unwrap();
    for provider in [other, unknown] {
        let client = builder(server.root()).token(provider).build().unwrap();
        let problem = client.list(ListQuery::default()).await.unwrap_err();
        let shown = format!("{problem} {problem:?} {client:?}");
        assert!(!shown.contains(SECRET), "{shown}");
        assert!(problem.graph_message().is_some() && problem.status() == Some(400), "{problem:?}");
    }
    assert!(blueprint.agent_identity("no id").is_err());
    let problem = UserOf::by_id("agent1@contoso.com").unwrap_err();
    assert_eq!(problem.field, "userId");
    server.stop().await;
}

#[tokio::test]
async fn an_agent_identity_acts_for_a_person_whose_token_the_host_brings() {
    let server = serve(tenant());
    let token = person_token(&server);
    let host = Arc::new(Answers::of(vec![token.clone(), token]));
    let application = by_secret(server.root());
    let acting = application.on_behalf_of(&ids::identity(1).to_string(), host.clone()).unwrap();
    let client = builder(server.root()).token(acting).build().unwrap();
    let seen = Seen::default();
    let run = client.get(UserRef::from(ids::agent_user(1))).on_record(requests(), seen.record());
    run.await.unwrap();
    assert_eq!(seen.legs()[..2], ["exchange", "onBehalfOf"]);
    assert_eq!(host.asked(), [format!("user token for {}", ids::blueprint_app(1))]);
    // Afterwards by its refresh token.
    server.revoke_issued_tokens();
    client.new_token(&[]).await.unwrap();
    assert_eq!(host.asked().len(), 1);
    // A sign-out forgets the person's token, too, so that the host is asked again.
    application.sign_out();
    client.new_token(&[]).await.unwrap();
    assert_eq!(host.asked().len(), 2);

    // A host that has none says so.
    let acting =
        by_secret(server.root()).on_behalf_of(&ids::identity(1).to_string(), Arc::new(Deaf::default()));
    let client = builder(server.root()).token(acting.unwrap()).build().unwrap();
    let problem = client.list(ListQuery::default()).await.unwrap_err();
    assert_eq!(problem.message(), "There is no token of the person: this program does not meet that demand.");
    server.stop().await;
}

/// A tenant that challenges whoever signs in for that person, by a policy of that name.
fn challenging(policy: &str) -> agentuser_simulator::server::Running {
    let policy = Policy {
        name: policy.to_owned(),
        user: Some(ids::human(2)),
        client: None,
        effect: Effect::ClaimsAtSignIn(50_076),
    };
    serve(tenant().sign_in(|entra| entra.add_policy(policy)))
}

#[tokio::test]
async fn entras_challenge_reaches_the_host_that_signed_the_person_in() {
    let server = challenging("c1");
    let token = person_token(&server);
    let host = Arc::new(Answers::of(vec![token.clone(), token]));
    let acting = by_secret(server.root()).on_behalf_of(&ids::identity(1).to_string(), host.clone()).unwrap();
    let client = builder(server.root()).token(acting).build().unwrap();
    let seen = Seen::default();
    client.get(UserRef::from(ids::agent_user(1))).on_record(requests(), seen.record()).await.unwrap();
    let challenge = r#"{"access_token":{"polids":{"essential":true,"values":["c1"]}}}"#;
    let asked = [format!("user token for {}", ids::blueprint_app(1)), format!("user token with {challenge}")];
    assert_eq!(host.asked(), asked);
    assert_eq!(seen.legs()[..3], ["exchange", "onBehalfOf", "onBehalfOf"]);
    server.stop().await;
}

#[tokio::test]
async fn a_challenge_that_the_host_can_t_meet_stays_with_the_problem() {
    let server = challenging("c1");
    let host = Arc::new(Answers::of(vec![person_token(&server)]));
    let acting = by_secret(server.root()).on_behalf_of(&ids::identity(1).to_string(), host.clone()).unwrap();
    let client = builder(server.root()).token(acting).build().unwrap();
    let problem = client.token(&[]).await.unwrap_err();
    assert_eq!(problem.message(), "There is no token of the person: this program does not meet that demand.");
    assert!(problem.claims().is_some_and(|claims| claims.contains("c1")), "{problem:?}");
    assert_eq!(host.asked().len(), 2, "once for the token, and once with the challenge");
    server.stop().await;
}

fn person_token(server: &agentuser_simulator::server::Running) -> String {
    let now = agentuser::core::Now { mono: std::time::Duration::from_millis(1), unix_ms: unix_ms() };
    server.network(|network| {
        network.directory_mut().person_token(now, ids::human(2), ids::blueprint_app(1), ids::plain_app(2))
    })
}

fn unix_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}
