//! Manager and sponsors (docs/graph.md#operations, note 1).

use super::ask::{Ask, apart, json, nothing};
use super::cloud::Endpoint;
use super::url::{Url, starts_with};
use crate::ObjectId;
use crate::call::Call;
use crate::http::Method;
use crate::model::{DirectoryObject, Page, UserRef};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// People and agent users are told by their sign-in names, groups and identities by their display names.
const SELECT: &str = "id,displayName,userPrincipalName";

/// Agent users are told by their parents where the type is absent.
const SELECT_FOUND: &str = "id,displayName,userPrincipalName,accountEnabled,identityParentId";

/// Agent users are told by their parents, and agent identities by their blueprints, where the type is absent.
const SELECT_SPONSORED: &str =
    "id,displayName,userPrincipalName,accountEnabled,identityParentId,agentIdentityBlueprintId";

#[derive(Serialize)]
pub(super) struct Reference {
    #[serde(rename = "@odata.id")]
    id: String,
}

pub(super) fn reference(endpoint: &Endpoint, set: &'static str, id: ObjectId) -> Reference {
    Reference { id: Url::new(endpoint).word(set).key(&id.to_string()).done() }
}

/// The manager. That there is none may come as 404, as 204 or as an object without an id (docs/graph.md#operations, note 1:
/// not documented).
#[must_use]
pub fn get_manager(endpoint: &Endpoint, user: ObjectId) -> Ask<DirectoryObject> {
    let url = Url::new(endpoint).word("users").key(&user.to_string()).word("manager").select(SELECT).done();
    Ask::new(Call::GetManager, Method::Get, url, |response, _| {
        let manager = match response.status {
            204 => Some(DirectoryObject::default()),
            _ => json(response),
        };
        apart(manager, response)
    })
}

/// Sets the manager. Answers 204.
#[must_use]
pub fn set_manager(endpoint: &Endpoint, user: ObjectId, manager: ObjectId) -> Ask<()> {
    let url = Url::new(endpoint).word("users").key(&user.to_string()).word("manager").word("$ref").done();
    Ask::new(Call::SetManager, Method::Put, url, nothing).with_body(&reference(endpoint, "users", manager))
}

/// Removes the manager. Answers 204.
#[must_use]
pub fn remove_manager(endpoint: &Endpoint, user: ObjectId) -> Ask<()> {
    let url = Url::new(endpoint).word("users").key(&user.to_string()).word("manager").word("$ref").done();
    Ask::new(Call::RemoveManager, Method::Delete, url, nothing)
}

/// The sponsors. Graph may fill in nothing but ids (docs/graph.md#known-issues).
#[must_use]
pub fn list_sponsors(endpoint: &Endpoint, user: ObjectId) -> Ask<Page<Vec<DirectoryObject>>> {
    let url = Url::new(endpoint).word("users").key(&user.to_string()).word("sponsors").select(SELECT).done();
    Ask::get(Call::ListSponsors, url)
}

/// The direct reports: objects whose manager the user is.
#[must_use]
pub fn list_direct_reports(endpoint: &Endpoint, user: ObjectId) -> Ask<Page<Vec<DirectoryObject>>> {
    let url =
        Url::new(endpoint).word("users").key(&user.to_string()).word("directReports").select(SELECT).done();
    Ask::get(Call::ListDirectReports, url)
}

/// The objects that a user sponsors, directly and by groups: agent users, agent identities, blueprints, their
/// principals and guests. Entries are read as the caller wants them.
#[must_use]
pub fn list_sponsored<T: DeserializeOwned>(endpoint: &Endpoint, user: &UserRef) -> Ask<Page<Vec<T>>> {
    let url = Url::new(endpoint).word("users").key(&user.to_string()).word("sponsorOf");
    Ask::get(Call::ListSponsored, url.select(SELECT_SPONSORED).done())
}

/// The same of the signed-in person. Graph refuses it to applications.
#[must_use]
pub fn list_own_sponsored<T: DeserializeOwned>(endpoint: &Endpoint) -> Ask<Page<Vec<T>>> {
    let url = Url::new(endpoint).word("me").word("sponsorOf");
    Ask::get(Call::ListOwnSponsored, url.select(SELECT_SPONSORED).done())
}

/// The first page of all users, or of those whose user principal name or display name begins so (docs/graph.md#lists).
#[must_use]
pub fn find_users(
    endpoint: &Endpoint,
    start: Option<&str>,
    page_size: usize,
) -> Ask<Page<Vec<DirectoryObject>>> {
    let url = Url::new(endpoint).word("users").select(SELECT_FOUND).query("$top", &page_size.to_string());
    let either =
        |start| ["userPrincipalName", "displayName"].map(|member| starts_with(member, start)).join(" or ");
    Ask::get(Call::FindUsers, url.filter(start.map(either)).done())
}

/// Adds a sponsor: a user, or a group. Answers 204; 400 when it is one already.
#[must_use]
pub fn add_sponsor(endpoint: &Endpoint, user: ObjectId, sponsor: ObjectId, is_group: bool) -> Ask<()> {
    let url = Url::new(endpoint).word("users").key(&user.to_string()).word("sponsors").word("$ref").done();
    let set = if is_group { "groups" } else { "users" };
    Ask::new(Call::AddSponsor, Method::Post, url, nothing).with_body(&reference(endpoint, set, sponsor))
}

/// Removes a sponsor. Answers 204.
#[must_use]
pub fn remove_sponsor(endpoint: &Endpoint, user: ObjectId, sponsor: ObjectId) -> Ask<()> {
    let url = Url::new(endpoint)
        .word("users")
        .key(&user.to_string())
        .word("sponsors")
        .key(&sponsor.to_string())
        .word("$ref")
        .done();
    Ask::new(Call::RemoveSponsor, Method::Delete, url, nothing)
}
