//! Managers and sponsors.

use super::errors::{Answer, Refusal, Reply};
use super::permissions::{GET_MANAGER, GET_SPONSORS, WRITE_USER};
use super::query::{Options, Query};
use super::route::Endpoint;
use super::views::View;
use super::{Call, Directory, id_in_path};
use crate::behaviours::Label::{Assumed, Documented};
use crate::spelling;
use crate::switches::ManagerUnset;
use agentuser_core::http::Method::{Delete, Get, Post, Put};
use agentuser_core::{Now, ObjectId};
use serde_json::{Value, json};

/// The endpoints of users' managers and sponsors.
pub(super) const ROUTES: &[Endpoint] = &[
    Endpoint::new(Get, "/users/{id}/manager", Documented("api/user-list-manager"), |d, c, r| {
        d.get_manager(c, r.key(), r.is_agent_cast())
    }),
    Endpoint::new(Get, "/users/{id}/manager/$ref", Documented("api/user-list-manager"), |d, c, r| {
        d.manager_reference(c, r.key(), r.is_agent_cast())
    }),
    Endpoint::new(Get, "/users/{id}/sponsors/$ref", Documented("api/user-list-sponsors"), |d, c, r| {
        d.sponsor_references(c, r.key(), r.is_agent_cast())
    }),
    Endpoint::new(Get, "/users/{id}/sponsors/$count", Assumed, |d, c, r| {
        d.count_sponsors(c, r.key(), r.is_agent_cast())
    }),
    Endpoint::new(Get, "/users/{id}/directReports", Documented("api/user-list-directreports"), |d, c, r| {
        d.list_reports(c, r.key(), r.is_agent_cast())
    }),
    Endpoint::new(Put, "/users/{id}/manager/$ref", Documented("api/user-post-manager"), |d, c, r| {
        d.set_manager(c, r.key(), r.is_agent_cast())
    }),
    Endpoint::new(Delete, "/users/{id}/manager/$ref", Documented("api/user-delete-manager"), |d, c, r| {
        d.remove_manager(c, r.key(), r.is_agent_cast())
    }),
    Endpoint::new(Get, "/users/{id}/sponsors", Documented("api/agentuser-list-sponsors"), |d, c, r| {
        d.list_sponsors(c, r.key(), r.is_agent_cast())
    }),
    Endpoint::new(Post, "/users/{id}/sponsors/$ref", Documented("api/agentuser-post-sponsors"), |d, c, r| {
        d.add_sponsor(c, r.key(), r.is_agent_cast())
    }),
    Endpoint::new(
        Delete,
        "/users/{id}/sponsors/{sponsor}/$ref",
        Documented("api/agentuser-delete-sponsors"),
        |d, c, r| d.remove_sponsor(c, r.key(), r.second(), r.is_agent_cast()),
    ),
];

impl Directory {
    pub(super) fn get_manager(&mut self, call: &Call<'_>, key: &str, cast: bool) -> Answer {
        self.require(call, GET_MANAGER)?;
        let query = Query::parse(call.raw_query, Options::OBJECT)?;
        let view = self.readable(call, key, cast)?;
        let manager = self.shown(call, key, view)?.manager;
        let Some(manager) = manager.and_then(|id| self.live_user(id, call.now, view)) else {
            return match self.switches.manager_unset {
                ManagerUnset::NotFound => Err(Refusal::not_found("manager")),
                ManagerUnset::NoContent => Ok(Reply::no_content()),
                ManagerUnset::Null => {
                    let context = self.context(call.version, "directoryObjects", None, true);
                    Ok(Reply::ok(json!({"@odata.context": context, "value": null})))
                }
            };
        };
        let select = query.select.as_deref();
        let object = self.render_related(manager, call.now, view, select);
        Ok(Reply::ok(self.entity(call.version, "directoryObjects", select, object)))
    }

    /// `manager/$ref`: the address of the manager.
    fn manager_reference(&mut self, call: &Call<'_>, key: &str, cast: bool) -> Answer {
        self.require(call, GET_MANAGER)?;
        let view = self.readable(call, key, cast)?;
        let manager = self.shown(call, key, view)?.manager;
        let manager = manager.filter(|id| self.live_user(*id, call.now, view).is_some());
        let manager = manager.ok_or_else(|| Refusal::not_found("manager"))?;
        let context = self.context(call.version, "$ref", None, false);
        Ok(Reply::ok(json!({"@odata.context": context, "@odata.id": self.address(call, manager)})))
    }

    /// `sponsors/$ref`: the addresses of the sponsors.
    fn sponsor_references(&mut self, call: &Call<'_>, key: &str, cast: bool) -> Answer {
        self.require(call, GET_SPONSORS)?;
        let sponsors = self.seen_sponsors(call, key, cast)?;
        self.answer_references(call, &sponsors)
    }

    /// `sponsors/$count`. That it needs no header is an assumption.
    fn count_sponsors(&mut self, call: &Call<'_>, key: &str, cast: bool) -> Answer {
        self.require(call, GET_SPONSORS)?;
        let count = self.seen_sponsors(call, key, cast)?.len();
        Ok(Reply::count(count))
    }

    fn seen_sponsors(&mut self, call: &Call<'_>, key: &str, cast: bool) -> Result<Vec<ObjectId>, Refusal> {
        let view = self.readable(call, key, cast)?;
        let sponsors = self.shown(call, key, view)?.sponsors.iter().copied();
        let is_there =
            |id: &ObjectId| self.group(*id).is_some() || self.live_user(*id, call.now, view).is_some();
        Ok(sponsors.filter(is_there).collect())
    }

