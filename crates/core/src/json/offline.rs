//! The functions that need no network: rules, derived names and explanations. JSON in, JSON out.

use super::members::{FromMembers, Members};
use super::step::Header;
use crate::flow;
use crate::graph::Call;
use crate::http::{Headers, Response};
use crate::model::{AgentUserPatch, Member, MemberValue, NewAgentUser, OpenMember, is_open};
use crate::problem::{self, Code, Problem};
use crate::remark::{Remark, RemarkCode};
use crate::roster::{Roster, RosterLimits, RosterSettings, ValidRoster, declare};
use crate::validate::{Derived, MailNickname, TenantFacts, Violation, changes_nickname, object_id};
use serde::Serialize;
use serde_json::{Error, Map, Value};
use std::collections::BTreeSet;

/// An agent user to check.
#[derive(Debug, Clone)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct ValidateRequest {
    /// The agent user, as one row of a roster.
    #[cfg_attr(feature = "schema", schemars(with = "super::parameters::AgentUserRow"))]
    agent_user: Map<String, Value>,
    /// The domain of a user principal name that is derived from the display name, when none is given.
    #[cfg_attr(feature = "schema", schemars(default))]
    domain: Option<String>,
    /// The tenant's verified domains. Without them, domains are not compared.
    #[cfg_attr(feature = "schema", schemars(default))]
    verified_domains: Option<BTreeSet<String>>,
}

impl FromMembers for ValidateRequest {
    fn read(members: &mut Members) -> Result<Self, Error> {
        Ok(Self {
            agent_user: members.need("agentUser")?,
            domain: members.take("domain")?,
            verified_domains: members.take("verifiedDomains")?,
        })
    }
}

/// The result of checking an agent user.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Validated {
    /// Every broken rule; none when it is valid.
    violations: Vec<Violation>,
    /// The body of the request that would create it, derived names included; absent when a rule is broken.
    #[serde(skip_serializing_if = "Option::is_none")]
    agent_user: Option<NewAgentUser>,
    /// Remarks on the input, which break no rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remarks: Vec<Remark>,
}

/// One member to check.
#[derive(Debug, Clone)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct ValidateMemberRequest {
    /// A member of a row: a writable member, `identityParentId`, `manager`, `sponsors`, `groups` or
    /// `licenses`.
    member: String,
    /// Its value: text, true, false, null or an array of texts.
    value: Value,
    /// The tenant's verified domains. Without them, domains are not compared.
    #[cfg_attr(feature = "schema", schemars(default))]
    verified_domains: Option<BTreeSet<String>>,
}

impl FromMembers for ValidateMemberRequest {
    fn read(members: &mut Members) -> Result<Self, Error> {
        Ok(Self {
            member: members.need("member")?,
            value: members.any("value")?,
            verified_domains: members.take("verifiedDomains")?,
        })
    }
}

/// The result of checking a member.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct MemberValidation {
    /// Every broken rule; none when it is valid.
    violations: Vec<Violation>,
    /// Remarks on the input, which break no rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remarks: Vec<Remark>,
}

/// How to check a roster, whose bytes are given beside this JSON.
#[derive(Debug, Clone, Default)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields, default)
)]
pub struct ValidateRosterRequest {
    /// The domain of user principal names that are derived from display names, for rows that have none.
    domain: Option<String>,
    /// The tenant's verified domains. Without them, domains are not compared.
    verified_domains: Option<BTreeSet<String>>,
    /// The most bytes that the roster may have; 64 MiB, unless given.
    max_bytes: Option<usize>,
    /// The most rows that the roster may have; 200,000, unless given.
    max_rows: Option<usize>,
    /// The most errors of the roster that are listed; 1,000, unless given. More are counted by rule and field.
    max_errors: Option<usize>,
}

impl FromMembers for ValidateRosterRequest {
    fn read(members: &mut Members) -> Result<Self, Error> {
        Ok(Self {
            domain: members.take("domain")?,
            verified_domains: members.take("verifiedDomains")?,
            max_bytes: members.take("maxBytes")?,
            max_rows: members.take("maxRows")?,
            max_errors: members.take("maxErrors")?,
        })
    }
}

