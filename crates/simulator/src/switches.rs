//! Where Microsoft's own sources disagree, or say nothing: each case is a switch, and a test runs with both.
//!
//! Each names the part of docs/graph.md that it is about. A reading that no source states is marked *assumption*.

use crate::hash::Hash;
use std::time::Duration;

/// The status of a name conflict (docs/graph.md#error-codes: 400 was observed; a community page says 409).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConflictStatus {
    /// `400 Request_BadRequest`.
    BadRequest,
    /// `409 Request_BadRequest`: the status of the community page; its code is an *assumption*.
    Conflict,
}

/// The answer to a PATCH of a user (docs/graph.md#operations: the page says 200 and a body, Microsoft's sample accepts 204 too).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatchAnswer {
    /// 200 with the user.
    Body,
    /// 204 without a body.
    NoContent,
}

/// The fate of an agent user whose agent identity is deleted (docs/graph.md#delete-and-cascade: four pages disagree).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cascade {
    /// It stays as it is.
    Stays,
    /// It is soft-deleted, some time within this limit.
    SoftDeletes(Duration),
}

/// The answer to `GET manager` when no manager is set (docs/graph.md#operations note 1: 404, unverified).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ManagerUnset {
    /// `404 Request_ResourceNotFound`.
    NotFound,
    /// 204. *Assumption.*
    NoContent,
    /// 200 with `"value": null`. *Assumption.*
    Null,
}

/// How a create with an unknown parent is refused (docs/graph.md#error-codes: the text is from a community page without a status;
/// docs/graph.md#known-issues: `Object with id … not found` is what lag looks like).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParentMissing {
    /// `400`, "Agent user IdentityParent does not exist".
    DoesNotExist,
    /// `400`, "Object with id … not found".
    ObjectNotFound,
    /// `404 Request_ResourceNotFound`. *Assumption.*
    NotFound,
}

/// The spelling of the inner error's member (docs/graph.md#error-envelope: `innerError` in practice, `innererror` in the docs).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InnerError {
    /// `innerError`.
    Camel,
    /// `innererror`.
    Lower,
}

/// The effect of assigning a license that the user has already. *Assumption* both ways: no source says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssignAgain {
    /// 200, and nothing changes.
    NoOp,
    /// 400.
    Refused,
}

/// The answer to a write to a user that has not replicated yet (docs/graph.md#known-issues).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EarlyWrite {
    /// It works: writes go to the write master.
    Works,
    /// `404 Request_ResourceNotFound`.
    NotFound,
    /// `400`, "Object with id … not found".
    ObjectNotFound,
}

/// The effect of a `$top` above the maximum (docs/graph.md#lists: some APIs ignore it, some refuse it).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LargeTop {
    /// 400.
    Refused,
    /// The page has the maximum size.
    Capped,
}

/// The effect of a member that must not be sent. *Assumption* both ways (docs/graph.md#contradictions, not established).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unwelcome {
    /// 400.
    Refused,
    /// It is ignored.
    Ignored,
}

/// The effect of a member that neither the metadata nor a registered extension declares. *Assumption* both ways: the types are
/// open, and no source says what Graph answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undeclared {
    /// 400.
    Refused,
    /// It is kept, and shown to `$select`.
    Taken,
}

/// The effect of `$select=employeeLeaveDateTime` without its permission (docs/graph.md#properties: the page asks for the permission;
/// null came back in an observation).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaveDateUnread {
    /// 403.
    Refused,
    /// Null.
    Null,
}

/// The answer to the subjects of a lifecycle policy that was never run. *Assumption* both ways: no page says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportBeforeRun {
    /// `404 Request_ResourceNotFound`.
    NotFound,
    /// 200 without subjects.
    Empty,
}

/// How a change of the members of a distribution group, or of a mail-enabled security group, is refused (docs/graph.md#group-members:
/// one was observed, the other is in Microsoft's page of troubleshooting).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailGroupMembers {
    /// `400 Request_BadRequest`, "Cannot Update a mail-enabled security groups and or distribution list."
    BadRequest,
    /// `403 Authorization_RequestDenied`.
    Denied,
}

