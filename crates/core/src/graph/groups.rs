//! Groups and memberships (docs/graph.md#licenses-from-groups, docs/graph.md#group-members).

use super::ask::{Ask, nothing};
use super::cloud::Endpoint;
use super::references::reference;
use super::url::{Url, literal, starts_with};
use crate::ObjectId;
use crate::call::Call;
use crate::http::Method;
use crate::model::{DirectoryObject, Group, Page};

/// `assignedLicenses` and `isManagementRestricted` come by `$select` alone.
const SELECT: &str = "id,displayName,assignedLicenses,groupTypes,mailEnabled,securityEnabled,isAssignableToRole,\
onPremisesSyncEnabled,isManagementRestricted";

/// The members that show the kind of a group.
const KIND: &str =
    "id,displayName,groupTypes,mailEnabled,securityEnabled,isAssignableToRole,onPremisesSyncEnabled";

/// A group with its kind, and the licenses that it assigns.
#[must_use]
pub fn get_group(endpoint: &Endpoint, id: ObjectId) -> Ask<Group> {
    let url = Url::new(endpoint).word("groups").key(&id.to_string()).select(SELECT).done();
    Ask::get(Call::GetGroup, url)
}

/// The groups with this display name, of which there may be several.
#[must_use]
pub fn find_groups_by_name(endpoint: &Endpoint, name: &str) -> Ask<Page<Vec<Group>>> {
    let filter = format!("displayName eq {}", literal(name));
    let url = Url::new(endpoint).word("groups").select(SELECT).query("$filter", &filter).done();
    Ask::get(Call::FindGroupByName, url)
}

/// The first page of all groups, or of those whose display name begins so.
#[must_use]
pub fn find_groups(endpoint: &Endpoint, start: Option<&str>, page_size: usize) -> Ask<Page<Vec<Group>>> {
    let url = Url::new(endpoint).word("groups").select(KIND).query("$top", &page_size.to_string());
    let condition = start.map(|start| starts_with("displayName", start));
    Ask::get(Call::FindGroups, url.filter(condition).done())
}

/// The groups, roles and administrative units that a user is a direct member of. Licenses of nested groups do not count.
#[must_use]
pub fn list_memberships(endpoint: &Endpoint, user: ObjectId) -> Ask<Page<Vec<Group>>> {
    let url = Url::new(endpoint).word("users").key(&user.to_string()).word("memberOf");
    Ask::get(Call::ListMemberships, url.select(KIND).done())
}

/// The groups, roles and administrative units that a user is a member of, directly or by a group.
#[must_use]
pub fn list_transitive_memberships(endpoint: &Endpoint, user: ObjectId) -> Ask<Page<Vec<Group>>> {
    let url = Url::new(endpoint).word("users").key(&user.to_string()).word("transitiveMemberOf");
    Ask::get(Call::ListTransitiveMemberships, url.select(KIND).done())
}

/// Adds a user to a group. Answers 204; 400 when it is a member already.
#[must_use]
pub fn add_group_member(endpoint: &Endpoint, group: ObjectId, user: ObjectId) -> Ask<()> {
    let url = Url::new(endpoint).word("groups").key(&group.to_string()).word("members").word("$ref").done();
    Ask::new(Call::AddGroupMember, Method::Post, url, nothing).with_body(&reference(
        endpoint,
        "directoryObjects",
        user,
    ))
}

/// Removes a user from a group. Answers 204.
#[must_use]
pub fn remove_group_member(endpoint: &Endpoint, group: ObjectId, user: ObjectId) -> Ask<()> {
    let url = Url::new(endpoint).word("groups").key(&group.to_string()).word("members");
    let url = url.key(&user.to_string()).word("$ref").done();
    Ask::new(Call::RemoveGroupMember, Method::Delete, url, nothing)
}

/// The members of a group, and of the groups in it.
#[must_use]
pub fn list_transitive_members(endpoint: &Endpoint, group: ObjectId) -> Ask<Page<Vec<DirectoryObject>>> {
    let url = Url::new(endpoint).word("groups").key(&group.to_string()).word("transitiveMembers");
    Ask::get(Call::ListTransitiveMembers, url.select("id").query("$top", "999").done())
}
