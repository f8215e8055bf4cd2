//! An agent user as it shall be.

use super::row_names::RowNames;
use super::{
    AgentUserPatch, Draft, GroupRef, Member, MemberValue, NewAgentUser, SponsorRef, UserRef, WantedLicense,
};
use crate::ObjectId;
use crate::problem::Problem;
use crate::validate::{RuleCode, TenantFacts, Violation};

/// The declared state of one agent user.
///
/// Only what is declared is compared and changed: sponsors, groups and licenses are added, never taken away.
#[derive(Debug, Clone)]
pub struct DesiredUser {
    new: NewAgentUser,
    declared: AgentUserPatch,
    manager: Option<UserRef>,
    sponsors: Vec<SponsorRef>,
    groups: Vec<GroupRef>,
    licenses: Vec<WantedLicense>,
}

impl DesiredUser {
    /// Checks and completes what a draft declares.
    ///
    /// Without `accountEnabled` it is created enabled. Without a user principal name, one is derived from the display
    /// name in `domain`, where that is given; without a mail nickname, one is derived, too.
    ///
    /// # Errors
    /// Every broken rule at once.
    pub fn from_draft(
        draft: Draft,
        domain: Option<&str>,
        facts: &TenantFacts,
    ) -> Result<Self, Vec<Violation>> {
        Self::among(&mut RowNames::default(), 1, draft, domain, facts)
    }

    /// The same for a row of a roster: derived names differ from all `names`, and are added to them.
    pub(crate) fn among(
        names: &mut RowNames,
        row: usize,
        draft: Draft,
        domain: Option<&str>,
        facts: &TenantFacts,
    ) -> Result<Self, Vec<Violation>> {
        let declared = draft.values().clone();
        let (draft, underivable) = names.complete(draft, domain, row);
        let draft = match draft.get(Member::AccountEnabled) {
            None => draft.with(Member::AccountEnabled, MemberValue::Flag(true)),
            Some(_) => draft,
        };
        match draft.check(facts) {
            Ok(new) if underivable.is_empty() => Ok(Self {
                new,
                declared: AgentUserPatch::parse(declared)?,
                manager: None,
                sponsors: Vec::new(),
                groups: Vec::new(),
                licenses: Vec::new(),
            }),
            Ok(_) => Err(underivable),
            Err(mut broken) => {
                broken.extend(underivable);
                // A name that would be derived is missing only because something else is wrong, which is said already.
                let upn = Member::UserPrincipalName;
                if domain.is_some() && !declared.contains_key(&upn.into()) && broken.len() > 1 {
                    broken.retain(|violation| {
                        violation.code != RuleCode::Required || violation.field != upn.name()
                    });
                }
                Err(broken)
            }
        }
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

    /// The same, as a member of these groups.
    #[must_use]
    pub fn with_groups(mut self, groups: Vec<GroupRef>) -> Self {
        self.groups = groups;
        self
    }

    /// The same, with these licenses.
    #[must_use]
    pub fn with_licenses(mut self, licenses: Vec<WantedLicense>) -> Self {
        self.licenses = licenses;
        self
    }

    /// The agent user that is created, where there is none.
    #[must_use]
    pub fn agent_user(&self) -> &NewAgentUser {
        &self.new
    }

    /// The members that were declared, and which an existing agent user must therefore have.
    #[must_use]
    pub fn declared(&self) -> &AgentUserPatch {
        &self.declared
    }

    /// Whether the user principal name was derived: then an existing one is as good, and another is taken when it
    /// belongs to another user.
    pub(crate) fn has_derived_upn(&self) -> bool {
        self.declared.get(Member::UserPrincipalName).is_none()
    }

    /// The same under another derived name, for when the first is taken.
    pub(crate) fn alternative(&self, number: u32) -> Result<Self, Vec<Violation>> {
        Ok(Self { new: self.new.alternative(number)?, ..self.clone() })
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

    /// The groups that it is a member of.
    #[must_use]
    pub fn groups(&self) -> &[GroupRef] {
        &self.groups
    }

    /// Its licenses.
    #[must_use]
    pub fn licenses(&self) -> &[WantedLicense] {
        &self.licenses
    }
}

/// By [`DesiredUser::from_draft`], without a domain for derived names and without facts about the tenant.
impl TryFrom<Draft> for DesiredUser {
    type Error = Problem;

    fn try_from(draft: Draft) -> Result<Self, Problem> {
        Ok(Self::from_draft(draft, None, &TenantFacts::default())?)
    }
}