/// The answer to What-If of the sign-in of an agent user. *Assumption* both ways: the page shows people and service principals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhatIfOfAgents {
    /// It is evaluated like that of a person.
    Evaluated,
    /// 400.
    Refused,
}

/// How a token of a blueprint that another tenant gave is refused (docs/sign-in.md#error-codes: 700211 by a community page; 700016
/// is what a client of another tenant hears).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignAssertion {
    /// AADSTS700211: no federated credential has the issuer.
    IssuerUnknown,
    /// AADSTS700016: the client is not in this tenant.
    ClientUnknown,
}

/// Everything that may go either way. The default is the reading that has the best source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switches {
    /// docs/graph.md#error-codes.
    pub upn_conflict: ConflictStatus,
    /// A create that breaks two rules at once names the UPN, not the parent. *Assumption.*
    pub upn_conflict_first: bool,
    /// A `mailNickname` must be unique among users (docs/graph.md#names: only IdFix says so; as a Graph error an *assumption*).
    pub unique_mail_nickname: bool,
    /// docs/graph.md#operations.
    pub patch: PatchAnswer,
    /// docs/graph.md#delete-and-cascade.
    pub cascade: Cascade,
    /// A soft-deleted agent user still occupies its parent (docs/graph.md#one-per-parent, unverified).
    pub deleted_holds_parent: bool,
    /// A soft-deleted user still occupies its UPN (docs/graph.md#one-per-parent, unverified).
    pub deleted_holds_upn: bool,
    /// `identityParentId` is in the default set of a read (docs/graph.md#properties, unverified). The create answer always has it.
    pub parent_id_by_default: bool,
    /// A read through a cast path leaves `@odata.type` out (docs/graph.md#verifying-a-parent, as the samples of agent identities do).
    pub cast_omits_type: bool,
    /// `sponsors` come back with only `id` filled, whatever `$select` says (docs/graph.md#known-issues).
    pub sponsors_only_ids: bool,
    /// docs/graph.md#operations note 1.
    pub manager_unset: ManagerUnset,
    /// Permanent delete of a user is refused to app-only callers (docs/graph.md#operations: "Not supported" in older tables).
    pub permanent_delete_refused_to_apps: bool,
    /// docs/graph.md#error-codes, docs/graph.md#known-issues.
    pub parent_missing: ParentMissing,
    /// docs/graph.md#error-envelope.
    pub inner_error: InnerError,
    /// The checks for a free UPN and a free parent see only what has replicated, so that a second, blind POST
    /// within the lag makes a duplicate. *Assumption*: the worst case.
    pub uniqueness_lags: bool,
    /// An agent user made through Graph never gets a mailbox (docs/graph.md#licenses-and-readiness, the newest note; a Microsoft sample says the
    /// opposite).
    pub graph_create_without_mailbox: bool,
    /// A new user has `mail` from the start (docs/graph.md#create: the create sample shows it), mailbox or not.
    pub mail_at_create: bool,
    /// `PATCH usageLocation` fails this long after the create (docs/graph.md#licenses-and-readiness, docs/graph.md#known-issues); zero: it works at once.
    pub usage_location_fails_for: Duration,
    /// See [`AssignAgain`].
    pub assign_again: AssignAgain,
    /// docs/graph.md#known-issues.
    pub early_write: EarlyWrite,
    /// A page may be empty and still have a next link (docs/graph.md#lists).
    pub empty_pages: bool,
    /// docs/graph.md#lists.
    pub large_top: LargeTop,
    /// In the recycle bin, the object id without hyphens stands before a user's UPN (docs/graph.md#recycle-bin, observed).
    pub bin_prefixes_upn: bool,
    /// `identityParentId` in a PATCH (docs/graph.md#contradictions).
    pub parent_id_in_patch: Unwelcome,
    /// `passwordProfile` in a create (docs/graph.md#not-allowed).
    pub password_profile: Unwelcome,
    /// `assignedLicenses` in a PATCH (docs/graph.md#operations: the sample of the update sends it; the property is read-only elsewhere).
    pub licenses_in_patch: Unwelcome,
    /// See [`Undeclared`].
    pub undeclared_members: Undeclared,
    /// See [`LeaveDateUnread`].
    pub leave_date_without_permission: LeaveDateUnread,
    /// A filter on a user's `createdDateTime` needs the advanced parameters (docs/graph.md#lists: two editions of the table disagree).
    pub created_filter_is_advanced: bool,
    /// `Directory.ReadWrite.All` on a token makes its Agent ID permissions void (docs/graph.md#known-issues: so says a v1.0 include;
    /// that `Directory.AccessAsUser.All` does is undisputed and always so here).
    pub directory_read_write_voids_agent_permissions: bool,
    /// The grant `user_fic` gives a refresh token to who asks for `offline_access`. *Assumption* both ways: no answer was found.
    pub user_fic_refresh_token: bool,
    /// An exchange token is given to a certificate only when the assertion has it in `x5c` (a comment in a test of MSAL.NET says so,
    /// the pages don't).
    pub certificate_chain_needed: bool,
    /// The address of admin consent takes an agent identity (the page says so, a community page does not).
    pub consent_url_for_identities: bool,
    /// See [`ReportBeforeRun`].
    pub report_before_run: ReportBeforeRun,
    /// See [`MailGroupMembers`].
    pub mail_group_members: MailGroupMembers,
    /// See [`WhatIfOfAgents`].
    pub what_if_of_agents: WhatIfOfAgents,
    /// Adding an agent user to a dynamic group works, as one page says of agent users and groups, or is refused (the FAQ: dynamic
    /// rules don't support agent users).
    pub dynamic_groups_take_agents: bool,
    /// See [`ForeignAssertion`].
    pub foreign_assertion: ForeignAssertion,
    /// A client assertion whose `jti` was used before. MSAL for Python sends one more than once.
    pub repeated_assertion: Unwelcome,
    /// `sponsorOf` is refused to app-only callers (docs/graph.md#sponsored-objects: "Not supported" on the page; the permission map has
    /// application permissions).
    pub sponsor_of_refused_to_apps: bool,
    /// Entra refuses tokens to the agent identities and agent users of a blueprint whose principal is disabled, also where the
    /// blueprint's exchange token was given before (docs/graph.md#containing). *Assumption* both ways: no page says.
    pub disabled_principal_stops_users: bool,
    /// The server's clock is ahead of the client's by this many milliseconds. *Assumption.*
    pub clock_ahead_ms: i64,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            upn_conflict: ConflictStatus::BadRequest,
            upn_conflict_first: false,
            unique_mail_nickname: true,
            patch: PatchAnswer::Body,
            cascade: Cascade::Stays,
            deleted_holds_parent: false,
            deleted_holds_upn: false,
            parent_id_by_default: false,
            cast_omits_type: false,
            sponsors_only_ids: false,
            manager_unset: ManagerUnset::NotFound,
            permanent_delete_refused_to_apps: false,
            parent_missing: ParentMissing::DoesNotExist,
            inner_error: InnerError::Camel,
            uniqueness_lags: false,
            graph_create_without_mailbox: false,
            mail_at_create: false,
            usage_location_fails_for: Duration::ZERO,
            assign_again: AssignAgain::NoOp,
            early_write: EarlyWrite::Works,
            empty_pages: false,
            large_top: LargeTop::Refused,
            bin_prefixes_upn: true,
            parent_id_in_patch: Unwelcome::Refused,
            password_profile: Unwelcome::Refused,
            licenses_in_patch: Unwelcome::Ignored,
            undeclared_members: Undeclared::Refused,
            leave_date_without_permission: LeaveDateUnread::Refused,
            created_filter_is_advanced: false,
            directory_read_write_voids_agent_permissions: false,
            user_fic_refresh_token: true,
            certificate_chain_needed: false,
            consent_url_for_identities: true,
            report_before_run: ReportBeforeRun::NotFound,
            mail_group_members: MailGroupMembers::BadRequest,
            what_if_of_agents: WhatIfOfAgents::Evaluated,
            dynamic_groups_take_agents: false,
            foreign_assertion: ForeignAssertion::IssuerUnknown,
            repeated_assertion: Unwelcome::Ignored,
            sponsor_of_refused_to_apps: true,
            disabled_principal_stops_users: true,
            clock_ahead_ms: 0,
        }
    }
}

