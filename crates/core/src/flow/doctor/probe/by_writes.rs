//! The questions that only writes answer: to one agent user at a time, which is made for them and deleted for ever.
//!
//! No create is sent again. Whatever became of it, the agent user is looked for at the end, by its parent and its name.

use super::asker::{Asker, json, text};
use super::questions::Question as Q;
use crate::ObjectId;
use crate::call::Call;
use crate::flow::delete::{delete, purge};
use crate::flow::find::find_by_parent;
use crate::flow::parent::usable_parent;
use crate::flow::poller::Poller;
use crate::flow::tenant_facts::read_tenant_facts;
use crate::graph::{self, Detail, user_path};
use crate::http::Response;
use crate::model::{AgentUser, UserRef};
use crate::operation::{Graph, Waiting};
use crate::problem::{Code, Problem};
use serde_json::{Value, json};

const USERS: &str = "/users/microsoft.graph.agentUser";

/// The beginning of the names of agent users that probes make.
const OWN: &str = "agentuser-probe-";

/// An id that no object has.
const NOBODY: &str = "00000000-0000-0000-0000-0000000000ff";

/// The agent users of one probe.
struct Bench {
    parent: ObjectId,
    domain: String,
    /// The names that another agent user has.
    taken: Option<(String, String)>,
    run: String,
    made: Vec<ObjectId>,
    /// The objects that were deleted for ever.
    gone: Vec<ObjectId>,
    /// A create may have made another one.
    unknown: bool,
}

/// Asks all of them. Ends with whether nothing is left of what was made.
///
/// # Errors
/// The parent is not an agent identity, or has an agent user; no verified domain is known; a cancellation and a deadline, after
/// what was made is cleaned up.
pub(super) async fn ask(asker: &mut Asker<'_>, parent: ObjectId) -> Result<bool, Problem> {
    let graph = asker.graph.clone();
    usable_parent(&graph, parent).await.map_err(|problem| problem.with_field("probeWrites"))?;
    free(&graph, parent).await?;
    let taken = another(&graph, parent).await?;
    let domain = domain(&graph, taken.as_ref()).await?;
    asker.names.hide(&domain);
    let mut bench = Bench {
        parent,
        domain,
        taken,
        run: graph.run_id(),
        made: Vec::new(),
        gone: Vec::new(),
        unknown: false,
    };
    let asked = bench.ask(asker).await;
    let graph = graph.for_cleanup();
    if asked.is_err() {
        // One that is not yet shown could not be deleted.
        for made in &bench.made {
            wait_for(&graph, *made).await?;
        }
    }
    if bench.unknown {
        let child = wait_for_child(&graph, &bench).await?;
        bench.made.extend(child);
    }
    bench.made.retain(|made| !bench.gone.contains(made));
    let gone = clean_up(&graph, parent, (&bench.made, &bench.gone)).await;
    asked?;
    gone
}

/// Refuses a parent that has an agent user. One that a probe left is deleted first.
async fn free(graph: &Graph, parent: ObjectId) -> Result<(), Problem> {
    match find_by_parent(graph, parent, &Detail::USUAL).await? {
        None => Ok(()),
        Some(left) if is_own(&left) => {
            let left: Vec<ObjectId> = left.id().into_iter().collect();
            clean_up(graph, parent, (&left, &[])).await.map(drop)
        }
        Some(_) => {
            let message =
                format!("The agent identity {parent} has an agent user, which a probe would not touch.");
            let fix =
                "Name an agent identity without an agent user: agentuser identity list --without-agent-user.";
            Err(Problem::new(Code::Invalid, message).with_field("probeWrites").with_fix(fix))
        }
    }
}

fn is_own(user: &AgentUser) -> bool {
    user.user_principal_name().is_some_and(|name| name.starts_with(OWN))
}

/// The names of an agent user of another parent.
async fn another(graph: &Graph, parent: ObjectId) -> Result<Option<(String, String)>, Problem> {
    let query = graph::ListQuery { page_size: 5, ..graph::ListQuery::default() };
    let page = graph.read(graph::list_agent_users::<Vec<AgentUser>>(graph.endpoint(), &query)).await?;
    let other = page.value.into_iter().find(|user| user.identity_parent_id() != Some(parent));
    Ok(other
        .and_then(|user| Some((user.user_principal_name()?.to_owned(), user.mail_nickname()?.to_owned()))))
}

/// A domain for names: a verified one, or else that of another agent user.
async fn domain(graph: &Graph, taken: Option<&(String, String)>) -> Result<String, Problem> {
    let known = read_tenant_facts(graph).await?.verified_domains;
    let verified = known.and_then(|domains| domains.into_iter().next());
    let used = || Some(taken?.0.split_once('@')?.1.to_owned());
    verified.or_else(used).ok_or_else(|| {
        let message = "The tenant's verified domains can't be read, and no agent user shows one.";
        let fix = "Grant Organization.Read.All, then get a new token.";
        Problem::new(Code::PermissionMissing, message).with_fix(fix)
    })
}

