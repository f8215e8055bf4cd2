//! From an answer of Graph that is an error to the problem it means.

use super::envelope::{self, Envelope, Form};
use super::{Code, Group, Problem, claims_challenge, redact, retry_after};
use crate::call::Call;
use crate::http::{Headers, Response};
use std::fmt::Display;

/// Explains an answer to this call that is not the wanted one. It takes any status and any bytes. An answer with a
/// status of success is one that the caller could not read.
///
/// The error's own codes decide, then its `details` and inner errors, then the status. Its message decides only
/// where Microsoft gives no code.
#[must_use]
pub fn explain(call: Call, response: &Response) -> Problem {
    let envelope = envelope::read(&response.body);
    let code = decide(call, response, &envelope);
    let mut message = format!("Could not {}. {}", call.what(), meaning(call, code));
    if (200..500).contains(&response.status)
        && let Some(said) = &envelope.message
    {
        message = format!("{message} Graph says: {said}");
    }
    let mut problem = for_case(call, code, Problem::new(code, message));
    if let Some(field) = field(&envelope).filter(|_| names_field(code)) {
        if code == Code::RestoreConflict && field.eq_ignore_ascii_case("mailNickname") {
            problem = problem
                .with_cause("Since the deletion, another user has taken the mailNickname, which a new name does not change.")
                .with_fix("Change the mailNickname of the user that has it, then restore this one.");
        }
        problem = problem.with_field(field);
    }
    if let Some(wait) = retry_after(&response.headers) {
        problem = problem.with_retry_after(wait);
    }
    if let Some(claims) = claims_challenge(&response.headers).filter(|_| code == Code::ClaimsChallenge) {
        problem = problem.with_claims(&claims);
    }
    let id = response.headers.get("request-id").and_then(envelope::request_id).or(envelope.request_id);
    problem.with_graph(response.status, envelope.code, envelope.message, id)
}

/// Explains the `error` of a license assignment, for the license that is named.
#[must_use]
pub fn license_state(error: &str, sku: impl Display) -> Problem {
    let code = Code::from_license_state(error.trim()).unwrap_or(Code::LicenseError);
    let mut problem = Problem::new(code, format!("License {sku} is in error. {}", code.entry().meaning));
    problem.0.graph_code = Some(redact::clean(error, envelope::NAME)).filter(|e| !e.is_empty());
    problem
}

fn decide(call: Call, response: &Response, envelope: &Envelope) -> Code {
    let status = response.status;
    match status {
        300..=399 => return Code::Redirected,
        501 if call == Call::PurgeDeletedItem => return Code::PermanentDeleteUnsupported,
        429 | 500..=599 => return Code::from_status(status).unwrap_or(Code::ServerError),
        400..=499 => {}
        _ => return Code::BadAnswer,
    }
    // Graph answers in JSON. A page with 404 is a proxy's, and is not taken for "does not exist".
    if envelope.form == Form::Foreign && status != 401 {
        return Code::BadAnswer;
    }
    if matches!(status, 401 | 403)
        && (challenged(&response.headers) || has_code(envelope, "insufficient_claims"))
    {
        return Code::ClaimsChallenge;
    }
    if status == 401 {
        return Code::TokenRejected;
    }
    if let Some(code) = by_code(call, envelope).or_else(|| by_message(call, envelope)) {
        return code;
    }
    let known =
        envelope.code.as_deref().and_then(Code::from_graph).filter(|c| c.entry().group != Group::SignIn);
    match Code::from_status(status).filter(|c| *c != Code::RequestRefused).or(known) {
        Some(Code::NotFound) => absent(call),
        Some(Code::Conflict) => conflict(call, field(envelope).as_deref()),
        Some(Code::RequestUnsupported) if call == Call::PurgeDeletedItem => Code::PermanentDeleteUnsupported,
        Some(Code::RequestRefused) | None if call == Call::AssignLicense => Code::LicenseRefused,
        Some(code) => code,
        None => Code::RequestRefused,
    }
}

/// Decides by a code that says enough by itself: first in the details, then in the inner errors from the innermost
/// out, then at the top.
fn by_code(call: Call, envelope: &Envelope) -> Option<Code> {
    let details = envelope.details.iter().filter_map(|d| d.code.as_deref());
    let inner = envelope.inner.iter().rev().map(String::as_str);
    details.chain(inner).chain(envelope.code.as_deref()).find_map(|code| {
        if ["ObjectConflict", "ConflictingObjects"].iter().any(|c| c.eq_ignore_ascii_case(code)) {
            return Some(conflict(call, field(envelope).as_deref()));
        }
        if call == Call::AssignLicense
            && let Some(state) = Code::from_license_state(code).filter(|c| *c != Code::LicenseError)
        {
            return Some(if state == Code::LicenseCountViolation { Code::NoFreeSeats } else { state });
        }
        let specific = |c: &Code| {
            let vague = matches!(c, Code::NotFound | Code::RequestRefused | Code::PermissionMissing);
            !vague && c.entry().group != Group::SignIn
        };
        Code::from_graph(code).filter(specific)
    })
}

