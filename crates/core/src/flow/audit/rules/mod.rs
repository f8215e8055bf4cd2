//! The rules, one file each. docs/audit.md says how one is added.

use super::rule::Rule;
use super::rule_id::RuleId;
use crate::validate::nearest_name;

macro_rules! rules {
    ($($rule:ident)*) => {
        $(mod $rule;)*

        /// Every rule, in the order of reports.
        pub const RULES: &[Rule] = &[$($rule::RULE,)*];
    };
}

rules! {
    parent_gone
    parent_deleted
    parent_disabled
    parent_not_identity
    shared_parent
    no_sponsor
    sponsor_unusable
    no_manager
    manager_unusable
    leave_date
    idle
    disabled_and_licensed
    license_error
    license_without_mailbox
    mailbox_missing
    no_usage_location
    domain_unverified
    domain_federated
    role_group
    privileged_role
    grant_for_all
    all_inherited
    blocked_permission
    risky
    sign_in_blocked
    lifecycle_action
    attestation_due
    blueprint_crowded
    deleted
}

/// The rule of that name.
#[must_use]
pub(super) fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id.as_str() == name)
}

/// The rule whose name is most like it, where one is.
#[must_use]
pub(super) fn nearest(name: &str) -> Option<RuleId> {
    nearest_name(name, RULES.iter().map(|rule| rule.id.as_str())).and_then(find).map(|rule| rule.id)
}
