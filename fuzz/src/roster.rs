//! The rules that hold for every file that may be a roster.

use crate::check_problem;
use agentuser_core::model::{Member, MemberName, MemberValue};
use agentuser_core::problem::{Code, Problem};
use agentuser_core::roster::{Column, Roster, RosterSettings, Row, guarded};
use agentuser_core::validate::TenantFacts;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Reads a file in every way there is.
///
/// # Panics
/// When something does not hold.
pub fn check(file: &[u8]) {
    let contoso = || "contoso.com".to_owned();
    let verified = TenantFacts { verified_domains: Some(BTreeSet::from([contoso()])) };
    for settings in [
        RosterSettings::default(),
        RosterSettings { domain: Some(contoso()), facts: verified, ..RosterSettings::default() },
    ] {
        match Roster::parse(file, &settings) {
            Ok(roster) => right(&roster, &settings),
            Err(problem) => wrong(&problem, file),
        }
    }
}

/// Nothing is there twice, and rows that are written are read back as the same.
fn right(roster: &Roster, settings: &RosterSettings) {
    let rows = roster.rows();
    assert!(!rows.is_empty(), "a roster of no rows");
    assert!(rows.windows(2).all(|pair| pair[0].number() < pair[1].number()), "rows out of order");
    let all = |what: fn(&Row) -> String| rows.iter().map(what).collect::<BTreeSet<_>>().len();
    let once = [
        all(|row| row.wanted().identity_parent_id().to_string()),
        all(|row| row.wanted().agent_user().user_principal_name().as_str().to_ascii_lowercase()),
        all(|row| row.wanted().agent_user().mail_nickname().as_str().to_ascii_lowercase()),
    ];
    assert_eq!(once, [rows.len(); 3], "a parent or a name is there twice");

    let said: Vec<_> = rows.iter().map(said).collect();
    let json = Value::Array(rows.iter().map(as_json).collect()).to_string();
    let again =
        Roster::parse(json.as_bytes(), settings).unwrap_or_else(|problem| panic!("{json}: {problem:?}"));
    assert_eq!(again.rows().iter().map(self::said).collect::<Vec<_>>(), said, "{json}");
    for separator in [b',', b';', b'\t'] {
        let Some(csv) = as_csv(rows, separator) else { continue };
        let text = String::from_utf8_lossy(&csv);
        let again = Roster::parse(&csv, settings).unwrap_or_else(|problem| panic!("{text}: {problem:?}"));
        assert_eq!(again.rows().iter().map(self::said).collect::<Vec<_>>(), said, "{text}");
    }
}

/// Everything that a row declares.
fn said(row: &Row) -> (Map<String, Value>, [Vec<String>; 4]) {
    let wanted = row.wanted();
    let manager = wanted.manager().map(ToString::to_string).into_iter().collect();
    let sponsors = wanted.sponsors().iter().map(ToString::to_string).collect();
    let groups = wanted.groups().iter().map(ToString::to_string).collect();
    let licenses = wanted.licenses().iter().map(ToString::to_string).collect();
    (wanted.agent_user().to_json(), [manager, sponsors, groups, licenses])
}

/// The row's columns with their values: what it would be created with, derived names too.
fn cells(row: &Row) -> Vec<(Column, MemberValue)> {
    let (members, [manager, sponsors, groups, licenses]) = said(row);
    let mut cells =
        vec![(Column::IdentityParentId, MemberValue::Text(row.wanted().identity_parent_id().to_string()))];
    for member in Member::ALL {
        if let Some(value) = members.get(member.name()) {
            let value = serde_json::from_value(value.clone()).expect("a member's value");
            cells.push((Column::Member(*member), value));
        }
    }
    cells.extend(manager.into_iter().map(|manager| (Column::Manager, MemberValue::Text(manager))));
    cells.push((Column::Sponsors, MemberValue::Texts(sponsors)));
    cells.push((Column::Groups, MemberValue::Texts(groups)));
    cells.push((Column::Licenses, MemberValue::Texts(licenses)));
    cells
}