/// Decides by the message, for the refusals that Microsoft gives no code of their own: they all come as
/// `Request_BadRequest` or `Authorization_RequestDenied`. Were a text to change, the vague code would stay.
fn by_message(call: Call, envelope: &Envelope) -> Option<Code> {
    let message = envelope.message.as_deref()?.to_ascii_lowercase();
    let says = |text: &str| message.contains(text);
    if says("another object with the same value for property")
        || says("a conflicting object with one or more")
    {
        return Some(conflict(call, property(&message)));
    }
    if says("identityparent does not exist") || (says("object with id") && says("not found")) {
        return Some(if call == Call::CreateAgentUser {
            Code::ParentNotVisibleYet
        } else {
            Code::NotVisibleYet
        });
    }
    if call == Call::AssignLicense
        && let Some(code) = license_refusal(&says)
    {
        return Some(code);
    }
    if says("on-premises mastered") && matches!(call, Call::AddGroupMember | Call::RemoveGroupMember) {
        return Some(Code::GroupKeptOnPremises);
    }
    if says("added object references already exist") {
        return Some(match call {
            Call::AddSponsor | Call::AddIdentitySponsor => Code::SponsorAlreadySet,
            Call::AddGroupMember => Code::GroupMemberExists,
            _ => Code::Conflict,
        });
    }
    [
        ("restricted management administrative unit", Code::ManagementRestricted),
        ("mail-enabled security groups and or distribution list", Code::GroupKeptByExchange),
        ("permission entry already exists", Code::PermissionGrantExists),
        ("entitlementgrant entry already exists", Code::AppRoleAssigned),
        ("does not belong to a verified domain", Code::DomainNotVerified),
        ("must use one of the verified domain names", Code::DomainNotVerified),
        ("no sponsor specified", Code::SponsorRequired),
        ("blueprint principal for the agent blueprint does not exist", Code::BlueprintPrincipalMissing),
        ("property is not applicable and cannot be set", Code::PropertyNotApplicable),
        ("cannot be performed for the specified calling identity type", Code::CallerNotAllowed),
        ("only valid with delegated authentication", Code::CallerNotAllowed),
        ("resource not found for the segment", Code::RequestUnsupported),
        ("directory object quota limit", Code::QuotaExceeded),
        ("tenant is not licensed for this feature", Code::PremiumLicenseMissing),
    ]
    .into_iter()
    .find_map(|(text, code)| says(text).then_some(code))
}

/// The refusals of a license change, all of which come as `Request_BadRequest`
/// (docs/graph.md#licenses-and-readiness).
fn license_refusal(says: &impl Fn(&str) -> bool) -> Option<Code> {
    [
        ("depends on the service plan", Code::LicenseDependencyMissing),
        ("depend on the service plan", Code::LicenseDependencyMissing),
        ("are mutually exclusive", Code::LicenseMutuallyExclusive),
        ("conflicts with service plan", Code::LicenseMutuallyExclusive),
        ("conflict with service plan", Code::LicenseMutuallyExclusive),
        ("inherited from a group membership", Code::LicenseInherited),
        ("inherited from group membership", Code::LicenseInherited),
        ("does not have any available licenses", Code::NoFreeSeats),
        ("does not correspond to a valid company license", Code::SkuNotFound),
        ("invalid usage location", Code::LicenseNeedsUsageLocation),
        ("proxy address is already being used", Code::LicenseUniquenessViolation),
        ("cannot be assigned to a user", Code::SkuNotAssignableToUsers),
    ]
    .into_iter()
    .find_map(|(text, code)| says(text).then_some(code))
}

/// The property that the conflict's message names, in lower case.
fn property(message: &str) -> Option<&str> {
    message.split_once("for property ")?.1.split(|c: char| !c.is_alphanumeric()).next()
}

/// The code for a value that is in use, by the property that holds it.
fn conflict(call: Call, field: Option<&str>) -> Code {
    let is_parent = field.is_some_and(|field| field.eq_ignore_ascii_case("identityParentId"));
    match call {
        Call::RestoreDeletedItem if is_parent => return Code::ParentHasAnotherUser,
        Call::RestoreDeletedItem => return Code::RestoreConflict,
        Call::CreatePermissionGrant => return Code::PermissionGrantExists,
        Call::AssignAppRole => return Code::AppRoleAssigned,
        Call::AddInheritablePermission => return Code::InheritablePermissionExists,
        _ => {}
    }
    match field.map(str::to_ascii_lowercase).as_deref() {
        Some("userprincipalname") => Code::UpnTaken,
        Some("mailnickname") => Code::MailNicknameTaken,
        Some("proxyaddresses" | "mail" | "othermails") => Code::ProxyAddressTaken,
        _ => Code::Conflict,
    }
}

