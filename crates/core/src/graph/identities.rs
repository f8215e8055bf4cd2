//! Agent identities: list, read, sponsors and owners (docs/graph.md#agent-identities).

use super::ask::{Ask, nothing, with_id};
use super::cloud::Endpoint;
use super::references::reference;
use super::service_principals::Enabled;
use super::url::{Url, starts_with};
use crate::ObjectId;
use crate::call::Call;
use crate::http::Method;
use crate::model::{DirectoryObject, Page, ServicePrincipal};

const CAST: &str = "microsoft.graph.agentIdentity";

/// `createdDateTime` is a property of agent identities, not of service principals: these members are read by the cast alone.
const SELECT: &str = "id,appId,displayName,accountEnabled,servicePrincipalType,agentIdentityBlueprintId,\
disabledByMicrosoftStatus,createdDateTime,createdByAppId,tags";

const SELECT_RELATED: &str = "id,displayName,userPrincipalName";

/// Which agent identities to list. All of the conditions must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityQuery {
    /// The beginning of the display name.
    pub display_name_starts_with: Option<String>,
    /// The blueprint: its application id, or an object id of its application or its principal.
    pub blueprint: Option<ObjectId>,
    /// `true` for those that are enabled, `false` for the others. One that Microsoft has disabled is not
    /// enabled, whatever its `accountEnabled`.
    pub account_enabled: Option<bool>,
    /// Only those without an agent user, for which Graph has no filter.
    pub without_agent_user: bool,
    /// Entries per page, 1 to [`IdentityQuery::MOST`]; others are brought into that range.
    pub page_size: u16,
}

impl IdentityQuery {
    /// The most entries of a page (docs/graph.md#agent-identities).
    pub const MOST: u16 = 100;

    /// Whether it is one of those that are enabled or disabled, as is asked for.
    #[must_use]
    pub fn takes(&self, one: &ServicePrincipal) -> bool {
        let enabled = one.account_enabled() != Some(false) && !one.is_disabled_by_microsoft();
        self.account_enabled.is_none_or(|wanted| wanted == enabled)
    }

    fn filter(&self) -> Option<String> {
        let name = self.display_name_starts_with.as_deref();
        let conditions = [
            self.blueprint.map(|app_id| format!("agentIdentityBlueprintId eq '{app_id}'")),
            name.map(|start| starts_with("displayName", start)),
            // A filter for false would leave out those that Microsoft has disabled, for which none is documented.
            (self.account_enabled == Some(true)).then(|| "accountEnabled eq true".to_owned()),
        ];
        let conditions: Vec<String> = conditions.into_iter().flatten().collect();
        (!conditions.is_empty()).then(|| conditions.join(" and "))
    }
}

impl Default for IdentityQuery {
    /// All, in the largest pages.
    fn default() -> Self {
        Self {
            display_name_starts_with: None,
            blueprint: None,
            account_enabled: None,
            without_agent_user: false,
            page_size: Self::MOST,
        }
    }
}

fn identities(endpoint: &Endpoint) -> Url {
    Url::new(endpoint).word("servicePrincipals").word(CAST)
}

/// The first page of a list. Its blueprint is compared as an application id.
#[must_use]
pub fn list_agent_identities(endpoint: &Endpoint, query: &IdentityQuery) -> Ask<Page<Vec<ServicePrincipal>>> {
    let size = query.page_size.clamp(1, IdentityQuery::MOST);
    let url = identities(endpoint).select(SELECT).query("$top", &size.to_string());
    Ask::get(Call::ListAgentIdentities, url.filter(query.filter()).done())
}

/// The agent identities whose appId begins with this digit (docs/graph.md#audits).
#[must_use]
pub fn list_agent_identities_by_app_id(endpoint: &Endpoint, digit: char) -> Ask<Page<Vec<ServicePrincipal>>> {
    let url = identities(endpoint).select(SELECT).query("$top", &IdentityQuery::MOST.to_string());
    let filter = starts_with("appId", &digit.to_string());
    Ask::get(Call::ListAgentIdentities, url.query("$filter", &filter).done())
}

/// An agent identity with the members that only agent identities have. 404 for every other kind.
#[must_use]
pub fn get_whole_agent_identity(endpoint: &Endpoint, id: ObjectId) -> Ask<ServicePrincipal> {
    let url = identities(endpoint).key(&id.to_string()).select(SELECT).done();
    Ask::new(Call::GetAgentIdentity, Method::Get, url, with_id).expecting_id(id)
}

/// The people or groups that are answerable for an agent identity.
#[must_use]
pub fn list_identity_sponsors(endpoint: &Endpoint, id: ObjectId) -> Ask<Page<Vec<DirectoryObject>>> {
    Ask::get(Call::ListIdentitySponsors, related(endpoint, id, "sponsors"))
}

/// The people or service principals that manage an agent identity.
#[must_use]
pub fn list_identity_owners(endpoint: &Endpoint, id: ObjectId) -> Ask<Page<Vec<DirectoryObject>>> {
    Ask::get(Call::ListIdentityOwners, related(endpoint, id, "owners"))
}

fn related(endpoint: &Endpoint, id: ObjectId, relationship: &'static str) -> String {
    cast(endpoint, id).word(relationship).select(SELECT_RELATED).done()
}

/// The path that is right for agent identities alone: any other id answers 404.
fn cast(endpoint: &Endpoint, id: ObjectId) -> Url {
    Url::new(endpoint).word("servicePrincipals").key(&id.to_string()).word(CAST)
}

/// Adds a sponsor to an agent identity: a user, or a group. Answers 204.
#[must_use]
pub fn add_identity_sponsor(endpoint: &Endpoint, id: ObjectId, sponsor: ObjectId, is_group: bool) -> Ask<()> {
    let url = cast(endpoint, id).word("sponsors").word("$ref").done();
    let set = if is_group { "groups" } else { "users" };
    Ask::new(Call::AddIdentitySponsor, Method::Post, url, nothing)
        .with_body(&reference(endpoint, set, sponsor))
}

/// Removes a sponsor from an agent identity. Answers 204.
#[must_use]
pub fn remove_identity_sponsor(endpoint: &Endpoint, id: ObjectId, sponsor: ObjectId) -> Ask<()> {
    let url = cast(endpoint, id).word("sponsors").key(&sponsor.to_string()).word("$ref").done();
    Ask::new(Call::RemoveIdentitySponsor, Method::Delete, url, nothing)
}

/// Enables or disables an agent identity. Answers 204.
#[must_use]
pub fn enable_agent_identity(endpoint: &Endpoint, id: ObjectId, account_enabled: bool) -> Ask<()> {
    Ask::new(Call::UpdateAgentIdentity, Method::Patch, cast(endpoint, id).done(), nothing)
        .with_body(&Enabled { account_enabled })
}
