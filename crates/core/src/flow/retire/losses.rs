//! What is said of an agent user before it is retired: what is lost and when, and what Graph can't do.

use super::options::{RetireOptions, RetiredUntil};
use crate::flow::find::id_of;
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

/// How many of those whose manager it is are named.
const NAMED: usize = 5;

/// What there is to know.
///
/// # Errors
/// An early end. What can't be read is said as such.
pub(super) async fn remarks(
    graph: &Graph,
    user: &AgentUser,
    options: RetireOptions,
) -> Result<Vec<Remark>, Problem> {
    let mut remarks = vec![losses(graph, options)];
    remarks.extend(reports(graph, user).await?);
    remarks.extend(user.mail().map(|mail| only_exchange(user, mail)));
    Ok(remarks)
}

/// The day from which on what the services keep is gone.
fn last_day(graph: &Graph) -> String {
    let end = graph.now().unix_ms.saturating_add(KEPT_DAYS * 24 * 60 * 60 * 1000);
    Utc(end).to_string().chars().take(10).collect()
}

fn losses(graph: &Graph, options: RetireOptions) -> Remark {
    let day = last_day(graph);
    let licenses = if options.takes_licenses() {
        format!(" Without a license its mailbox is kept until {day}, unless it gets one again.")
    } else {
        String::new()
    };
    let message = match options.until {
        RetiredUntil::Purged => "It is deleted for ever: nothing brings it back.".to_owned(),
        RetiredUntil::Deleted if options.free_seats => {
            format!(
                "Until {day} it can be restored, without its licenses; then it is gone for ever.{licenses}"
            )
        }
        RetiredUntil::Deleted => format!(
            "Until {day} it can be restored, with its licenses, groups and mailbox; then it is gone for ever."
        ),
        RetiredUntil::Disabled | RetiredUntil::Unlicensed => {
            format!("It stays, and can be enabled again.{licenses}")
        }
    };
    Remark::new(RemarkCode::RetirementLoses, message)
}

/// Those whose manager it is: nobody else sets them another one.
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
            let named: Vec<String> = reports.iter().take(NAMED).map(name).collect();
            let more = match reports.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            format!("It is the manager of {}{more}. Set them another one.", named.join(", "))
        }
        Err(problem) if problem.is_stop() => return Err(problem),
        Err(problem) if problem.kind() == ProblemKind::Denied => format!(
            "Whose manager it is was not read: that needs one of {}.",
            problem.permissions().join(", ")
        ),
        Err(problem) => format!("Whose manager it is was not read: {problem}"),
    };
    Ok(Some(remark(RemarkCode::ManagerOfOthers, &message)))
}

/// What only Exchange and SharePoint can do with the data of a user (docs/graph.md#what-is-lost), as their commands.
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
