//! Accepted findings: they are shown apart and fail nothing, until their date has passed.

use super::evidence::Evidence;
use super::finding::{Accepted, Finding, FindingState, Subject, SubjectKind};
use super::rule_id::{RuleId, Severity};
use super::rules::{find, nearest};
use crate::problem::{Code, Problem};
use crate::unique::Unique;
use crate::validate::{RuleCode, Violation, Violations, date_time};
use serde_json::Value;

/// The rule of an entry that matches nothing.
pub const UNMATCHED: RuleId = RuleId("acceptance-unmatched");

/// The most bytes of a file of accepted findings.
const MOST_BYTES: usize = 16 << 20;

/// The members of an entry.
const MEMBERS: [&str; 5] = ["rule", "whom", "reason", "by", "until"];

/// An entry of a file of accepted findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    rule: RuleId,
    /// The object id or user principal name of the agent user, or the id or name of the subject.
    whom: String,
    accepted: Accepted,
    /// The second since 1970 after which it is over.
    ends: i64,
}

impl Acceptance {
    /// Reads a file of accepted findings: a JSON array of objects with `rule`, `whom`, `reason`, `by` and `until`.
    ///
    /// # Errors
    /// [`Code::AcceptanceUnreadable`]; [`Code::Invalid`] with every rule that an entry breaks, and its place.
    pub fn read_all(file: &[u8]) -> Result<Vec<Self>, Problem> {
        let unreadable = |message: String| Problem::new(Code::AcceptanceUnreadable, message);
        if file.len() > MOST_BYTES {
            return Err(unreadable(format!("The file has more than {MOST_BYTES} bytes.")));
        }
        let file = file.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(file);
        let entries = match serde_json::from_slice::<Unique>(file) {
            Ok(Unique(Value::Array(entries))) => entries,
            Ok(_) => return Err(unreadable("The file is JSON, and not an array.".to_owned())),
            Err(error) => return Err(unreadable(format!("The file is not JSON: {error}."))),
        };
        let mut broken = Violations::default();
        let read: Vec<Option<Self>> = entries
            .into_iter()
            .enumerate()
            .map(|(index, entry)| Self::read(index, entry, &mut broken))
            .collect();
        let read = read.into_iter().collect::<Option<Vec<Self>>>();
        broken.finish(read).map_err(Problem::from_violations)
    }

    fn read(index: usize, entry: Value, broken: &mut Violations) -> Option<Self> {
        let place = |name: &str| format!("[{index}].{name}");
        let Value::Object(members) = entry else {
            let fix = "Use an object with rule, whom, reason, by and until.";
            broken.push(Violation::new(
                RuleCode::WrongKind,
                format!("[{index}]"),
                "The entry is not an object.",
                fix,
            ));
            return None;
        };
        for name in members.keys().filter(|name| !MEMBERS.contains(&name.as_str())) {
            let message = "An accepted finding has no such member.";
            broken.push(Violation::new(RuleCode::UnknownMember, place(name), message, "Leave it out."));
        }
        let mut text = |name: &str| match members.get(name).and_then(Value::as_str).map(str::trim) {
            Some(text) if !text.is_empty() => Some(text.to_owned()),
            _ => {
                let message = "The member is missing, empty, or not a text.";
                broken.push(Violation::new(RuleCode::Required, place(name), message, format!("Add {name}.")));
                None
            }
        };
        let [rule, whom, reason, by, until] = MEMBERS.map(&mut text);
        let rule = rule.and_then(|name| {
            let rule = find(&name);
            if rule.is_none() {
                let near = nearest(&name)
                    .map_or_else(|| "a name of docs/audit.md".to_owned(), |rule| rule.to_string());
                let message = format!("No rule of the audit is called {name:?}.");
                broken.push(Violation::new(
                    RuleCode::UnknownKind,
                    place("rule"),
                    message,
                    format!("Use {near}."),
                ));
            }
            rule.map(|rule| rule.id)
        });
        let ends = until.as_deref().and_then(|until| {
            // A day is accepted to its end.
            let moment = if until.len() == 10 { format!("{until}T23:59:59Z") } else { until.to_owned() };
            let ends = date_time::parse(&moment).map(date_time::Moment::unix_seconds);
            if ends.is_none() {
                let message =
                    format!("{until:?} is neither a day nor an ISO 8601 date and time with a zone.");
                let fix = "Use a day such as 2027-01-31.";
                broken.push(Violation::new(RuleCode::NotADateTime, place("until"), message, fix));
            }
            ends
        });
        let accepted = Accepted { by: by?, reason: reason?, until: until? };
        Some(Self { rule: rule?, whom: whom?, accepted, ends: ends? })
    }

    fn matches(&self, finding: &Finding) -> bool {
        let is = |text: &str| text.eq_ignore_ascii_case(&self.whom);
        finding.state == FindingState::Found
            && finding.rule == self.rule
            && (finding
                .user
                .as_ref()
                .is_some_and(|user| is(&user.user_principal_name) || is(&user.id.to_string()))
                || is(&finding.subject.id)
                || is(&finding.subject.name))
    }
}

/// Marks the findings that are accepted, and adds one for each entry that matches nothing. An entry whose rule did not run, or
/// could not check everything, is left alone: its finding may be there.
pub(super) fn accept(
    findings: &mut Vec<Finding>,
    entries: &[Acceptance],
    now_ms: i64,
    is_checked: impl Fn(RuleId) -> bool,
) {
    let mut unmatched = Vec::new();
    for entry in entries {
        let mut matched = false;
        for finding in findings.iter_mut().filter(|finding| entry.matches(finding)) {
            matched = true;
            if now_ms.div_euclid(1000) <= entry.ends {
                finding.accepted = Some(entry.accepted.clone());
            }
        }
        if !matched && is_checked(entry.rule) {
            unmatched.push(unmatched_finding(entry));
        }
    }
    findings.append(&mut unmatched);
}

fn unmatched_finding(entry: &Acceptance) -> Finding {
    let Acceptance { rule, whom, accepted, .. } = entry;
    let mut evidence = Evidence::default();
    for (name, value) in
        [("rule", rule.as_str()), ("whom", whom), ("by", &accepted.by), ("until", &accepted.until)]
    {
        evidence.insert(name, value.into());
    }
    Finding {
        rule: UNMATCHED,
        severity: Severity::Low,
        state: FindingState::Found,
        user: None,
        subject: Subject::new(SubjectKind::Acceptance, format!("{rule} {whom}"), None),
        message: format!("{rule} is accepted of {whom}, and is not found there. Take the entry out."),
        evidence,
        fix: None,
        reason: None,
        accepted: None,
        comparison: None,
    }
}
