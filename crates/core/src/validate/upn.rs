//! User principal names.

use super::newtype::checked_text;
use super::{RuleCode, Violation, domain, not_a_value, text, transliterate};
use crate::plain::is_hidden;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

const FIELD: &str = "userPrincipalName";

/// Most characters before the `@` (docs/graph.md#names).
pub(super) const MAX_LOCAL: usize = 64;
/// Most characters after the `@` (docs/graph.md#names).
const MAX_DOMAIN: usize = 48;
/// Most characters in all (docs/graph.md#names).
const MAX: usize = 113;

/// Most characters of a name that is looked up: an assumption, so that a whole file is not taken for one.
const MAX_EXISTING: usize = 1_024;

/// The sign-in name of an agent user, or of somebody who exists: [`Upn::parse`] holds new names to Entra's rules,
/// [`Upn::existing`] takes what can be looked up.
///
/// It keeps its spelling; comparing and hashing ignore the case of letters, as Entra does.
#[derive(Clone)]
pub struct Upn(String);

checked_text!(Upn);

impl Upn {
    /// Checks the text against every rule of Entra's user principal names.
    ///
    /// # Errors
    /// Every rule that the text breaks.
    pub fn parse(text: &str) -> Result<Self, Vec<Violation>> {
        let mut broken = check(text);
        if broken.is_empty() {
            return Ok(Self(text.to_owned()));
        }
        if let Some(address) = addressed(text).filter(|address| check(address).is_empty()) {
            for violation in &mut broken {
                violation.fix = format!("Use {address}.");
            }
            return Err(broken);
        }
        if let Some(better) = corrected(text) {
            for violation in &mut broken {
                violation.fix = format!("{} For example: {better}.", violation.fix);
            }
        }
        Err(broken)
    }

    /// The name of a user who exists, for looking it up. The rules for new names do not hold: a guest's
    /// `a+b_fabrikam.com#EXT#@contoso.com` has a plus sign, and names that were synchronised may be older than the rules
    /// (docs/graph.md#names). Assumed to be needed all the same: one line, no blanks, and something around its one `@`.
    ///
    /// # Errors
    /// Why the text can't be a name at all.
    pub fn existing(text: &str) -> Result<Self, Vec<Violation>> {
        if let Some(no_value) = not_a_value(text, FIELD) {
            return Err(vec![no_value]);
        }
        // A good name may begin with an apostrophe.
        let is_good = check(text).is_empty();
        if let Some(address) = addressed(text).filter(|address| !is_good && can_exist(address)) {
            return Err(vec![dressed(address)]);
        }
        if can_exist(text) { Ok(Self(text.to_owned())) } else { Self::parse(text) }
    }

    /// The part before the `@`.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }

    /// The part after the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }

    fn folded(&self) -> impl Iterator<Item = u8> {
        self.0.bytes().map(|b| b.to_ascii_lowercase())
    }
}

/// Whether a text can be looked up as a name.
fn can_exist(text: &str) -> bool {
    let ends = text
        .split_once('@')
        .is_some_and(|(name, domain)| !name.is_empty() && !domain.is_empty() && !domain.contains('@'));
    let strange = |c: char| c.is_control() || c.is_whitespace() || is_hidden(c) || "\"“”<>;,".contains(c);
    ends && !text.chars().any(strange) && text.chars().count() <= MAX_EXISTING
}

/// The name in what mail programs and lists of addresses write: `mailto:ada@contoso.com`, `Ada <ada@contoso.com>`,
/// `ada@contoso.com;`, or with characters that nobody sees. None where nothing is around it.
fn addressed(text: &str) -> Option<String> {
    let text = text.trim();
    let inner =
        text.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or(text, |(inner, _)| inner);
    let scheme = inner.split_once(':').filter(|(scheme, _)| {
        ["mailto", "smtp", "sip", "upn"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
    });
    let inner = scheme.map_or(inner, |(_, rest)| rest);
    let inner =
        inner.trim_matches(['"', '\'', '“', '”', '„', '‘', '’', ' ']).trim_end_matches([';', ',', '.', ' ']);
    let name: String = inner.chars().filter(|c| !is_hidden(*c)).map(narrow).collect();
    (name != text && name.matches('@').count() == 1).then_some(name)
}

/// The ASCII character of a full-width one, as input methods of East Asia write it: ＠ and ａ.
fn narrow(c: char) -> char {
    match c {
        '！'..='～' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
        _ => c,
    }
}

/// The violation for a name with something around it.
fn dressed(name: String) -> Violation {
    let message = "The user principal name has more around it than the name.";
    Violation::new(RuleCode::UpnCharacter, FIELD, message, format!("Use {name}."))
}

/// The characters of a UPN, except its `@`: `A–Z a–z 0–9 ' . - _ ! # ^ ~`, no accents (docs/graph.md#names).
fn allows(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '\'' | '.' | '-' | '_' | '!' | '#' | '^' | '~')
}

