//! The apostrophe that keeps a spreadsheet from taking a cell of CSV for a formula.

use std::borrow::Cow;

/// Whether a cell begins with apostrophes and what a spreadsheet would take for a formula. The first apostrophe is not part
/// of its value.
fn is_guarded(cell: &str) -> bool {
    let value = cell.trim_start_matches('\'');
    value.len() < cell.len() && is_formula(value)
}

fn is_formula(value: &str) -> bool {
    value.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The value of a cell, without the apostrophe of an export.
pub(super) fn unguarded(cell: &str) -> &str {
    if is_guarded(cell) { cell.strip_prefix('\'').unwrap_or(cell) } else { cell }
}

/// The cell of a value, which is read as that value again: a value that begins with apostrophes and what a spreadsheet would take
/// for a formula gets one apostrophe more. With `formula_safe`, so does what a spreadsheet would take for a formula.
#[must_use]
pub fn guarded(value: &str, formula_safe: bool) -> Cow<'_, str> {
    let needs = is_guarded(value) || formula_safe && is_formula(value);
    if needs { Cow::Owned(format!("'{value}")) } else { Cow::Borrowed(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_apostrophe_goes_from_a_cell_that_a_spreadsheet_would_take_for_a_formula() {
        for (cell, value) in [
            ("'=1+1", "=1+1"),
            ("'+49 30 1", "+49 30 1"),
            ("''=x", "'=x"),
            ("=x", "=x"),
            ("'Round Table", "'Round Table"),
            ("'", "'"),
            ("", ""),
        ] {
            assert_eq!(unguarded(cell), value, "{cell}");
        }
    }

    #[test]
    fn a_value_is_read_as_it_was_in_every_form() {
        for (value, plain, safe) in [
            ("=1+1", "=1+1", "'=1+1"),
            ("+49 30 1", "+49 30 1", "'+49 30 1"),
            ("-x", "-x", "'-x"),
            ("@x", "@x", "'@x"),
            ("\tx", "\tx", "'\tx"),
            ("\rx", "\rx", "'\rx"),
            ("'=x", "''=x", "''=x"),
            ("''+x", "'''+x", "'''+x"),
            ("O'Neil", "O'Neil", "O'Neil"),
            ("'quoted'", "'quoted'", "'quoted'"),
            ("'", "'", "'"),
            ("", "", ""),
        ] {
            assert_eq!((&*guarded(value, false), &*guarded(value, true)), (plain, safe), "{value:?}");
            assert_eq!((unguarded(plain), unguarded(safe)), (value, value), "{value:?}");
        }
    }
}
