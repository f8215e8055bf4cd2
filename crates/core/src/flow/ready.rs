//! Waiting until an agent user can work: its mailbox, and Teams (graph-api §4).
//!
//! No single flag says so. A mailbox is there when a service plan of Exchange is provisioned and `mail` is set;
//! Teams is there when its service plan is.

use super::list::all;
use super::patience::{Pace, Patience, passes};
use super::report::Report;
use super::stage::Stage;
use crate::ObjectId;
use crate::graph::{self, Detail};
use crate::model::{AgentUser, ServicePlan, UserRef};
use crate::operation::{Graph, Waiting};
use crate::problem::{Code, Problem};
use serde::{Deserialize, Serialize};

/// What to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Readiness {
    /// The mailbox.
    pub mailbox: bool,
    /// Teams.
    pub teams: bool,
}

impl Readiness {
    /// Nothing: licenses are waited for all the same.
    pub const NONE: Self = Self { mailbox: false, teams: false };
    /// Mailbox and Teams.
    pub const ALL: Self = Self { mailbox: true, teams: true };
}

/// Whether a service plan gives a mailbox. `EXCHANGE_S_FOUNDATION` comes with many SKUs and gives none.
///
/// Assumption: the names are those of Microsoft's list of product names and service plan identifiers.
fn is_mailbox_plan(name: &str) -> bool {
    name.starts_with("EXCHANGE_S_") && name != "EXCHANGE_S_FOUNDATION"
}

/// Whether a service plan is Teams itself. Assumption, as above: `TEAMS1`, `TEAMS_GOV`, `TEAMS_AR_GCCHIGH` and so on.
fn is_teams_plan(name: &str) -> bool {
    name == "TEAMS1" || name.starts_with("TEAMS_GOV") || name.starts_with("TEAMS_AR_")
}

/// How far a service is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Ready,
    Pending,
    /// Waiting can't help.
    Never(String),
}

fn state(plans: &[ServicePlan], is_it: fn(&str) -> bool, what: &str) -> State {
    let statuses: Vec<&str> = plans
        .iter()
        .filter(|plan| plan.service_plan_name.as_deref().is_some_and(is_it))
        .map(|plan| plan.provisioning_status.as_deref().unwrap_or_default())
        .collect();
    if statuses.contains(&"Success") {
        State::Ready
    } else if statuses.is_empty() {
        State::Never(format!("no license of it has a service plan for {what}"))
    } else if statuses.iter().all(|status| *status == "Disabled") {
        State::Never(format!("the service plan for {what} is switched off in its license"))
    } else if statuses.contains(&"Error") {
        State::Never(format!("provisioning of {what} failed"))
    } else {
        State::Pending
    }
}

/// Waits for what is asked, as long as the settings allow, and records the stages.
pub(super) async fn ready(
    graph: &Graph,
    user: ObjectId,
    wanted: Readiness,
    reach: &mut impl FnMut(Stage),
) -> Result<(), Problem> {
    let mut patience = Patience::new(graph, graph.settings().ready_within, Pace::READINESS);
    let mut left = wanted;
    loop {
        if left.mailbox || left.teams {
            match look(graph, user, &mut left, reach).await {
                Err(problem) if !passes(&problem) => return Err(problem),
                _ => {}
            }
        }
        if !left.mailbox && !left.teams {
            return Ok(());
        }
        let (why, code, what) = if left.mailbox {
            (Waiting::Mailbox, Code::MailboxNotReady, "The mailbox")
        } else {
            (Waiting::Teams, Code::TeamsNotReady, "Teams")
        };
        if !patience.again(why).await? {
            return Err(Problem::new(code, format!("{what} was not provisioned in time.")));
        }
    }
}

/// One look; what is ready leaves `left`.
async fn look(
    graph: &Graph,
    user: ObjectId,
    left: &mut Readiness,
    reach: &mut impl FnMut(Stage),
) -> Result<(), Problem> {
    let details = match all(graph, graph::list_license_details(graph.root(), user)).await {
        Err(problem) if problem.status() == Some(404) => return Ok(()),
        other => other?,
    };
    let plans: Vec<ServicePlan> =
        details.iter().flat_map(|license| license.service_plans().to_vec()).collect();
    // Assigned but not listed yet: the license itself was waited for before, so this is lag.
    if plans.is_empty() {
        return Ok(());
    }
    if left.mailbox {
        match state(&plans, is_mailbox_plan, "a mailbox") {
            State::Never(why) => {
                return Err(Problem::new(Code::MailboxNotReady, format!("There will be no mailbox: {why}.")));
            }
            State::Ready => {
                // A provisioned plan is not enough: the mailbox shows itself by its address.
                let seen =
                    graph.look(graph::get_user(graph.root(), &UserRef::Id(user), Detail::Usual)).await?;
                if seen.is_some_and(|seen| seen.mail().is_some()) {
                    left.mailbox = false;
                    reach(Stage::MailboxReady);
                }
            }
            State::Pending => {}
        }
    }
    if left.teams {
        match state(&plans, is_teams_plan, "Teams") {
            State::Never(why) => {
                return Err(Problem::new(Code::TeamsNotReady, format!("There will be no Teams: {why}.")));
            }
            State::Ready => {
                left.teams = false;
                if !left.mailbox {
                    reach(Stage::TeamsReady);
                }
            }
            State::Pending => {}
        }
    }
    Ok(())
}

/// Waits until an agent user's mailbox and Teams, as asked, are provisioned.
///
/// # Errors
/// At once when waiting can't help: no license, no such service plan, a plan that is off or failed.
pub async fn wait_ready(graph: &Graph, user: &UserRef, wanted: Readiness) -> Result<Report, Problem> {
    let (id, found) = super::find::resolve(graph, user).await?;
    require_license(&found, wanted)?;
    let mut report = Report::of(&found);
    report.reach(Stage::Licensed);
    let mut reach = |stage| {
        graph.stage(stage);
        report.reach(stage);
    };
    ready(graph, id, wanted, &mut reach).await?;
    report.reach(Stage::Done);
    report.conclude(Ok(()), false);
    Ok(report)
}

fn require_license(user: &AgentUser, wanted: Readiness) -> Result<(), Problem> {
    if !user.assigned_licenses().is_empty() || wanted == Readiness::NONE {
        return Ok(());
    }
    let code = if wanted.mailbox { Code::MailboxNotReady } else { Code::TeamsNotReady };
    Err(Problem::new(code, "It has no license, so nothing will be provisioned.")
        .with_fix("Assign a license with Exchange and Teams first."))
}
