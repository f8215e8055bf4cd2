//! What somebody wants an agent user to be.

use super::create::Creation;
use crate::ObjectId;
use crate::model::{AgentUserPatch, Draft, Member, MemberValue, NewAgentUser, SkuRef, SponsorRef, UserRef};
use crate::validate::{TenantFacts, Violation};
use std::collections::BTreeMap;

/// The declared state of one agent user.
///
/// Only what is named is compared and changed: sponsors and licenses are added, never taken away.
#[derive(Debug, Clone)]
pub struct DesiredUser {
    /// What it is created with.
    pub(crate) new: NewAgentUser,
    /// The members that somebody named, and which an existing agent user must therefore have.
    pub(super) named: AgentUserPatch,
    /// The user principal name was derived, so that an existing one is as good.
    pub(super) any_upn: bool,
    pub(super) manager: Option<UserRef>,
    pub(super) sponsors: Vec<SponsorRef>,
    pub(super) licenses: Vec<SkuRef>,
}

impl DesiredUser {
    /// What a draft says, checked: the members it names, and defaults for those it does not.
    ///
    /// Without `accountEnabled` it is created enabled; without a mail nickname one is derived.
    ///
    /// # Errors
    /// Every broken rule at once.
    pub fn parse(draft: Draft, known: &TenantFacts) -> Result<Self, Vec<Violation>> {
        let named = draft.named();
        let draft = match draft.get(Member::AccountEnabled) {
            None => draft.with(Member::AccountEnabled, MemberValue::Flag(true)),
            Some(_) => draft,
        };
        let new = draft.check(known)?;
        Ok(Self::new(new, AgentUserPatch::parse(named)?))
    }

    /// An agent user to be created with `new`; one that exists must have the members in `named`.
    ///
    /// A user principal name that is not named was derived: an existing one is as good, and another is taken when it
    /// belongs to somebody else.
    #[must_use]
    pub fn new(new: NewAgentUser, named: AgentUserPatch) -> Self {
        let any_upn = named.get(Member::UserPrincipalName).is_none();
        Self { new, named, any_upn, manager: None, sponsors: Vec::new(), licenses: Vec::new() }
    }

    /// The same, where only these of its members were named and the others derived.
    #[must_use]
    pub(crate) fn naming(self, named: &BTreeMap<Member, MemberValue>) -> Self {
        let named = self.named.only(|member| named.contains_key(&member));
        Self { any_upn: named.get(Member::UserPrincipalName).is_none(), named, ..self }
    }

    /// The same, with a manager.
    #[must_use]
    pub fn with_manager(mut self, manager: Option<UserRef>) -> Self {
        self.manager = manager;
        self
    }

    /// The same, with these sponsors.
    #[must_use]
    pub fn with_sponsors(mut self, sponsors: Vec<SponsorRef>) -> Self {
        self.sponsors = sponsors;
        self
    }

    /// The same, with these licenses.
    #[must_use]
    pub fn with_licenses(mut self, licenses: Vec<SkuRef>) -> Self {
        self.licenses = licenses;
        self
    }

    /// What it is created with.
    #[must_use]
    pub fn agent_user(&self) -> &NewAgentUser {
        &self.new
    }

    /// The members that an existing agent user must have: those that somebody named.
    #[must_use]
    pub fn named(&self) -> &AgentUserPatch {
        &self.named
    }

    /// Its parent.
    #[must_use]
    pub fn identity_parent_id(&self) -> ObjectId {
        self.new.identity_parent_id()
    }

    /// Its manager.
    #[must_use]
    pub fn manager(&self) -> Option<&UserRef> {
        self.manager.as_ref()
    }

    /// Its sponsors.
    #[must_use]
    pub fn sponsors(&self) -> &[SponsorRef] {
        &self.sponsors
    }

    /// Its licenses.
    #[must_use]
    pub fn licenses(&self) -> &[SkuRef] {
        &self.licenses
    }

    pub(super) fn creation(&self) -> Creation {
        Creation { new: self.new.clone(), any_upn: self.any_upn }
    }
}