/// The code for the object that is absent when this call's answer is "not found".
fn absent(call: Call) -> Code {
    match call {
        Call::GetServicePrincipal
        | Call::GetAgentIdentity
        | Call::ListIdentitySponsors
        | Call::AttestIdentity
        | Call::UpdateAgentIdentity
        | Call::ListIdentityOwners => Code::ParentNotFound,
        // The parent is the only object that a create refers to.
        Call::CreateAgentUser => Code::ParentNotVisibleYet,
        Call::GetManager | Call::RemoveManager => Code::ManagerNotSet,
        Call::SetManager => Code::ManagerNotFound,
        Call::AddSponsor | Call::AddIdentitySponsor => Code::SponsorNotFound,
        Call::RemoveSponsor | Call::RemoveIdentitySponsor => Code::SponsorNotSet,
        Call::AddGroupMember | Call::RemoveGroupMember => Code::GroupMemberMissing,
        Call::GetDeletedItem | Call::RestoreDeletedItem | Call::PurgeDeletedItem => Code::DeletedItemNotFound,
        _ => Code::NotFound,
    }
}

/// The property at fault: of the first detail that names one, else of the error.
fn field(envelope: &Envelope) -> Option<String> {
    envelope.details.iter().find_map(|d| d.target.clone()).or_else(|| envelope.target.clone())
}

/// Whether the server's `target` is a better name for the field than the table's.
fn names_field(code: Code) -> bool {
    let entry = code.entry();
    entry.field.is_none() || entry.graph.contains(&"ObjectConflict")
}

/// Whether the request holds values that another object may have already.
fn holds_unique_values(call: Call) -> bool {
    matches!(call, Call::CreateAgentUser | Call::UpdateAgentUser)
}

/// The code's meaning for this call.
fn meaning(call: Call, code: Code) -> &'static str {
    match code {
        Code::Conflict if !holds_unique_values(call) => "The request conflicts with the object as it is now.",
        _ => code.entry().meaning,
    }
}

/// Adds what depends on the call: the permissions, and a cause or fix that knows it.
fn for_case(call: Call, code: Code, problem: Problem) -> Problem {
    let permissions = call.permissions();
    match code {
        Code::PermissionMissing => problem.with_permissions(permissions).with_fix(grant(call)),
        Code::CallerNotAllowed if call == Call::ListOwnSponsored => problem
            .with_field("person")
            .with_cause("The token is an application's, which is not signed in as a person.")
            .with_fix("Name the person, or sign in as the person."),
        Code::CallerNotAllowed | Code::PermanentDeleteUnsupported => problem.with_permissions(permissions),
        Code::Conflict if !holds_unique_values(call) => problem
            .with_cause("Another client changed the object at the same moment, or Graph's message says what stands against it.")
            .with_fix("Run it again: it compares anew. If it stays, correct what Graph's message names."),
        Code::ParentHasAnotherUser if call == Call::RestoreDeletedItem => problem
            .with_cause("Since the deletion, the agent identity has got another agent user, and it has at most one.")
            .with_fix("Delete the agent user that the agent identity has now, then restore this one."),
        // Another user's name is not one to reuse for a user that exists.
        Code::UpnTaken if call == Call::UpdateAgentUser => {
            problem.with_fix("Choose another name before the @, or rename the user that has it first.")
        }
        Code::RequestRefused if call == Call::CreateAgentUser => problem.with_cause(
            "Graph holds a value for malformed or not allowed; its message says more. \
             It also answers so, with no code of its own, when the parent already has an agent user.",
        ),
        _ => problem,
    }
}

/// How to get the permission for this call.
fn grant(call: Call) -> String {
    if call == Call::PurgeDeletedItem {
        return Code::PermanentDeleteUnsupported.entry().fix.to_owned();
    }
    let least = call.permissions().first().copied().unwrap_or_default();
    let mut fix = format!(
        "Grant {least} with admin consent, then get a new token; a fresh grant may take two minutes to reach it."
    );
    if let Some(role) = call.role() {
        fix.push_str(&format!(" A signed-in admin also needs the role {role}."));
    }
    if call.permissions().iter().any(|p| p.starts_with("AgentIdUser.")) {
        fix.push_str(
            " If it is granted already, make sure that the token does not also carry Directory.AccessAsUser.All, as \
             those of the Azure CLI do: Graph then ignores agent permissions.",
        );
    }
    fix
}

fn has_code(envelope: &Envelope, code: &str) -> bool {
    envelope.code.iter().chain(&envelope.inner).any(|c| c.eq_ignore_ascii_case(code))
}

/// Whether the answer carries a claims challenge.
fn challenged(headers: &Headers) -> bool {
    headers.get("www-authenticate").is_some_and(|value| {
        let value = value.to_ascii_lowercase();
        value.contains("insufficient_claims") || value.contains("claims=")
    })
}
