//! Remarks on an agent user before it is retired: what is lost and when, and what Graph can't do.

use super::granted;
use super::options::{RetireOptions, RetiredUntil};
use crate::flow::find::id_of;
use crate::flow::held::groups;
use crate::flow::leaving::Memberships;
use crate::flow::pages::all;
use crate::flow::remarks::remark;
use crate::graph;
use crate::model::{AgentUser, DirectoryObject};
use crate::operation::Graph;
use crate::problem::{Problem, ProblemKind, shown};
use crate::remark::{Remark, RemarkCode};
use crate::utc::Utc;

/// How long the recycle bin keeps a user, and Exchange a mailbox without a license (docs/graph.md#recycle-bin,
/// docs/graph.md#what-is-lost).
const KEPT_DAYS: i64 = 30;

/// How many of those whose manager it is, and of the groups that it leaves, are named.
const NAMED: usize = 5;

/// All remarks on a retirement.
///
/// # Errors An early end. A fact that can't be read is a remark that says so.
pub(super) async fn remarks(
    graph: &Graph,
    user: &AgentUser,
    options: RetireOptions,
    memberships: Option<&Memberships>,
) -> Result<Vec<Remark>, Problem> {
    let mut remarks = vec![losses(graph, user, options, memberships)];
    remarks.extend(memberships.into_iter().flat_map(Memberships::remarks));
    if options.until.deletes() {
        remarks.extend(granted::remark_on(graph, user).await?);
    }
    remarks.extend(reports(graph, user).await?);
    remarks.extend(user.mail().map(|mail| only_exchange(user, mail)));
    Ok(remarks)
}

/// The day from which on what the services keep is gone.
fn last_day(graph: &Graph) -> String {
    let end = graph.now().unix_ms.saturating_add(KEPT_DAYS * 24 * 60 * 60 * 1000);
    Utc(end).to_string().chars().take(10).collect()
}

fn losses(
    graph: &Graph,
    user: &AgentUser,
    options: RetireOptions,
    memberships: Option<&Memberships>,
) -> Remark {
    let day = last_day(graph);
    let left = memberships.map(Memberships::names).unwrap_or_default();
    let licenses = if options.takes_licenses() || memberships.is_some_and(|all| loses_licenses(user, all)) {
        format!(" Without a license its mailbox is kept until {day}, unless it gets one again.")
    } else {
        String::new()
    };
    let (kept, taken) = match (options.takes_licenses(), left.is_empty()) {
        (false, true) => ("with its licenses, groups and mailbox", ""),
        (true, true) => ("without its licenses", ""),
        (false, false) => ("with its licenses and mailbox", ", without the groups that it leaves"),
        (true, false) => ("without its licenses", " and the groups that it leaves"),
    };
    let mut message = match options.until {
        RetiredUntil::Purged => "It is deleted for ever: nothing brings it back.".to_owned(),
        RetiredUntil::Deleted => {
            format!("Until {day} it can be restored, {kept}{taken}; then it is gone for ever.{licenses}")
        }
        RetiredUntil::Disabled | RetiredUntil::Unlicensed => {
            format!("It stays, and can be enabled again.{licenses}")
        }
    };
    if !left.is_empty() {
        let back = match options.until {
            RetiredUntil::Purged => "",
            _ => ": `agentuser restore --from` a report of it adds it to them again",
        };
        message.push_str(&format!(" It leaves {}{back}.", some_of(&left)));
    }
    remark(RemarkCode::RetirementLoses, &message)
}

/// Whether a license of it comes from a group that it leaves.
fn loses_licenses(user: &AgentUser, memberships: &Memberships) -> bool {
    let mut skus = user.assigned_licenses().iter().filter_map(|license| license.sku_id);
    skus.any(|sku| groups(user, sku).any(|group| memberships.leaves(group)))
}

/// The first of several names, and how many more there are.
fn some_of(names: &[String]) -> String {
    let named: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    match names.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

/// The remark on the users whose manager it is, because nobody else gives them another one.
async fn reports(graph: &Graph, user: &AgentUser) -> Result<Option<Remark>, Problem> {
    let read = all(graph, graph::list_direct_reports(graph.endpoint(), id_of(user)?)).await;
    let message = match read {
        Ok(reports) if reports.is_empty() => return Ok(None),
        Ok(reports) => {
            let name = |report: &DirectoryObject| {
                let id = report.id().map(|id| id.to_string());
                shown(
                    report.user_principal_name().or(report.display_name()).unwrap_or(&id.unwrap_or_default()),
                )
            };
            let named: Vec<String> = reports.iter().map(name).collect();
            format!("It is the manager of {}. Set them another one.", some_of(&named))
        }
        Err(problem) if problem.is_stop() => return Err(problem),
        Err(problem) if problem.kind() == ProblemKind::Denied => format!(
            "The users whose manager it is were not read: that needs one of {}.",
            problem.permissions().join(", ")
        ),
        Err(problem) => format!("The users whose manager it is were not read: {problem}"),
    };
    Ok(Some(remark(RemarkCode::ManagerOfOthers, &message)))
}

/// The ways to keep a user's data that only Exchange and SharePoint have (docs/graph.md#what-is-lost), as
/// their commands.
fn only_exchange(user: &AgentUser, mail: &str) -> Remark {
    let name = user.user_principal_name().unwrap_or(mail);
    let message = format!(
        "Graph keeps nothing of its mailbox and OneDrive. To keep them, before it is retired: \
         Set-Mailbox -Identity {name} -LitigationHoldEnabled $true (a hold); \
         Set-Mailbox -Identity {name} -Type Shared (a shared mailbox); \
         Set-Mailbox -Identity {name} -ForwardingAddress ADDRESS -DeliverToMailboxAndForward $true (forwarding); \
         Set-SPOUser -Site ONEDRIVE -LoginName ADMIN -IsSiteCollectionAdmin $true (OneDrive)."
    );
    remark(RemarkCode::OnlyExchangeCan, &message)
}
