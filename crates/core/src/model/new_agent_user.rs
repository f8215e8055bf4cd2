//! An agent user that does not exist yet.

use super::member_value::trimmed;
use super::{AgentUserPatch, Member, MemberName, MemberValue};
use crate::ObjectId;
use crate::validate::{
    DisplayName, MailNickname, TenantFacts, Upn, Violation, Violations, derive, not_a_value,
};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

const PARENT: &str = "identityParentId";

/// Everything that creating an agent user takes, checked. Made by [`Draft::check`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAgentUser {
    identity_parent_id: ObjectId,
    user_principal_name: Upn,
    mail_nickname: MailNickname,
    display_name: DisplayName,
    account_enabled: bool,
    others: AgentUserPatch,
}

impl NewAgentUser {
    /// The object id of the agent identity that it belongs to.
    #[must_use]
    pub fn identity_parent_id(&self) -> ObjectId {
        self.identity_parent_id
    }

    /// The sign-in name.
    #[must_use]
    pub fn user_principal_name(&self) -> &Upn {
        &self.user_principal_name
    }

    /// The mail alias.
    #[must_use]
    pub fn mail_nickname(&self) -> &MailNickname {
        &self.mail_nickname
    }

    /// The name people see.
    #[must_use]
    pub fn display_name(&self) -> &DisplayName {
        &self.display_name
    }

    /// Whether it can be used at once.
    #[must_use]
    pub fn account_enabled(&self) -> bool {
        self.account_enabled
    }

    /// The members beyond the required ones.
    #[must_use]
    pub fn others(&self) -> &AgentUserPatch {
        &self.others
    }

    /// The same under another derived name, for when the first is taken; the numbering is that of [`derive::upn`].
    ///
    /// # Errors
    /// When the domain leaves no room for a name.
    pub fn alternative(&self, number: u32) -> Result<Self, Vec<Violation>> {
        let name = self.display_name.as_str();
        let user_principal_name = derive::upn(name, self.user_principal_name.domain(), number)?;
        let followed =
            self.mail_nickname.as_str().eq_ignore_ascii_case(self.user_principal_name.local_part());
        let mail_nickname =
            if followed { derive::mail_nickname(name, number) } else { self.mail_nickname.clone() };
        Ok(Self { user_principal_name, mail_nickname, ..self.clone() })
    }

    /// The body of the create request (docs/graph.md#create): the five required members and what else was given.
    #[must_use]
    pub fn to_json(&self) -> Map<String, Value> {
        let mut body = self.others.to_json();
        for (name, value) in [
            (PARENT, Value::from(self.identity_parent_id.to_string())),
            (Member::UserPrincipalName.name(), self.user_principal_name.as_str().into()),
            (Member::MailNickname.name(), self.mail_nickname.as_str().into()),
            (Member::DisplayName.name(), self.display_name.as_str().into()),
            (Member::AccountEnabled.name(), self.account_enabled.into()),
        ] {
            body.insert(name.to_owned(), value);
        }
        body
    }
}

impl Serialize for NewAgentUser {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

/// The values that were given for a new agent user, not checked yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    identity_parent_id: Option<String>,
    values: BTreeMap<MemberName, MemberValue>,
}

impl Draft {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the agent identity's object id, as text.
    #[must_use]
    pub fn parent(mut self, identity_parent_id: impl Into<String>) -> Self {
        self.identity_parent_id = Some(identity_parent_id.into());
        self
    }

    /// Sets a member; the last value counts. Null, or a set of no values, means that none is given.
    #[must_use]
    pub fn with(mut self, member: impl Into<MemberName>, value: MemberValue) -> Self {
        let (member, value) = (member.into(), trimmed(value));
        let nothing = match &value {
            MemberValue::Null => true,
            MemberValue::Texts(texts) => texts.is_empty(),
            MemberValue::Numbers(numbers) => numbers.is_empty(),
            _ => false,
        };
        if nothing {
            self.values.remove(&member);
        } else {
            self.values.insert(member, value);
        }
        self
    }

    /// Sets a member from the text of a CSV cell or a flag, by [`AgentUserPatch::parse_text`].
    #[must_use]
    pub fn with_text(self, member: Member, text: &str) -> Self {
        self.with(member, AgentUserPatch::parse_text(member, text).unwrap_or(MemberValue::Null))
    }

    /// The value of a member, if one is given.
    #[must_use]
    pub fn get(&self, member: impl Into<MemberName>) -> Option<&MemberValue> {
        self.values.get(&member.into())
    }

    /// The members that are given, unchecked.
    pub(super) fn values(&self) -> &BTreeMap<MemberName, MemberValue> {
        &self.values
    }

