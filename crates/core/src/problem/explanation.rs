//! The meaning of a code, for somebody who has the code alone.

use super::{Code, Problem, ProblemKind};
use crate::any_case;
use crate::remark::RemarkCode;
use crate::validate::{RuleCode, nearest_name};
use serde::Serialize;
use std::borrow::Cow;

/// The tables that codes come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum CodeTable {
    /// Problems, which end an operation or a row.
    Problem,
    /// Rules, which the violations of a value or a roster name.
    Rule,
    /// Remarks, which end nothing.
    Remark,
    /// Rules of the audit.
    AuditRule,
}

/// The meaning of a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The code, as this library spells it.
    pub code: &'static str,
    /// The table that it comes from.
    pub table: CodeTable,
    /// The kind of the problem; absent for a remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<ProblemKind>,
    /// Its meaning, in full sentences.
    pub message: &'static str,
    /// The usual cause, in full sentences; absent for a remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<&'static str>,
    /// The usual fix, in full sentences; absent for a remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<&'static str>,
    /// The field that it is about, where it is always the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<&'static str>,
    /// The permissions that would allow it, where they do not depend on the call; least privileged first.
    #[serde(skip_serializing_if = "<[&str]>::is_empty")]
    pub permissions: &'static [&'static str],
    /// Whether the same request may succeed later without a change.
    pub transient: bool,
    /// The codes of Graph and of Entra's sign-in that it stands for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stands_for: Vec<Cow<'static, str>>,
    /// How well founded it is, where Microsoft does not document it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<&'static str>,
    /// Microsoft's page that explains it, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documentation: Option<&'static str>,
}

impl Explanation {
    /// Explains a code of a problem, a violation or a remark, in any letter case. A code of Graph, such as
    /// `Authorization_RequestDenied`, and a number of Entra's, such as `AADSTS7000215`, are explained by the problem that
    /// stands for them.
    ///
    /// # Errors
    /// [`Code::Invalid`] when there is no such code, with the one that is most like it, which may be one of `others`.
    pub fn of(code: &str, others: &[&str]) -> Result<Self, Problem> {
        let code = code.trim();
        let named = |name: &str| name.eq_ignore_ascii_case(code);
        let problem = Code::ALL.iter().copied().find(|one| named(one.as_str()));
        let rule = || RuleCode::ALL.iter().find(|one| named(one.as_str())).map(|one| Self::of_rule(*one));
        let remark =
            || RemarkCode::ALL.iter().find(|one| named(one.as_str())).map(|one| Self::of_remark(*one));
        problem
            .map(Self::of_problem)
            .or_else(rule)
            .or_else(remark)
            .or_else(|| foreign(code).map(Self::of_problem))
            .ok_or_else(|| unknown(code, others))
    }

    fn of_problem(code: Code) -> Self {
        let entry = code.entry();
        let own = entry.graph.iter().chain(entry.states).map(|one| Cow::Borrowed(*one));
        let numbers = entry.aadsts.iter().map(|number| Cow::Owned(format!("AADSTS{number}")));
        Self {
            code: entry.name,
            table: CodeTable::Problem,
            kind: Some(entry.kind),
            message: entry.meaning,
            cause: Some(entry.cause),
            fix: Some(entry.fix),
            field: entry.field,
            permissions: entry.permissions,
            transient: entry.transient,
            stands_for: own.chain(numbers).collect(),
            evidence: entry.evidence,
            documentation: entry.page,
        }
    }

    fn of_rule(code: RuleCode) -> Self {
        Self {
            kind: Some(ProblemKind::InvalidInput),
            cause: Some(
                "A value, a column or a row is against a rule that Microsoft documents or Graph enforces.",
            ),
            fix: Some("Correct the field that the violation names; its fix says how."),
            ..Self::remark(code.as_str(), CodeTable::Rule, code.description())
        }
    }

    fn of_remark(code: RemarkCode) -> Self {
        Self::remark(code.as_str(), CodeTable::Remark, code.description())
    }

    /// Explains a rule of the audit by what it finds.
    pub(crate) fn of_audit_rule(name: &'static str, finds: &'static str) -> Self {
        Self::remark(name, CodeTable::AuditRule, finds)
    }

    fn remark(code: &'static str, table: CodeTable, message: &'static str) -> Self {
        Self {
            code,
            table,
            kind: None,
            message,
            cause: None,
            fix: None,
            field: None,
            permissions: &[],
            transient: false,
            stands_for: Vec::new(),
            evidence: None,
            documentation: None,
        }
    }
}

/// The code that stands for one of Microsoft's.
fn foreign(code: &str) -> Option<Code> {
    let number = any_case::strip_prefix(code, "AADSTS");
    match number.and_then(|number| number.parse().ok()) {
        Some(number) => Code::from_aadsts(number),
        None => Code::from_graph(code).or_else(|| Code::from_license_state(code)),
    }
}

fn unknown(code: &str, others: &[&str]) -> Problem {
    let rules = RuleCode::ALL.iter().map(|one| one.as_str());
    let remarks = RemarkCode::ALL.iter().map(|one| one.as_str());
    let problems = Code::ALL.iter().map(|one| one.as_str());
    let names: Vec<&str> = problems.chain(rules).chain(remarks).chain(others.iter().copied()).collect();
    let lower: Vec<String> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
    let nearest = nearest_name(code, lower.iter().map(String::as_str));
    let nearest = nearest.and_then(|found| names.iter().find(|name| name.eq_ignore_ascii_case(found)));
    let fix = match nearest {
        Some(name) => format!("Did you mean {name}?"),
        None => "Give the code of a problem, a violation or a remark, such as UpnTaken.".to_owned(),
    };
    let code: String = code.chars().take(80).collect();
    Problem::new(Code::Invalid, format!("There is no code {code:?} here."))
        .with_cause(
            "It is misspelt, of another version, or one of Graph's codes that no problem stands for alone.",
        )
        .with_field("code")
        .with_fix(fix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_every_table_is_explained_under_its_own_name() {
        for code in Code::ALL {
            let found = Explanation::of(code.as_str(), &[]).unwrap();
            assert_eq!((found.code, found.kind), (code.as_str(), Some(code.entry().kind)));
        }
        for rule in RuleCode::ALL {
            assert_eq!(Explanation::of(rule.as_str(), &[]).unwrap().message, rule.description(), "{rule}");
        }
        for remark in RemarkCode::ALL {
            // A problem may have the same name; it says more.
            assert_eq!(Explanation::of(remark.as_str(), &[]).unwrap().code, remark.as_str());
        }
    }

    #[test]
    fn codes_of_microsoft_and_other_letter_case_are_understood() {
        let code = |text: &str| Explanation::of(text, &[]).map(|found| found.code).unwrap();
        assert_eq!(code(" upntaken "), "UpnTaken");
        assert_eq!(code("AADSTS7000215"), "SignInSecretWrong");
        assert_eq!(code("aadsts700016"), "SignInClientUnknown");
        assert_eq!(code("Authorization_RequestDenied"), "PermissionMissing");
    }

    #[test]
    fn a_misspelt_code_is_answered_with_the_right_one() {
        let problem = Explanation::of("UpnTakn", &[]).unwrap_err();
        assert_eq!(problem.message(), "There is no code \"UpnTakn\" here.");
        assert_eq!(problem.fix(), "Did you mean UpnTaken?");
        assert!(Explanation::of("", &[]).unwrap_err().fix().starts_with("Give the code"));
        assert!(Explanation::of("AADSTS", &[]).is_err() && Explanation::of("AADSTé7", &[]).is_err());
    }
}
