//! From bytes to cells.

use super::cells::Cells;
use super::error::unreadable;
use super::{csv, json};
use crate::problem::Problem;
use crate::validate::RowError;

/// The cells of a roster, read and not checked yet.
#[derive(Debug)]
pub(crate) struct RosterFile {
    pub(super) rows: Vec<Cells>,
    pub(super) errors: Vec<RowError>,
    /// Its columns have a header, in which one may be missing.
    pub(super) has_header: bool,
}

impl RosterFile {
    /// Reads CSV or JSON; what is wrong with the shape of a row is kept for the check.
    ///
    /// # Errors
    /// [`crate::problem::Code::RosterUnreadable`].
    pub(crate) fn read(file: &[u8]) -> Result<Self, Problem> {
        let text = text(file)?;
        let mut errors = Vec::new();
        let is_json = text.trim_start().starts_with(['[', '{']);
        let rows = if is_json { json::rows(text, &mut errors)? } else { csv::rows(text, &mut errors)? };
        if rows.is_empty() && errors.is_empty() {
            return Err(unreadable("The roster has no rows.", "Add a row per agent user."));
        }
        Ok(Self { rows, errors, has_header: !is_json })
    }
}

/// The file as text: UTF-8, with or without a byte order mark.
fn text(file: &[u8]) -> Result<&str, Problem> {
    const SAVE: &str = "Save it as \"CSV UTF-8\".";
    if file.starts_with(&[0xff, 0xfe]) || file.starts_with(&[0xfe, 0xff]) {
        return Err(unreadable("The roster is in UTF-16, not in UTF-8.", SAVE));
    }
    let file = file.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(file);
    let text = std::str::from_utf8(file).map_err(|error| {
        let before = file.get(..error.valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        unreadable(format!("The roster is not UTF-8: line {line} has another encoding."), SAVE)
    })?;
    if text.contains('\0') {
        return Err(unreadable("The roster holds zero bytes: it is UTF-16, or not text.", SAVE));
    }
    if text.trim().is_empty() {
        let fix =
            "Begin with a header row: identityParentId,displayName,userPrincipalName and what else you need.";
        return Err(unreadable("The roster is empty.", fix));
    }
    Ok(text)
}
