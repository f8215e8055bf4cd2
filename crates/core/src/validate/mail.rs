//! Mail addresses, as in `mail` and `otherMails`.

use super::{RuleCode, Violation, domain, text, transliterate};

/// No accents (docs/graph.md#properties). Assumptions: printable ASCII without spaces, exactly one `@`, something before it and
/// a domain name after it.
pub(crate) fn check(text: &str, field: &'static str) -> Vec<Violation> {
    let mut broken: Vec<_> = text::distinct(text, |c| !c.is_ascii_graphic())
        .into_iter()
        .map(|(position, c)| {
            let message = format!("The mail address contains {c:?}, which is not allowed in one.");
            Violation::new(RuleCode::MailCharacter, field, message, format!("Remove or replace {c:?}."))
                .at(position)
        })
        .collect();
    let Some((before, domain)) = text.rsplit_once('@') else {
        let fix = "Add @ and a domain at its end.";
        broken.push(Violation::new(RuleCode::MailMissingAt, field, "The mail address has no @.", fix));
        return broken;
    };
    if before.is_empty() {
        let (message, fix) = ("The mail address has nothing before the @.", "Put a name before the @.");
        broken.push(Violation::new(RuleCode::MailShape, field, message, fix).at(0));
    }
    if let Some(first) = before.chars().position(|c| c == '@') {
        let second = text.chars().skip(first + 1).position(|c| c == '@').map_or(first, |p| first + 1 + p);
        let (message, fix) = ("The mail address has more than one @.", "Keep only the @ before the domain.");
        broken.push(Violation::new(RuleCode::MailTwoAts, field, message, fix).at(second));
    }
    let start = before.chars().count() + 1;
    let shape = |position: usize, message: String| {
        let fix = "Write a domain name after the @, such as contoso.com.";
        Violation::new(RuleCode::MailShape, field, message, fix).at(start + position)
    };
    // A character that no address may have is reported above.
    broken.extend(
        text::distinct(domain, |c| c.is_ascii_graphic() && !domain::allows(c))
            .into_iter()
            .map(|(position, c)| shape(position, format!("The mail address contains {c:?} after the @."))),
    );
    broken.extend(
        domain::broken_labels(domain)
            .into_iter()
            .map(|(position, m)| shape(position, format!("The mail address {m}."))),
    );

    let better = transliterate::ascii(before.trim()) + "@" + domain.trim();
    if !broken.is_empty() && better != text && check(&better, field).is_empty() {
        for violation in &mut broken {
            violation.fix = format!("{} For example: {better}.", violation.fix);
        }
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_with_its_position() {
        use RuleCode::*;
        type Case = (&'static str, &'static [(RuleCode, Option<usize>)]);
        let cases: &[Case] = &[
            ("ada+x/y@contoso.com", &[]),
            ("ada", &[(MailMissingAt, None)]),
            ("@contoso.com", &[(MailShape, Some(0))]),
            ("a@b@contoso.com", &[(MailTwoAts, Some(3))]),
            ("zoë@contoso.com", &[(MailCharacter, Some(2))]),
            ("a b@contoso.com", &[(MailCharacter, Some(1))]),
            ("ada@contoso", &[(MailShape, Some(4))]),
            ("ada@con_toso.com", &[(MailShape, Some(7))]),
            ("ada@", &[(MailShape, Some(4))]),
        ];
        for (text, expected) in cases {
            let found: Vec<_> = check(text, "mail").into_iter().map(|v| (v.code, v.position)).collect();
            assert_eq!(&found, expected, "{text}");
        }
        assert!(check("zoë@contoso.com", "mail")[0].fix.ends_with("For example: zoe@contoso.com."));
    }
}
