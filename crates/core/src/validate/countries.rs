//! The country codes of ISO 3166-1 alpha-2, and what people write instead of them.

use super::transliterate;
use crate::short;
use std::sync::OnceLock;

/// Every officially assigned code, sorted. Taken from the iso3166.tab of the IANA time zone database, and equal to
/// the list of Debian's iso-codes. User-assigned and reserved codes (XK, UK, EU) are not among them.
#[rustfmt::skip]
pub const COUNTRY_CODES: [&str; 249] = [
    "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ",
    "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS",
    "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN",
    "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE",
    "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF",
    "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM",
    "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM",
    "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC",
    "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK",
    "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA",
    "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG",
    "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW",
    "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS",
    "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO",
    "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI",
    "VN", "VU", "WF", "WS", "YE", "YT", "ZA", "ZM", "ZW",
];

/// A line for each country: its two-letter code, its three-letter code, and its names: in English, in the languages of
/// the country, and other English ones in use. Codes and formal names are those of Debian's iso-codes 4.15; names are
/// those of Unicode CLDR 48 (by `Intl.DisplayNames`); "Holland", "UK", "Ivory Coast" and a few like them are the project's own.
const NAMES: &str = include_str!("country_names.txt");

/// The code of the country that a text names, by a name or a three-letter code, in any letter case, with or without accents.
pub(super) fn named(text: &str) -> Option<&'static str> {
    static FOLDED: OnceLock<Vec<(String, &'static str)>> = OnceLock::new();
    let names = FOLDED.get_or_init(|| {
        let mut names: Vec<_> = NAMES.lines().flat_map(names_of).collect();
        short::sort(&mut names, |a, b| a < b);
        names
    });
    let folded = folded(text);
    let at = names.binary_search_by(|(name, _)| name.as_str().cmp(&folded)).ok()?;
    names.get(at).map(|(_, code)| *code)
}

fn names_of(line: &'static str) -> Vec<(String, &'static str)> {
    let (Some(code), Some(three), Some(names)) = (line.get(..2), line.get(2..5), line.get(5..)) else {
        return Vec::new();
    };
    std::iter::once(three).chain(names.split('|')).map(|name| (folded(name), code)).collect()
}

/// Letters and digits alone. Scripts that have capitals are spelled in ASCII, in lower case and without accents. Other
/// scripts stay: transliterated, Egypt's own name is Montserrat's code.
fn folded(text: &str) -> String {
    let plain =
        |c: char| if is_cased(c) { transliterate::ascii(c.encode_utf8(&mut [0; 4])) } else { c.into() };
    let plain: String = text.chars().map(plain).collect();
    plain.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect()
}

/// Latin, Greek, Cyrillic, Armenian and Georgian letters. Unicode's own table of lower case would be 12 KB in each binary.
fn is_cased(c: char) -> bool {
    matches!(c, ..'\u{590}' | '\u{10A0}'..'\u{1100}' | '\u{1C90}'..'\u{1CC0}' | '\u{1E00}'..'\u{2000}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_names_that_no_other_has() {
        let codes: Vec<&str> = NAMES.lines().filter_map(|line| line.get(..2)).collect();
        assert_eq!(codes, COUNTRY_CODES);
        let mut all: Vec<_> = NAMES.lines().flat_map(names_of).collect();
        assert!(all.iter().all(|(name, _)| name.len() > 1), "{all:?}");
        all.sort_unstable();
        all.dedup();
        let twice: Vec<_> = all.windows(2).filter(|pair| pair[0].0 == pair[1].0).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }

    #[test]
    fn letter_case_does_not_count() {
        for line in NAMES.lines() {
            let code = line.get(..2);
            for name in line.get(5..).unwrap().split('|') {
                assert_eq!(named(&name.to_uppercase()), code, "{name}");
                assert_eq!(named(&name.to_lowercase()), code, "{name}");
            }
        }
    }

    #[test]
    fn countries_as_people_write_them() {
        for (text, code) in [
            ("United States", "US"),
            ("united states of america", "US"),
            ("U.S.A.", "US"),
            ("Deutschland", "DE"),
            ("GERMANY", "DE"),
            ("Osterreich", "AT"),
            ("Österreich", "AT"),
            ("Suisse", "CH"),
            ("Côte d’Ivoire", "CI"),
            ("Czech Republic", "CZ"),
            ("日本", "JP"),
            ("Ελλάδα", "GR"),
            ("Россия", "RU"),
            ("Holland", "NL"),
            ("FRA", "FR"),
            ("Turkey", "TR"),
            ("Việt Nam", "VN"),
            ("مصر", "EG"),
            ("საქართველო", "GE"),
            ("MSR", "MS"),
        ] {
            assert_eq!(named(text), Some(code), "{text}");
        }
        for text in ["", "Atlantis", "Europe", "X", "XX"] {
            assert_eq!(named(text), None, "{text}");
        }
    }
}
