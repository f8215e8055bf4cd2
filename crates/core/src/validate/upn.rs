//! User principal names.

use super::newtype::checked_text;
use super::{RuleCode, Violation, domain, text, transliterate};
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

const FIELD: &str = "userPrincipalName";

/// Most characters before the `@` (docs/graph.md#names).
pub(super) const MAX_LOCAL: usize = 64;
/// Most characters after the `@` (docs/graph.md#names).
const MAX_DOMAIN: usize = 48;
/// Most characters in all (docs/graph.md#names).
const MAX: usize = 113;

/// The sign-in name of an agent user, or of the person who manages it: the same rules of Entra hold.
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
        if let Some(better) = corrected(text) {
            for violation in &mut broken {
                violation.fix = format!("{} For example: {better}.", violation.fix);
            }
        }
        Err(broken)
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
    let mut broken = Vec::new();
    let mut found = |code, position: Option<usize>, message: String, fix: String| {
        broken.push(Violation { code, field: FIELD.into(), position, message, fix });
    };

    for (position, c) in text::distinct(text, |c| c != '@' && !allows(c)) {
        let message = format!("The user principal name contains {c:?}, which is not allowed.");
        let fix = "Use only A-Z, a-z, 0-9 and ' . - _ ! # ^ ~ before the @.".to_owned();
        found(RuleCode::UpnCharacter, Some(position), message, fix);
    }

    let length = text.chars().count();
    if length > MAX {
        let message = format!("The user principal name has {length} characters; at most {MAX} are allowed.");
        let fix = format!("Shorten it by {}.", text::characters(length - MAX));
        found(RuleCode::UpnTooLong, Some(MAX), message, fix);
    }

    let local = text.split_once('@').map_or(text, |(local, _)| local);
    let local_length = local.chars().count();
    if local.is_empty() {
        let fix = "Put a name before the @.".to_owned();
        found(
            RuleCode::UpnLocalPartEmpty,
            Some(0),
            "The user principal name has nothing before the @.".to_owned(),
            fix,
        );
    }
    if local_length > MAX_LOCAL {
        let message = format!(
            "The user principal name has {local_length} characters before the @; at most {MAX_LOCAL} are allowed."
        );
        let fix =
            format!("Shorten what stands before the @ by {}.", text::characters(local_length - MAX_LOCAL));
        found(RuleCode::UpnLocalPartTooLong, Some(MAX_LOCAL), message, fix);
    }

    let Some((before, domain)) = text.rsplit_once('@') else {
        let fix = "Add @ and a verified domain of the tenant at its end.".to_owned();
        found(RuleCode::UpnMissingAt, None, "The user principal name has no @.".to_owned(), fix);
        return broken;
    };
    if local.ends_with('.') {
        let fix = "Remove the dot before the @.".to_owned();
        found(
            RuleCode::UpnDotBeforeAt,
            Some(local_length - 1),
            "The user principal name has a dot immediately before the @.".to_owned(),
            fix,
        );
    }
    if before.len() != local.len() {
        let ats = text.chars().filter(|c| *c == '@').count();
        let second = text.chars().enumerate().filter(|(_, c)| *c == '@').nth(1).map(|(position, _)| position);
        let fix = "Keep only the @ before the domain.".to_owned();
        found(
            RuleCode::UpnTwoAts,
            second,
            format!("The user principal name has {ats} @ characters; only one is allowed."),
            fix,
        );
    }

    let start = before.chars().count() + 1;
    let domain_length = domain.chars().count();
    if domain_length > MAX_DOMAIN {
        let message = format!(
            "The user principal name has {domain_length} characters after the @; at most {MAX_DOMAIN} are allowed."
        );
        let fix = "Use a shorter verified domain of the tenant.".to_owned();
        found(RuleCode::UpnDomainTooLong, Some(start + MAX_DOMAIN), message, fix);
    }
    let fix = || "Use a verified domain of the tenant, such as contoso.com.".to_owned();
    // A character that no UPN may have is reported above.
    for (position, c) in text::distinct(domain, |c| allows(c) && !domain::allows(c)) {
        let message =
            format!("The user principal name contains {c:?} after the @, which is not allowed in a domain.");
        found(RuleCode::UpnDomainShape, Some(start + position), message, fix());
    }
    for (position, message) in domain::broken_labels(domain) {
        found(
            RuleCode::UpnDomainShape,
            Some(start + position),
            format!("The user principal name {message}."),
            fix(),
        );
    }
    broken
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
