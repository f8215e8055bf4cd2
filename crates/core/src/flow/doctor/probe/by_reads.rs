//! The questions that reads answer. No name of the tenant is in their paths but in literals, which are not reported.

use super::asker::{Asker, json, text};
use super::questions::Question as Q;
use crate::ObjectId;
use crate::call::Call;
use crate::graph::{self, user_path};
use crate::model::AgentUser;
use crate::problem::Problem;
use serde_json::Value;
use std::time::SystemTime;

/// The path of the list of agent users.
const USERS: &str = "/users/microsoft.graph.agentUser";

/// An id that no object has: its variant is not one of those that services draw.
const NOBODY: &str = "00000000-0000-0000-0000-0000000000ff";

/// Asks all of them.
///
/// # Errors
/// A cancellation and a deadline; that no token can be had.
pub(super) async fn ask(asker: &mut Asker<'_>) -> Result<(), Problem> {
    hide_domains(asker).await?;
    about_errors(asker).await?;
    about_lists(asker).await?;
    about_filters(asker).await?;
    about_one(asker).await?;
    about_parents(asker).await
}

/// The moment of a header `Date`, in milliseconds since 1970.
fn http_date_ms(date: &str) -> Option<i64> {
    let since = httpdate::parse_http_date(date.trim()).ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok()
}

/// The verified domains are in names, and in messages about them.
async fn hide_domains(asker: &mut Asker<'_>) -> Result<(), Problem> {
    let read = asker.graph.read(graph::list_verified_domains(asker.graph.endpoint())).await;
    match read {
        Ok(page) => {
            for organization in &page.value {
                for domain in organization.verified_domains().iter().filter_map(|domain| domain.name()) {
                    asker.names.hide(domain);
                }
            }
            Ok(())
        }
        Err(problem) if problem.is_stop() || problem.answered().is_none_or(|status| status == 401) => {
            Err(problem)
        }
        // Without the permission the domains are in addresses alone, which are masked as such.
        Err(_) => Ok(()),
    }
}

async fn about_errors(asker: &mut Asker<'_>) -> Result<(), Problem> {
    let answer = asker.ask(Q::ErrorEnvelope, Call::GetUser, &format!("/users/{NOBODY}")).await?;
    let Some(date) = answer.as_ref().and_then(|answer| answer.headers.get("Date")) else {
        asker.leave_out(Q::Clock, "The answer has no header Date, or hides it.");
        return Ok(());
    };
    let now = asker.graph.now().unix_ms;
    let ahead = http_date_ms(date).map(|server| server.saturating_sub(now).div_euclid(1000));
    let Some(ahead) = ahead else { return Ok(()) };
    asker.ask(Q::Clock, Call::GetUser, &format!("/users/{NOBODY}")).await?;
    // A round trip takes some seconds at most.
    asker.tells(match ahead {
        ..=-60 => format!("The server's clock is about {} min behind.", ahead.div_euclid(-60)),
        -59..=59 => "The server's clock is this machine's, within a minute.".to_owned(),
        60.. => format!("The server's clock is about {} min ahead.", ahead.div_euclid(60)),
    });
    Ok(())
}

async fn about_lists(asker: &mut Asker<'_>) -> Result<(), Problem> {
    asker.ask(Q::LargePage, Call::ListAgentUsers, &format!("{USERS}?$select=id&$top=1000")).await?;
    if let Some(page) =
        asker.ask(Q::EmptyPage, Call::ListAgentUsers, &format!("{USERS}?$select=id&$top=2")).await?
    {
        let page = json(&page);
        let is_empty = page.get("value").and_then(Value::as_array).is_some_and(Vec::is_empty);
        let goes_on = page.get("@odata.nextLink").is_some();
        asker.tells(match (is_empty, goes_on) {
            (true, true) => "The page is empty and has a next link.",
            (true, false) => "There is nothing to list.",
            (false, _) => "The page is not empty.",
        });
    }
    asker
        .ask(Q::SelectUnknown, Call::ListAgentUsers, &format!("{USERS}?$select=id,agentuserProbe&$top=1"))
        .await?;
    asker.ask(Q::OptionTwice, Call::ListAgentUsers, &format!("{USERS}?$select=id&$top=1&$top=2")).await?;
    asker
        .ask(Q::LeaveDate, Call::ListAgentUsers, &format!("{USERS}?$select=id,employeeLeaveDateTime&$top=1"))
        .await?;
    about_bin(asker).await
}

async fn about_bin(asker: &mut Asker<'_>) -> Result<(), Problem> {
    let path = "/directory/deletedItems/microsoft.graph.user?$select=id,userPrincipalName&$top=1";
    let Some(page) = asker.ask(Q::BinName, Call::ListDeletedUsers, path).await? else { return Ok(()) };
    let page = json(&page);
    let first = page.get("value").and_then(Value::as_array).and_then(|all| all.first());
    let Some(first) = first else {
        asker.tells("The recycle bin has no user.");
        return Ok(());
    };
    let id = text(first, "id").unwrap_or_default().replace('-', "");
    let begins = text(first, "userPrincipalName").is_some_and(|name| {
        !id.is_empty() && name.to_ascii_lowercase().starts_with(&id.to_ascii_lowercase())
    });
    asker.tells(if begins {
        "The name begins with the object id."
    } else {
        "The name does not begin with the object id."
    });
    Ok(())
}

