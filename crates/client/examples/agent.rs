//! Signs in as an agent user, and reads the agent user's account and licenses.
//!
//! The environment has `AGENTUSER_TENANT`, `AGENTUSER_CLIENT_ID` and `AGENTUSER_CLIENT_SECRET` of the blueprint, and the object ids
//! `AGENT_IDENTITY` and `AGENT_USER`; for a simulator also `AGENTUSER_GRAPH_ENDPOINT`: `cargo run -p agentuser --example agent`

// README: begin
use agentuser::sign_in::{Application, Login, Proof, Secret, UserOf};
use agentuser::{AccessToken, Client, Cloud, Endpoint, Problem};

/// The token of the agent user; the client keeps it, and renews it when it is about to end.
async fn sign_in(graph: &Endpoint, variable: impl Fn(&str) -> String) -> Result<AccessToken, Problem> {
    let proof = Proof::secret(Secret::from(variable("AGENTUSER_CLIENT_SECRET")));
    let blueprint = Application::new(&variable("AGENTUSER_TENANT"), &variable("AGENTUSER_CLIENT_ID"), proof)?
        .login(Login::chosen(None, Some(graph), None)?);
    let user =
        UserOf::by_id(&variable("AGENT_USER")).map_err(|wrong| Problem::from_violations(vec![wrong]))?;
    let agent = blueprint.agent_user(&variable("AGENT_IDENTITY"), user)?;
    let client = Client::builder().graph_endpoint(graph.clone()).token(agent).build()?;
    client.token(&[]).await
}
// README: end

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let graph = match variable("AGENTUSER_GRAPH_ENDPOINT").as_str() {
        "" => Endpoint::from(Cloud::Global),
        address => Endpoint::new(address)?,
    };
    let told = |problem: Problem| format!("{problem} ({})\nfix: {}", problem.code(), problem.fix());
    let token = sign_in(&graph, variable).await.map_err(told)?;
    // reqwest has no crypto provider of its own here.
    drop(rustls::crypto::ring::default_provider().install_default());
    let http = reqwest::Client::new();
    let read = async |path: &str| -> Result<serde_json::Value, Box<dyn std::error::Error>> {
        let request = http.get(format!("{}{path}", graph.base())).bearer_auth(token.expose_secret());
        Ok(serde_json::from_slice(&request.send().await?.error_for_status()?.bytes().await?)?)
    };
    let me = read("/me?$select=userPrincipalName,displayName").await?;
    println!("{} ({})", text(&me, "userPrincipalName"), text(&me, "displayName"));
    let licenses = read("/me/licenseDetails").await?;
    for license in licenses.get("value").and_then(serde_json::Value::as_array).into_iter().flatten() {
        println!("{}", text(license, "skuPartNumber"));
    }
    Ok(())
}

fn text<'a>(object: &'a serde_json::Value, name: &str) -> &'a str {
    object.get(name).and_then(serde_json::Value::as_str).unwrap_or_default()
}