/// The result of checking a roster.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ValidatedRoster {
    /// How many agent users the roster declares; 0 when it has errors.
    rows: usize,
    /// Remarks on the roster, such as how the file was read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remarks: Vec<Remark>,
    /// The problem, when the roster has errors; its `rowErrors` are every error of every row, up to `maxErrors`.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Problem>,
}

/// The display name to derive names from.
#[derive(Debug, Clone)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct DeriveRequest {
    /// The display name.
    display_name: String,
    /// The domain of the user principal name. Without it, only a mail nickname is derived.
    #[cfg_attr(feature = "schema", schemars(default))]
    domain: Option<String>,
    /// Which of the derived names: 1 is the plain one, 2 ends with `2`, and so on.
    #[cfg_attr(feature = "schema", schemars(default = "first"))]
    alternative: u32,
}

#[cfg(feature = "schema")]
const fn first() -> u32 {
    1
}

impl FromMembers for DeriveRequest {
    fn read(members: &mut Members) -> Result<Self, Error> {
        Ok(Self {
            display_name: members.need("displayName")?,
            domain: members.take("domain")?,
            alternative: members.take("alternative")?.unwrap_or(1),
        })
    }
}

/// An answer of Graph to explain. Its body is given beside this JSON.
#[derive(Debug, Clone)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct ExplainRequest {
    /// The name of the Graph call, such as `createAgentUser`.
    call: String,
    /// The status code.
    status: u16,
    /// Header fields: names and values.
    #[cfg_attr(feature = "schema", schemars(default))]
    headers: Vec<Header>,
}

impl FromMembers for ExplainRequest {
    fn read(members: &mut Members) -> Result<Self, Error> {
        Ok(Self {
            call: members.need("call")?,
            status: members.need("status")?,
            headers: members.take("headers")?.unwrap_or_default(),
        })
    }
}

/// A code to explain.
#[derive(Debug, Clone)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct ExplainCodeRequest {
    /// The code of a problem, a violation or a remark; or one of Microsoft's, such as `AADSTS7000215`.
    code: String,
}

impl FromMembers for ExplainCodeRequest {
    fn read(members: &mut Members) -> Result<Self, Error> {
        Ok(Self { code: members.need("code")? })
    }
}

fn settings(domain: Option<String>, verified_domains: Option<BTreeSet<String>>) -> RosterSettings {
    RosterSettings { facts: TenantFacts { verified_domains }, domain, ..RosterSettings::default() }
}

/// The warning for a nickname that Exchange changes.
fn nickname_remark(nickname: &MailNickname) -> Option<Remark> {
    let changed = nickname.is_changed_by_exchange();
    changed.then(|| Remark::new(RemarkCode::NicknameChanges, changes_nickname(nickname.as_str())))
}

/// Checks an agent user: a `ValidateRequest` in, a `Validated` out.
///
/// # Errors
/// When the request is not such JSON.
pub fn validate(json: &[u8]) -> Result<String, Problem> {
    let request: ValidateRequest = super::text::read("agent user to validate", json)?;
    let wanted = declare(request.agent_user, &settings(request.domain, request.verified_domains));
    Ok(super::text::write(&match wanted {
        Ok(wanted) => Validated {
            violations: Vec::new(),
            remarks: nickname_remark(wanted.agent_user().mail_nickname()).into_iter().collect(),
            agent_user: Some(wanted.agent_user().clone()),
        },
        Err(violations) => Validated { violations, agent_user: None, remarks: Vec::new() },
    }))
}