/// The row's members that have a path, with their values.
fn open_members(row: &Row) -> impl Iterator<Item = (&str, &MemberValue)> {
    let others = row.wanted().agent_user().others().iter();
    others.filter_map(|(name, value)| match name {
        MemberName::Open(member) => Some((member.path(), value)),
        _ => None,
    })
}

/// The type that a column of such values names.
fn type_of(value: &MemberValue) -> &'static str {
    match value {
        MemberValue::Flag(_) => "Boolean",
        MemberValue::Number(_) => "LargeInteger",
        MemberValue::Numbers(_) => "Collection(LargeInteger)",
        MemberValue::Texts(_) => "Collection(String)",
        MemberValue::Text(_) | MemberValue::Null => "String",
    }
}

fn as_json(row: &Row) -> Value {
    let json = |value: &MemberValue| serde_json::to_value(value).expect("JSON");
    let members = cells(row).into_iter().map(|(column, value)| (column.name().to_owned(), json(&value)));
    let open = open_members(row).map(|(path, value)| (path.to_owned(), json(value)));
    Value::Object(members.chain(open).collect())
}

/// The text of a cell; none for a list that holds what a cell can't: its own separator.
fn cell(value: Option<&MemberValue>) -> Option<String> {
    let text = match value {
        None | Some(MemberValue::Null) => String::new(),
        Some(MemberValue::Flag(flag)) => flag.to_string(),
        Some(MemberValue::Text(text)) => text.clone(),
        Some(MemberValue::Texts(texts)) if texts.iter().any(|text| text.contains(';')) => return None,
        Some(MemberValue::Texts(texts)) => texts.join(";"),
        Some(MemberValue::Number(number)) => number.to_string(),
        Some(MemberValue::Numbers(numbers)) => {
            numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(";")
        }
    };
    Some(guarded(&text, false).into_owned())
}

/// The rows as CSV; none where a cell can't hold a value, or a column those of all rows.
fn as_csv(rows: &[Row], separator: u8) -> Option<Vec<u8>> {
    let columns: Vec<Column> = Column::all().collect();
    let mut open = BTreeMap::new();
    for (path, value) in rows.iter().flat_map(open_members) {
        if *open.entry(path).or_insert(type_of(value)) != type_of(value) {
            return None;
        }
    }
    let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
    let headings = columns.iter().map(|column| column.name().to_owned());
    let headings = headings.chain(open.iter().map(|(path, of)| format!("{path}:{of}")));
    writer.write_record(headings).expect("in memory");
    for row in rows {
        let cells = cells(row);
        let mut record = Vec::new();
        for column in &columns {
            let value = cells.iter().find(|(own, _)| own == column).map(|(_, value)| value);
            record.push(cell(value)?);
        }
        for path in open.keys() {
            record.push(cell(open_members(row).find(|(own, _)| own == path).map(|(_, value)| value))?);
        }
        writer.write_record(&record).expect("in memory");
    }
    Some(writer.into_inner().expect("in memory"))
}

/// Every error has its place in the file, in its order.
fn wrong(problem: &Problem, file: &[u8]) {
    check_problem(problem);
    assert!(matches!(problem.code(), Code::RosterUnreadable | Code::RosterInvalid), "{problem:?}");
    let errors = problem.row_errors();
    assert_eq!(problem.code() == Code::RosterUnreadable, errors.is_empty(), "{problem:?}");
    assert!(errors.windows(2).all(|pair| pair[0].row <= pair[1].row), "out of order: {errors:?}");
    for error in errors {
        let violation = &error.violation;
        let said = !violation.field.is_empty() && !violation.message.is_empty() && !violation.fix.is_empty();
        assert!(said, "{error:?}");
        // Every row but the header takes a byte at least.
        assert!(error.row.is_none_or(|row| (1..=file.len() + 1).contains(&row)), "no such row: {error:?}");
    }
}
