//! The rules for the writes of a client, held against the directory's journal.

use crate::client::{Client, Write};
use crate::model::member_of;
use crate::mutation::is_live;
use crate::parts::Part;
use crate::request::{body, body_text, created_parent, object_of};
use crate::scenario::Work;
use crate::violation::{Invariant, Violation, require};
use crate::watch::Watch;
use agentuser_core::ObjectId;
use agentuser_core::http::{Method, Request};
use agentuser_core::model::Member;
use agentuser_simulator::{Directory, Entry, User};
use std::collections::BTreeSet;

/// The agent user that a write is about, or that stands in the way of a create, as it is before.
pub(crate) fn user_before(directory: &Directory, request: &Request) -> Option<User> {
    if request.method == Method::Get {
        return None;
    }
    match created_parent(request) {
        Some(parent) => directory.children_of(parent).next().cloned(),
        None => directory.find_user(object_of(&request.url)?).cloned(),
    }
}

/// The objects that were changed since the journal had so many entries.
pub(crate) fn changed_since(directory: &Directory, noted: usize) -> Vec<ObjectId> {
    let entries = directory.journal().get(noted..).unwrap_or_default();
    entries.iter().filter(|entry| entry.changed).filter_map(|entry| entry.object).collect()
}

/// One agent user per parent, one user per name.
pub(crate) fn unique(directory: &Directory, request: &Request) -> Result<(), Violation> {
    if request.method == Method::Get {
        return Ok(());
    }
    let duplicates = directory.duplicates();
    require(duplicates.is_empty(), Invariant::OneUserPerRow, || {
        format!("{duplicates:?} after {} {} {}", request.method, request.url, body_text(request))
    })
}

impl Watch<'_> {
    /// Holds what a request did against what the client may do; the writes that took place.
    pub(crate) fn check_writes(
        &self,
        directory: &Directory,
        client: &Client,
        (parts, before): (&[Part<'_>], &[Option<User>]),
        noted: usize,
    ) -> Result<Vec<Write>, Violation> {
        let lag = directory.lag().settled_after();
        let mut settled = BTreeSet::new();
        for (part, user) in parts.iter().zip(before) {
            if let Some(user) =
                user.as_ref().filter(|user| self.changes.is_older(user.id, lag, client.started))
            {
                settled.insert(user.id);
                needed(client, &part.request, user)?;
            }
        }
        // A link to a deleted user is there, and not shown.
        let of_people_who_left = |entry: &Entry| {
            entry.template.ends_with("$ref") && self.changes.touched().any(|id| !is_live(directory, id))
        };
        let mut writes = Vec::new();
        for entry in directory.journal().get(noted..).unwrap_or_default().iter().filter(|one| one.is_write())
        {
            let what = || {
                let bodies = parts.iter().map(|part| body_text(&part.request)).collect::<Vec<_>>().join(", ");
                format!("client {}: {} {} with {bodies}", client.name, entry.method, entry.template)
            };
            let parent = entry.object.and_then(|id| directory.find_user(id)?.parent);
            let accepted = entry.status < 300;
            require(
                !accepted || self.may_touch(client, entry.object, parent),
                Invariant::NothingElseTouched,
                what,
            )?;
            let settled = entry.object.is_some_and(|id| settled.contains(&id));
            require(
                entry.changed || !accepted || !settled || of_people_who_left(entry),
                Invariant::NoNeedlessWrite,
                || format!("it changes nothing, and long did: {}", what()),
            )?;
            writes.push(Write {
                method: entry.method,
                template: entry.template,
                object: entry.object,
                parent,
                accepted,
                changed: entry.changed,
            });
        }
        Ok(writes)
    }

    /// Whether a client may write this object: an agent user of its roster's parents, or the one that it is about.
    fn may_touch(&self, client: &Client, object: Option<ObjectId>, parent: Option<ObjectId>) -> bool {
        match &client.work {
            Work::Mutation { target, .. } => {
                object == Some(self.scenario.target(*target)) && parent.is_some()
            }
            work => parent.is_some_and(|parent| self.scenario.parents(work).contains(&parent)),
        }
    }
}

/// Each value that is written to an agent user that has long been unchanged must be new, and the user the row's own.
fn needed(client: &Client, request: &Request, user: &User) -> Result<(), Violation> {
    let what =
        || format!("client {}: {} {} {}", client.name, request.method, request.url, body_text(request));
    let needless =
        |why: &str| Violation { invariant: Invariant::NoNeedlessWrite, what: format!("{why}: {}", what()) };
    if created_parent(request).is_some() {
        return Err(needless("the parent has long had an agent user"));
    }
    let row = client.roster.rows().iter().find(|row| Some(row.wanted().identity_parent_id()) == user.parent);
    if let Some(row) = row {
        let upn = row.wanted().agent_user().user_principal_name().as_str();
        let named = row.wanted().declared().get(Member::UserPrincipalName).is_some();
        require(
            !named || user.user_principal_name.eq_ignore_ascii_case(upn),
            Invariant::NothingElseTouched,
            || format!("the agent user has another name: {}", what()),
        )?;
    }
    let body = body(request);
    if request.method == Method::Patch {
        for (name, value) in body.as_object().into_iter().flatten() {
            let member = Member::ALL.iter().find(|member| member.name() == name);
            let is_same = match member {
                Some(member) => member_of(user, *member) == *value,
                None => user.extras.get(name) == Some(value),
            };
            if is_same {
                return Err(needless(&format!("{name} is as it was")));
            }
            let division = |value: &serde_json::Value| value.get("division").cloned();
            if name == "employeeOrgData" && user.extras.get(name).and_then(division) != division(value) {
                return Err(needless("the division, which nobody named, would be lost"));
            }
        }
    }
    for license in body.get("addLicenses").and_then(|all| all.as_array()).into_iter().flatten() {
        let sku = license.get("skuId").and_then(|id| id.as_str()?.parse().ok());
        if sku.is_some_and(|sku: ObjectId| user.licenses.contains_key(&sku)) {
            return Err(needless("it has the license"));
        }
    }
    Ok(())
}
