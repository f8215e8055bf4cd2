//! Creating an agent user.

use super::bodies::{check_type, spelled};
use super::errors::{Answer, Refusal, Reply};
use super::permissions::WRITE_USER;
use super::render::Shape;
use super::route::Cast;
use super::rules;
use super::users::USER_TYPES;
use super::views::{View, candidates};
use super::{Call, Directory, Life, User};
use crate::hash::Hash;
use crate::switches::{ConflictStatus, ParentMissing};
use agentuser_core::ObjectId;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

impl Directory {
    pub(super) fn create_user(&mut self, call: &Call<'_>, cast: bool) -> Answer {
        self.require_any_write(call, WRITE_USER)?;
        let body = spelled("user", call.object()?);
        let is_agent = match body.get("@odata.type") {
            Some(value) => {
                check_type(value, USER_TYPES)?;
                check_type(value, &[Cast::AgentUser]).is_ok()
            }
            None => cast,
        };
        match (is_agent, cast) {
            (true, _) => {}
            (false, true) => {
                return Err(Refusal::bad_request("The '@odata.type' of the body does not fit the request."));
            }
            // A plain user needs a password. A request for an agent user that lacks the type ends here.
            (false, false) if !body.contains_key("passwordProfile") => {
                return Err(Refusal::required("passwordProfile"));
            }
            (false, false) => return self.create_human(call, &body),
        }
        self.require_for_members(call, &body)?;
        let mut user = self.new_agent_user(call, &body)?;
        self.check_new(call, &user)?;
        if self.switches.mail_at_create {
            user.extras.entry("mail").or_insert_with(|| user.user_principal_name.clone().into());
        }
        self.join_dynamic_groups(&mut user, call.now);
        let id = user.id;
        if let Some(parent) = user.parent {
            self.journal.created(parent);
        }
        self.subject = Some(id);
        let object = self.render_new(call, &user, cast);
        self.insert_user(user);
        Ok(Reply::created(object))
    }

    /// Creates a person's account (<https://learn.microsoft.com/graph/api/user-post-users>).
    fn create_human(&mut self, call: &Call<'_>, body: &Map<String, Value>) -> Answer {
        self.require(call, WRITE_USER.0)?;
        self.require_for_members(call, body)?;
        for required in
            ["accountEnabled", "displayName", "mailNickname", "userPrincipalName", "passwordProfile"]
        {
            if body.get(required).is_none_or(Value::is_null) {
                return Err(Refusal::required(required));
            }
        }
        let password = body.get("passwordProfile").and_then(|profile| profile.get("password"));
        if password.and_then(Value::as_str).is_none_or(str::is_empty) {
            return Err(Refusal::required("passwordProfile"));
        }
        if body.get("identityParentId").is_some_and(|parent| !parent.is_null()) {
            return Err(Refusal::invalid("identityParentId"));
        }
        let mut user = Self::blank_user(call, ObjectId::from_u128(0), None);
        self.apply(&mut user, body)?;
        self.check_domain(&user.user_principal_name)?;
        if self.is_federated(&user.user_principal_name) && !user.extras.contains_key("onPremisesImmutableId")
        {
            return Err(Refusal::required("onPremisesImmutableId"));
        }
        self.check_upn(call, &user.user_principal_name, None)?;
        self.check_nickname(call, &user.mail_nickname, None)?;
        let name = user.user_principal_name.to_lowercase();
        let before = self.by_upn.get(&name).map_or(0, BTreeSet::len);
        let drawn = Hash::new(self.seed).text("human").text(&name);
        user.id = drawn.word(u64::try_from(before).unwrap_or(u64::MAX)).guid();
        self.subject = Some(user.id);
        let shape = Shape { select: None, expand: &[], cast: false, deleted: false };
        let object = self.render_user(&user, call.now, View::Master, shape);
        let object = self.entity(call.version, "users", None, object);
        self.insert_user(user);
        Ok(Reply::created(object))
    }

    fn blank_user(call: &Call<'_>, id: ObjectId, parent: Option<ObjectId>) -> User {
        User {
            id,
            parent,
            user_principal_name: String::new(),
            display_name: String::new(),
            mail_nickname: String::new(),
            account_enabled: false,
            usage_location: None,
            extras: Map::new(),
            manager: None,
            sponsors: BTreeSet::new(),
            licenses: BTreeMap::new(),
            inherited: BTreeMap::new(),
            created: call.now,
            created_through_graph: true,
            sessions_valid_from: None,
            revocations: 0,
            life: Life::Live,
        }
    }

    /// The create answer has the nickname and the parent besides the default set (docs/graph.md#create).
    fn render_new(&self, call: &Call<'_>, user: &User, cast: bool) -> Value {
        let shape = Shape { select: None, expand: &[], cast, deleted: false };
        let mut object = self.render_user(user, call.now, View::Master, shape);
        object.insert("@odata.type".into(), "#microsoft.graph.agentUser".into());
        object.insert("mailNickname".into(), user.mail_nickname.as_str().into());
        object.insert("accountEnabled".into(), user.account_enabled.into());
        object.insert("identityParentId".into(), user.parent.map(|id| id.to_string()).into());
        self.entity(call.version, "users", None, object)
    }