    /// Checks everything. Without a mail nickname, the UPN's local part becomes it where it is a valid one, and one
    /// derived from the display name otherwise.
    ///
    /// # Errors
    /// Every broken rule of every member, and every required member that is missing.
    pub fn check(mut self, facts: &TenantFacts) -> Result<NewAgentUser, Vec<Violation>> {
        let mut broken = Violations::default();
        let parent = broken.object_id(PARENT, self.identity_parent_id.as_deref().unwrap_or_default());

        let account_enabled = match self.values.remove(&Member::AccountEnabled.into()) {
            None => required(Member::AccountEnabled, &mut broken),
            Some(value) => match broken.keep(MemberName::from(Member::AccountEnabled).check(value)) {
                Some(MemberValue::Flag(flag)) => Some(flag),
                _ => None,
            },
        };
        let display_name = match self.take_text(Member::DisplayName, &mut broken) {
            Given::Text(text) => broken.keep(DisplayName::parse(&text)),
            Given::Refused => None,
            Given::Nothing => required(Member::DisplayName, &mut broken),
        };
        let upn = match self.take_text(Member::UserPrincipalName, &mut broken) {
            Given::Text(text) => {
                let upn = broken.keep(Upn::parse(&text));
                broken.extend(facts.check_upn(&text));
                upn
            }
            Given::Refused => None,
            Given::Nothing => required(Member::UserPrincipalName, &mut broken),
        };
        let mail_nickname = match self.take_text(Member::MailNickname, &mut broken) {
            Given::Text(text) => broken.keep(MailNickname::parse(&text)),
            Given::Refused => None,
            Given::Nothing => upn.as_ref().zip(display_name.as_ref()).map(|(upn, display_name)| {
                MailNickname::parse(upn.local_part())
                    .ok()
                    .filter(|own| !own.is_changed_by_exchange())
                    .unwrap_or_else(|| derive::mail_nickname(display_name.as_str(), 1))
            }),
        };
        let others = broken.keep(AgentUserPatch::parse(self.values)).map(AgentUserPatch::at_create);

        let new = || {
            Some(NewAgentUser {
                identity_parent_id: parent?,
                user_principal_name: upn?,
                mail_nickname: mail_nickname?,
                display_name: display_name?,
                account_enabled: account_enabled?,
                others: others?,
            })
        };
        broken.finish(new())
    }

    fn take_text(&mut self, member: Member, broken: &mut Violations) -> Given {
        match self.values.remove(&member.into()) {
            None => Given::Nothing,
            Some(MemberValue::Text(text)) => match not_a_value(&text, member.name()) {
                None => Given::Text(text),
                Some(no_value) => {
                    broken.push(no_value);
                    Given::Refused
                }
            },
            Some(other) => {
                broken.keep(MemberName::from(member).check(other));
                Given::Refused
            }
        }
    }
}

enum Given {
    Nothing,
    Refused,
    Text(String),
}

fn required<T>(member: Member, broken: &mut Violations) -> Option<T> {
    broken.push(Violation::required(member.name()));
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::RuleCode;
    use serde_json::json;
    use std::borrow::Cow;

    const ID: &str = "0f3cb4e1-2e2c-4f0d-9b6e-0a1b2c3d4e5f";

    fn draft(upn: &str) -> Draft {
        Draft::new()
            .parent(ID.to_uppercase())
            .with_text(Member::AccountEnabled, "TRUE")
            .with_text(Member::DisplayName, "Sales Agent")
            .with_text(Member::UserPrincipalName, upn)
    }

    fn codes(draft: Draft) -> Vec<(Cow<'static, str>, RuleCode)> {
        draft.check(&TenantFacts::default()).unwrap_err().into_iter().map(|v| (v.field, v.code)).collect()
    }

    #[test]
    fn the_documented_body() {
        let new = draft("salesagent@contoso.com")
            .with_text(Member::MailNickname, "SalesAgent")
            .check(&TenantFacts::default())
            .unwrap();
        let mut body = json!({
            "accountEnabled": true, "displayName": "Sales Agent", "mailNickname": "SalesAgent",
            "userPrincipalName": "salesagent@contoso.com", "identityParentId": ID,
        });
        assert_eq!(Value::Object(new.to_json()), body);

        let new = draft("salesagent@contoso.com")
            .with_text(Member::MailNickname, "SalesAgent")
            .with_text(Member::UsageLocation, "us")
            .with(Member::City, MemberValue::Null)
            .check(&TenantFacts::default())
            .unwrap();
        body["usageLocation"] = "US".into();
        assert_eq!(serde_json::to_value(&new).unwrap(), body);
        assert_eq!(new.others().len(), 1);
    }

    #[test]
    fn a_missing_nickname_is_derived() {
        let nickname = |upn| draft(upn).check(&TenantFacts::default()).unwrap().mail_nickname().to_string();
        assert_eq!(nickname("Bot7@contoso.com"), "Bot7");
        assert_eq!(nickname("o'neil@contoso.com"), "sales.agent");
        assert_eq!(nickname(".bot@contoso.com"), "sales.agent");
    }

    #[test]
    fn everything_that_is_missing() {
        let expected = ["identityParentId", "accountEnabled", "displayName", "userPrincipalName"];
        let expected = expected.map(|field| (Cow::Borrowed(field), RuleCode::Required));
        assert_eq!(codes(Draft::new()), expected.clone());
        let empty = Draft::new()
            .parent("")
            .with(Member::AccountEnabled, MemberValue::Null)
            .with_text(Member::DisplayName, "")
            .with_text(Member::UserPrincipalName, "");
        assert_eq!(codes(empty), expected);
    }

    #[test]
    fn everything_that_is_wrong() {
        let wrong = draft("ada.@contosso.com")
            .parent("42")
            .with_text(Member::AccountEnabled, "maybe")
            .with(Member::DisplayName, MemberValue::Flag(true))
            .with_text(Member::MailNickname, "a b")
            .with_text(Member::UsageLocation, "UK");
        let known = TenantFacts { verified_domains: Some(["contoso.com".to_owned()].into()) };
        let broken = wrong.check(&known).unwrap_err();
        let found: Vec<_> = broken.iter().map(|v| (v.field.as_ref(), v.code)).collect();
        assert_eq!(
            found,
            [
                ("identityParentId", RuleCode::NotAnObjectId),
                ("accountEnabled", RuleCode::WrongKind),
                ("displayName", RuleCode::WrongKind),
                ("userPrincipalName", RuleCode::UpnDotBeforeAt),
                ("userPrincipalName", RuleCode::UpnDomainNotVerified),
                ("mailNickname", RuleCode::MailNicknameCharacter),
                ("usageLocation", RuleCode::UsageLocationUnknown),
            ]
        );
        assert!(broken.iter().all(|v| !v.fix.is_empty()));
    }
}
