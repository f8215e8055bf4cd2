//! Mail nicknames.

use super::newtype::checked_text;
use super::{RuleCode, Violation, text, transliterate};

const FIELD: &str = "mailNickname";

/// Most characters (docs/graph.md#properties, docs/graph.md#names).
pub(super) const MAX: usize = 64;

/// The nickname where nothing else is left: of a display name without a letter or digit, for example.
pub(super) const FALLBACK: &str = "agent";

/// The mail alias of an agent user.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailNickname(String);

checked_text!(MailNickname);

/// The safe client rule of docs/graph.md#names (Microsoft documents no list for users): ASCII, none of
/// `@ ( ) \ / [ ] " ' ; : < > ,` and no space. Refusing control characters is an assumption.
fn allows(c: char) -> bool {
    c.is_ascii_graphic() && !"@()\\/[]\"';:<>,".contains(c)
}

impl MailNickname {
    /// Checks the text against every rule of mail nicknames: 1 to 64 safe characters, and no dot at the start
    /// (docs/graph.md#names).
    ///
    /// # Errors
    /// Every rule that the text breaks.
    pub fn parse(text: &str) -> Result<Self, Vec<Violation>> {
        let broken = check(text);
        if broken.is_empty() { Ok(Self(text.to_owned())) } else { Err(broken) }
    }

    /// Whether Exchange gives the mailbox another alias than this nickname.
    #[must_use]
    pub fn is_changed_by_exchange(&self) -> bool {
        is_changed_by_exchange(&self.0)
    }

    /// For texts that are valid by construction.
    pub(super) fn from_valid(text: String) -> Self {
        debug_assert!(check(&text).is_empty(), "{text:?}");
        Self(text)
    }
}

fn check(text: &str) -> Vec<Violation> {
    if text.is_empty() {
        return vec![Violation::required(FIELD)];
    }
    let better = corrected(text);
    let mut broken: Vec<_> = text::distinct(text, |c| !allows(c))
        .into_iter()
        .map(|(position, c)| {
            let message = format!("The mail nickname contains {c:?}, which is not safe in one.");
            Violation::new(RuleCode::MailNicknameCharacter, FIELD, message, format!("Use {better}."))
                .at(position)
        })
        .collect();
    if text.starts_with('.') {
        let fix = format!("Use {better}.");
        broken.push(
            Violation::new(
                RuleCode::MailNicknameLeadingDot,
                FIELD,
                "The mail nickname begins with a dot.",
                fix,
            )
            .at(0),
        );
    }
    broken.extend(text::too_long(text, MAX, FIELD));
    broken
}

/// The characters that a nickname keeps when Exchange makes the mailbox's alias of it (docs/graph.md#names): dots stand
/// between others. Others may be replaced or dropped: an assumption, on the safe side.
fn is_changed_by_exchange(text: &str) -> bool {
    let keeps = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    !text.chars().all(keeps) || text.split('.').any(str::is_empty)
}

/// The warning for a nickname that Exchange changes.
pub(crate) fn changes_nickname(nickname: &str) -> String {
    format!(
        "Exchange may give the mailbox another alias than the mail nickname {nickname:?}; {:?} stays as it is.",
        corrected(nickname)
    )
}

/// The same text without what is refused and what Exchange changes; a derived one where nothing is left.
fn corrected(text: &str) -> String {
    let kept: String = transliterate::ascii(text.trim())
        .chars()
        .map(|c| if c.is_ascii_whitespace() { '.' } else { c })
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
        .collect();
    let words: Vec<&str> = kept.split('.').filter(|word| !word.is_empty()).collect();
    let kept: String = words.join(".").chars().take(MAX).collect();
    let kept = kept.trim_end_matches('.');
    if kept.is_empty() { FALLBACK.to_owned() } else { kept.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<(RuleCode, Option<usize>)> {
        MailNickname::parse(text)
            .err()
            .unwrap_or_default()
            .into_iter()
            .map(|v| (v.code, v.position))
            .collect()
    }

    #[test]
    fn good_ones() {
        for good in ["SalesAgent", "a", "a.b-c_d!#$%&*+=?^`{|}~", &"n".repeat(64)] {
            assert_eq!(codes(good), [], "{good}");
        }
    }

    #[test]
    fn each_refused_character() {
        for c in "@()\\/[]\"';:<>, \t\0\u{7f}éß北".chars() {
            assert_eq!(codes(&format!("n{c}{c}")), [(RuleCode::MailNicknameCharacter, Some(1))], "{c:?}");
        }
    }

    #[test]
    fn length_dot_and_emptiness() {
        assert_eq!(codes(""), [(RuleCode::Required, None)]);
        assert_eq!(codes(".n"), [(RuleCode::MailNicknameLeadingDot, Some(0))]);
        assert_eq!(codes(&"n".repeat(65)), [(RuleCode::ValueTooLong, Some(64))]);
        assert_eq!(
            codes(&format!(".é{}", "n".repeat(63))),
            [
                (RuleCode::MailNicknameCharacter, Some(1)),
                (RuleCode::MailNicknameLeadingDot, Some(0)),
                (RuleCode::ValueTooLong, Some(64)),
            ]
        );
    }

    #[test]
    fn what_exchange_changes_is_known_and_never_suggested() {
        for kept in ["sales.agent", "a-b_c", "A1"] {
            assert!(!MailNickname::parse(kept).unwrap().is_changed_by_exchange(), "{kept}");
        }
        for (changed, better) in [("a..b", "a.b"), ("a.", "a"), ("r&d", "rd"), ("a!b", "ab"), ("#", "agent")]
        {
            assert!(MailNickname::parse(changed).unwrap().is_changed_by_exchange(), "{changed}");
            assert!(changes_nickname(changed).contains(&format!("{better:?} stays")), "{changed}");
        }
        assert_eq!(MailNickname::parse("R & D..(x)").unwrap_err()[0].fix, "Use R.D.x.");
    }

    #[test]
    fn the_fix_is_a_valid_nickname() {
        assert_eq!(MailNickname::parse("Zoë (Sales)").unwrap_err()[0].fix, "Use Zoe.Sales.");
        assert_eq!(MailNickname::parse("...").unwrap_err()[0].fix, "Use agent.");
        assert_eq!(MailNickname::parse("()").unwrap_err()[0].fix, "Use agent.");
    }
}