/// Checks one member: a `ValidateMemberRequest` in, `MemberValidation` out.
///
/// # Errors
/// When the request is not such JSON, or names an unknown member.
pub fn validate_member(json: &[u8]) -> Result<String, Problem> {
    let request: ValidateMemberRequest = super::text::read("member to validate", json)?;
    let violations;
    let mut remarks = Vec::new();
    if request.member == "identityParentId" {
        let text = request.value.as_str().unwrap_or_default();
        violations = object_id("identityParentId", text).err().into_iter().collect();
    } else if ["manager", "sponsors", "groups", "licenses"].contains(&request.member.as_str()) {
        violations = of_row(&request);
    } else if is_open(&request.member) {
        violations = match OpenMember::read(&request.member, request.value) {
            Ok(members) => AgentUserPatch::parse(members).err().unwrap_or_default(),
            Err(violations) => violations,
        };
    } else {
        let member: Member = request
            .member
            .parse()
            .map_err(|unknown| Problem::new(Code::Invalid, format!("{unknown}.")).with_field("member"))?;
        let value = serde_json::from_value::<MemberValue>(request.value).map_err(|_| {
            Problem::new(Code::Invalid, format!("The value of {member} is a number or an object."))
                .with_field("value")
                .with_fix("Use text, true, false, null or an array of texts.")
        })?;
        if let (Member::MailNickname, MemberValue::Text(text)) = (member, &value) {
            remarks.extend(MailNickname::parse(text.trim()).ok().and_then(|name| nickname_remark(&name)));
        }
        let facts = TenantFacts { verified_domains: request.verified_domains };
        violations = AgentUserPatch::check([(member, value)], &facts);
    }
    Ok(super::text::write(&MemberValidation { violations, remarks }))
}

/// The rules that a member breaks which only rows have: those of the row with nothing else that are about it.
fn of_row(request: &ValidateMemberRequest) -> Vec<Violation> {
    let row = Map::from_iter([(request.member.clone(), request.value.clone())]);
    let mut broken = declare(row, &settings(None, None)).err().unwrap_or_default();
    broken.retain(|violation| violation.field == request.member);
    broken
}

/// Checks a roster, CSV or JSON: a `ValidateRosterRequest` in, a `ValidatedRoster` out.
///
/// # Errors
/// When the request is not such JSON.
pub fn validate_roster(json: &[u8], roster: &[u8]) -> Result<String, Problem> {
    let request: ValidateRosterRequest = super::text::read("roster's settings", json)?;
    let limits = RosterLimits::of(request.max_bytes, request.max_rows, request.max_errors);
    let settings = RosterSettings { limits, ..settings(request.domain, request.verified_domains) };
    Ok(super::text::write(&match Roster::validate(roster, &settings) {
        Ok(ValidRoster { rows, remarks }) => ValidatedRoster { rows, remarks, problem: None },
        Err(problem) => ValidatedRoster { rows: 0, remarks: Vec::new(), problem: Some(problem) },
    }))
}

/// Derives names: a `DeriveRequest` in, a `Derived` out.
///
/// # Errors
/// When the request is not such JSON; every broken rule of the display name and the domain.
pub fn derive(json: &[u8]) -> Result<String, Problem> {
    let request: DeriveRequest = super::text::read("names to derive", json)?;
    let derived = Derived::of(&request.display_name, request.domain.as_deref(), request.alternative);
    Ok(super::text::write(&derived.map_err(Problem::from_violations)?))
}

/// Explains an answer of Graph that is an error: an `ExplainRequest` in, a problem out.
///
/// # Errors
/// When the request is not such JSON, or names an unknown call.
pub fn explain(json: &[u8], body: &[u8]) -> Result<String, Problem> {
    let request: ExplainRequest = super::text::read("answer to explain", json)?;
    let call = Call::ALL.iter().copied().find(|call| call.name() == request.call).ok_or_else(|| {
        let names: Vec<&str> = Call::ALL.iter().map(|call| call.name()).collect();
        Problem::new(Code::Invalid, format!("There is no Graph call {:?} here.", request.call))
            .with_field("call")
            .with_fix(format!("Use one of {}.", names.join(", ")))
    })?;
    let headers = Headers::from_iter(request.headers);
    let response = Response { status: request.status, headers, body: body.to_vec() };
    Ok(problem::explain(call, &response).to_json())
}

/// Tells what a code means: an `ExplainCodeRequest` in, an `Explanation` out.
///
/// # Errors
/// When the request is not such JSON, or there is no such code.
pub fn explain_code(json: &[u8]) -> Result<String, Problem> {
    let request: ExplainCodeRequest = super::text::read("code to explain", json)?;
    Ok(super::text::write(&flow::explain(&request.code)?))
}
