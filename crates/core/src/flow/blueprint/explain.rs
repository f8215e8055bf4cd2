//! Sentences about the broken links of a chain.

use super::chain::{BlueprintChain, ChainLink, ChainPart, ChainedIdentity, LinkState};
use crate::ObjectId;
use crate::flow::remarks::remark;
use crate::problem::shown;
use crate::remark::{Remark, RemarkCode};
use std::collections::BTreeSet;

/// How many objects a sentence names.
const NAMED: usize = 5;

/// Sentences about everything that is missing, disabled or deleted, or was not read. `twice` are the agent identities that
/// have more than one agent user.
pub(super) fn explain(chain: &BlueprintChain, twice: &BTreeSet<ObjectId>) -> Vec<Remark> {
    let mut remarks: Vec<Remark> = blueprint(chain).into_iter().chain(principal(chain)).collect();
    let state = |wanted: LinkState| move |one: &&ChainedIdentity| one.identity.state == wanted;
    let user = |wanted: LinkState| move |one: &&ChainedIdentity| one.agent_user.state == wanted;
    let identity = |one: &ChainedIdentity| name(&one.identity);
    let agent_user = |one: &ChainedIdentity| name(&one.agent_user);
    let all = || chain.identities.iter();
    let orphans = all().filter(state(LinkState::Deleted)).filter(user(LinkState::Present));
    let both = |one: &ChainedIdentity| format!("{} of {}", name(&one.agent_user), name(&one.identity));
    remarks.extend(
        [
            about(
                RemarkCode::ChainDisabled,
                all().filter(state(LinkState::Disabled)).map(identity),
                ("agent identity is disabled", "agent identities are disabled"),
                "Enable it in Entra ID > Agents, or choose another parent.",
            ),
            about(
                RemarkCode::ChainDisabled,
                all().filter(state(LinkState::DisabledByMicrosoft)).map(identity),
                ("agent identity was disabled by Microsoft", "agent identities were disabled by Microsoft"),
                "An admin can't enable it: open a support case.",
            ),
            about(
                RemarkCode::ChainDeleted,
                all().filter(state(LinkState::Deleted)).map(identity),
                ("agent identity is in the recycle bin", "agent identities are in the recycle bin"),
                "Each is restored by itself, within 30 days, and counts to the blueprint's limit meanwhile.",
            ),
            about(
                RemarkCode::ChainDeleted,
                orphans.map(both),
                ("agent user has lost its agent identity", "agent users have lost their agent identities"),
                "Restore the agent identity, or delete the agent user.",
            ),
            about(
                RemarkCode::ChainDisabled,
                all().filter(user(LinkState::Disabled)).map(agent_user),
                ("agent user is disabled", "agent users are disabled"),
                "Enable it, where it is meant to sign in: `agentuser enable`.",
            ),
            about(
                RemarkCode::ChainDeleted,
                all().filter(user(LinkState::Deleted)).map(agent_user),
                ("agent user is in the recycle bin", "agent users are in the recycle bin"),
                "Restore it within 30 days: `agentuser restore`.",
            ),
            about(
                RemarkCode::SeveralAgentUsers,
                all().filter(|one| one.identity.id.is_some_and(|id| twice.contains(&id))).map(identity),
                ("agent identity has more than one agent user", "agent identities have more than one agent user"),
                "Microsoft says that it has at most one: the list of agent users with this parent shows them.",
            ),
        ]
        .into_iter()
        .flatten(),
    );
    remarks.extend(chain.not_read.iter().map(|one| {
        let message =
            format!("Not read: {}. {} {}", words(one.part), one.problem.message(), one.problem.fix());
        remark(RemarkCode::ChainNotRead, &message)
    }));
    remarks
}

