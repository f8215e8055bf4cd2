//! The file and its header.

use crate::common::*;
use agentuser_core::remark::RemarkCode;
use agentuser_core::roster::Roster;
use agentuser_core::validate::RuleCode;

fn utf16(text: &str, little: bool, mark: bool) -> Vec<u8> {
    let units = mark.then_some(0xfeff_u16).into_iter().chain(text.encode_utf16());
    units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
}

#[test]
fn a_file_without_rows_says_so() {
    for empty in ["", "\u{feff}", " \r\n\t\n", "\u{feff}\n"] {
        assert_eq!(unreadable(empty), "The roster is empty.", "{empty:?}");
    }
    for bare in [
        HEADER.to_owned(),
        format!("{HEADER}\n"),
        format!("{HEADER}\r\n\r\n,,\r\n ,\t, \n"),
        "[]".into(),
        " [ ] ".into(),
    ] {
        assert_eq!(unreadable(&bare), "The roster has no rows.", "{bare:?}");
    }
}

#[test]
fn other_encodings_are_named() {
    let good = csv(&["{1},Zoe,zoe@contoso.com"]);
    let accented = csv(&["{1},Zoë,zoe@contoso.com"]);
    assert_eq!(names(format!("\u{feff}{accented}")), ["Zoë"]);
    for little in [true, false] {
        for (text, name) in [(&good, "Zoe"), (&accented, "Zoë")] {
            let file = utf16(text, little, true);
            assert_eq!(names(&file), [name]);
            assert_eq!(parse(&file).unwrap().remarks()[0].code, RemarkCode::Utf16Read);
            assert!(unreadable(&file[..file.len() - 1]).contains("line 2"));
        }
        assert!(unreadable(utf16(&good, little, false)).contains("UTF-16"));
        unreadable(utf16(&accented, little, false));
    }
    let mut latin: Vec<u8> = csv(&["{1},Ada,ada@contoso.com", "{2},Zo"]).into_bytes();
    latin.extend(b"\xeb,zoe@contoso.com\n");
    assert!(unreadable(&latin).contains("line 3"), "{}", unreadable(&latin));
    for (start, kind) in [
        (&b"PK\x03\x04\0\0an xlsx file"[..], "Excel workbook (.xlsx)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "(.xls)"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"%PDF-1.7", "PDF"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"\xef\xbb\xbf<?xml version=\"1.0\"?>", "XML"),
        (b"#< CLIXML\r\n<Objs", "Export-Clixml"),
        (b"\xff\xfe\0\0i\0\0\0", "UTF-32"),
    ] {
        assert!(unreadable(start).contains(kind), "{}", unreadable(start));
    }
    let zero = format!("{good}\n\0");
    assert!(unreadable(&zero).contains("zero byte in line 3"), "{}", unreadable(&zero));
}

