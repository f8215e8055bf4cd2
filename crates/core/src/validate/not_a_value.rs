//! Texts that programs write where they have no value, or one that they could not write.

use super::{RuleCode, Violation};

/// Words and strokes that stand for nothing in the program, or with the people, that wrote them. `Null` is not among them:
/// it is a surname.
const WORDS: [&str; 18] = [
    "null",
    "NULL",
    "(null)",
    "<null>",
    "$null",
    "undefined",
    "NaN",
    "NaT",
    "<NA>",
    "N/A",
    "n/a",
    "[object Object]",
    "\\N",
    "#GETTING_DATA",
    "-",
    "--",
    "–",
    "—",
];

/// Beginnings of the names of .NET's types, which PowerShell writes for lists and objects.
const TYPES: [&str; 4] = ["System.", "Microsoft.Graph.", "Microsoft.Open.", "AgentUser."];

/// Excel's errors that end with neither `!` nor `?`, in English and German.
const EXCEL: [&str; 3] = ["#N/A", "#NV", "#N/D"];

/// The violation for a text that a program wrote instead of a value (docs/graph.md#files).
pub(crate) fn not_a_value(text: &str, field: &'static str) -> Option<Violation> {
    let text = text.trim();
    let first = *text.as_bytes().first()?;
    let (says, fix) = if WORDS.contains(&text) {
        let fix = "Leave it empty, or give it a value.";
        (format!("{text:?} stands for no value."), fix.to_owned())
    } else if first == b'#' && is_excel_error(text) {
        let fix = "Correct the formula, or the width of the column, in the spreadsheet, and save it again.";
        (format!("{text:?} is an error of a spreadsheet, not a value."), fix.to_owned())
    } else if let Some(inner) = said_by_formula(text) {
        (format!("{text:?} is a formula, not a value."), format!("Use {inner}."))
    } else if first == b'@' && text.starts_with("@{") && text.ends_with('}') {
        let fix = "Write the one property that is meant, such as with Select-Object -ExpandProperty.";
        (format!("{text:?} is an object as PowerShell writes it, not a value."), fix.to_owned())
    } else if is_type_name(text) {
        let fix =
            "Join lists when exporting, such as with $_.sponsors -join ';', or use ConvertTo-Json -Depth 5.";
        (
            format!("{text:?} is the name of a type, which PowerShell writes instead of its value."),
            fix.to_owned(),
        )
    } else if first.is_ascii_digit() && is_rounded(text) {
        let fix = "Format the column as text in the spreadsheet, and enter the whole number again.";
        (format!("{text:?} is a number that a spreadsheet rounded."), fix.to_owned())
    } else if let Some((before, _)) = text.split_once('\u{fffd}') {
        let fix = "Save the file again as \"CSV UTF-8\" from the program that has the whole text.";
        let violation = Violation::new(
            RuleCode::NotAValue,
            field,
            "The value has the character �, which a program wrote for one that it could not read.",
            fix,
        );
        return Some(violation.at(before.chars().count()));
    } else if let Some((position, pair)) = misread(text) {
        let message =
            format!("The value has {pair:?}, two characters that stand for one of another encoding.");
        let fix = "Save the file again as \"CSV UTF-8\" from the program that has the right letters.";
        return Some(Violation::new(RuleCode::NotAValue, field, message, fix).at(position));
    } else {
        return None;
    };
    Some(Violation::new(RuleCode::NotAValue, field, says, fix))
}

/// `Ã¼` for `ü` and the like: UTF-8 that was read as Windows-1252 or Latin-1. The second character is one that these have
/// for a byte from 0x80 to 0xBF; no word has it behind the first.
fn misread(text: &str) -> Option<(usize, String)> {
    if text.is_ascii() {
        return None;
    }
    let pairs = text.chars().zip(text.chars().skip(1));
    let second = |c: char| {
        matches!(c, '\u{80}'..='\u{bf}' | 'Œ' | 'œ' | 'Š' | 'š' | 'Ÿ' | 'Ž' | 'ž' | 'ƒ' | 'ˆ' | '˜')
            || "–—‘’‚“”„†‡•…‰‹›€™".contains(c)
    };
    let is_pair = |(_, (first, next)): &(usize, (char, char))| matches!(first, 'Ã' | 'Â') && second(*next);
    let (position, (first, next)) = pairs.enumerate().find(is_pair)?;
    Some((position, format!("{first}{next}")))
}