    /// The user that the body describes, every member by its rule. Nothing is looked up yet.
    fn new_agent_user(&self, call: &Call<'_>, body: &Map<String, Value>) -> Result<User, Refusal> {
        for required in
            ["accountEnabled", "displayName", "mailNickname", "userPrincipalName", "identityParentId"]
        {
            if body.get(required).is_none_or(Value::is_null) {
                return Err(Refusal::required(required));
            }
        }
        let parent = body.get("identityParentId").and_then(Value::as_str).unwrap_or_default();
        let parent: ObjectId = parent.parse().map_err(|_| Refusal::invalid("identityParentId"))?;
        let mut user = Self::blank_user(call, self.new_user_id(parent), Some(parent));
        self.apply(&mut user, body)?;
        Ok(user)
    }

    /// The checks that need the tenant: the parent, the domain, and whether names and parent are free.
    fn check_new(&mut self, call: &Call<'_>, user: &User) -> Result<(), Refusal> {
        let parent = user.parent.unwrap_or(user.id);
        let view = View::Read(self.next_replica(&format!("parent {parent}")));
        let identity = self.live_principal(parent, call.now, view);
        if identity.is_none_or(|principal| principal.blueprint().is_none()) {
            return Err(match self.switches.parent_missing {
                ParentMissing::DoesNotExist => {
                    Refusal::bad_request("Agent user IdentityParent does not exist")
                }
                ParentMissing::ObjectNotFound => Refusal::object_not_found(parent),
                ParentMissing::NotFound => Refusal::not_found(parent),
            });
        }
        self.require_write(call, user, WRITE_USER)?;
        self.check_domain(&user.user_principal_name)?;
        if self.is_federated(&user.user_principal_name) && !user.extras.contains_key("onPremisesImmutableId")
        {
            return Err(Refusal::required("onPremisesImmutableId"));
        }
        if self.switches.upn_conflict_first {
            self.check_upn(call, &user.user_principal_name, None)?;
            self.check_parent(call, parent, None)?;
        } else {
            self.check_parent(call, parent, None)?;
            self.check_upn(call, &user.user_principal_name, None)?;
        }
        self.check_nickname(call, &user.mail_nickname, None)
    }

    /// From where the uniqueness checks look.
    fn uniqueness_view(&self) -> View {
        if self.switches.uniqueness_lags { View::Read(0) } else { View::Master }
    }

    /// Refuses a parent that has a child already. 400 (docs/graph.md#create); code and message are not documented.
    pub(super) fn check_parent(
        &self,
        call: &Call<'_>,
        parent: ObjectId,
        but: Option<ObjectId>,
    ) -> Result<(), Refusal> {
        let view = self.uniqueness_view();
        let taken = candidates(self.by_parent.get(&parent))
            .filter(|id| Some(*id) != but)
            .filter_map(|id| self.user(id, call.now, view))
            // `by_parent` keeps users whose parent a tenant has changed since.
            .filter(|user| user.parent == Some(parent))
            .any(|user| user.life.is_live() || self.switches.deleted_holds_parent);
        if taken { Err(Refusal::conflict(400, "identityParentId")) } else { Ok(()) }
    }

    /// Refuses a UPN that another user has.
    pub(super) fn check_upn(&self, call: &Call<'_>, upn: &str, but: Option<ObjectId>) -> Result<(), Refusal> {
        let view = self.uniqueness_view();
        let taken = candidates(self.by_upn.get(&upn.to_lowercase()))
            .filter(|id| Some(*id) != but)
            .filter_map(|id| self.user(id, call.now, view))
            .filter(|user| user.user_principal_name.eq_ignore_ascii_case(upn))
            .any(|user| user.life.is_live() || self.switches.deleted_holds_upn);
        if taken { Err(Refusal::conflict(self.conflict_status(), "userPrincipalName")) } else { Ok(()) }
    }

    /// Refuses a mail nickname that another user has, when the switch says so.
    pub(super) fn check_nickname(
        &self,
        call: &Call<'_>,
        nickname: &str,
        but: Option<ObjectId>,
    ) -> Result<(), Refusal> {
        let view = self.uniqueness_view();
        let taken = self.switches.unique_mail_nickname
            && candidates(self.by_nickname.get(&nickname.to_lowercase()))
                .filter(|id| Some(*id) != but)
                .filter_map(|id| self.live_user(id, call.now, view))
                .any(|user| user.mail_nickname.eq_ignore_ascii_case(nickname));
        if taken { Err(Refusal::conflict(self.conflict_status(), "mailNickname")) } else { Ok(()) }
    }

    const fn conflict_status(&self) -> u16 {
        match self.switches.upn_conflict {
            ConflictStatus::BadRequest => 400,
            ConflictStatus::Conflict => 409,
        }
    }

    /// Refuses a UPN outside the verified domains (docs/graph.md#names).
    pub(super) fn check_domain(&self, upn: &str) -> Result<(), Refusal> {
        rules::user_principal_name(upn)?;
        let verified = self.domain_of(upn).is_some_and(|domain| domain.verified);
        if verified {
            Ok(())
        } else {
            Err(Refusal::bad_request(
                "The root domain of the specified UPN does not belong to a verified domain",
            ))
        }
    }

    fn is_federated(&self, upn: &str) -> bool {
        self.domain_of(upn).is_some_and(|domain| domain.federated)
    }

    fn domain_of(&self, upn: &str) -> Option<&super::Domain> {
        let (_, name) = upn.split_once('@')?;
        self.domains.iter().find(|domain| domain.name.eq_ignore_ascii_case(name))
    }
}
