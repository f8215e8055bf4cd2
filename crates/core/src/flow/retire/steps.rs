//! The steps of retiring an agent user.

use super::losses;
use super::options::{RetireOptions, RetiredUntil};
use crate::flow::delete::{delete_it, purge_it};
use crate::flow::find::{BinUse, deleted, get};
use crate::flow::guarded;
use crate::flow::held::{direct, groups};
use crate::flow::leaving::{Memberships, leave};
use crate::flow::license::change_licenses_of;
use crate::flow::remarks::remark;
use crate::flow::report::Report;
use crate::flow::sessions::revoke_sessions_of;
use crate::flow::single::Single;
use crate::flow::skus::Skus;
use crate::flow::update::{signs_in, update_it};
use crate::graph::Detail;
use crate::model::{AgentUser, SkuRef, UserRef};
use crate::operation::Graph;
use crate::problem::{Code, Problem, ProblemKind};
use crate::remark::RemarkCode;
use std::collections::BTreeSet;

/// Retires an agent user: it can't sign in, its sessions are ended, and it is deleted, as far as was asked for. Licenses and
/// groups stay with it, because the recycle bin keeps them, unless its seats are to be free or it is to leave its groups. Run again, it goes on where it
/// stopped.
///
/// # Errors
/// [`Code::NotFound`], [`Code::NotAnAgentUser`], [`Code::Invalid`] where data would be lost and that is not accepted. A problem
/// on the way is in the report.
pub async fn retire(
    graph: &Graph,
    user: &UserRef,
    options: RetireOptions,
    dry_run: bool,
) -> Result<Report, Problem> {
    let options = options.check().map_err(|violation| Problem::from_violations(vec![violation]))?;
    let graph = guarded(graph, dry_run);
    let skus = read_skus(&graph, options).await?;
    let (found, in_bin) = find(&graph, user, options).await?;
    let mut single = Single::of_found(&graph, found, dry_run)?;
    let result = retire_it(&graph, &mut single, in_bin, options, skus.as_ref()).await;
    Ok(single.ended(result))
}

/// The SKUs of the tenant, where licenses are to be taken.
pub(in crate::flow) async fn read_skus(
    graph: &Graph,
    options: RetireOptions,
) -> Result<Option<Skus>, Problem> {
    if options.takes_licenses() { Skus::read(graph).await.map(Some) } else { Ok(None) }
}

/// The agent user, and whether it is in the recycle bin already, where it is to come to.
pub(in crate::flow) async fn find(
    graph: &Graph,
    user: &UserRef,
    options: RetireOptions,
) -> Result<(AgentUser, bool), Problem> {
    match get(graph, user, &Detail::USUAL.with_sessions()).await {
        Err(problem) if problem.code() == Code::NotFound && options.until.deletes() => {
            match deleted(graph, user, BinUse::Purge).await {
                Ok(found) => Ok((found, true)),
                Err(other) if other.code() == Code::DeletedItemNotFound => Err(problem),
                Err(other) if other.kind() == ProblemKind::Denied => {
                    Err(problem.saying("Whether it is in the recycle bin could not be read."))
                }
                Err(other) => Err(other),
            }
        }
        found => found.map(|found| (found, false)),
    }
}

/// Retires one that was found. Remarks on what is lost, and on what Graph can't do, come before anything is written.
pub(in crate::flow) async fn retire_it(
    graph: &Graph,
    single: &mut Single,
    in_bin: bool,
    options: RetireOptions,
    skus: Option<&Skus>,
) -> Result<(), Problem> {
    if !in_bin {
        let memberships =
            if options.leave_groups { Some(Memberships::read(graph, single.id).await?) } else { None };
        let remarks = losses::remarks(graph, &single.user, options, memberships.as_ref()).await?;
        single.remark_all(remarks);
        update_it(graph, single, &signs_in(false)?).await?;
        revoke_sessions_of(graph, single).await?;
        if let Some(skus) = skus {
            take_licenses(graph, single, skus, memberships.as_ref()).await?;
        }
        if let Some(memberships) = &memberships {
            leave(graph, single, memberships).await?;
        }
        if options.until.deletes() {
            delete_it(graph, single).await?;
        }
    }
    if in_bin && options.leave_groups && options.until == RetiredUntil::Deleted {
        single.remark(remark(RemarkCode::GroupNotLeft, LEFT_NONE));
    }
    if options.until == RetiredUntil::Purged { purge_it(graph, single).await } else { Ok(()) }
}

/// The remark on one in the recycle bin, where Graph does not show the groups of a user.
const LEFT_NONE: &str = "It is in the recycle bin already, with the groups that it had there: none was left now. To take it out of \
them, restore it and retire it again.";

/// Takes the licenses that are assigned directly. Those of groups go with the groups.
async fn take_licenses(
    graph: &Graph,
    single: &mut Single,
    skus: &Skus,
    memberships: Option<&Memberships>,
) -> Result<(), Problem> {
    let user = single.user.clone();
    let all: BTreeSet<_> = user.assigned_licenses().iter().filter_map(|license| license.sku_id).collect();
    let (own, inherited): (Vec<_>, Vec<_>) = all.into_iter().partition(|sku| direct(&user, *sku).is_some());
    for sku in inherited {
        let is_kept = |group: &&str| !memberships.is_some_and(|memberships| memberships.leaves(group));
        let from: Vec<&str> = groups(&user, sku).filter(is_kept).collect();
        if from.is_empty() {
            continue;
        }
        let message = format!(
            "{} comes from a group ({}) and stays with the agent user as long as it is a member.",
            skus.name_of(sku),
            from.join(", ")
        );
        single.remark(remark(RemarkCode::StillInherited, &message));
    }
    let remove: Vec<SkuRef> = own.into_iter().map(SkuRef::Id).collect();
    change_licenses_of(graph, single, skus, &[], &remove).await.map(drop)
}
