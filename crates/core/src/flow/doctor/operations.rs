//! Which operations the token allows.

use super::diagnosis::{OperationDiagnosis, OperationVerdict, ReadDiagnosis};
use crate::flow::required::{calls_always, known_operations, lacking};
use crate::permission::{ANY_BLUEPRINT, Caller, OWN_BLUEPRINT, does_for};
use crate::problem::Code;
use crate::token::TokenFacts;

/// Each operation of these names, or every one, with what it lacks.
pub(super) fn diagnose(
    facts: &TokenFacts,
    reads: &[ReadDiagnosis],
    names: &[String],
) -> Vec<OperationDiagnosis> {
    let wanted = |name: &&str| names.is_empty() || names.iter().any(|one| one == name);
    known_operations().filter(wanted).map(|operation| of(operation, facts, reads)).collect()
}

fn of(operation: &'static str, facts: &TokenFacts, reads: &[ReadDiagnosis]) -> OperationDiagnosis {
    let Some(held) = facts.permissions() else { return unseen(operation, reads) };
    let has = |needed: &str| {
        let voided = facts.acts_as_user() && needed.starts_with("AgentId");
        !voided && held.iter().any(|one| does_for(one, needed))
    };
    let missing = lacking(operation, caller(facts, held), &has);
    if missing.is_empty() {
        return OperationDiagnosis { operation, verdict: OperationVerdict::Allowed, missing, fix: None };
    }
    let fix = if facts.acts_as_user() && missing.iter().any(|one| held.iter().any(|held| does_for(held, one)))
    {
        "Sign in by an application that does not ask for Directory.AccessAsUser.All.".to_owned()
    } else {
        format!("Grant {} with admin consent, then get a new token.", missing.join(" and "))
    };
    OperationDiagnosis { operation, verdict: OperationVerdict::Lacking, missing, fix: Some(fix) }
}

/// The caller that a token is of.
fn caller(facts: &TokenFacts, held: &[String]) -> Caller {
    let has = |permission: &str| held.iter().any(|one| one == permission);
    match facts.is_delegated() {
        Some(true) => Caller::Delegated,
        _ if has(OWN_BLUEPRINT) && !has(ANY_BLUEPRINT) => Caller::Blueprint,
        _ => Caller::Application,
    }
}

/// The diagnosis with an opaque token: the operation will fail where Graph refused a read that it can't do
/// without.
fn unseen(operation: &'static str, reads: &[ReadDiagnosis]) -> OperationDiagnosis {
    let always = calls_always(operation);
    let refused = reads.iter().find(|read| {
        let denied = read.problem.as_ref().is_some_and(|problem| problem.code() == Code::PermissionMissing);
        denied && always.contains(&read.call)
    });
    match refused {
        Some(read) => {
            let missing: Vec<_> = read.call.permissions().first().copied().into_iter().collect();
            let fix = format!("Grant {} with admin consent, then get a new token.", missing.join(" and "));
            OperationDiagnosis { operation, verdict: OperationVerdict::Lacking, missing, fix: Some(fix) }
        }
        None if always.is_empty() => OperationDiagnosis {
            operation,
            verdict: OperationVerdict::Allowed,
            missing: Vec::new(),
            fix: None,
        },
        None => OperationDiagnosis {
            operation,
            verdict: OperationVerdict::Unknown,
            missing: Vec::new(),
            fix: None,
        },
    }
}
