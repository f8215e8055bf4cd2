//! Flows of the client against the server.

use crate::common::*;
use agentuser::{Outcome, Readiness, Stage};
use agentuser_simulator::{Faults, ids};

#[tokio::test]
async fn from_a_secret_to_an_agent_user() {
    let server = serve(Faults::none());
    let client = builder(server.root()).token(blueprint(server.root(), SECRET)).build().unwrap();
    let report = client.provision(wanted(1), Readiness::NONE, false).await.unwrap();
    assert_eq!(report.problem, None);
    assert_eq!((report.outcome, report.stage), (Outcome::Created, Stage::Done));
    server.network(|network| {
        let user = network.directory().find_user(report.id.unwrap()).unwrap();
        assert_eq!(user.parent, Some(ids::identity(1)));
        assert_eq!(network.leaks(), Vec::<&str>::new());
    });
    server.stop().await;
}

#[tokio::test]
async fn a_token_that_the_tenant_began_with() {
    let server = serve(Faults::none());
    let users = admin(server.root()).list(agentuser::ListQuery::default()).await.unwrap();
    assert_eq!(users, 1);
}