/// `#REF!`, `#NAME?` and their translations; `####` where a column is too narrow.
fn is_excel_error(text: &str) -> bool {
    let inner = text.trim_start_matches('#');
    if inner.is_empty() {
        return text.len() > 1;
    }
    let word = inner.strip_suffix(['!', '?']);
    let is_word = |word: &str| {
        !word.is_empty()
            && word.chars().all(|c| c.is_uppercase() || matches!(c, '/' | '0' | '¡' | '¿' | '_'))
            && word.chars().count() < 20
    };
    EXCEL.contains(&text) || word.is_some_and(is_word)
}

/// The text of a formula that only says it, such as `="00123"`: people write it so that Excel keeps the zeros. Other
/// formulas are not refused, because Excel saves their results.
fn said_by_formula(text: &str) -> Option<&str> {
    text.strip_prefix("=\"")?.strip_suffix('"')
}

/// `System.Object[]`, `System.Collections.Generic.List\`1[System.String]`, `Microsoft.Graph.PowerShell.Models.…`.
fn is_type_name(text: &str) -> bool {
    let is_name = |rest: &str| {
        rest.starts_with(|c: char| c.is_ascii_uppercase())
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._`[],+ =".contains(&byte))
    };
    let plain = TYPES.iter().any(|start| text.strip_prefix(start).is_some_and(is_name));
    plain && (text.contains(['[', '`']) || text.matches('.').count() > 1 || text == "System.Object")
}

/// `4.2E+11`: a number whose last digits are lost.
fn is_rounded(text: &str) -> bool {
    let Some((digits, exponent)) = text.split_once(['E', 'e']) else { return false };
    let exponent = exponent.strip_prefix(['+', '-']).filter(|exponent| !exponent.is_empty());
    exponent.is_some_and(|exponent| exponent.bytes().all(|byte| byte.is_ascii_digit()))
        && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_write_instead_of_a_value() {
        for text in [
            "System.Object[]",
            "System.String[]",
            "System.Collections.Hashtable",
            "System.Collections.Generic.List`1[System.String]",
            "Microsoft.Graph.PowerShell.Models.MicrosoftGraphPasswordProfile",
            "@{Id=1; Name=Ada}",
            "#N/A",
            "#REF!",
            "#NAME?",
            "#DIV/0!",
            "#BEZUG!",
            "#NV",
            "########",
            "4.2E+11",
            "4,2E+11",
            "1E-7",
            "=\"00123\"",
            "null",
            "NULL",
            "undefined",
            "NaN",
            "N/A",
            " n/a ",
            "-",
            "—",
            "[object Object]",
            "Zo\u{fffd}",
        ] {
            let found = not_a_value(text, "city").unwrap_or_else(|| panic!("{text}"));
            assert_eq!(found.code, RuleCode::NotAValue);
            assert!(found.fix.ends_with('.'), "{found:?}");
        }
        assert_eq!(not_a_value("=\"00123\"", "city").unwrap().fix, "Use 00123.");
        assert_eq!(not_a_value("Zo\u{fffd}", "city").unwrap().position, Some(2));
        for (text, position) in
            [("JÃ¼rgen", 1), ("StraÃŸe", 4), ("\u{c2}\u{a7} 5", 0), ("Ren\u{c3}\u{a9}", 3)]
        {
            assert_eq!(not_a_value(text, "city").unwrap().position, Some(position), "{text}");
        }
    }

    #[test]
    fn what_people_are_called() {
        for text in [
            "",
            "SÃO PAULO",
            "Ângela",
            "Jürgen",
            "Null",
            "None",
            "nan",
            "System",
            "System.Admin",
            "System Agent",
            "Microsoft.Graph",
            "#1 Agent",
            "# 5",
            "#sales",
            "=",
            "= Agent",
            "=Agent",
            "=HYPERLINK(\"x\",\"y\")",
            "@ada",
            "2E",
            "E+5",
            "1E5",
            "3.5",
            "Agent #N/A",
            "A1",
            "0",
            "AgentUser.Bot",
            "#1!",
        ] {
            assert_eq!(not_a_value(text, "city"), None, "{text}");
        }
    }
}
