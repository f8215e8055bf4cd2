//! The question of the doctor's probe that asks Graph how it really is, for each behaviour that may be otherwise.

use agentuser_core::flow::Question as Q;

/// The question of a reading, by the name of its switch.
#[must_use]
pub fn of_reading(name: &str) -> Option<Q> {
    Some(match name {
        "upn_conflict" => Q::UpnConflict,
        "upn_conflict_first" => Q::UpnConflictFirst,
        "unique_mail_nickname" => Q::NicknameTaken,
        "patch" | "early_write" => Q::EarlyWrite,
        "cascade" => Q::Cascade,
        "deleted_holds_parent" | "deleted_holds_upn" => Q::DeletedHolds,
        "bin_prefixes_upn" => Q::BinName,
        "parent_id_by_default" => Q::ParentIdByDefault,
        "cast_omits_type" => Q::CastOmitsType,
        "sponsors_only_ids" => Q::SponsorMembers,
        "manager_unset" => Q::ManagerUnset,
        "permanent_delete_refused_to_apps" => Q::PermanentDelete,
        "parent_missing" => Q::ParentMissing,
        "inner_error" => Q::ErrorEnvelope,
        "uniqueness_lags" => Q::UniquenessLags,
        "graph_create_without_mailbox" => Q::Mailbox,
        "mail_at_create" => Q::CreatedMembers,
        "usage_location_fails_for" => Q::UsageLocation,
        "assign_again" => Q::AssignAgain,
        "empty_pages" => Q::EmptyPage,
        "large_top" => Q::LargePage,
        "parent_id_in_patch" => Q::ParentIdInPatch,
        "password_profile" => Q::PasswordProfile,
        "licenses_in_patch" => Q::LicensesInPatch,
        "undeclared_members" => Q::UndeclaredMember,
        "leave_date_without_permission" => Q::LeaveDate,
        "created_filter_is_advanced" => Q::CreatedFilter,
        "directory_read_write_voids_agent_permissions" => Q::DirectoryReadWrite,
        "user_fic_refresh_token"
        | "certificate_chain_needed"
        | "consent_url_for_identities"
        | "foreign_assertion"
        | "repeated_assertion"
        | "disabled_principal_stops_users" => Q::SignIn,
        "report_before_run" => Q::ReportBeforeRun,
        "sponsor_of_refused_to_apps" | "mail_group_members" | "dynamic_groups_take_agents" => Q::OtherObjects,
        "what_if_of_agents" => Q::Governance,
        "clock_ahead_ms" => Q::Clock,
        _ => return None,
    })
}

/// The question of a rule, by what it is about and what it says.
#[must_use]
pub fn of_rule(about: &str, what: &str) -> Option<Q> {
    Some(match (about, what) {
        ("Query options", _) => Q::OptionTwice,
        ("`$filter`", what) if what.starts_with("Text compares") => Q::FilterCase,
        ("`$filter`", what) if what.starts_with("`gt`") => Q::FilterComparison,
        ("`$filter`", what) if what.starts_with("`isof`") => Q::FilterIsOf,
        ("`$filter`", what) if what.starts_with("A value of another type") => Q::FilterType,
        ("`$select`", _) => Q::SelectUnknown,
        ("Bodies", what) if what.starts_with("Members of the service") => Q::ReadOnlyMember,
        ("Bodies", what) if what.starts_with("A value of another type") => Q::WrongType,
        ("Bodies", what) if what.starts_with("A parameter") => Q::RestoredMembers,
        ("Bodies" | "Groups, applications, grants" | "Sponsors" | "Microsoft Graph's principal", _) => {
            Q::OtherObjects
        }
        ("Deltas", _) => Q::Deltas,
        ("Sign-in", _) => Q::SignIn,
        ("Paths" | "Lifecycle policies", _) => Q::Governance,
        _ => return None,
    })
}

/// The question of a request, by its path.
#[must_use]
pub fn of_request(path: &str) -> Option<Q> {
    let begins = |start: &str| path.starts_with(start);
    if begins("/users/") {
        Some(Q::SponsorMembers)
    } else if begins("/applications/") || begins("/groups/") || begins("/servicePrincipals/") {
        Some(Q::OtherObjects)
    } else {
        begins("/identityGovernance/").then_some(Q::ReportBeforeRun)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::behaviours::{Label, READINGS, RULES, requests};

    #[test]
    fn what_is_assumed_names_its_question() {
        let is_assumed = |label: Label| label == Label::Assumed;
        for reading in READINGS {
            assert!(of_reading(reading.name).is_some(), "{} has no question", reading.name);
        }
        for rule in RULES.iter().filter(|rule| is_assumed(rule.label)) {
            assert!(
                of_rule(rule.about, rule.what).is_some(),
                "{}: {} has no question",
                rule.about,
                rule.what
            );
        }
        for (method, path, label) in requests() {
            assert!(!is_assumed(label) || of_request(path).is_some(), "{method} {path} has no question");
        }
    }

    #[test]
    fn every_question_is_of_a_behaviour() {
        let mut of_behaviours: Vec<Q> = READINGS.iter().filter_map(|one| of_reading(one.name)).collect();
        of_behaviours.extend(RULES.iter().filter_map(|rule| of_rule(rule.about, rule.what)));
        for question in Q::ALL {
            assert!(of_behaviours.contains(question), "{} asks for nothing", question.id());
        }
    }
}