async fn about_filters(asker: &mut Asker<'_>) -> Result<(), Problem> {
    let filter = |text: &str| {
        format!("/users?$select=id&$top=1&$filter={}", text.replace(' ', "%20").replace('\'', "%27"))
    };
    for (question, text) in [
        (Q::CreatedFilter, "createdDateTime ge 2000-01-01T00:00:00Z"),
        (Q::FilterComparison, "createdDateTime gt 2000-01-01T00:00:00Z"),
        (Q::FilterIsOf, "isof('microsoft.graph.agentUser')"),
        (Q::FilterType, "accountEnabled eq 'yes'"),
    ] {
        asker.ask(question, Call::ListAgentUsers, &filter(text)).await?;
    }
    Ok(())
}

/// The questions about one agent user that is there.
async fn about_one(asker: &mut Asker<'_>) -> Result<(), Problem> {
    let query = graph::ListQuery { page_size: 5, ..graph::ListQuery::default() };
    let first = graph::list_agent_users::<Vec<AgentUser>>(asker.graph.endpoint(), &query);
    let users = match asker.graph.read(first).await {
        Ok(page) => page.value,
        Err(problem) if problem.is_stop() => return Err(problem),
        Err(_) => Vec::new(),
    };
    for user in &users {
        let named = [user.user_principal_name(), user.display_name(), user.mail_nickname(), user.mail()];
        named.into_iter().flatten().for_each(|name| asker.names.hide(name));
    }
    let Some((id, name)) = users.iter().find_map(|user| Some((user.id()?, user.user_principal_name()?)))
    else {
        return Ok(());
    };
    let start: String = name.chars().take_while(char::is_ascii_alphanumeric).collect();
    let shouted = start.to_ascii_uppercase();
    let path = format!("{USERS}?$select=id&$top=1&$filter=startsWith(userPrincipalName,%27{shouted}%27)");
    if let Some(found) = asker.ask(Q::FilterCase, Call::ListAgentUsers, &path).await? {
        let found = json(&found).get("value").and_then(Value::as_array).is_some_and(|all| !all.is_empty());
        asker.tells(if found {
            "The other letter case is found."
        } else {
            "The other letter case is not found."
        });
    }
    asker.ask(Q::ParentIdByDefault, Call::GetUser, &user_path(id)).await?;
    about_references(asker, users.iter().filter_map(AgentUser::id)).await
}

/// A manager that is not set, and sponsors that are: of the first agent users that have it so.
async fn about_references(
    asker: &mut Asker<'_>,
    users: impl Iterator<Item = ObjectId>,
) -> Result<(), Problem> {
    let users: Vec<ObjectId> = users.collect();
    for id in &users {
        let unset = matches!(asker.graph.look(graph::get_manager(asker.graph.endpoint(), *id)).await, Ok(found) if found.as_ref().is_none_or(|one| one.id().is_none()));
        if unset {
            asker.ask(Q::ManagerUnset, Call::GetManager, &format!("{}/manager", user_path(*id))).await?;
            break;
        }
    }
    for id in &users {
        let sponsors = asker.graph.read(graph::list_sponsors(asker.graph.endpoint(), *id)).await;
        if sponsors.is_ok_and(|page| !page.value.is_empty()) {
            // The question is whether the name comes that is asked for (docs/graph.md#known-issues).
            let path = format!("{}/sponsors?$select=id,displayName", user_path(*id));
            asker.ask(Q::SponsorMembers, Call::ListSponsors, &path).await?;
            break;
        }
    }
    Ok(())
}

async fn about_parents(asker: &mut Asker<'_>) -> Result<(), Problem> {
    let cast = "/servicePrincipals/microsoft.graph.agentIdentity";
    asker.ask(Q::CastOmitsType, Call::ListAgentIdentities, &format!("{cast}?$select=id&$top=1")).await?;
    let policies = asker.graph.read(graph::list_lifecycle_policies(asker.graph.endpoint())).await;
    let policies = match policies {
        Ok(page) => page.value,
        Err(problem) if problem.is_stop() => return Err(problem),
        Err(_) => return Ok(()),
    };
    for policy in policies.iter().take(3).filter_map(|policy| policy.id.as_deref()) {
        let path = format!(
            "/identityGovernance/lifecycleWorkflows/lifecyclePolicies/{policy}/report/subjects?$top=1"
        );
        asker.ask(Q::ReportBeforeRun, Call::FindLifecycleSubject, &path).await?;
    }
    Ok(())
}
