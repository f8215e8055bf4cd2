//! The groups that an agent user is taken out of when it is retired, and put back into when it is brought back
//! (docs/graph.md#group-members).

use super::membership::{
    called, find_group, read_memberships, remove_member, require_changeable, write_member,
};
use super::remarks::remark;
use super::report::Change;
use super::single::Single;
use crate::ObjectId;
use crate::graph;
use crate::model::{FixedMembers, Group, GroupRef};
use crate::operation::Graph;
use crate::problem::{Code, Problem};
use crate::remark::{Remark, RemarkCode};

const FIELD: &str = "group";

/// The groups that an agent user is a direct member of, by whether it can be taken out of them.
#[derive(Debug, Default)]
pub(super) struct Memberships {
    /// The groups that it leaves.
    pub(super) left: Vec<(ObjectId, Group)>,
    /// The groups that it stays in, each with the reason.
    pub(super) kept: Vec<Problem>,
}

impl Memberships {
    /// Reads all of them.
    pub(super) async fn read(graph: &Graph, user: ObjectId) -> Result<Self, Problem> {
        let mut memberships = Self::default();
        for group in read_memberships(graph, user).await?.into_iter().filter(Group::is_group) {
            let Some(id) = group.id() else { continue };
            match require_leavable(id, &group) {
                Ok(()) => memberships.left.push((id, group)),
                Err(reason) => memberships.kept.push(reason),
            }
        }
        Ok(memberships)
    }

    /// The same with none but these.
    fn only(mut self, wanted: &[GroupRef]) -> Self {
        self.left.retain(|(id, group)| wanted.iter().any(|wanted| is_it(wanted, *id, group)));
        self.kept.clear();
        self
    }

    /// The names of the groups that it leaves.
    pub(super) fn names(&self) -> Vec<String> {
        self.left.iter().map(|(id, group)| called(&id.to_string(), group.display_name())).collect()
    }

    /// Whether it leaves the group with this id.
    pub(super) fn leaves(&self, group: &str) -> bool {
        group.parse().is_ok_and(|group: ObjectId| self.left.iter().any(|(id, _)| *id == group))
    }

    /// A remark on each group that it stays in.
    pub(super) fn remarks(&self) -> impl Iterator<Item = Remark> {
        self.kept.iter().map(stays)
    }
}

fn is_it(wanted: &GroupRef, id: ObjectId, group: &Group) -> bool {
    match wanted {
        GroupRef::Id(wanted) => *wanted == id,
        GroupRef::Name(name) => group.display_name().is_some_and(|other| other.eq_ignore_ascii_case(name)),
    }
}

/// An agent user that is in a group to which roles can be assigned may leave it, where the caller may change that.
fn require_leavable(id: ObjectId, group: &Group) -> Result<(), Problem> {
    match group.fixed_members() {
        Some(FixedMembers::Roles) => Ok(()),
        _ => require_changeable(id, group, FIELD),
    }
}

fn stays(reason: &Problem) -> Remark {
    let message = format!("It stays in a group. {} {}", reason.message(), reason.fix());
    remark(RemarkCode::GroupNotLeft, &message)
}

/// The reason for which a refusal is of this group alone: other callers than this one may change it.
async fn of_group_alone(graph: &Graph, id: ObjectId, group: &Group, problem: &Problem) -> Option<Problem> {
    let name = called(&id.to_string(), group.display_name());
    let of = |code| {
        Some(
            Problem::new(code, format!("Graph refused to change the members of the group {name}."))
                .about(problem),
        )
    };
    match problem.code() {
        Code::ManagementRestricted => of(Code::ManagementRestricted),
        Code::PermissionMissing if group.fixed_members() == Some(FixedMembers::Roles) => {
            let needs = format!(
                "Roles can be assigned to the group {name}: to change its members needs \
                 RoleManagement.ReadWrite.Directory besides."
            );
            Some(Problem::new(Code::PermissionMissing, needs).about(problem))
        }
        Code::PermissionMissing if group.is_management_restricted().is_none() => {
            // The list of memberships does not show whether its management is restricted.
            let seen = graph.look(graph::get_group(graph.endpoint(), id)).await.ok().flatten()?;
            if seen.is_management_restricted() == Some(true) { of(Code::ManagementRestricted) } else { None }
        }
        Code::GroupKeptByExchange | Code::GroupKeptOnPremises => of(problem.code()),
        _ => None,
    }
}

/// Takes an agent user out of groups. A group that this caller can't change is named, and ends nothing.
pub(super) async fn leave(
    graph: &Graph,
    single: &mut Single,
    memberships: &Memberships,
) -> Result<(), Problem> {
    let user = single.id;
    for (id, group) in &memberships.left {
        let change = Change::RemoveFromGroup { group: id.to_string() };
        let made = single.make([change], remove_member(graph, *id, group, user)).await;
        if let Err(problem) = made {
            let reason = of_group_alone(graph, *id, group, &problem).await.ok_or(problem)?;
            single.remark(stays(&reason));
        }
    }
    Ok(())
}

/// The same for the groups that a plan names, as far as it is a member of them still.
pub(super) async fn leave_planned(
    graph: &Graph,
    single: &mut Single,
    groups: &[GroupRef],
) -> Result<(), Problem> {
    let memberships = Memberships::read(graph, single.id).await?.only(groups);
    leave(graph, single, &memberships).await
}

/// Adds an agent user to the groups that it was taken out of. One that is gone, or that this caller can't change any more, is
/// named, and ends nothing.
pub(super) async fn rejoin(graph: &Graph, single: &mut Single, groups: &[GroupRef]) -> Result<(), Problem> {
    let user = single.id;
    let has = read_memberships(graph, user).await?;
    for wanted in groups {
        let found = find_group(graph, wanted, FIELD).await;
        let changeable = found.and_then(|(id, group)| {
            let is_there = has.iter().any(|has| has.id() == Some(id));
            if !is_there {
                require_changeable(id, &group, FIELD)?;
            }
            Ok((id, group, is_there))
        });
        let (id, group) = match changeable {
            Ok((_, _, true)) => continue,
            Ok((id, group, false)) => (id, group),
            Err(problem) if is_of_group(&problem) => {
                single.remark(not_rejoined(&problem));
                continue;
            }
            Err(problem) => return Err(problem),
        };
        let change = Change::AddToGroup { group: wanted.to_string() };
        let made = single.make([change], write_member(graph, id, &group, user)).await;
        if let Err(problem) = made {
            let reason = of_group_alone(graph, id, &group, &problem).await.ok_or(problem)?;
            single.remark(not_rejoined(&reason));
        }
    }
    Ok(())
}

fn is_of_group(problem: &Problem) -> bool {
    matches!(
        problem.code(),
        Code::GroupNotFound
            | Code::GroupAmbiguous
            | Code::GroupKeptByExchange
            | Code::GroupKeptOnPremises
            | Code::GroupForRoles
            | Code::GroupIsDynamic
    )
}

fn not_rejoined(reason: &Problem) -> Remark {
    let message = format!("It is not a member of a group again. {} {}", reason.message(), reason.fix());
    remark(RemarkCode::NotBroughtBack, &message)
}