fn blueprint(chain: &BlueprintChain) -> Option<Remark> {
    let link = &chain.blueprint;
    let name = name(link);
    Some(match link.state {
        LinkState::Missing => {
            let bin = if is_unread(chain, ChainPart::DeletedBlueprints) {
                "Whether it is in the recycle bin is not known."
            } else {
                "It is not in the recycle bin either."
            };
            let message = format!(
                "The blueprint {name} is not there. {bin} Its agent identities get their tokens by it."
            );
            remark(RemarkCode::ChainMissing, &message)
        }
        LinkState::Deleted => remark(
            RemarkCode::ChainDeleted,
            &format!("The blueprint {name} is in the recycle bin{}. Restore it within 30 days.", since(link)),
        ),
        LinkState::DisabledByMicrosoft => {
            let message = format!(
                "Microsoft disabled the blueprint {name}. An admin can't enable it: open a support case."
            );
            remark(RemarkCode::ChainDisabled, &message)
        }
        _ => return None,
    })
}

fn principal(chain: &BlueprintChain) -> Option<Remark> {
    let link = &chain.principal;
    let of = name(&chain.blueprint);
    Some(match link.state {
        LinkState::Missing => {
            let bin = if is_unread(chain, ChainPart::DeletedPrincipals) {
                "Whether it is in the recycle bin is not known. If it is not, create it"
            } else {
                "It is not in the recycle bin either: create it"
            };
            let message = format!(
                "The blueprint {of} has no principal in this tenant, without which no agent identity can be created. {bin} for \
                 the blueprint's application id."
            );
            remark(RemarkCode::ChainMissing, &message)
        }
        LinkState::Deleted => {
            let message = format!(
                "The principal of the blueprint {of} is in the recycle bin{}. Restore it within 30 days; agent identities that \
                 were deleted with it are restored one by one.",
                since(link)
            );
            remark(RemarkCode::ChainDeleted, &message)
        }
        LinkState::Disabled => remark(
            RemarkCode::ChainDisabled,
            &format!("The principal of the blueprint {of} is disabled. Enable it in Entra ID > Agents."),
        ),
        LinkState::DisabledByMicrosoft => {
            let message = format!(
                "Microsoft disabled the principal of the blueprint {of}. An admin can't enable it: open a support case."
            );
            remark(RemarkCode::ChainDisabled, &message)
        }
        LinkState::None => {
            let message = format!(
                "The blueprint {of} has a single-instance agent identity, which shares its client id: there is no principal by \
                 design, and nothing is missing."
            );
            remark(RemarkCode::SingleInstance, &message)
        }
        _ => return None,
    })
}

fn is_unread(chain: &BlueprintChain, part: ChainPart) -> bool {
    chain.not_read.iter().any(|one| one.part == part)
}

fn since(link: &ChainLink) -> String {
    link.deleted_date_time.as_deref().map(|since| format!(" since {}", shown(since))).unwrap_or_default()
}

/// One sentence about all of these, with the names of the first, and what to do; none where there is none.
fn about(
    code: RemarkCode,
    names: impl Iterator<Item = String>,
    (one, several): (&str, &str),
    fix: &str,
) -> Option<Remark> {
    let names: Vec<String> = names.collect();
    let number = names.len();
    let more = number.saturating_sub(NAMED);
    let listed = names.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
    let listed = if more > 0 { format!("{listed} and {more} more") } else { listed };
    let what = match number {
        0 => return None,
        1 => one,
        _ => several,
    };
    Some(remark(code, &format!("{number} {what}: {listed}. {fix}")))
}

/// The name that people see, and the id.
fn name(link: &ChainLink) -> String {
    let id = link.app_id.filter(|_| link.user_principal_name.is_none() && link.id.is_none()).or(link.id);
    let id = id.map(|id| id.to_string()).unwrap_or_default();
    match link.user_principal_name.as_deref().or(link.display_name.as_deref()) {
        Some(name) => format!("{} ({id})", shown(name)),
        None => id,
    }
}

/// A part in words.
fn words(part: ChainPart) -> &'static str {
    match part {
        ChainPart::Blueprint => "the blueprint",
        ChainPart::Principal => "its principal",
        ChainPart::Identities => "its agent identities",
        ChainPart::AgentUsers => "the agent users",
        ChainPart::DeletedBlueprints => "applications in the recycle bin",
        ChainPart::DeletedPrincipals => "service principals in the recycle bin",
        ChainPart::DeletedAgentUsers => "users in the recycle bin",
    }
}
