//! Waiting until an agent user can work: its mailbox, Teams, OneDrive (docs/graph.md#licenses-and-readiness).
//!
//! No single flag says so. A mailbox is there when a service plan of Exchange is provisioned and `mail` is set;
//! Teams is there when its service plan is; OneDrive, when its drive can be read.

use super::pages::all;
use super::poller::{Backoff, GoneTimer, Poller, is_passing_failure};
use super::remarks::shown_by_no_call;
use super::report::Report;
use crate::ObjectId;
use crate::graph::{self, Detail};
use crate::model::Stage;
use crate::model::{AgentUser, ServicePlan, UserRef};
use crate::operation::{Graph, Waiting};
use crate::problem::{Code, Problem};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// The services to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(default, deny_unknown_fields))]
#[serde(rename_all = "camelCase")]
pub struct Readiness {
    /// The mailbox.
    pub mailbox: bool,
    /// Teams.
    pub teams: bool,
    /// OneDrive. Looking for it needs Files.Read.All.
    pub one_drive: bool,
}

impl Readiness {
    /// Nothing: licenses are waited for all the same.
    pub const NONE: Self = Self { mailbox: false, teams: false, one_drive: false };
    /// Mailbox and Teams, which need no permission beyond those of licenses.
    pub const MAILBOX_AND_TEAMS: Self = Self { mailbox: true, teams: true, one_drive: false };
}

impl<'de> Deserialize<'de> for Readiness {
    // A derived reader takes an array for the members in their order.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut readiness = Self::NONE;
        for (name, value) in Map::<String, Value>::deserialize(deserializer)? {
            let wanted = match name.as_str() {
                "mailbox" => &mut readiness.mailbox,
                "teams" => &mut readiness.teams,
                "oneDrive" => &mut readiness.one_drive,
                _ => return Err(D::Error::unknown_field(&name, &["mailbox", "teams", "oneDrive"])),
            };
            *wanted =
                value.as_bool().ok_or_else(|| D::Error::custom(format!("{name} is not true or false")))?;
        }
        Ok(readiness)
    }
}

/// Whether a service plan gives a mailbox. `EXCHANGE_S_FOUNDATION` comes with many SKUs and gives none.
///
/// Assumption: the names are those of Microsoft's list of product names and service plan identifiers.
pub(super) fn is_mailbox_plan(name: &str) -> bool {
    name.starts_with("EXCHANGE_S_") && !name.starts_with("EXCHANGE_S_FOUNDATION")
}

/// Whether a service plan is Teams itself. Assumption, as above: `TEAMS1`, `TEAMS_GOV`, `TEAMS_AR_GCCHIGH` and so on.
pub(super) fn is_teams_plan(name: &str) -> bool {
    name == "TEAMS1" || name.starts_with("TEAMS_GOV") || name.starts_with("TEAMS_AR_")
}

/// Whether a service plan gives a OneDrive. Assumption, as above: `SHAREPOINTENTERPRISE`, `ONEDRIVE_BASIC` and so on, but
/// none of `SHAREPOINTWAC`, which is Office for the web, of storage, or of Project.
fn is_one_drive_plan(name: &str) -> bool {
    const OTHERS: [&str; 4] =
        ["SHAREPOINTWAC", "SHAREPOINTSTORAGE", "SHAREPOINTONLINE_MULTIGEO", "SHAREPOINT_PROJECT"];
    name.starts_with("ONEDRIVE")
        || name.starts_with("SHAREPOINT") && !OTHERS.iter().any(|other| name.starts_with(other))
}

/// How far a service has come.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Ready,
    Pending,
    /// No license seen has such a service plan. One may not have replicated yet.
    Absent,
    /// Waiting can't help.
    Never(Problem),
}

/// `what` is the service and the agent user, such as `Teams of ada@contoso.com`.
fn state(plans: &[ServicePlan], is_it: fn(&str) -> bool, what: &str) -> State {
    let statuses: Vec<&str> = plans
        .iter()
        .filter(|plan| plan.service_plan_name.as_deref().is_some_and(is_it))
        .map(|plan| plan.provisioning_status.as_deref().unwrap_or_default())
        .collect();
    let can_come = |status: &&str| !matches!(*status, "Disabled" | "Error");
    if statuses.contains(&"Success") {
        State::Ready
    } else if statuses.is_empty() {
        State::Absent
    } else if statuses.iter().any(can_come) {
        State::Pending
    } else if statuses.contains(&"Error") {
        State::Never(Problem::new(Code::ServicePlanFailed, format!("{what} could not be provisioned.")))
    } else {
        let message =
            format!("{what} will not be provisioned: its service plan is switched off in its license.");
        State::Never(Problem::new(Code::ServicePlanDisabled, message))
    }
}

