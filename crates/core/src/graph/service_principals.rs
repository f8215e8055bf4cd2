//! Service principals, to verify a parent (docs/graph.md#verifying-a-parent).

use super::ask::{Ask, nothing, with_id};
use super::cloud::Endpoint;
use super::url::Url;
use crate::ObjectId;
use crate::call::Call;
use crate::http::Method;
use crate::model::{Page, ServicePrincipal};
use serde::Serialize;

const SELECT: &str = "id,appId,displayName,accountEnabled,servicePrincipalType,agentIdentityBlueprintId,\
disabledByMicrosoftStatus";

/// A service principal of any kind.
#[must_use]
pub fn get_service_principal(endpoint: &Endpoint, id: ObjectId) -> Ask<ServicePrincipal> {
    let url = Url::new(endpoint).word("servicePrincipals").key(&id.to_string()).select(SELECT).done();
    Ask::new(Call::GetServicePrincipal, Method::Get, url, with_id).expecting_id(id)
}

/// An agent identity, by the path that needs no more than AgentIdentity.Read.All. 404 for every other kind.
#[must_use]
pub fn get_agent_identity(endpoint: &Endpoint, id: ObjectId) -> Ask<ServicePrincipal> {
    let url = Url::new(endpoint)
        .word("servicePrincipals")
        .word("microsoft.graph.agentIdentity")
        .key(&id.to_string())
        .select(SELECT)
        .done();
    Ask::new(Call::GetAgentIdentity, Method::Get, url, with_id).expecting_id(id)
}

/// The service principal of an application: tells whether an id is an application id by mistake.
#[must_use]
pub fn find_service_principal_by_app_id(
    endpoint: &Endpoint,
    app_id: ObjectId,
) -> Ask<Page<Vec<ServicePrincipal>>> {
    let url = Url::new(endpoint)
        .word("servicePrincipals")
        .select(SELECT)
        .query("$filter", &format!("appId eq '{app_id}'"))
        .done();
    Ask::get(Call::FindServicePrincipalByAppId, url)
}

pub(super) const BLUEPRINT_PRINCIPAL: &str = "microsoft.graph.agentIdentityBlueprintPrincipal";

/// A principal does not name a blueprint but by its application id.
pub(super) const SELECT_BLUEPRINT_PRINCIPAL: &str =
    "id,appId,displayName,accountEnabled,servicePrincipalType,disabledByMicrosoftStatus";

/// The principal of a blueprint, by the path that needs no permission to read other service principals. 404 for every other
/// kind.
#[must_use]
pub fn get_blueprint_principal(endpoint: &Endpoint, id: ObjectId) -> Ask<ServicePrincipal> {
    let url = Url::new(endpoint)
        .word("servicePrincipals")
        .word(BLUEPRINT_PRINCIPAL)
        .key(&id.to_string())
        .select(SELECT_BLUEPRINT_PRINCIPAL)
        .done();
    Ask::new(Call::GetBlueprintPrincipal, Method::Get, url, with_id).expecting_id(id)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Enabled {
    pub(super) account_enabled: bool,
}

/// Enables or disables the principal of a blueprint. Answers 204; 404 for every other kind of service principal.
#[must_use]
pub fn enable_blueprint_principal(endpoint: &Endpoint, id: ObjectId, account_enabled: bool) -> Ask<()> {
    let url =
        Url::new(endpoint).word("servicePrincipals").key(&id.to_string()).word(BLUEPRINT_PRINCIPAL).done();
    Ask::new(Call::UpdateBlueprintPrincipal, Method::Patch, url, nothing)
        .with_body(&Enabled { account_enabled })
}
