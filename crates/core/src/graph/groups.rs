//! Groups and memberships, read only (docs/graph.md#licenses-from-groups).

use super::ask::Ask;
use super::cloud::Endpoint;
use super::url::{Url, literal};
use crate::ObjectId;
use crate::call::Call;
use crate::model::{Group, Page};

/// `assignedLicenses` comes by `$select` alone.
const SELECT: &str = "id,displayName,assignedLicenses";

/// A group with the licenses that it assigns.
#[must_use]
pub fn get_group(endpoint: &Endpoint, id: ObjectId) -> Ask<Group> {
    let url = Url::new(endpoint).word("groups").key(&id.to_string()).select(SELECT).done();
    Ask::get(Call::GetGroup, url)
}

/// A group with what decides whether it may be a sponsor (docs/graph.md#handing-over).
#[must_use]
pub fn get_group_as_sponsor(endpoint: &Endpoint, id: ObjectId) -> Ask<Group> {
    let url = Url::new(endpoint).word("groups").key(&id.to_string());
    Ask::get(Call::GetGroup, url.select("id,displayName,groupTypes,isAssignableToRole").done())
}

/// The groups with this display name, of which there may be several.
#[must_use]
pub fn find_groups_by_name(endpoint: &Endpoint, name: &str) -> Ask<Page<Vec<Group>>> {
    let filter = format!("displayName eq {}", literal(name));
    let url = Url::new(endpoint).word("groups").select(SELECT).query("$filter", &filter).done();
    Ask::get(Call::FindGroupByName, url)
}

/// The groups, roles and administrative units that a user is a direct member of. Licenses of nested groups do not count.
#[must_use]
pub fn list_memberships(endpoint: &Endpoint, user: ObjectId) -> Ask<Page<Vec<Group>>> {
    let url = Url::new(endpoint).word("users").key(&user.to_string()).word("memberOf");
    Ask::get(Call::ListMemberships, url.select("id,displayName").done())
}