/// Waits for the wanted services, as long as the settings allow, and tells the stages. Problems name the agent user by `name`.
pub(super) async fn ready(
    graph: &Graph,
    user: ObjectId,
    name: &str,
    wanted: Readiness,
    reach: &mut impl FnMut(Stage),
) -> Result<(), Problem> {
    let mut poller = Poller::new(graph, graph.settings().readiness_timeout, Backoff::READINESS);
    let mut left = wanted;
    // The user may be deleted, and its licenses removed; or a replica lags.
    let (mut user_gone, mut plan_gone) = (GoneTimer::default(), GoneTimer::default());
    while left != Readiness::NONE {
        let before = left;
        let looked = look(graph, user, name, &mut left).await;
        let failed = looked.as_ref().err().cloned();
        match looked {
            Ok(None) => {
                user_gone.reset();
                plan_gone.reset();
            }
            Ok(Some(no_plan)) => {
                user_gone.reset();
                if plan_gone.is_gone(graph) {
                    return Err(no_plan);
                }
            }
            Err(problem) if problem.answered() == Some(404) => {
                if user_gone.is_gone(graph) {
                    return Err(problem);
                }
            }
            Err(problem) if !is_passing_failure(graph, &problem) => return Err(problem),
            Err(_) => {}
        }
        // In order: Teams without the mailbox that is waited for is not further.
        if before.mailbox && !left.mailbox {
            reach(Stage::MailboxReady);
        }
        if wanted.teams && !left.teams && !left.mailbox {
            reach(Stage::TeamsReady);
        }
        if wanted.one_drive && left == Readiness::NONE {
            reach(Stage::OneDriveReady);
        }
        let (why, code, what) = match left {
            Readiness::NONE => break,
            Readiness { mailbox: true, .. } => (Waiting::Mailbox, Code::MailboxNotReady, "The mailbox"),
            Readiness { teams: true, .. } => (Waiting::Teams, Code::TeamsNotReady, "Teams"),
            Readiness { .. } => (Waiting::OneDrive, Code::OneDriveNotReady, "OneDrive"),
        };
        if !poller.again_after(why, failed.as_ref()).await? {
            return Err(Problem::new(code, format!("{what} of {name} was not provisioned in time.")));
        }
    }
    Ok(())
}

/// One look, which takes services that are ready out of `left`. Answers with a problem when no license has a plan for a
/// service that is waited for.
async fn look(
    graph: &Graph,
    user: ObjectId,
    name: &str,
    left: &mut Readiness,
) -> Result<Option<Problem>, Problem> {
    let details = all(graph, graph::list_license_details(graph.endpoint(), user)).await?;
    let plans: Vec<ServicePlan> =
        details.iter().flat_map(|license| license.service_plans().to_vec()).collect();
    let absent = |code, what: &str| {
        Some(Problem::new(
            code,
            format!(
                "{what} of {name} will not be provisioned: none of its licenses has a service plan for it."
            ),
        ))
    };
    if left.mailbox {
        match state(&plans, is_mailbox_plan, &format!("The mailbox of {name}")) {
            State::Absent => return Ok(absent(Code::MailboxNotReady, "The mailbox")),
            State::Never(why) => return Err(why.with_field("mail")),
            State::Ready => {
                // A provisioned plan is not enough: the mailbox shows itself by its address.
                let by_id = UserRef::Id(user);
                let seen = graph.look(graph::get_user(graph.endpoint(), &by_id, &Detail::USUAL)).await?;
                left.mailbox = seen.is_none_or(|seen| seen.mail().is_none());
            }
            State::Pending => {}
        }
    }
    if left.teams {
        match state(&plans, is_teams_plan, &format!("Teams of {name}")) {
            State::Absent => return Ok(absent(Code::TeamsNotReady, "Teams")),
            State::Never(why) => return Err(why),
            State::Ready => left.teams = false,
            State::Pending => {}
        }
    }
    if left.one_drive {
        match state(&plans, is_one_drive_plan, &format!("OneDrive of {name}")) {
            State::Absent => return Ok(absent(Code::OneDriveNotReady, "OneDrive")),
            State::Never(why) => return Err(why),
            // Looked for while its plan is pending, too: the drive may be there before the plan says so.
            State::Ready | State::Pending => left.one_drive = !has_drive(graph, user).await?,
        }
    }
    Ok(None)
}

/// Whether the drive is there. Graph answers 404 until then, or 400 with words about the user's mysite
/// (docs/graph.md#licenses-and-readiness).
async fn has_drive(graph: &Graph, user: ObjectId) -> Result<bool, Problem> {
    match graph.look(graph::get_drive(graph.endpoint(), user)).await {
        Ok(drive) => Ok(drive.is_some()),
        Err(problem) if problem.graph_message().is_some_and(|words| words.contains("mysite")) => Ok(false),
        Err(problem) => Err(problem),
    }
}

/// Waits until an agent user's mailbox, Teams and OneDrive, as asked, are provisioned.
///
/// # Errors
/// When waiting can't help: no license, a plan that is off or failed at once; no such plan after the time that a
/// license may take to become visible.
pub async fn wait_ready(graph: &Graph, user: &UserRef, wanted: Readiness) -> Result<Report, Problem> {
    let (id, found) = super::find::resolve(graph, user).await?;
    require_license(&found, wanted)?;
    let mut report = Report::of(graph, &found);
    let name = report.user_principal_name.clone();
    report.reach(Stage::Licensed);
    let mut reach = |stage| {
        graph.stage(report.stage, stage);
        report.reach(stage);
    };
    ready(graph, id, &name, wanted, &mut reach).await?;
    report.reach(Stage::Done);
    if wanted != Readiness::NONE {
        report.remark(shown_by_no_call());
    }
    report.conclude(Ok(()), false);
    Ok(report)
}

/// Refuses to wait for a service of an agent user that has no license.
pub(super) fn require_license(user: &AgentUser, wanted: Readiness) -> Result<(), Problem> {
    if !user.assigned_licenses().is_empty() || wanted == Readiness::NONE {
        return Ok(());
    }
    let code = match wanted {
        Readiness { mailbox: true, .. } => Code::MailboxNotReady,
        Readiness { teams: true, .. } => Code::TeamsNotReady,
        Readiness { .. } => Code::OneDriveNotReady,
    };
    let name = user.user_principal_name().unwrap_or("It");
    let message = format!("{name} has no license, so nothing will be provisioned.");
    Err(Problem::new(code, message).with_fix("Assign a license with a service plan for it first."))
}