impl Switches {
    /// Draws every switch from the seed, each by itself.
    #[must_use]
    pub fn from_seed(seed: u64) -> Self {
        let draw = |name: &str| Hash::new(seed).text(name);
        let coin = |name: &str| draw(name).below(2) == 1;
        Self {
            upn_conflict: if coin("upn_conflict") {
                ConflictStatus::Conflict
            } else {
                ConflictStatus::BadRequest
            },
            upn_conflict_first: coin("upn_conflict_first"),
            unique_mail_nickname: coin("unique_mail_nickname"),
            patch: if coin("patch") { PatchAnswer::NoContent } else { PatchAnswer::Body },
            cascade: if coin("cascade") {
                Cascade::SoftDeletes(Duration::from_secs(draw("cascade within").below(48) * 3_600))
            } else {
                Cascade::Stays
            },
            deleted_holds_parent: coin("deleted_holds_parent"),
            deleted_holds_upn: coin("deleted_holds_upn"),
            parent_id_by_default: coin("parent_id_by_default"),
            cast_omits_type: coin("cast_omits_type"),
            sponsors_only_ids: coin("sponsors_only_ids"),
            manager_unset: match draw("manager_unset").below(3) {
                0 => ManagerUnset::NotFound,
                1 => ManagerUnset::NoContent,
                _ => ManagerUnset::Null,
            },
            permanent_delete_refused_to_apps: coin("permanent_delete_refused_to_apps"),
            parent_missing: match draw("parent_missing").below(3) {
                0 => ParentMissing::DoesNotExist,
                1 => ParentMissing::ObjectNotFound,
                _ => ParentMissing::NotFound,
            },
            inner_error: if coin("inner_error") { InnerError::Lower } else { InnerError::Camel },
            uniqueness_lags: coin("uniqueness_lags"),
            graph_create_without_mailbox: coin("graph_create_without_mailbox"),
            mail_at_create: coin("mail_at_create"),
            usage_location_fails_for: Duration::from_secs(draw("usage_location_fails_for").below(4) * 10),
            assign_again: if coin("assign_again") { AssignAgain::Refused } else { AssignAgain::NoOp },
            early_write: match draw("early_write").below(3) {
                0 => EarlyWrite::Works,
                1 => EarlyWrite::NotFound,
                _ => EarlyWrite::ObjectNotFound,
            },
            empty_pages: coin("empty_pages"),
            large_top: if coin("large_top") { LargeTop::Capped } else { LargeTop::Refused },
            bin_prefixes_upn: coin("bin_prefixes_upn"),
            parent_id_in_patch: if coin("parent_id_in_patch") {
                Unwelcome::Ignored
            } else {
                Unwelcome::Refused
            },
            password_profile: if coin("password_profile") { Unwelcome::Ignored } else { Unwelcome::Refused },
            licenses_in_patch: if coin("licenses_in_patch") {
                Unwelcome::Refused
            } else {
                Unwelcome::Ignored
            },
            undeclared_members: if coin("undeclared_members") {
                Undeclared::Taken
            } else {
                Undeclared::Refused
            },
            leave_date_without_permission: if coin("leave_date_without_permission") {
                LeaveDateUnread::Null
            } else {
                LeaveDateUnread::Refused
            },
            created_filter_is_advanced: coin("created_filter_is_advanced"),
            directory_read_write_voids_agent_permissions: coin(
                "directory_read_write_voids_agent_permissions",
            ),
            user_fic_refresh_token: !coin("user_fic_refresh_token"),
            certificate_chain_needed: coin("certificate_chain_needed"),
            consent_url_for_identities: !coin("consent_url_for_identities"),
            report_before_run: if coin("report_before_run") {
                ReportBeforeRun::Empty
            } else {
                ReportBeforeRun::NotFound
            },
            mail_group_members: if coin("mail_group_members") {
                MailGroupMembers::Denied
            } else {
                MailGroupMembers::BadRequest
            },
            what_if_of_agents: if coin("what_if_of_agents") {
                WhatIfOfAgents::Refused
            } else {
                WhatIfOfAgents::Evaluated
            },
            dynamic_groups_take_agents: coin("dynamic_groups_take_agents"),
            foreign_assertion: if coin("foreign_assertion") {
                ForeignAssertion::ClientUnknown
            } else {
                ForeignAssertion::IssuerUnknown
            },
            repeated_assertion: if coin("repeated_assertion") {
                Unwelcome::Refused
            } else {
                Unwelcome::Ignored
            },
            sponsor_of_refused_to_apps: !coin("sponsor_of_refused_to_apps"),
            disabled_principal_stops_users: !coin("disabled_principal_stops_users"),
            clock_ahead_ms: match draw("clock_ahead_ms").below(3) {
                0 => 0,
                1 => 300_000,
                _ => -300_000,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_always_draws_the_same_and_seeds_differ() {
        assert_eq!(Switches::from_seed(5), Switches::from_seed(5));
        assert_ne!(Switches::from_seed(5), Switches::from_seed(6));
    }

    #[test]
    fn every_switch_is_drawn_both_ways() {
        let drawn: Vec<Switches> = (0..64).map(Switches::from_seed).collect();
        let both = |pick: &dyn Fn(&Switches) -> bool| {
            assert!(drawn.iter().any(pick));
            assert!(!drawn.iter().all(pick));
        };
        both(&|s| s.upn_conflict == ConflictStatus::Conflict);
        both(&|s| s.upn_conflict_first);
        both(&|s| s.unique_mail_nickname);
        both(&|s| s.patch == PatchAnswer::Body);
        both(&|s| s.cascade == Cascade::Stays);
        both(&|s| s.deleted_holds_parent);
        both(&|s| s.deleted_holds_upn);
        both(&|s| s.parent_id_by_default);
        both(&|s| s.cast_omits_type);
        both(&|s| s.sponsors_only_ids);
        both(&|s| s.manager_unset == ManagerUnset::Null);
        both(&|s| s.manager_unset == ManagerUnset::NoContent);
        both(&|s| s.permanent_delete_refused_to_apps);
        both(&|s| s.parent_missing == ParentMissing::NotFound);
        both(&|s| s.parent_missing == ParentMissing::ObjectNotFound);
        both(&|s| s.inner_error == InnerError::Camel);
        both(&|s| s.uniqueness_lags);
        both(&|s| s.graph_create_without_mailbox);
        both(&|s| s.mail_at_create);
        both(&|s| s.usage_location_fails_for.is_zero());
        both(&|s| s.assign_again == AssignAgain::NoOp);
        both(&|s| s.early_write == EarlyWrite::Works);
        both(&|s| s.early_write == EarlyWrite::NotFound);
        both(&|s| s.empty_pages);
        both(&|s| s.large_top == LargeTop::Capped);
        both(&|s| s.bin_prefixes_upn);
        both(&|s| s.parent_id_in_patch == Unwelcome::Ignored);
        both(&|s| s.password_profile == Unwelcome::Ignored);
        both(&|s| s.licenses_in_patch == Unwelcome::Ignored);
        both(&|s| s.undeclared_members == Undeclared::Taken);
        both(&|s| s.leave_date_without_permission == LeaveDateUnread::Null);
        both(&|s| s.created_filter_is_advanced);
        both(&|s| s.directory_read_write_voids_agent_permissions);
        both(&|s| s.user_fic_refresh_token);
        both(&|s| s.certificate_chain_needed);
        both(&|s| s.consent_url_for_identities);
        both(&|s| s.report_before_run == ReportBeforeRun::Empty);
        both(&|s| s.mail_group_members == MailGroupMembers::Denied);
        both(&|s| s.what_if_of_agents == WhatIfOfAgents::Refused);
        both(&|s| s.dynamic_groups_take_agents);
        both(&|s| s.foreign_assertion == ForeignAssertion::ClientUnknown);
        both(&|s| s.repeated_assertion == Unwelcome::Refused);
        both(&|s| s.sponsor_of_refused_to_apps);
        both(&|s| s.disabled_principal_stops_users);
        both(&|s| s.clock_ahead_ms == 0);
    }
}
