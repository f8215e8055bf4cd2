//! Bodies of objects that are written.

use super::errors::Refusal;
use super::route::Cast;
use super::schema::MODEL;
use super::views::View;
use super::{Call, Directory, Group};
use crate::filled::{filled, try_filled};
use crate::switches::Undeclared;
use agentuser_core::ObjectId;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The members of a body under their declared names: neither names nor values have a letter case
/// (<https://learn.microsoft.com/graph/traverse-the-graph>).
pub(super) fn spelled(of: &str, body: Map<String, Value>) -> Map<String, Value> {
    let name = |name: String| MODEL.member(of, &name).map_or(name, |property| property.name.to_owned());
    filled(body.into_iter().map(|(given, value)| (name(given), value)))
}

/// The parameters of an action under their declared names. One that the action does not have is refused in the words of the OData
/// library that Graph is made with (an assumption).
pub(super) fn parameters(
    action: &str,
    body: Map<String, Value>,
    declared: &[&str],
) -> Result<Map<String, Value>, Refusal> {
    let name = |given: String| match declared.iter().find(|name| name.eq_ignore_ascii_case(&given)) {
        Some(name) => Ok((*name).to_owned()),
        None => Err(Refusal::new(
            400,
            "BadRequest",
            format!(
                "The parameter '{given}' in the request payload is not a valid parameter for the operation '{action}'."
            ),
        )),
    };
    let body = body.into_iter().filter(|(given, _)| !given.contains('@'));
    try_filled(body.map(|(given, value)| Ok((name(given)?, value))))
}

/// Refuses a member of a complex value that its type does not declare.
pub(super) fn check_members(of: &str, value: &Map<String, Value>) -> Result<(), Refusal> {
    let is_unknown = |name: &&String| !name.contains('@') && MODEL.member(of, name).is_none();
    value.keys().find(is_unknown).map_or(Ok(()), |name| Err(Refusal::undeclared(name)))
}

/// Refuses a type in a body but these, which are read as in paths.
pub(super) fn check_type(value: &Value, fitting: &[Cast]) -> Result<(), Refusal> {
    match value.as_str().and_then(Cast::read) {
        Some(cast) if fitting.contains(&cast) => Ok(()),
        _ => Err(Refusal::bad_request("The '@odata.type' of the body does not fit the request.")),
    }
}

/// The values of texts that take no other, by type (https://learn.microsoft.com/graph/api/resources/user and its like).
const VALUES: &[(&str, &str, &[&str])] = &[
    ("user", "ageGroup", &["Minor", "NotAdult", "Adult"]),
    ("user", "consentProvidedForMinor", &["Granted", "Denied", "NotRequired"]),
    ("group", "groupTypes", &["Unified", "DynamicMembership"]),
    ("group", "visibility", &["Private", "Public", "HiddenMembership"]),
    (
        "agentIdentityBlueprint",
        "signInAudience",
        &[
            "AzureADMyOrg",
            "AzureADMultipleOrgs",
            "AzureADandPersonalMicrosoftAccount",
            "PersonalMicrosoftAccount",
        ],
    ),
];

/// Whether a text, or each of a list, is one that the member takes.
fn is_listed(of: &str, name: &str, value: &Value) -> bool {
    let Some((.., values)) = VALUES.iter().find(|(known, member, _)| (*known, *member) == (of, name)) else {
        return true;
    };
    let taken = |value: &Value| {
        value.as_str().is_none_or(|text| values.iter().any(|known| known.eq_ignore_ascii_case(text)))
    };
    value.as_array().map_or_else(|| taken(value), |items| items.iter().all(taken))
}

/// A text that must be there.
pub(super) fn required_text<'a>(body: &'a Map<String, Value>, name: &str) -> Result<&'a str, Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Err(Refusal::required(name)),
        Some(value) => value.as_str().ok_or_else(|| Refusal::invalid(name)),
    }
}

/// An id that must be there.
pub(super) fn required_id(body: &Map<String, Value>, name: &str) -> Result<ObjectId, Refusal> {
    required_text(body, name)?.parse().map_err(|_| Refusal::invalid(name))
}

/// The kinds of object that a relationship takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// People, Microsoft 365 groups and dynamic groups: agent users and service principals can't be sponsors
    /// (docs/graph.md#agent-identities).
    Sponsors,
    /// Users and service principals.
    Owners,
    /// Users, groups and service principals.
    Members,
    /// Users and groups.
    UnitMembers,
}

/// Microsoft 365 groups and dynamic groups that roles can't be assigned to
/// (<https://learn.microsoft.com/graph/api/agentidentityblueprint-post-sponsors>).
fn may_sponsor(group: &Group) -> bool {
    let for_roles = group.extras.get("isAssignableToRole").is_some_and(|is_so| is_so == true);
    (group.is_unified() || group.dynamic) && !for_roles
}

