//! The changes that a plan may have, from JSON.

use super::fields::{AS_PLANNED, Fields};
use crate::model::{
    AgentUserPatch, Change, GroupRef, Member, MemberName, MemberValue, OpenMember, SkuRef, SponsorRef,
    UserRef, is_open,
};
use crate::validate::{RuleCode, Violation};
use serde_json::Value;

/// The change whose members these are. None where a rule is broken.
pub(super) fn read(mut fields: Fields<'_>) -> Option<Change> {
    let change = of_kind(&mut fields);
    // The members of a kind that is unknown are, too.
    if change.is_some() {
        fields.finish();
    }
    change
}

fn of_kind(fields: &mut Fields<'_>) -> Option<Change> {
    let kind = fields.text("change")?;
    Some(match kind.as_str() {
        "create" => {
            let (name, display_name) = (fields.text("userPrincipalName"), fields.text("displayName"));
            Change::Create { user_principal_name: name?, display_name: display_name? }
        }
        "set" => return set(fields),
        "addSponsor" => Change::AddSponsor { sponsor: sponsor(fields)? },
        "removeSponsor" => Change::RemoveSponsor { sponsor: sponsor(fields)? },
        "addToGroup" => Change::AddToGroup { group: group(fields)? },
        "removeFromGroup" => Change::RemoveFromGroup { group: group(fields)? },
        "addLicense" => {
            let (sku, disabled_plans) = (sku(fields), fields.texts("disabledPlans", false));
            Change::AddLicense { sku: sku?, disabled_plans: disabled_plans? }
        }
        "setDisabledPlans" => {
            let sku = sku(fields);
            let (from, to) = (fields.texts("from", true), fields.texts("to", true));
            Change::SetDisabledPlans { sku: sku?, from: from?, to: to? }
        }
        "removeLicense" => Change::RemoveLicense { sku: sku(fields)? },
        "setManager" => {
            let manager = fields.text("manager")?;
            fields.keep("manager", UserRef::parse(&manager))?;
            Change::SetManager { manager }
        }
        "clearManager" => Change::ClearManager,
        "revokeSessions" => Change::RevokeSessions,
        "attest" => Change::Attest,
        "delete" => Change::Delete,
        "restore" => Change::Restore,
        "purge" => Change::Purge,
        _ => {
            let message = format!("A plan has no change {kind:?}.");
            fields.broken(RuleCode::UnknownKind, "change", message, AS_PLANNED);
            return None;
        }
    })
}

fn sponsor(fields: &mut Fields<'_>) -> Option<String> {
    let sponsor = fields.text("sponsor")?;
    fields.keep("sponsor", SponsorRef::parse(&sponsor))?;
    Some(sponsor)
}

fn group(fields: &mut Fields<'_>) -> Option<String> {
    let group = fields.text("group")?;
    fields.keep("group", GroupRef::parse(&group).map_err(|one| vec![one]))?;
    Some(group)
}

fn sku(fields: &mut Fields<'_>) -> Option<String> {
    let sku = fields.text("sku")?;
    fields.keep("sku", SkuRef::parse_direct(&sku).map_err(|one| vec![one]))?;
    Some(sku)
}

fn set(fields: &mut Fields<'_>) -> Option<Change> {
    let (member, from, to) = (fields.text("member"), fields.need("from"), fields.need("to"));
    let (member, from, to) = (member?, from?, to?);
    let (member, value) = fields.keep("to", value(&member, to))?;
    let to = Value::from(&value);
    fields.keep("to", AgentUserPatch::parse([(member.clone(), value)]))?;
    Some(Change::Set { member, from, to })
}

/// A member and its value.
pub(crate) fn value(member: &str, value: Value) -> Result<(MemberName, MemberValue), Vec<Violation>> {
    let wrong = |code, message: &str| vec![Violation::new(code, member.to_owned(), message, AS_PLANNED)];
    if is_open(member) {
        let read = OpenMember::read(member, value)?;
        let [(member, value)] = <[_; 1]>::try_from(read)
            .map_err(|_| wrong(RuleCode::WrongKind, "The value is an object where one value is expected."))?;
        return Ok((member.into(), value));
    }
    let known = member.parse::<Member>().map_err(|_| {
        wrong(RuleCode::UnknownColumn, "An agent user has no such member that can be changed.")
    })?;
    let value = serde_json::from_value::<MemberValue>(value)
        .map_err(|_| wrong(RuleCode::WrongKind, "The value has a kind that the member can't hold."))?;
    Ok((known.into(), value))
}
