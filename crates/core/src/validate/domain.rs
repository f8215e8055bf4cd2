//! The shape of a domain name, as in a UPN or a mail address.
//!
//! Assumption: the host name rules of DNS (RFC 1123), and at least one dot. Microsoft documents only that the domain
//! is verified in the tenant, which such a name must be in DNS (docs/graph.md#names).

/// Whether the character may stand in a domain name.
pub(super) fn allows(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.')
}

/// Whether a text is a domain name.
#[cfg(feature = "confidential")]
pub(crate) fn is_domain(text: &str) -> bool {
    text.chars().all(allows) && broken_labels(text).is_empty()
}

/// The faults of a domain name's dots, hyphens and lengths, as words that follow the name or address it is part of; each
/// with its position in characters.
pub(super) fn broken_labels(domain: &str) -> Vec<(usize, &'static str)> {
    if domain.is_empty() {
        return vec![(0, "has no domain after the @")];
    }
    let mut broken = Vec::new();
    let mut start = 0;
    for label in domain.split('.') {
        let length = label.chars().count();
        if length == 0 {
            broken.push((start, "has a domain with a dot too many"));
        }
        if label.starts_with('-') {
            broken.push((start, "has a part of its domain that begins with a hyphen"));
        }
        if length > 1 && label.ends_with('-') {
            broken.push((start + length - 1, "has a part of its domain that ends with a hyphen"));
        }
        if length > 63 {
            broken.push((start + 63, "has a part of its domain with more than 63 characters"));
        }
        start += length + 1;
    }
    if !domain.contains('.') {
        broken.push((0, "has a domain without a dot"));
    }
    broken
}

/// Whether this is a well-formed domain name.
pub(super) fn is_valid(domain: &str) -> bool {
    domain.chars().all(allows) && broken_labels(domain).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        let longest = format!("{}.com", "a".repeat(63));
        for good in ["contoso.com", "a.b", "xn--mnchen-3ya.de", "1.2", longest.as_str()] {
            assert!(is_valid(good), "{good}");
        }
        let too_long = format!("a.{}", "b".repeat(64));
        let bad: [(&str, &[usize]); 9] = [
            ("", &[0]),
            ("contoso", &[0]),
            (".com", &[0]),
            ("a.", &[2]),
            ("a..b", &[2]),
            ("-a.b", &[0]),
            ("a.b-", &[3]),
            ("a.-", &[2]),
            (&too_long, &[65]),
        ];
        for (domain, positions) in bad {
            let found: Vec<_> = broken_labels(domain).into_iter().map(|(position, _)| position).collect();
            assert_eq!(found, positions, "{domain}");
        }
        assert!(!is_valid("con_toso.com"));
    }
}