/// All rules of docs/graph.md#names; the shape of the domain is an assumption, see [`domain`].
///
/// Where there are several `@`, the local part ends at the first and the domain begins after the last.
fn check(text: &str) -> Vec<Violation> {
    if text.is_empty() {
        return vec![Violation::required(FIELD)];
    }
    let mut broken = Broken::default();
    for (position, c) in text::distinct(text, |c| c != '@' && !allows(c)) {
        let fix = "Use only A-Z, a-z, 0-9 and ' . - _ ! # ^ ~ before the @.";
        broken.add(RuleCode::UpnCharacter, position, format!("contains {c:?}, which is not allowed"), fix);
    }
    let length = text.chars().count();
    if length > MAX {
        let says = format!("has {length} characters; at most {MAX} are allowed");
        let fix = format!("Shorten it by {}.", text::characters(length - MAX));
        broken.add(RuleCode::UpnTooLong, MAX, says, fix);
    }
    let local = text.split_once('@').map_or(text, |(local, _)| local);
    check_length_of_local_part(local, &mut broken);
    let Some((before, domain)) = text.rsplit_once('@') else {
        broken.add(
            RuleCode::UpnMissingAt,
            None,
            "has no @",
            "Add @ and a verified domain of the tenant at its end.",
        );
        return broken.0;
    };
    if local.ends_with('.') {
        let last = local.chars().count() - 1;
        let says = "has a dot immediately before the @";
        broken.add(RuleCode::UpnDotBeforeAt, last, says, "Remove the dot before the @.");
    }
    if before.len() != local.len() {
        let ats = text.chars().filter(|c| *c == '@').count();
        let second = text.chars().enumerate().filter(|(_, c)| *c == '@').nth(1).map(|(position, _)| position);
        let says = format!("has {ats} @ characters; only one is allowed");
        broken.add(RuleCode::UpnTwoAts, second, says, "Keep only the @ before the domain.");
    }
    check_domain(domain, before.chars().count() + 1, &mut broken);
    broken.0
}

fn check_length_of_local_part(local: &str, broken: &mut Broken) {
    let length = local.chars().count();
    if length == 0 {
        broken.add(RuleCode::UpnLocalPartEmpty, 0, "has nothing before the @", "Put a name before the @.");
    }
    if length > MAX_LOCAL {
        let says = format!("has {length} characters before the @; at most {MAX_LOCAL} are allowed");
        let fix = format!("Shorten what stands before the @ by {}.", text::characters(length - MAX_LOCAL));
        broken.add(RuleCode::UpnLocalPartTooLong, MAX_LOCAL, says, fix);
    }
}

/// `start` is the domain's place in the user principal name.
fn check_domain(domain: &str, start: usize, broken: &mut Broken) {
    let length = domain.chars().count();
    if length > MAX_DOMAIN {
        let says = format!("has {length} characters after the @; at most {MAX_DOMAIN} are allowed");
        let fix = "Use a shorter verified domain of the tenant.";
        broken.add(RuleCode::UpnDomainTooLong, start + MAX_DOMAIN, says, fix);
    }
    let fix = "Use a verified domain of the tenant, such as contoso.com.";
    // A character that no UPN may have is reported as such already.
    for (position, c) in text::distinct(domain, |c| allows(c) && !domain::allows(c)) {
        let says = format!("contains {c:?} after the @, which is not allowed in a domain");
        broken.add(RuleCode::UpnDomainShape, start + position, says, fix);
    }
    for (position, says) in domain::broken_labels(domain) {
        broken.add(RuleCode::UpnDomainShape, start + position, says, fix);
    }
}

