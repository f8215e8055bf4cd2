//! Names for agent users that were given none, unlike those of the other rows of a roster.

use super::{Draft, Member, MemberValue};
use crate::validate::{DisplayName, MailNickname, Violation, derive};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// How many numbered alternatives of a derived name are tried within one roster.
const ALTERNATIVES: u32 = 100_000;

/// The names that rows have, in lower case, each with the number of its row.
#[derive(Debug, Default)]
pub(crate) struct RowNames {
    pub(crate) upns: BTreeMap<String, usize>,
    pub(crate) mail_nicknames: BTreeMap<String, usize>,
    /// For each display name, the alternatives that its next row need not try: what is taken stays taken.
    tried: BTreeMap<String, Tried>,
}

/// The first alternatives of a derived name that may be free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Tried {
    upn: u32,
    mail_nickname: u32,
}

impl RowNames {
    /// Gives a draft the names that it lacks: a user principal name, where there is a domain for it, and a mail
    /// nickname. Answers with the rules that a derived name breaks, too.
    pub(super) fn complete(
        &mut self,
        draft: Draft,
        domain: Option<&str>,
        row: usize,
    ) -> (Draft, Vec<Violation>) {
        let display_name = match draft.get(Member::DisplayName) {
            Some(MemberValue::Text(text)) if DisplayName::parse(text).is_ok() => text.clone(),
            _ => return (draft, Vec::new()),
        };
        let before = self.tried.get(&display_name).copied().unwrap_or(Tried { upn: 1, mail_nickname: 1 });
        let mut tried = before;
        let mut broken = Vec::new();
        let upn = match (draft.get(Member::UserPrincipalName), domain) {
            (None, Some(domain)) => self
                .derive_upn(&display_name, domain, &mut tried, row)
                .map_err(|violations| broken = violations)
                .unwrap_or_default(),
            _ => None,
        };
        let draft = match upn {
            Some(upn) => draft.with(Member::UserPrincipalName, MemberValue::Text(upn)),
            None => draft,
        };
        let nickname = match draft.get(Member::MailNickname) {
            None => self.derive_mail_nickname(&display_name, &draft, &mut tried, row),
            Some(_) => None,
        };
        let draft = match nickname {
            Some(nickname) => draft.with(Member::MailNickname, MemberValue::Text(nickname)),
            None => draft,
        };
        if tried != before {
            self.tried.insert(display_name, tried);
        }
        (draft, broken)
    }

    /// The first alternative that no other row has.
    fn derive_upn(
        &mut self,
        display_name: &str,
        domain: &str,
        tried: &mut Tried,
        row: usize,
    ) -> Result<Option<String>, Vec<Violation>> {
        for number in tried.upn..ALTERNATIVES {
            let upn = derive::upn(display_name, domain, number)?;
            if let Entry::Vacant(entry) = self.upns.entry(upn.as_str().to_ascii_lowercase()) {
                tried.upn = number + 1;
                entry.insert(row);
                return Ok(Some(upn.to_string()));
            }
        }
        Ok(None)
    }

    /// The local part of the user principal name, where it will do; else the first alternative that no other row has.
    fn derive_mail_nickname(
        &mut self,
        display_name: &str,
        draft: &Draft,
        tried: &mut Tried,
        row: usize,
    ) -> Option<String> {
        let own = match draft.get(Member::UserPrincipalName) {
            Some(MemberValue::Text(upn)) => upn.split('@').next(),
            _ => None,
        };
        let will_do = |own: &&str| MailNickname::parse(own).is_ok_and(|own| !own.is_changed_by_exchange());
        let own = own.filter(will_do).map(str::to_owned);
        let derived = (tried.mail_nickname..ALTERNATIVES)
            .map(|number| (number + 1, derive::mail_nickname(display_name, number).to_string()));
        let mut candidates = own.map(|own| (tried.mail_nickname, own)).into_iter().chain(derived);
        let (next, nickname) =
            candidates.find(|(_, name)| !self.mail_nicknames.contains_key(&name.to_ascii_lowercase()))?;
        tried.mail_nickname = next;
        self.mail_nicknames.insert(nickname.to_ascii_lowercase(), row);
        Some(nickname)
    }
}
