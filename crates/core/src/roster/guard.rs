//! The apostrophe that keeps a spreadsheet from taking a cell of CSV for a formula.

/// Whether an apostrophe guards the cell: a spreadsheet would take what follows for a formula. Exports write it, and it
/// is not part of the value.
#[must_use]
pub fn is_guarded(cell: &str) -> bool {
    let value = cell.trim_start_matches('\'');
    value.len() < cell.len() && value.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The value of a cell, without the apostrophe of an export.
pub(super) fn unguarded(cell: &str) -> &str {
    if is_guarded(cell) { cell.strip_prefix('\'').unwrap_or(cell) } else { cell }
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
}
