//! Remarks on the facts that a token shows (docs/sign-in.md#claims, docs/graph.md#known-issues).

use super::diagnosis::{ReadDiagnosis, ReadOutcome};
use crate::graph::Endpoint;
use crate::permission::{Caller, does_for};
use crate::problem::{Code, cleaned};
use crate::remark::{Remark, RemarkCode};
use crate::token::TokenFacts;

/// The permission beside which Graph may ignore agent permissions (docs/graph.md#known-issues).
const READ_WRITE: &str = "Directory.ReadWrite.All";

/// The reasons why a token may fail or do too much at this Graph, each with its fix. `unix_ms` is the time
/// now.
#[must_use]
pub fn token_remarks(facts: &TokenFacts, endpoint: &Endpoint, unix_ms: i64) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut say = |code, message: &str| remarks.push(Remark::new(code, message));
    if facts.audience().is_none() {
        say(
            RemarkCode::TokenOpaque,
            "The token is opaque: it is not a JSON Web Token that can be read, so that only Graph's answers tell what it allows.",
        );
    }
    if let Some(other) = facts.other_service(endpoint) {
        let (other, origin) = (cleaned(other), endpoint.origin());
        say(
            RemarkCode::TokenForAnother,
            &format!("The token is for {other}, and Graph takes none but its own. Get a token for {origin}."),
        );
    }
    if let Some(expired) = facts.expired(unix_ms) {
        say(RemarkCode::TokenExpired, &format!("{expired} Get a new one."));
    }
    if let Some(early) = facts.not_yet_valid(unix_ms) {
        say(RemarkCode::TokenExpired, &format!("{early} Set this machine's clock, or wait."));
    }
    if facts.acts_as_user() {
        say(
            RemarkCode::TokenActsAsUser,
            "The token carries Directory.AccessAsUser.All, beside which Graph ignores its agent permissions: creating, changing \
             and removing agent users is refused. Sign in by an application that does not ask for it.",
        );
    }
    if facts.permissions().is_some_and(|all| all.iter().any(|one| one == READ_WRITE)) {
        say(
            RemarkCode::TokenWritesDirectory,
            "The token carries Directory.ReadWrite.All. One of Microsoft's pages says that Graph then ignores its agent \
             permissions. Sign in without it if agent users are refused.",
        );
    }
    if facts.is_delegated() == Some(true) && facts.has_active_role() == Some(false) {
        say(
            RemarkCode::NoActiveRole,
            "The token shows no active Entra role of the person: what a role is needed for will be refused. Activate the role first \
             (Privileged Identity Management), or have it assigned, and sign in again.",
        );
    }
    remarks
}

/// The remark that the person has no active role, where Graph refuses a read that the token has the
/// permission for.
pub(super) fn no_active_role(facts: &TokenFacts, reads: &[ReadDiagnosis]) -> Option<Remark> {
    if facts.is_delegated() != Some(true) || facts.acts_as_user() || facts.has_active_role() == Some(false) {
        return None;
    }
    let held = facts.permissions()?;
    let is_refused = |read: &&ReadDiagnosis| {
        let denied = read.problem.as_ref().is_some_and(|problem| problem.code() == Code::PermissionMissing);
        let any_of = Caller::Delegated.allowed_by(read.call);
        let has = any_of.iter().any(|needed| held.iter().any(|one| does_for(one, needed)));
        read.outcome == ReadOutcome::Refused && denied && has
    };
    let refused = reads.iter().find(is_refused)?;
    let message = format!(
        "The token carries the permission to {}, and Graph refuses it: the person has no active Entra role for it. Activate the \
         role first (Privileged Identity Management), or have it assigned, and sign in again.",
        refused.what
    );
    Some(Remark::new(RemarkCode::NoActiveRole, message))
}
