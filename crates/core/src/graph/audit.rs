//! The reads of an audit about all agent users, in as few requests as possible (docs/graph.md#audits).

use super::ask::{Ask, with_id};
use super::cloud::Endpoint;
use super::url::{Url, literal};
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
    Ask::get(Call::ListSignInActivity, sign_in_activity(endpoint).done())
}

/// The same for those whose user principal names are neither before `from` nor after `to` (docs/graph.md#audits).
#[must_use]
pub fn list_sign_in_activity_between(
    endpoint: &Endpoint,
    from: Option<&str>,
    to: Option<&str>,
) -> Ask<Page<Vec<UserLinks>>> {
    let from = from.map(|from| format!("userPrincipalName ge {}", literal(from)));
    let to = to.map(|to| format!("userPrincipalName le {}", literal(to)));
    let filter: Vec<String> = from.into_iter().chain(to).collect();
    let url = sign_in_activity(endpoint).query("$filter", &filter.join(" and "));
    Ask::get(Call::ListSignInActivity, url.done())
}

fn sign_in_activity(endpoint: &Endpoint) -> Url {
    users(endpoint).select("id,userPrincipalName,signInActivity").query("$top", "500")
}

/// The largest pages of lists, and the smallest that Graph's documentation names for the same lists: with sign-in activity, an
/// older page has 120 (docs/graph.md#lists).
const PAGES: [(&str, &str); 2] = [("$top=999", "$top=100"), ("$top=500", "$top=120")];

/// The address of a list, for smaller pages; none where they are small, or it says nothing of their size.
pub(crate) fn in_smaller_pages(url: &str) -> Option<String> {
    let (large, small) = PAGES.into_iter().find(|(large, _)| url.contains(large))?;
    Some(url.replacen(large, small, 1))
}

/// A manager or a sponsor.
#[must_use]
pub fn get_person(endpoint: &Endpoint, id: ObjectId) -> Ask<AgentUser> {
    let url = Url::new(endpoint).word("users").key(&id.to_string()).select(PERSON).done();
    Ask::new(Call::GetUser, Method::Get, url, with_id).expecting_id(id)
}
