//! Telling what a code means, the names of the audit's rules included.

use super::audit::RULES;
use crate::problem::{Explanation, Problem};

/// Explains a code as [`Explanation::of`] does, or a rule of the audit, in any letter case.
///
/// # Errors
/// [`crate::problem::Code::Invalid`] when there is no such code, with the one that is most like it.
pub fn explain(code: &str) -> Result<Explanation, Problem> {
    let named = |name: &str| name.eq_ignore_ascii_case(code.trim());
    if let Some(rule) = RULES.iter().find(|rule| named(rule.id.as_str())) {
        return Ok(Explanation::of_audit_rule(rule.id.as_str(), rule.finds));
    }
    let rules: Vec<&str> = RULES.iter().map(|rule| rule.id.as_str()).collect();
    Explanation::of(code, &rules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_the_audit_are_explained_and_found_by_a_misspelt_name() {
        for rule in RULES {
            assert_eq!(explain(&rule.id.as_str().to_uppercase()).unwrap().message, rule.finds);
        }
        assert_eq!(explain("no-sponsr").unwrap_err().fix(), "Did you mean no-sponsor?");
        assert_eq!(explain("UpnTaken").unwrap().code, "UpnTaken");
    }
}
