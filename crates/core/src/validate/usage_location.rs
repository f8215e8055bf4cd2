//! Usage locations.

use super::countries::{COUNTRY_CODES, named};
use super::newtype::checked_text;
use super::{RuleCode, Violation};

const FIELD: &str = "usageLocation";

/// The country where an agent user's licenses are used: an ISO 3166-1 alpha-2 code in upper case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UsageLocation(String);

checked_text!(UsageLocation);

/// Common slips, and the code that is meant.
const SLIPS: [(&str, &str); 3] = [("UK", "GB"), ("EN", "GB"), ("EL", "GR")];

impl UsageLocation {
    /// Takes two letters of either case, which must be an assigned ISO 3166 code (docs/graph.md#properties, docs/graph.md#names).
    ///
    /// # Errors
    /// The rule that the text breaks.
    pub fn parse(text: &str) -> Result<Self, Vec<Violation>> {
        let code = text.to_ascii_uppercase();
        if COUNTRY_CODES.binary_search(&code.as_str()).is_ok() {
            return Ok(Self(code));
        }
        if text.is_empty() {
            return Err(vec![Violation::required(FIELD)]);
        }
        let fix = suggestion(text).map_or_else(
            || "Use an ISO 3166 code, such as US, GB or DE.".to_owned(),
            |c| format!("Use {c}."),
        );
        let two_letters = code.len() == 2 && code.bytes().all(|b| b.is_ascii_alphabetic());
        Err(vec![if two_letters {
            let message = format!("{code:?} is not an assigned ISO 3166 country code.");
            Violation::new(RuleCode::UsageLocationUnknown, FIELD, message, fix)
        } else {
            let stray = text.chars().enumerate().find(|(i, c)| *i >= 2 || !c.is_ascii_alphabetic());
            let violation = Violation::new(
                RuleCode::UsageLocationShape,
                FIELD,
                format!("{text:?} is not a two-letter country code."),
                fix,
            );
            match stray {
                Some((position, _)) => violation.at(position),
                None => violation,
            }
        }])
    }
}

/// The code that is meant: in quotes or other marks, by a slip, or by the country's name.
fn suggestion(text: &str) -> Option<&str> {
    let plain = text.trim_matches(|c: char| !c.is_alphanumeric());
    let code = plain.to_ascii_uppercase();
    let known = COUNTRY_CODES.iter().find(|known| **known == code).copied();
    let slip = || SLIPS.iter().find(|(slip, _)| *slip == code).map(|(_, code)| *code);
    known.or_else(slip).or_else(|| named(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(text: &str) -> Violation {
        UsageLocation::parse(text).unwrap_err().remove(0)
    }

    #[test]
    fn the_table_is_whole_and_sorted() {
        assert_eq!(COUNTRY_CODES.len(), 249);
        assert!(COUNTRY_CODES.is_sorted_by(|a, b| a < b));
        assert!(COUNTRY_CODES.iter().all(|c| c.len() == 2 && c.bytes().all(|b| b.is_ascii_uppercase())));
        assert!(
            SLIPS.iter().all(|(slip, code)| !COUNTRY_CODES.contains(slip) && COUNTRY_CODES.contains(code))
        );
    }

    #[test]
    fn every_code_in_either_case() {
        for code in COUNTRY_CODES {
            assert_eq!(UsageLocation::parse(&code.to_lowercase()).unwrap().as_str(), code);
        }
    }

    #[test]
    fn what_is_no_code() {
        assert_eq!(broken("").code, RuleCode::Required);
        for (text, fix) in
            [("UK", "Use GB."), ("el", "Use GR."), ("xk", "Use an ISO 3166 code, such as US, GB or DE.")]
        {
            assert_eq!((broken(text).code, broken(text).fix.as_str()), (RuleCode::UsageLocationUnknown, fix));
        }
        for (text, position, fix) in [
            ("usa", Some(2), "Use US."),
            (" us", Some(0), "Use US."),
            ("\"FR\"", Some(0), "Use FR."),
            ("“fr”", Some(0), "Use FR."),
            ("United States", Some(2), "Use US."),
            ("Deutschland", Some(2), "Use DE."),
            ("D", None, ""),
            ("Ü", Some(0), ""),
            ("D1", Some(1), ""),
        ] {
            let broken = broken(text);
            assert_eq!((broken.code, broken.position), (RuleCode::UsageLocationShape, position), "{text}");
            assert!(fix.is_empty() || broken.fix == fix, "{text}: {}", broken.fix);
        }
    }
}
