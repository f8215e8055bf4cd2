//! One agent user, from a verified parent to a license, in ten lines.
//!
//! Try it on a rehearsal tenant: start `agentuser simulator`, then with the endpoint and token that it prints:
//! `cargo run -p agentuser --example provision -- http://127.0.0.1:PORT TOKEN a1d00000-0000-4000-8000-000000000001`

// README: begin
use agentuser::{
    Client, DesiredUser, Draft, Endpoint, FixedToken, Member, Problem, Readiness, Report, SkuRef,
};

async fn provision(endpoint: Endpoint, token: String, agent_identity: &str) -> Result<Report, Problem> {
    let client = Client::builder().graph_endpoint(endpoint).token(FixedToken::new(token)).build()?;
    let draft = Draft::new()
        .parent(agent_identity)
        .with_text(Member::DisplayName, "Sales Agent")
        .with_text(Member::UserPrincipalName, "sales.agent@contoso.com")
        .with_text(Member::UsageLocation, "DE");
    let wanted = DesiredUser::try_from(draft)?.with_licenses(vec![SkuRef::parse("AGENT_365").into()]);
    client.provision(wanted, Readiness::NONE, false).on_event(|event| eprintln!("{event:?}")).await
}
// README: end

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [endpoint, token, agent_identity] = arguments.as_slice() else {
        return Err("give a Graph endpoint, a token and the object id of an agent identity".into());
    };
    let report = provision(Endpoint::new(endpoint)?, token.clone(), agent_identity).await?;
    match report.problem {
        Some(problem) => Err(format!("{problem}\nfix: {}", problem.fix()).into()),
        None => {
            println!("{} is {:?}", report.user_principal_name, report.outcome);
            Ok(())
        }
    }
}