/// The rules that a text breaks.
#[derive(Default)]
struct Broken(Vec<Violation>);

impl Broken {
    /// `says` ends the sentence that begins with "The user principal name".
    fn add(
        &mut self,
        code: RuleCode,
        position: impl Into<Option<usize>>,
        says: impl std::fmt::Display,
        fix: impl Into<String>,
    ) {
        let message = format!("The user principal name {says}.");
        let (position, fix) = (position.into(), fix.into());
        self.0.push(Violation { code, field: FIELD.into(), position, message, fix });
    }
}

/// The name that was probably meant, where the domain leaves no doubt: another domain would be a guess.
fn corrected(text: &str) -> Option<String> {
    let (local, domain) = text.trim().rsplit_once('@')?;
    let local: String = transliterate::ascii(local.trim())
        .chars()
        .map(|c| if c.is_ascii_whitespace() || c == '@' { '.' } else { c })
        .filter(|c| allows(*c))
        .take(MAX_LOCAL)
        .collect();
    let better = format!("{}@{}", local.trim_end_matches('.'), domain.trim());
    check(&better).is_empty().then_some(better)
}

impl PartialEq for Upn {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Upn {}

impl PartialOrd for Upn {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Upn {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded().cmp(other.folded())
    }
}

impl Hash for Upn {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for byte in self.folded() {
            state.write_u8(byte);
        }
        state.write_u8(0xff);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeSet, HashSet};

    fn codes(text: &str) -> Vec<(RuleCode, Option<usize>)> {
        Upn::parse(text).err().unwrap_or_default().into_iter().map(|v| (v.code, v.position)).collect()
    }

    fn domain(length: usize) -> String {
        format!("{}.com", "d".repeat(length - 4))
    }

    #[test]
    fn good_ones() {
        for good in [
            "salesagent@contoso.com",
            "o'neil.a-b_c!#^~@contoso.onmicrosoft.com",
            "ada_fabrikam.com#EXT#@contoso.com",
            ".a..b@contoso.com",
        ] {
            assert_eq!(codes(good), [], "{good}");
        }
    }

    #[test]
    fn each_rule_with_its_position() {
        use RuleCode::*;
        type Case = (&'static str, &'static [(RuleCode, Option<usize>)]);
        let bad: &[Case] = &[
            ("", &[(Required, None)]),
            ("ada", &[(UpnMissingAt, None)]),
            ("@contoso.com", &[(UpnLocalPartEmpty, Some(0))]),
            ("ada.@contoso.com", &[(UpnDotBeforeAt, Some(3))]),
            ("a@b@contoso.com", &[(UpnTwoAts, Some(3))]),
            ("zoë@contoso.com", &[(UpnCharacter, Some(2))]),
            ("a b c@contoso.com", &[(UpnCharacter, Some(1))]),
            ("a&b(@contoso.com", &[(UpnCharacter, Some(1)), (UpnCharacter, Some(3))]),
            ("ada@", &[(UpnDomainShape, Some(4))]),
            ("ada@contoso", &[(UpnDomainShape, Some(4))]),
            ("ada@con_toso.com", &[(UpnDomainShape, Some(7))]),
            ("ada@contoso.com-", &[(UpnDomainShape, Some(15))]),
            ("ada@münchen.de", &[(UpnCharacter, Some(5))]),
            (
                "é.@b@-c",
                &[
                    (UpnCharacter, Some(0)),
                    (UpnDotBeforeAt, Some(1)),
                    (UpnTwoAts, Some(4)),
                    (UpnDomainShape, Some(5)),
                    (UpnDomainShape, Some(5)),
                ],
            ),
        ];
        for (text, expected) in bad {
            assert_eq!(&codes(text), expected, "{text:?}");
        }
    }