impl Bench {
    /// The body of a create, under this parent and this name.
    fn body(&self, parent: &str, name: &str) -> Value {
        let nickname = name.split('@').next().unwrap_or_default();
        json!({
            "accountEnabled": false, "displayName": nickname, "mailNickname": nickname, "userPrincipalName": name,
            "identityParentId": parent,
        })
    }

    fn name(&self, number: u32) -> String {
        format!("{OWN}{}-{number}@{}", self.run, self.domain)
    }

    /// Sends a create. The agent user that it makes is noted.
    async fn post(
        &mut self,
        asker: &mut Asker<'_>,
        question: Q,
        body: &Value,
    ) -> Result<Option<(ObjectId, Response)>, Problem> {
        let answer = asker.ask_with(question, Call::CreateAgentUser, USERS, body).await;
        self.unknown |= answer.is_err();
        let answer = answer?;
        // A throttled create is sent again. Where that gets no answer, the 429 is the last answer, though it may have been made.
        let refused = |answer: &Response| {
            (400..500).contains(&answer.status)
                && answer.status != 429
                && json(answer).get("error").is_some_and(Value::is_object)
        };
        if answer.as_ref().is_some_and(refused) {
            return Ok(None);
        }
        let answer = answer.filter(|answer| (200..300).contains(&answer.status));
        let id = |answer: &Response| text(&json(answer), "id").and_then(|id| id.parse::<ObjectId>().ok());
        let made = answer.and_then(|answer| Some((id(&answer)?, answer)));
        self.made.extend(made.as_ref().map(|(id, _)| *id));
        self.unknown |= made.is_none();
        Ok(made)
    }

    async fn ask(&mut self, asker: &mut Asker<'_>) -> Result<(), Problem> {
        self.refused_creates(asker).await?;
        let made = match self.made.first() {
            Some(made) => *made,
            None => {
                let body = self.body(&self.parent.to_string(), &self.name(1));
                let Some((made, answer)) = self.post(asker, Q::CreatedMembers, &body).await? else {
                    return Ok(());
                };
                let mail = text(&json(&answer), "mail").is_some();
                asker.tells(if mail {
                    "The new agent user has a mail address."
                } else {
                    "The new agent user has no mail address."
                });
                made
            }
        };
        if let Some((taken, _)) = self.taken.clone() {
            // The parent has an agent user by now, so that two rules are broken.
            let body = self.body(&self.parent.to_string(), &taken);
            self.post(asker, Q::UpnConflictFirst, &body).await?;
        }
        self.patches(asker, made).await?;
        self.end(asker, made).await
    }

    async fn refused_creates(&mut self, asker: &mut Asker<'_>) -> Result<(), Problem> {
        let own = self.parent.to_string();
        let body = self.body(NOBODY, &self.name(2));
        self.post(asker, Q::ParentMissing, &body).await?;
        match self.taken.clone() {
            Some((taken, _)) => {
                asker.names.hide(&taken);
                let body = self.body(&own, &taken);
                self.post(asker, Q::UpnConflict, &body).await?;
            }
            None => {
                for question in [Q::UpnConflictFirst, Q::UpnConflict, Q::NicknameTaken] {
                    asker.leave_out(question, "The tenant has no other agent user whose name is taken.");
                }
            }
        }
        if self.made.is_empty() {
            let mut body = self.body(&own, &self.name(3));
            // Without a password: the question is whether the member is taken at all.
            if let Some(body) = body.as_object_mut() {
                body.insert("passwordProfile".to_owned(), json!({ "forceChangePasswordNextSignIn": true }));
            }
            if self.post(asker, Q::PasswordProfile, &body).await?.is_some() {
                asker
                    .leave_out(Q::CreatedMembers, "The create with passwordProfile has made the agent user.");
            }
        }
        Ok(())
    }

    async fn patches(&self, asker: &mut Asker<'_>, made: ObjectId) -> Result<(), Problem> {
        let path = user_path(made);
        let nickname = self.taken.as_ref().map(|(_, nickname)| nickname.as_str());
        nickname.into_iter().for_each(|nickname| asker.names.hide(nickname));
        let taken = nickname.map(|nickname| (Q::NicknameTaken, json!({ "mailNickname": nickname })));
        let first = [
            (Q::EarlyWrite, json!({ "jobTitle": "Probe" })),
            (Q::UsageLocation, json!({ "usageLocation": "US" })),
            (Q::LicensesInPatch, json!({ "assignedLicenses": [] })),
            (Q::UndeclaredMember, json!({ "agentuserProbe": "x" })),
            (Q::ReadOnlyMember, json!({ "createdDateTime": "2026-01-01T00:00:00Z" })),
            (Q::WrongType, json!({ "accountEnabled": "yes" })),
        ];
        // At last: it may be taken, and then the agent user has no parent that is there.
        let last = (Q::ParentIdInPatch, json!({ "identityParentId": NOBODY }));
        for (question, body) in first.into_iter().chain(taken).chain([last]) {
            asker.ask_with(question, Call::UpdateAgentUser, &path, &body).await?;
        }
        Ok(())
    }