impl Directory {
    /// Refuses a member that neither the metadata nor a registered extension declares, and a value of another type.
    pub(super) fn check_declared_of(&self, of: &str, name: &str, value: &Value) -> Result<(), Refusal> {
        match MODEL.member(of, name).filter(|property| property.name == name) {
            Some(property) if property.is_relationship => Err(Refusal::not_settable(name)),
            Some(property) if MODEL.fits(property, value) && is_listed(of, name, value) => Ok(()),
            Some(_) => Err(Refusal::invalid(name)),
            None => match self.extensions.get(name) {
                Some(Some(values)) if !values.take(value) => Err(Refusal::invalid(name)),
                Some(_) => Ok(()),
                None if self.switches.undeclared_members == Undeclared::Taken => Ok(()),
                None => Err(Refusal::undeclared(name)),
            },
        }
    }

    /// Writes a member that has no field of its own. Members of a complex value that are not sent stay as they are.
    pub(super) fn put_extra(
        &self,
        of: &str,
        extras: &mut Map<String, Value>,
        name: &str,
        value: &Value,
    ) -> Result<(), Refusal> {
        self.check_declared_of(of, name, value)?;
        match (extras.get_mut(name), value) {
            (Some(Value::Object(before)), Value::Object(after)) => {
                before.extend(after.iter().map(|(name, value)| (name.clone(), value.clone())));
            }
            (_, Value::Null) => {
                extras.remove(name);
            }
            _ => {
                extras.insert(name.to_owned(), value.clone());
            }
        }
        Ok(())
    }

    /// The objects that `sponsors@odata.bind` and its like name.
    pub(super) fn bound(
        &self,
        call: &Call<'_>,
        body: &Map<String, Value>,
        relationship: &str,
        takes: Takes,
    ) -> Result<BTreeSet<ObjectId>, Refusal> {
        let name = format!("{relationship}@odata.bind");
        let given = match body.get(&name) {
            None | Some(Value::Null) => return Ok(BTreeSet::new()),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(Refusal::invalid(&name)),
        };
        let mut bound = BTreeSet::new();
        for item in given {
            let id = item.as_str().and_then(|reference| self.reference(reference));
            let id = id.ok_or_else(|| Refusal::invalid(&name))?;
            self.check_taken(call, id, takes, &name)?;
            bound.insert(id);
        }
        Ok(bound)
    }

    /// Refuses an object that is not there, or is of a kind that the relationship does not take. The words of the latter are an
    /// assumption.
    pub(super) fn check_taken(
        &self,
        call: &Call<'_>,
        id: ObjectId,
        takes: Takes,
        name: &str,
    ) -> Result<(), Refusal> {
        let taken = if let Some(user) = self.live_user(id, call.now, View::Master) {
            takes != Takes::Sponsors || !user.is_agent()
        } else if let Some(group) = self.group(id) {
            takes != Takes::Owners && (takes != Takes::Sponsors || may_sponsor(group))
        } else if self.live_principal(id, call.now, View::Master).is_some() {
            matches!(takes, Takes::Owners | Takes::Members)
        } else {
            return Err(Refusal::not_found(id));
        };
        if taken { Ok(()) } else { Err(Refusal::invalid(name)) }
    }

    /// The sponsors of a new agent identity or blueprint: given ones, or the signed-in caller (docs/graph.md#agent-identities).
    pub(super) fn sponsors_in(
        &self,
        call: &Call<'_>,
        body: &Map<String, Value>,
    ) -> Result<BTreeSet<ObjectId>, Refusal> {
        let mut sponsors = self.bound(call, body, "sponsors", Takes::Sponsors)?;
        if sponsors.is_empty() {
            sponsors.extend(call.token.user());
        }
        if sponsors.is_empty() {
            return Err(Refusal::bad_request("No sponsor specified. Please provide at least one sponsor."));
        }
        self.check_sponsors(&sponsors)?;
        Ok(sponsors)
    }

    /// At most 100 sponsors, of whom at most 5 are groups
    /// (<https://learn.microsoft.com/graph/api/agentidentity-post-sponsors>). The words are an assumption.
    pub(super) fn check_sponsors(&self, sponsors: &BTreeSet<ObjectId>) -> Result<(), Refusal> {
        let groups = sponsors.iter().filter(|id| self.group(**id).is_some()).count();
        if sponsors.len() > 100 || groups > 5 {
            return Err(Refusal::bad_request("The object has as many sponsors as it may have."));
        }
        Ok(())
    }

    /// The owners of a new object: given ones, or the signed-in caller.
    pub(super) fn owners_in(
        &self,
        call: &Call<'_>,
        body: &Map<String, Value>,
    ) -> Result<BTreeSet<ObjectId>, Refusal> {
        let mut owners = self.bound(call, body, "owners", Takes::Owners)?;
        if owners.is_empty() {
            owners.extend(call.token.user());
        }
        Ok(owners)
    }
}
