//! Names derived from a display name, always valid and always the same for the same input.
//!
//! The style: transliterated to ASCII, lower case, words joined by dots, so that "Zoë Müller (Sales)" becomes
//! `zoe.muller.sales`. A lone hyphen or underscore inside a word stays, apostrophes vanish, emoji separate words.

use super::mail_nickname::{FALLBACK, MAX};
use super::upn::MAX_LOCAL;
use super::{MailNickname, Upn, Violation, transliterate};

/// Every derived name leaves room for the digits of any alternative, plain ones too. Were the plain name cut later than
/// its alternatives, a long name that happens to end with a digit would equal one of them.
const ROOM: usize = 10;
const LONGEST: usize = MAX - ROOM;

// A nickname is used as a UPN's local part too.
const _: () = assert!(MAX <= MAX_LOCAL);

/// A mail nickname for this display name. Alternative 1 (or 0) is the plain one, 2 ends with `2`, and so on: all
/// differ from each other.
#[must_use]
pub fn mail_nickname(display_name: &str, alternative: u32) -> MailNickname {
    let mut name = base(display_name);
    if alternative > 1 {
        name.push_str(&alternative.to_string());
    }
    MailNickname::from_valid(name)
}

/// A UPN for this display name in this domain: what [`mail_nickname`] gives, before the `@`.
///
/// # Errors
/// Every rule that the domain breaks.
pub fn upn(display_name: &str, domain: &str, alternative: u32) -> Result<Upn, Vec<Violation>> {
    Upn::parse(&format!("{}@{domain}", mail_nickname(display_name, alternative)))
}

fn base(display_name: &str) -> String {
    let mut name = String::with_capacity(LONGEST);
    let mut separator = None;
    for c in transliterate::ascii(display_name).chars() {
        if c.is_ascii_alphanumeric() {
            if let Some(separator) = separator.take()
                && !name.is_empty()
            {
                name.push(separator);
            }
            name.push(c.to_ascii_lowercase());
        } else if c != '\'' {
            let lone = separator.is_none() && matches!(c, '-' | '_');
            separator = Some(if lone { c } else { '.' });
        }
        if name.len() >= LONGEST {
            break;
        }
    }
    name.truncate(LONGEST);
    name.truncate(name.trim_end_matches(['.', '-', '_']).len());
    if name.is_empty() { FALLBACK.to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readable_names() {
        for (display_name, expected) in [
            ("Zoë Müller (Sales)", "zoe.muller.sales"),
            ("Sales Agent", "sales.agent"),
            ("Conan O'Brien", "conan.obrien"),
            ("Jean-Luc - Bridge", "jean-luc.bridge"),
            ("build_bot v2.1", "build_bot.v2.1"),
            ("Straße", "strasse"),
            ("Łódź", "lodz"),
            ("e\u{301}ole", "eole"),
            ("北京", "beijing"),
            ("Sales 🤖 Agent", "sales.agent"),
            ("...", "agent"),
            ("", "agent"),
            ("🚀🤖", "agent"),
        ] {
            assert_eq!(mail_nickname(display_name, 1).as_str(), expected, "{display_name}");
        }
    }

    #[test]
    fn alternatives_fit_the_limit() {
        assert_eq!(mail_nickname("Sales Agent", 0).as_str(), "sales.agent");
        assert_eq!(mail_nickname("Sales Agent", 2).as_str(), "sales.agent2");
        assert_eq!(mail_nickname(&"x".repeat(300), u32::MAX).as_str().len(), 64);
        // The cut falls on a separator, which goes too.
        let name = mail_nickname(&format!("{} tail", "x".repeat(53)), 1);
        assert_eq!(name.as_str(), "x".repeat(53));
    }

    #[test]
    fn upn_in_a_domain() {
        assert_eq!(upn("Zoë", "contoso.com", 3).unwrap().as_str(), "zoe3@contoso.com");
        assert!(upn("Zoë", "contoso", 1).is_err());
    }
}