    /// The address of a directory object (docs/graph.md#headers).
    pub(super) fn address(&self, call: &Call<'_>, id: ObjectId) -> String {
        format!("{}{}/directoryObjects/{id}", self.root, call.version.path())
    }

    pub(super) fn list_reports(&mut self, call: &Call<'_>, key: &str, cast: bool) -> Answer {
        self.require(call, GET_MANAGER)?;
        let query = Query::parse(call.raw_query, Options { paging: true, ..Options::OBJECT })?;
        if query.top.is_some() {
            return Err(Refusal::not_simulated(501, "pages of direct reports"));
        }
        let view = self.readable(call, key, cast)?;
        let user = self.shown(call, key, view)?;
        let select = query.select.as_deref();
        let reports = self.render_reports(user, call.now, view, select);
        Ok(Reply::ok(self.whole_collection(call.version, "directoryObjects", select, reports)))
    }

    pub(super) fn set_manager(&mut self, call: &Call<'_>, key: &str, cast: bool) -> Answer {
        let id = self.writable(call, key, cast, WRITE_USER)?;
        let reference = self.reference_in_body(call)?;
        // A group can't be a manager; neither can what has not reached the place where links are checked.
        self.existing_user(call.now, reference, id)?;
        self.change_user(call.now, id, |user| user.manager = Some(reference));
        Ok(Reply::no_content())
    }

    pub(super) fn remove_manager(&mut self, call: &Call<'_>, key: &str, cast: bool) -> Answer {
        let id = self.writable(call, key, cast, WRITE_USER)?;
        if self.manager_of(id).is_none() {
            return Err(Refusal::not_found("manager"));
        }
        self.change_user(call.now, id, |user| user.manager = None);
        Ok(Reply::no_content())
    }

    pub(super) fn list_sponsors(&mut self, call: &Call<'_>, key: &str, cast: bool) -> Answer {
        self.require(call, GET_SPONSORS)?;
        let query = Query::parse(call.raw_query, Options::OBJECT)?;
        let view = self.readable(call, key, cast)?;
        let user = self.shown(call, key, view)?;
        let sponsors = self.render_sponsors(user, call.now, view, query.select.as_deref());
        Ok(Reply::ok(self.whole_collection(
            call.version,
            "directoryObjects",
            query.select.as_deref(),
            sponsors,
        )))
    }

    pub(super) fn add_sponsor(&mut self, call: &Call<'_>, key: &str, cast: bool) -> Answer {
        let id = self.writable(call, key, cast, WRITE_USER)?;
        let reference = self.reference_in_body(call)?;
        if self.group(reference).is_none() {
            self.existing_user(call.now, reference, id)?;
        }
        if self.sponsors_of(id).contains(&reference) {
            return Err(Refusal::reference_exists("sponsors"));
        }
        self.change_user(call.now, id, |user| {
            user.sponsors.insert(reference);
        });
        Ok(Reply::no_content())
    }

    pub(super) fn remove_sponsor(&mut self, call: &Call<'_>, key: &str, sponsor: &str, cast: bool) -> Answer {
        let id = self.writable(call, key, cast, WRITE_USER)?;
        let sponsor = id_in_path(sponsor)?;
        if !self.sponsors_of(id).contains(&sponsor) {
            return Err(Refusal::not_found(sponsor));
        }
        self.change_user(call.now, id, |user| {
            user.sponsors.remove(&sponsor);
        });
        Ok(Reply::no_content())
    }

    /// Refuses a reference to a user that is not there, or has not replicated when a switch says that this matters.
    fn existing_user(&mut self, now: Now, id: ObjectId, referrer: ObjectId) -> Result<(), Refusal> {
        let view = match self.switches.early_write {
            crate::switches::EarlyWrite::Works => View::Master,
            _ => View::Read(self.next_replica(&format!("{id} from {referrer}"))),
        };
        self.live_user(id, now, view).map(|_| ()).ok_or_else(|| Refusal::not_found(id))
    }

    pub(super) fn reference_in_body(&self, call: &Call<'_>) -> Result<ObjectId, Refusal> {
        let body = call.object()?;
        let reference = body.get("@odata.id").and_then(Value::as_str);
        reference.and_then(|reference| self.reference(reference)).ok_or_else(|| Refusal::invalid("@odata.id"))
    }

    /// The live user of this name, as the write master has it.
    fn live_upn(&self, name: &str) -> Option<ObjectId> {
        let named = self.by_upn.get(&name.to_lowercase())?;
        let is_it = |id: &ObjectId| {
            self.find_user(*id).is_some_and(|user| {
                user.life.is_live() && user.user_principal_name.eq_ignore_ascii_case(name)
            })
        };
        named.iter().copied().find(is_it)
    }

    /// The object that a reference such as `https://graph.microsoft.com/v1.0/users/{id}` names.
    pub(super) fn reference(&self, reference: &str) -> Option<ObjectId> {
        let (set, key) = spelling::reference(&self.root, reference)?;
        match set.as_str() {
            "users" => key.parse().ok().or_else(|| self.live_upn(&key)),
            "groups" | "directoryObjects" | "servicePrincipals" | "applications" => key.parse().ok(),
            _ => None,
        }
    }
}