    #[test]
    fn names_of_users_who_exist_are_looked_up() {
        for name in [
            "a+b_fabrikam.com#EXT#@contoso.com",
            "'.-_!#^~x@contoso.com",
            "ada.@contoso.com",
            "zoë@contoso.com",
            "R&D@contoso.com",
            "ada@contoso",
            &format!("{}@contoso.com", "l".repeat(100)),
        ] {
            assert_eq!(Upn::existing(name).unwrap().as_str(), name);
        }
        for wrong in [
            "",
            "ada",
            "@contoso.com",
            "ada@",
            "a b@c.de",
            "a\n@c.de",
            "\"ada@c.de\"",
            "#N/A",
            "ada@@",
            "x@y@contoso.com",
        ] {
            assert!(Upn::existing(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn lengths_at_the_limit_and_one_over() {
        let local = "l".repeat(64);
        assert_eq!(codes(&format!("{local}@{}", domain(48))), []);
        assert_eq!(codes(&format!("{local}l@{}", domain(47))), [(RuleCode::UpnLocalPartTooLong, Some(64))]);
        assert_eq!(
            codes(&format!("{}@{}", "l".repeat(63), domain(49))),
            [(RuleCode::UpnDomainTooLong, Some(112))]
        );
        assert_eq!(
            codes(&format!("{local}@{}", domain(49))),
            [(RuleCode::UpnTooLong, Some(113)), (RuleCode::UpnDomainTooLong, Some(113))]
        );
    }

    #[test]
    fn the_fix_names_a_valid_name_where_one_is_obvious() {
        for (text, better) in [
            ("Zoë Müller@contoso.com", "Zoe.Muller@contoso.com"),
            (" ada@contoso.com ", "ada@contoso.com"),
            ("ada..@contoso.com", "ada@contoso.com"),
            ("a@b@contoso.com", "a.b@contoso.com"),
        ] {
            let broken = Upn::parse(text).unwrap_err();
            assert!(broken.iter().all(|v| v.fix.ends_with(&format!("For example: {better}."))), "{broken:?}");
        }
        assert!(!Upn::parse("ada@münchen.de").unwrap_err()[0].fix.contains("example"));
    }

    #[test]
    fn what_is_around_an_address_is_taken_off() {
        for text in [
            "mailto:ada@contoso.com",
            "SMTP:ada@contoso.com",
            "<ada@contoso.com>",
            "Ada Love <ada@contoso.com>",
            "\"Ada\" <ada@contoso.com>;",
            "\"ada@contoso.com\"",
            "“ada@contoso.com”",
            "ada@contoso.com;",
            "ada@contoso.com.",
            "ada@contoso.com\u{200b}",
        ] {
            let broken = Upn::parse(text).unwrap_err();
            assert!(broken.iter().all(|one| one.fix == "Use ada@contoso.com."), "{text}: {broken:?}");
            let broken = Upn::existing(text).unwrap_err();
            let [one] = broken.as_slice() else { panic!("{text}: {broken:?}") };
            assert_eq!(
                (one.code, one.fix.as_str()),
                (RuleCode::UpnCharacter, "Use ada@contoso.com."),
                "{text}"
            );
        }
        assert_eq!(Upn::existing("<a+b@contoso.com>").unwrap_err()[0].fix, "Use a+b@contoso.com.");
        assert!(Upn::existing("a+b_fabrikam.com#EXT#@contoso.com").is_ok());
    }

    #[test]
    fn letter_case_is_kept_and_ignored() {
        let (a, b): (Upn, Upn) = ("Ada@Contoso.com".parse().unwrap(), "ada@contoso.COM".parse().unwrap());
        assert_eq!(a, b);
        assert_eq!(a.as_str(), "Ada@Contoso.com");
        assert_eq!((a.local_part(), a.domain()), ("Ada", "Contoso.com"));
        assert_eq!(HashSet::from([a.clone(), b.clone()]).len(), 1);
        assert_eq!(BTreeSet::from([a, b]).len(), 1);
    }

    #[test]
    fn serde_checks_too() {
        assert_eq!(serde_json::from_str::<Upn>("\"a@b.c\"").unwrap().as_str(), "a@b.c");
        assert!(serde_json::from_str::<Upn>("\"a\"").is_err());
        assert_eq!("a".parse::<Upn>().unwrap_err().0[0].code, RuleCode::UpnMissingAt);
    }
}
