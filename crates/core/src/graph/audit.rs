//! What an audit reads of all agent users, in as few requests as can be (docs/graph.md#audits).

use super::ask::{Ask, with_id};
use super::cloud::Endpoint;
use super::url::Url;
use crate::ObjectId;
use crate::call::Call;
use crate::http::Method;
use crate::model::{AgentUser, Page, UserLinks};

/// The members that rules read.
const SELECT: &str = "id,userPrincipalName,displayName,identityParentId,accountEnabled,createdDateTime,usageLocation,\
mail,assignedLicenses,licenseAssignmentStates";

const PERSON: &str = "id,displayName,userPrincipalName,accountEnabled";

fn users(endpoint: &Endpoint) -> Url {
    Url::new(endpoint).word("users").word("microsoft.graph.agentUser")
}

/// The agent users with the members that rules read.
#[must_use]
pub fn list_all_agent_users(endpoint: &Endpoint) -> Ask<Page<Vec<AgentUser>>> {
    Ask::get(Call::ListAgentUsers, users(endpoint).select(SELECT).query("$top", "999").done())
}

/// The agent users with their managers. Apart from their sponsors, because one request expands one relationship
/// (docs/graph.md#audits).
#[must_use]
pub fn list_managers(endpoint: &Endpoint) -> Ask<Page<Vec<UserLinks>>> {
    let url = users(endpoint).select("id").query("$expand", &format!("manager($select={PERSON})"));
    Ask::get(Call::ListManagers, url.query("$top", "999").done())
}

/// The agent users with their sponsors, of which Graph shows so many at most: [`UserLinks::MOST_EXPANDED`].
#[must_use]
pub fn list_all_sponsors(endpoint: &Endpoint) -> Ask<Page<Vec<UserLinks>>> {
    let url = users(endpoint).select("id").query("$expand", &format!("sponsors($select={PERSON})"));
    Ask::get(Call::ListAllSponsors, url.query("$top", "999").done())
}

/// The agent users with their leave dates, which need a permission of their own.
#[must_use]
pub fn list_leave_dates(endpoint: &Endpoint) -> Ask<Page<Vec<UserLinks>>> {
    let url = users(endpoint).select("id,employeeLeaveDateTime").query("$top", "999");
    Ask::get(Call::ListLeaveDates, url.done())
}

/// The agent users with their sign-in activity, in the largest pages that Graph gives with it.
#[must_use]
pub fn list_sign_in_activity(endpoint: &Endpoint) -> Ask<Page<Vec<UserLinks>>> {
    let url = users(endpoint).select("id,signInActivity").query("$top", "500");
    Ask::get(Call::ListSignInActivity, url.done())
}

/// A manager or a sponsor.
#[must_use]
pub fn get_person(endpoint: &Endpoint, id: ObjectId) -> Ask<AgentUser> {
    let url = Url::new(endpoint).word("users").key(&id.to_string()).select(PERSON).done();
    Ask::new(Call::GetUser, Method::Get, url, with_id).expecting_id(id)
}
