//! Groups that assign licenses. They are read here, and written by `groups` alone (docs/graph.md#licenses-from-groups).

use super::membership::{called, find_group, read_memberships};
use super::skus::{Sku, Skus};
use crate::ObjectId;
use crate::graph;
use crate::model::GroupRef;
use crate::operation::Graph;
use crate::problem::{Code, Problem};

const FIELD: &str = "licenses";

/// A group, and the SKUs that it assigns to its members.
#[derive(Debug, Clone)]
pub(super) struct LicensedGroup {
    pub(super) id: ObjectId,
    /// Its display name and its id.
    pub(super) name: String,
    pub(super) skus: Vec<Sku>,
}

impl LicensedGroup {
    /// Reads the group that a roster names.
    pub(super) async fn read(graph: &Graph, skus: &Skus, wanted: &GroupRef) -> Result<Self, Problem> {
        let (id, group) = find_group(graph, wanted, FIELD).await?;
        let named = called(&id.to_string(), group.display_name());
        let assigned = group.assigned_licenses().iter().filter_map(|license| license.sku_id);
        let assigned: Vec<Sku> = assigned.map(|id| Sku { id, name: skus.name_of(id) }).collect();
        if assigned.is_empty() {
            let message = format!("The group {named} assigns no license.");
            return Err(Problem::new(Code::GroupWithoutLicense, message).with_field(FIELD));
        }
        Ok(Self { id, name: named, skus: assigned })
    }

    /// Refuses a user that is not a direct member: the members of nested groups get no license.
    pub(super) async fn require_member(&self, graph: &Graph, user: ObjectId) -> Result<(), Problem> {
        let groups = read_memberships(graph, user).await?;
        if groups.iter().any(|group| group.id() == Some(self.id)) {
            return Ok(());
        }
        Err(self.not_a_member())
    }

    fn not_a_member(&self) -> Problem {
        let licenses: Vec<&str> = self.skus.iter().map(|sku| &*sku.name).collect();
        let message = format!(
            "The agent user is not a member of the group {}, which assigns {}.",
            self.name,
            licenses.join(", ")
        );
        Problem::new(Code::NotAMember, message).with_field(FIELD)
    }
}

/// Names groups, as far as the caller may read their names.
pub(super) async fn name_groups(
    graph: &Graph,
    ids: &[&str],
) -> Result<Vec<(String, Option<String>)>, Problem> {
    let mut named: Vec<(String, Option<String>)> = Vec::new();
    for id in ids {
        if named.iter().any(|(known, _)| known == id) {
            continue;
        }
        let name = match id.parse() {
            Ok(id) => match graph.look(graph::get_group(graph.endpoint(), id)).await {
                Ok(group) => group.and_then(|group| group.display_name().map(str::to_owned)),
                Err(problem) if problem.is_stop() => return Err(problem),
                // The id is known, and says enough.
                Err(_) => None,
            },
            Err(_) => None,
        };
        named.push(((*id).to_owned(), name));
    }
    Ok(named)
}

/// Groups in a sentence: `the group Sales (id)`, or `the groups A (id), B (id)`.
pub(super) fn in_words(named: &[(String, Option<String>)]) -> String {
    let names: Vec<String> = named.iter().map(|(id, name)| called(id, name.as_deref())).collect();
    format!("the {} {}", if names.len() == 1 { "group" } else { "groups" }, names.join(", "))
}

/// The same by their ids alone.
pub(super) fn ids_in_words<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    in_words(&ids.map(|id| (id.to_owned(), None)).collect::<Vec<_>>())
}