#[test]
fn separators_quotes_line_ends_and_blank_lines() {
    let quoted = "{1},\"Ada, \"\"the\"\" first\r\nof her name\",ada@contoso.com".replace("\r\n", " ");
    assert_eq!(names(csv(&[&quoted])), ["Ada, \"the\" first of her name"]);
    for separator in [",", ";", "\t"] {
        let file =
            csv(&["", "{1},\"Ada; or\",ada@contoso.com", "", " ", "  {2} , Zoë , zoe@contoso.com ", ""]);
        let file = file.replace("; or", "").replace(',', separator);
        for file in [file.clone(), file.replace('\n', "\r\n"), format!("\n\r\n{file}")] {
            assert_eq!(names(&file), ["Ada", "Zoë"], "{file:?}");
        }
    }
    let address = "identityParentId;displayName;userPrincipalName;streetAddress\n{1};Ada;ada@contoso.com;\"1, Way\nTown; Land\"";
    let row = &rows(address.replace("{1}", &id(1)))[0];
    assert_eq!(row.agent_user().to_json()["streetAddress"], "1, Way\nTown; Land");
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_numbers_them() {
    let file =
        csv(&["{1},Ada,ada@contoso.com", "", ",,", "{2},\"Bob", "Builder\",bad", "", "", "{3},Cat,worse"]);
    for file in
        [file.clone(), file.replace('\n', "\r\n"), file.replace('\n', "\r"), format!("\u{feff}{file}\n\n")]
    {
        let found = broken(&file);
        let upn = |row: usize| (Some(row), "userPrincipalName".to_owned(), RuleCode::UpnMissingAt);
        let control = (Some(5), "displayName".to_owned(), RuleCode::LineBreak);
        assert_eq!(found, [control, upn(5), upn(8)], "{file:?}");
    }
    let numbers: Vec<_> =
        parse(csv(&["", "{1},Ada,ada@contoso.com", "", "{2},Bob,bob@contoso.com"]).as_bytes())
            .unwrap()
            .rows()
            .iter()
            .map(|row| row.number())
            .collect();
    assert_eq!(numbers, [3, 5]);
}

#[test]
fn a_missing_column_is_said_once() {
    let file = format!("mailNickname\n{}", "a\nb\nc\n");
    let missing = |name: &str| (Some(1), name.to_owned(), RuleCode::MissingColumn);
    assert_eq!(
        broken(&file),
        [missing("identityParentId"), missing("displayName"), missing("userPrincipalName")]
    );
    assert_eq!(broken_in(&file, Some("contoso.com")), [missing("identityParentId"), missing("displayName")]);
}

#[test]
fn a_first_row_that_is_not_a_header_is_said_once() {
    let rows = csv(&["{1},A,a@contoso.com"]);
    let row = rows.lines().nth(1).unwrap();
    for file in [
        format!("Table 1\n{rows}"),
        format!("# our agents\n{rows}"),
        format!("{row}\n{row}"),
        rows.replace(',', "|"),
        "42".to_owned(),
        "| a | b |\n|---|---|".to_owned(),
    ] {
        assert!(unreadable(&file).contains("The first row is not a header"), "{file}");
    }
    // A name that is nearly right is not reported as missing, too.
    let spelled = rows.replace("displayName", "Display Name");
    assert_eq!(broken(&spelled), one(1, "Display Name", RuleCode::UnknownColumn));
}

#[test]
fn columns_that_are_unknown_repeated_or_nameless() {
    let file = format!(
        "identityParentID,displayName,UserPrincipalName,departmnt,displayname,,wholly other\n{},Ada,ada@contoso.com,x,y,z,w",
        id(1)
    );
    let found = Roster::parse(file.as_bytes(), &settings(None)).unwrap_err();
    let found: Vec<_> = found
        .row_errors()
        .iter()
        .map(|e| (e.row, &*e.violation.field, e.violation.code, e.violation.fix.as_str()))
        .collect();
    assert_eq!(
        found[0],
        (Some(1), "departmnt", RuleCode::UnknownColumn, "Rename it to department, or remove it.")
    );
    assert_eq!(found[1], (Some(1), "displayname", RuleCode::RepeatedColumn, "Remove one of them."));
    assert_eq!((found[2].1, found[2].2), ("roster", RuleCode::UnknownColumn));
    assert_eq!((found[3].1, found[3].2), ("wholly other", RuleCode::UnknownColumn));
    assert!(!found[3].3.starts_with("Rename"), "{found:?}");
    assert_eq!(found.len(), 4);
}

#[test]
fn rows_with_too_many_and_too_few_cells() {
    let many = format!("{{1}}{}", ",x".repeat(29));
    let found = parse(csv(&[&many, "{2},Bob", "{3},Cat,cat@contoso.com"]).as_bytes()).unwrap_err();
    let said: Vec<_> = found.row_errors().iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "Row 2, roster: The row has 30 cells, but the header has 3.",
            "Row 3, roster: The row has 2 cells, but the header has 3."
        ]
    );
    assert_eq!(found.message(), "The roster has 2 errors in 2 rows.");
}
