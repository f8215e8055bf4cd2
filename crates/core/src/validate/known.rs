//! The rules that need to know the tenant.

use super::{RuleCode, Violation, domain};
use serde::Serialize;
use std::collections::BTreeSet;

/// Facts about the tenant. A rule that needs a fact which was not read is left to Graph.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TenantFacts {
    /// The tenant's verified domains, where they were read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified_domains: Option<BTreeSet<String>>,
}

/// How many domains a fix names.
const NAMED: usize = 3;

impl TenantFacts {
    /// The domain of a UPN must be one of the tenant's verified domains (docs/graph.md#names), in either letter case.
    /// A text without a well-formed domain breaks other rules, and none here.
    #[must_use]
    pub fn check_upn(&self, upn: &str) -> Option<Violation> {
        let verified = self.verified_domains.as_ref()?;
        let (before, domain) = upn.rsplit_once('@')?;
        if !domain::is_valid(domain) || verified.iter().any(|v| v.eq_ignore_ascii_case(domain)) {
            return None;
        }
        let fix = match nearest(domain, verified).as_slice() {
            [] => format!("Verify {domain} in the tenant first."),
            [one] => format!("Use {one}, or verify {domain} in the tenant first."),
            some => format!("Use one of {}, or verify {domain} in the tenant first.", some.join(", ")),
        };
        let message = format!("{domain:?} is not a verified domain of the tenant.");
        Some(
            Violation::new(RuleCode::UpnDomainNotVerified, "userPrincipalName", message, fix)
                .at(before.chars().count() + 1),
        )
    }
}

fn nearest<'a>(domain: &str, verified: &'a BTreeSet<String>) -> Vec<&'a str> {
    let mut ranked: Vec<_> = verified.iter().map(|v| (distance(domain, v), v.as_str())).collect();
    ranked.sort_unstable();
    ranked.into_iter().take(NAMED).map(|(_, v)| v).collect()
}

/// The name that is most like this one, where one is.
#[must_use]
pub fn nearest_name<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_ascii_lowercase();
    // Texts differ by the difference of their lengths at least: a long one need not be compared.
    names
        .filter(|name| wanted.len() <= name.len() * 2)
        .map(|name| (distance(&wanted, name), name))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, name)| *distance * 3 <= name.len())
        .map(|(_, name)| name)
}

/// The Levenshtein distance, without regard to letter case.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<u8> = b.to_ascii_lowercase().into_bytes();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.to_ascii_lowercase().bytes().enumerate() {
        let mut left = i + 1;
        let mut next = vec![left];
        for (y, pair) in b.iter().zip(row.windows(2)) {
            if let [diagonal, above] = pair {
                left = (left + 1).min(above + 1).min(diagonal + usize::from(x != *y));
                next.push(left);
            }
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_domain_must_be_verified_when_the_domains_are_known() {
        let domains = ["fabrikam.com", "contoso.com", "contoso.onmicrosoft.com", "example.org"];
        let known = TenantFacts { verified_domains: Some(domains.map(str::to_owned).into()) };
        assert_eq!(known.check_upn("ada@Contoso.COM"), None);
        assert_eq!(known.check_upn("ada"), None);
        assert_eq!(known.check_upn("ada@contoso"), None);
        let broken = known.check_upn("ada@contosso.com").unwrap();
        assert_eq!((broken.code, broken.position), (RuleCode::UpnDomainNotVerified, Some(4)));
        assert!(broken.fix.starts_with("Use one of contoso.com, "), "{}", broken.fix);
        assert_eq!(TenantFacts::default().check_upn("ada@contosso.com"), None);
        let none = TenantFacts { verified_domains: Some(BTreeSet::new()) };
        assert_eq!(none.check_upn("a@b.c").unwrap().fix, "Verify b.c in the tenant first.");
    }

    #[test]
    fn distances() {
        for (a, b, expected) in
            [("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "Sitting", 3), ("ab", "ba", 2)]
        {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }
}
