//! The page on which an admin consents to a blueprint's permissions (docs/sign-in.md#consent).

use super::login::Login;
use super::names::{AgentIdentityId, ClientId};
use super::query;
use super::tenant::Tenant;
use crate::problem::{Code, Problem};

/// Where Microsoft's own pages send the admin afterwards.
pub const REDIRECT: &str = "https://entra.microsoft.com/TokenAuthorize";

/// The one that permissions are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentFor {
    /// A blueprint, whose agent identities may inherit what it has.
    Blueprint(ClientId),
    /// An agent identity.
    AgentIdentity(AgentIdentityId),
}

/// The page on which an admin of that tenant consents: to application permissions, `roles`, and to delegated ones,
/// `scopes`. Entra sends the admin to `redirect_uri` afterwards, which the blueprint must have registered, with `state`.
///
/// # Errors
/// [`Code::SignInNoInteractiveConsent`] for an agent identity, to which nobody can consent in a browser, and
/// [`Code::Invalid`] where no permission is named.
pub fn admin_consent_url(
    login: &Login,
    tenant: &Tenant,
    consent_for: ConsentFor,
    roles: &[&str],
    scopes: &[&str],
    redirect_uri: Option<&str>,
    state: Option<&str>,
) -> Result<String, Problem> {
    let blueprint = match consent_for {
        ConsentFor::Blueprint(blueprint) => blueprint,
        ConsentFor::AgentIdentity(identity) => {
            let message =
                format!("Permissions of the agent identity {identity} can't be consented to in a browser.");
            return Err(Problem::new(Code::SignInNoInteractiveConsent, message));
        }
    };
    if roles.is_empty() && scopes.is_empty() {
        let problem = Problem::new(Code::Invalid, "No permission is named that an admin is to consent to.");
        return Err(problem.with_field("scopes").with_fix("Name at least one role or scope."));
    }
    let (client_id, roles, scopes) = (blueprint.to_string(), roles.join(" "), scopes.join(" "));
    let mut query = vec![("client_id", client_id.as_str())];
    query.extend((!roles.is_empty()).then_some(("role", roles.as_str())));
    query.extend((!scopes.is_empty()).then_some(("scope", scopes.as_str())));
    query.push(("redirect_uri", redirect_uri.unwrap_or(REDIRECT)));
    query.extend(state.map(|state| ("state", state)));
    Ok(format!("{}/{tenant}/v2.0/adminconsent?{}", login.origin(), query::write(&query)))
}