    /// Deleted, its place taken by another, restored, and deleted for ever.
    async fn end(&mut self, asker: &mut Asker<'_>, made: ObjectId) -> Result<(), Problem> {
        let graph = asker.graph.clone();
        wait_for(&graph, made).await?;
        let name = graph.look(graph::get_user(graph.endpoint(), &UserRef::Id(made), &Detail::USUAL)).await?;
        let name = name.and_then(|user| user.user_principal_name().map(str::to_owned));
        delete_shown(&graph, made).await?;
        let body = self.body(&self.parent.to_string(), &name.unwrap_or_else(|| self.name(1)));
        if let Some((other, _)) = self.post(asker, Q::DeletedHolds, &body).await? {
            delete_shown(&graph, other).await?;
            // Where that is refused, the recycle bin keeps it, which the report says.
            if purge(&graph, &UserRef::Id(other), false).await.is_ok() {
                self.gone.push(other);
            }
        }
        let bin = format!("/directory/deletedItems/{made}");
        let restored = asker
            .ask_with(Q::RestoredMembers, Call::RestoreDeletedItem, &format!("{bin}/restore"), &json!({}))
            .await?;
        // Where that is refused, it is in the recycle bin still.
        if restored.is_none_or(|answer| (200..300).contains(&answer.status)) {
            delete_shown(&graph, made).await?;
        }
        let purged = asker.ask(Q::PermanentDelete, Call::PurgeDeletedItem, &bin).await?;
        if purged.is_some_and(|answer| (200..300).contains(&answer.status)) {
            self.gone.push(made);
        }
        Ok(())
    }
}

/// Waits until reads show an agent user.
async fn wait_for(graph: &Graph, id: ObjectId) -> Result<(), Problem> {
    let mut poller = Poller::replication(graph);
    loop {
        let look = graph::get_user(graph.endpoint(), &UserRef::Id(id), &Detail::USUAL);
        if graph.look(look).await?.is_some() || !poller.again_after(Waiting::Replication, None).await? {
            return Ok(());
        }
    }
}

/// Deletes an agent user once reads show it: one that shows it may be followed by one that does not yet.
async fn delete_shown(graph: &Graph, id: ObjectId) -> Result<(), Problem> {
    let mut poller = Poller::replication(graph);
    loop {
        match delete(graph, &UserRef::Id(id), false).await {
            Err(absent) if absent.code() == Code::NotFound => {
                if !poller.again_after(Waiting::Replication, None).await? {
                    return Ok(());
                }
            }
            other => return other.map(drop),
        }
    }
}

/// Waits until reads show an agent user that a create has made of which no answer came. None where they show none in time.
async fn wait_for_child(graph: &Graph, bench: &Bench) -> Result<Option<ObjectId>, Problem> {
    let mut poller = Poller::replication(graph);
    loop {
        let child = find_by_parent(graph, bench.parent, &Detail::USUAL).await?.filter(is_own);
        let is_new = |id: &ObjectId| !bench.made.contains(id) && !bench.gone.contains(id);
        let child = child.and_then(|child| child.id()).filter(is_new);
        if child.is_some() || !poller.again_after(Waiting::Replication, None).await? {
            return Ok(child);
        }
    }
}

/// Waits until the recycle bin shows an agent user that was deleted moments ago: not to be shown there is not to be gone.
async fn wait_for_bin(graph: &Graph, id: ObjectId) -> Result<(), Problem> {
    let mut poller = Poller::replication(graph);
    loop {
        let look = graph::get_deleted_item(graph.endpoint(), id);
        if graph.look(look).await?.is_some() || !poller.again_after(Waiting::Replication, None).await? {
            return Ok(());
        }
    }
}

/// Deletes for ever what the probe made and is not gone yet, and what it may have made. Ends with whether nothing is left of it.
async fn clean_up(
    graph: &Graph,
    parent: ObjectId,
    (made, gone_before): (&[ObjectId], &[ObjectId]),
) -> Result<bool, Problem> {
    let mut left: Vec<ObjectId> = made.to_vec();
    if let Some(child) = find_by_parent(graph, parent, &Detail::USUAL).await?.filter(is_own) {
        left.extend(child.id().filter(|id| !made.contains(id) && !gone_before.contains(id)));
    }
    let mut gone = true;
    for id in left {
        let user = UserRef::Id(id);
        let deleted = match delete(graph, &user, false).await {
            Ok(_) => true,
            Err(absent) if absent.code() == Code::NotFound => false,
            Err(problem) => return Err(problem),
        };
        if deleted {
            wait_for_bin(graph, id).await?;
        }
        gone &= match purge(graph, &user, false).await {
            Ok(_) => true,
            Err(absent) => !deleted && absent.code() == Code::DeletedItemNotFound,
        };
    }
    Ok(gone)
}
