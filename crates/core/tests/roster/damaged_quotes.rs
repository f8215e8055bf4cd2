//! Quotes that are missing or one too many: no row is lost, and none gets another's data.

use crate::common::*;
use agentuser_core::validate::RuleCode;

const ADDRESSES: &str = "identityParentId,userPrincipalName,displayName,streetAddress,usageLocation";

/// Rows as lists of cells: quoted as they stand.
fn file(header: &str, lines: &[&str]) -> String {
    let numbered = lines.iter().enumerate().map(|(n, line)| format!("{},{line}", id(n as u32 + 1)));
    std::iter::once(header.to_owned()).chain(numbered).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_missing_closing_quote_is_named_with_the_row_and_column_where_it_opens() {
    for (file, place) in [
        (
            file(
                ADDRESSES,
                &[
                    "a1@contoso.com,A,\"Main St 1,US",
                    "a2@contoso.com,B,\"Main St 2\",US",
                    "a3@contoso.com,C,\"Main St 3\",US",
                ],
            ),
            "a quote is opened in row 2, column streetAddress, and closed only in the next line",
        ),
        (
            file(
                "identityParentId,userPrincipalName,displayName,streetAddress",
                &["a1@contoso.com,A,\"Main St 1", "a2@contoso.com,B,Main St 2", "a3@contoso.com,C,Main St 3"],
            ),
            "a quote is opened in row 2, column streetAddress, and never closed",
        ),
        (
            file(
                "identityParentId,displayName,userPrincipalName,usageLocation,licenses",
                &["A,a1@contoso.com,DE,AGENT_365", "B,a2@contoso.com,DE,\"AGENT_365", "C,a3@contoso.com,DE,"],
            ),
            "a quote is opened in row 3, column licenses, and never closed",
        ),
        (
            format!("identityParentId,displayName,\"userPrincipalName\n{},Ada,a@contoso.com", id(1)),
            "a quote is opened in row 1, column 3, and never closed",
        ),
    ] {
        for file in
            [file.clone(), file.replace('\n', "\r\n"), file.replace('\n', "\r"), format!("\n\n{file}\n")]
        {
            let said = unreadable(&file);
            assert!(said.contains(place), "{said}");
            let problem = parse(file.as_bytes()).unwrap_err();
            assert!(place.contains(&format!("column {},", problem.field().unwrap())), "{problem:?}");
        }
    }
}

/// Two quotes are missing, so that one cell runs from a row into another; the ids stand after it, before it, or in the middle.
#[test]
fn a_cell_that_runs_into_another_row_is_refused_wherever_its_column_is() {
    let (a, b) = (id(1), id(2));
    for file in [
        format!(
            "streetAddress,identityParentId,userPrincipalName,displayName\n\"Main 1,{a},a1@contoso.com,A\nMain 2\",{b},a2@contoso.com,B"
        ),
        format!(
            "displayName,streetAddress,identityParentId,userPrincipalName\nA,\"Main 1,{a},a1@contoso.com\nB,Main 2\",{b},a2@contoso.com"
        ),
        format!(
            "identityParentId,userPrincipalName,displayName,streetAddress\n{a},a1@contoso.com,A,\"Main 1\n{b},a2@contoso.com,B,Main 2\""
        ),
    ] {
        assert_eq!(broken(&file), one(2, "streetAddress", RuleCode::LineBreak), "{file}");
    }
}

#[test]
fn a_fault_of_one_cell_is_an_error_of_its_row() {
    let file = csv(&[
        "{1},\"Agent\" One,a1@contoso.com",
        "{2},5\" Disk,a2@contoso.com",
        "{3},\"Say \\\"hi\\\"\",a3@contoso.com",
    ]);
    let quotes = |row| (Some(row), "displayName".to_owned(), RuleCode::DamagedQuotes);
    assert_eq!(broken(&file), [quotes(2), quotes(3), quotes(4)]);
    let fixes: Vec<_> =
        parse(file.as_bytes()).unwrap_err().row_errors().iter().map(|e| e.violation.fix.clone()).collect();
    assert!(fixes[0].ends_with(r#"twice: """Agent"" One"."#), "{fixes:?}");
    assert!(fixes[1].ends_with(r#"twice: "5"" Disk"."#), "{fixes:?}");
    let mended = file.replace("\"Agent\" One", "\"\"\"Agent\"\" One\"").replace("5\" Disk", "\"5\"\" Disk\"");
    let mended = mended.replace("\\\"", "\"\"");
    assert_eq!(names(mended), ["\"Agent\" One", "5\" Disk", "Say \"hi\""]);
}
