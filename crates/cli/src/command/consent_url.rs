//! `agentuser consent-url`.

use crate::exit::{CommandResult, Exit, internal};
use crate::output::Output;
use agentuser::core::json;
use clap::{ArgGroup, Args};
use serde_json::{Value, json};

const EXAMPLES: &str = "\
Examples:
  agentuser consent-url b1a00000-0000-4000-8000-000000000001 \\
      --tenant contoso.com \\
      --app-role AgentIdUser.ReadWrite.IdentityParentedBy
  agentuser consent-url b1a00000-0000-4000-8000-000000000001 \\
      --tenant contoso.com --scope User.Read,Mail.Send

The address is for an admin's browser. Nothing is sent anywhere. Entra refuses such consent to an agent identity \
(AADSTS82014): `agentuser permission grant` gives it its permissions.";

#[derive(Debug, Args)]
#[command(
    after_help = EXAMPLES,
    // Clap's own line has both groups, and is too long for a terminal.
    override_usage = "agentuser consent-url [OPTIONS] --tenant <TENANT> <BLUEPRINT>",
    group = ArgGroup::new("whose").required(true).args(["blueprint", "identity"]),
    group = ArgGroup::new("permission").required(true).multiple(true).args(["scope", "app_role"])
)]
pub(crate) struct Arguments {
    /// The blueprint: its application (client) id
    #[arg(value_name = "BLUEPRINT")]
    blueprint: Option<String>,
    /// An agent identity: says why it can't be, and what to do
    #[arg(long, value_name = "ID", hide_short_help = true)]
    identity: Option<String>,
    /// The tenant: a GUID or a domain
    #[arg(long, value_name = "TENANT", env = "AGENTUSER_TENANT", hide_env_values = true)]
    tenant: String,
    /// Delegated permissions, such as User.Read
    #[arg(long, value_name = "NAME", num_args = 1.., value_delimiter = ',')]
    scope: Vec<String>,
    /// App roles, such as User.Read.All
    #[arg(long, value_name = "NAME", num_args = 1.., value_delimiter = ',')]
    app_role: Vec<String>,
    /// Where Entra sends the admin afterwards, registered on the blueprint; Microsoft's own page unless given
    #[arg(long, value_name = "URL")]
    redirect_uri: Option<String>,
    /// A text that comes back with the admin
    #[arg(long, value_name = "TEXT")]
    state: Option<String>,
    /// The Microsoft cloud: global, usgov, usgovdod or china
    #[arg(long, value_name = "CLOUD", env = "AGENTUSER_CLOUD", hide_env_values = true)]
    cloud: Option<String>,
    /// Another sign-in endpoint in place of the cloud's
    #[arg(long, value_name = "URL", env = "AGENTUSER_LOGIN_ENDPOINT", hide_env_values = true)]
    login_endpoint: Option<String>,
}

pub(super) fn run(output: &Output, arguments: &Arguments) -> CommandResult {
    let request = json!({
        "tenantId": arguments.tenant,
        "clientId": arguments.blueprint,
        "agentIdentityId": arguments.identity,
        "scopes": arguments.scope,
        "appRoles": arguments.app_role,
        "redirectUri": arguments.redirect_uri,
        "state": arguments.state,
        "cloud": arguments.cloud,
        "loginEndpoint": arguments.login_endpoint,
    });
    let answer = json::consent_url(request.to_string().as_bytes())?;
    let answer: Value = serde_json::from_str(&answer).map_err(|error| internal(error.to_string()))?;
    if output.is_json() {
        output.json([&answer])?;
    } else {
        output.line(answer.get("url").and_then(Value::as_str).unwrap_or_default());
    }
    Ok(Exit::Done)
}
