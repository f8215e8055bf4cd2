//! Time-outs, a company's certificates, and records of what was sent and changed.
//!
//! Try it on a rehearsal tenant: start `agentuser simulator --tls`, then with the endpoint, the token and the file of
//! certificates that it prints: `cargo run -p agentuser --example settings -- https://127.0.0.1:PORT TOKEN FILE`

use agentuser::{AgentUserPatch, Client, Endpoint, FixedToken, Member, MemberValue, Problem, Recording};
use agentuser::{Report, UserRef};
use std::time::Duration;

async fn promote(
    endpoint: Endpoint,
    token: String,
    certificates: &[u8],
    user: &str,
) -> Result<Report, Problem> {
    // README: begin
    let client = Client::builder()
        .graph_endpoint(endpoint)
        .token(FixedToken::new(token))
        .root_certificates(certificates)?
        .settings(|settings| settings.operation_timeout = Some(Duration::from_secs(900)))
        .build()?;
    let user = UserRef::parse(user).map_err(Problem::from_violations)?;
    let patch = AgentUserPatch::parse([(Member::JobTitle, MemberValue::Text("Lead".to_owned()))]);
    let update = client.update(user, patch.map_err(Problem::from_violations)?, false);
    let recording = Recording { requests: true, changes: true, reason: Some("Ticket 7".to_owned()) };
    update
        .within(Duration::from_secs(60))
        .on_record(recording, |record| println!("{}", record.to_json()))
        .await
    // README: end
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [endpoint, token, certificates] = arguments.as_slice() else {
        return Err("give a Graph endpoint, a token and a file of certificates".into());
    };
    let certificates = std::fs::read(certificates)?;
    let user = "first.agent@contoso.com";
    match promote(Endpoint::new(endpoint)?, token.clone(), &certificates, user).await {
        Ok(report) => {
            println!("{} is {:?}", report.user_principal_name, report.outcome);
            Ok(())
        }
        Err(problem) => Err(format!("{problem}\nfix: {}", problem.fix()).into()),
    }
}
