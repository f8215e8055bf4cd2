//! Readers that the tests of rosters share.

use agentuser_core::model::DesiredUser;
use agentuser_core::problem::{Code, Problem};
use agentuser_core::roster::{Roster, RosterSettings};
use agentuser_core::validate::RuleCode;

pub fn id(n: u32) -> String {
    format!("a1d00000-0000-4000-8000-{n:012}")
}

pub fn settings(domain: Option<&str>) -> RosterSettings {
    RosterSettings { domain: domain.map(str::to_owned), ..RosterSettings::default() }
}

pub fn parse(file: &[u8]) -> Result<Roster, Problem> {
    Roster::parse(file, &settings(None))
}

pub fn rows(file: impl AsRef<[u8]>) -> Vec<DesiredUser> {
    let roster = parse(file.as_ref()).unwrap_or_else(|errors| panic!("{errors:#?}"));
    roster.rows().iter().map(|row| row.wanted().clone()).collect()
}

pub fn names(file: impl AsRef<[u8]>) -> Vec<String> {
    rows(file).iter().map(|row| row.agent_user().display_name().to_string()).collect()
}

/// Row, field and code of every error.
pub fn broken(file: impl AsRef<[u8]>) -> Vec<(Option<usize>, String, RuleCode)> {
    broken_in(file, None)
}

pub fn broken_in(file: impl AsRef<[u8]>, domain: Option<&str>) -> Vec<(Option<usize>, String, RuleCode)> {
    let found = Roster::parse(file.as_ref(), &settings(domain)).unwrap_err();
    assert_eq!(found.code(), Code::RosterInvalid, "{found:#?}");
    assert!(found.row_errors().is_sorted_by_key(|error| error.row), "{found:#?}");
    assert!(found.row_errors().iter().all(|error| !error.violation.fix.is_empty()), "{found:#?}");
    let place = |error: &agentuser_core::validate::RowError| {
        (error.row, error.violation.field.to_string(), error.violation.code)
    };
    found.row_errors().iter().map(place).collect()
}

pub fn one(row: usize, column: &str, code: RuleCode) -> Vec<(Option<usize>, String, RuleCode)> {
    vec![(Some(row), column.to_owned(), code)]
}

pub fn unreadable(file: impl AsRef<[u8]>) -> String {
    let found = parse(file.as_ref()).unwrap_err();
    assert_eq!(found.code(), Code::RosterUnreadable, "{found:#?}");
    assert!(!found.fix().is_empty());
    assert_eq!(found.row_errors(), []);
    found.message().to_owned()
}

pub const HEADER: &str = "identityParentId,displayName,userPrincipalName";

pub fn csv(lines: &[&str]) -> String {
    let lines =
        lines.iter().map(|line| line.replace("{1}", &id(1)).replace("{2}", &id(2)).replace("{3}", &id(3)));
    std::iter::once(HEADER.to_owned()).chain(lines).collect::<Vec<_>>().join("\n")
}
