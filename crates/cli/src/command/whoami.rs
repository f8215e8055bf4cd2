//! `agentuser whoami`.

use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use crate::output::{Output, Table};
use crate::sign_in::Target;
use agentuser::core::Call;
use agentuser::core::token::TokenFacts;
use agentuser::{Cloud, Endpoint, RemarkCode, token_remarks};
use serde::Serialize;

const EXAMPLES: &str = "\
Examples:
  agentuser whoami
  agentuser whoami --profile partner --json | jq -r .missing[].permissions[0]

All of it comes from the access token, which the command gets as every other command does. Permissions that a person lacks by role do not show there.";

/// The calls of all that a command line does with agent users, in the order of their use.
const NEEDED: [Call; 8] = [
    Call::GetAgentIdentity,
    Call::ListAgentUsers,
    Call::CreateAgentUser,
    Call::UpdateAgentUser,
    Call::DeleteAgentUser,
    Call::SetManager,
    Call::ListSubscribedSkus,
    Call::AssignLicense,
];

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {}

/// The account that is signed in, its tenant, and the contents of its token.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Identity {
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    /// The cloud; `None` at an endpoint outside the clouds.
    #[serde(skip_serializing_if = "Option::is_none")]
    cloud: Option<&'static str>,
    graph_endpoint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<String>,
    /// The permissions of the token; `None` where it does not show them.
    #[serde(skip_serializing_if = "Option::is_none")]
    permissions: Option<Vec<String>>,
    missing: Vec<Missing>,
    warnings: Vec<String>,
}

/// A call that no permission of the token allows.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Missing {
    to: &'static str,
    /// The permissions that would allow it, the least first.
    permissions: &'static [&'static str],
}

pub(super) async fn run(context: &Context) -> CommandResult {
    let target = context.target(false)?;
    let token = context.token(&context.client()?, &[]).await?;
    let profile = target.profile().map(ToString::to_string);
    let identity = Identity::read(&target, profile, token.expose_secret());
    context.output.one(&identity, Identity::table)?;
    identity.warn(&context.output);
    Ok(Exit::Done)
}

impl Identity {
    pub(super) fn read(target: &Target, profile: Option<String>, token: &str) -> Self {
        let facts = TokenFacts::read(token);
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let lacks = |call: &&Call| facts.lacks(**call);
        let missing = NEEDED.iter().filter(lacks);
        let missing = missing.map(|call| Missing { to: call.what(), permissions: call.permissions() });
        Self {
            account: owned(facts.account()),
            tenant_id: owned(facts.tenant()),
            client_id: owned(facts.application()),
            cloud: Cloud::ALL
                .iter()
                .find(|cloud| cloud.graph() == target.graph_origin())
                .map(|cloud| cloud.name()),
            graph_endpoint: target.graph_origin().to_owned(),
            profile,
            permissions: facts.permissions().map(<[String]>::to_vec),
            missing: missing.collect(),
            warnings: warnings(&facts, target),
        }
    }

    pub(super) fn table(&self) -> Table {
        let mut table = Table::of_values();
        let mut line = |name: &str, value: &str| {
            if !value.is_empty() {
                table.row([name.to_owned(), value.to_owned()]);
            }
        };
        line("account", self.account.as_deref().unwrap_or("not shown by the token"));
        line("tenant", self.tenant_id.as_deref().unwrap_or_default());
        line("client id", self.client_id.as_deref().unwrap_or_default());
        line("cloud", self.cloud.unwrap_or("none of Microsoft's"));
        line("Graph", &self.graph_endpoint);
        line("profile", self.profile.as_deref().unwrap_or_default());
        let permissions = self.permissions.as_ref().map(|all| all.join("\n"));
        line("permissions", permissions.as_deref().unwrap_or("not shown by the token"));
        let missing =
            self.missing.iter().map(|one| format!("to {}: {}", one.to, one.permissions.join(" or ")));
        line("missing", &missing.collect::<Vec<_>>().join("\n"));
        table
    }

    /// Tells people the warnings; programs find them in the object.
    pub(super) fn warn(&self, output: &Output) {
        self.warnings.iter().for_each(|text| output.remark(text));
    }
}

/// The token's remarks that only `whoami` shows. Every command tells the others by itself.
fn warnings(facts: &TokenFacts, target: &Target) -> Vec<String> {
    let told = [RemarkCode::TokenActsAsUser, RemarkCode::TokenWritesDirectory, RemarkCode::NoActiveRole];
    let Ok(endpoint) = Endpoint::new(target.graph_origin()) else { return Vec::new() };
    let remarks = token_remarks(facts, &endpoint, i64::MIN);
    remarks.into_iter().filter(|remark| told.contains(&remark.code)).map(|remark| remark.message).collect()
}
