//! From bytes to text: which program wrote the file, and in which encoding.

use super::error::{unreadable, without_rows};
use super::limits::RosterLimits;
use crate::problem::Problem;
use crate::remark::{Remark, RemarkCode};
use std::borrow::Cow;

const SAVE: &str = "Save it as \"CSV UTF-8\".";

/// The beginnings of files that are not text, and the programs that write them.
const OTHER_KINDS: [(&[u8], &str, &str); 6] = [
    (
        b"PK\x03\x04",
        "a ZIP file, such as an Excel workbook (.xlsx)",
        "Open it in Excel and save the sheet as \"CSV UTF-8\".",
    ),
    (
        b"\xd0\xcf\x11\xe0",
        "an Excel workbook of the old kind (.xls)",
        "Open it in Excel and save the sheet as \"CSV UTF-8\".",
    ),
    (b"\x1f\x8b", "a gzip file", "Unpack it first."),
    (b"%PDF", "a PDF document", "Export the table as CSV instead."),
    (b"{\\rtf", "a document in rich text (RTF)", "Save it as plain text in UTF-8."),
    (b"SQLite format 3", "a database", "Export the table as CSV instead."),
];

/// A roster's file as text, as it is read.
///
/// # Errors
/// When it is not text, or has more bytes than it may.
pub(crate) fn roster_text(file: &[u8], limits: &RosterLimits) -> Result<String, Problem> {
    decode(Cow::Borrowed(file), limits, &mut Vec::new()).map(Cow::into_owned)
}

/// The file as text, with or without a byte order mark.
///
/// UTF-16 needs its mark: without one it is a guess, which could make other letters of a name.
pub(super) fn decode<'a>(
    file: Cow<'a, [u8]>,
    limits: &RosterLimits,
    remarks: &mut Vec<Remark>,
) -> Result<Cow<'a, str>, Problem> {
    if file.len() > limits.bytes {
        return Err(limits.too_large());
    }
    if let Some((_, kind, fix)) = OTHER_KINDS.iter().find(|(start, ..)| file.starts_with(start)) {
        return Err(unreadable(format!("The file is {kind}, not a roster."), *fix));
    }
    let text = match *file {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => {
            return Err(unreadable("The roster is in UTF-32, not in UTF-8.", SAVE));
        }
        [0xff, 0xfe, ref rest @ ..] => Cow::Owned(utf16(rest, u16::from_le_bytes, remarks)?),
        [0xfe, 0xff, ref rest @ ..] => Cow::Owned(utf16(rest, u16::from_be_bytes, remarks)?),
        _ => utf8(file)?,
    };
    if let Some(before) = text.find('\0').and_then(|at| text.get(..at)) {
        let message =
            format!("The roster holds a zero byte in line {}: it is UTF-16, or not text.", line(before));
        return Err(unreadable(message, SAVE));
    }
    if text.trim().is_empty() {
        let fix =
            "Begin with a header row: identityParentId,displayName,userPrincipalName and what else you need.";
        return Err(without_rows("The roster is empty.", fix));
    }
    not_markup(&text)?;
    Ok(text)
}

fn line(before: &str) -> usize {
    before.matches('\n').count() + 1
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, remarks: &mut Vec<Remark>) -> Result<String, Problem> {
    let mut text = String::with_capacity(bytes.len() / 2);
    let (pairs, rest) = bytes.as_chunks::<2>();
    let broken = |before: &str| {
        unreadable(format!("The roster is not UTF-16: line {} has another encoding.", line(before)), SAVE)
    };
    for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match decoded {
            Ok(c) => text.push(c),
            Err(_) => return Err(broken(&text)),
        }
    }
    if !rest.is_empty() {
        return Err(broken(&text));
    }
    remarks.push(Remark::new(RemarkCode::Utf16Read, "The roster is in UTF-16, and was read as such."));
    Ok(text)
}

fn utf8(file: Cow<'_, [u8]>) -> Result<Cow<'_, str>, Problem> {
    const MARK: &[u8] = &[0xef, 0xbb, 0xbf];
    let broken = |file: &[u8], valid: usize| {
        let before = String::from_utf8_lossy(file.get(..valid).unwrap_or_default());
        if file.get(..valid).is_some_and(|before| before.contains(&0)) {
            return unreadable("The roster holds zero bytes: it is UTF-16, or not text.", SAVE);
        }
        let message = format!("The roster is not UTF-8: line {} has another encoding.", line(&before));
        unreadable(message, SAVE).with_cause(
            "A program such as Excel saved it in the encoding of one language, for example as \"CSV\" instead of \"CSV UTF-8\".",
        )
    };
    match file {
        Cow::Borrowed(bytes) => {
            let mut bytes = bytes;
            // Files that were put together have several.
            while let Some(rest) = bytes.strip_prefix(MARK) {
                bytes = rest;
            }
            let text = std::str::from_utf8(bytes).map_err(|error| broken(bytes, error.valid_up_to()))?;
            Ok(Cow::Borrowed(text))
        }
        Cow::Owned(mut bytes) => {
            while bytes.starts_with(MARK) {
                bytes.drain(..MARK.len());
            }
            let text = String::from_utf8(bytes);
            let text = text.map_err(|error| broken(error.as_bytes(), error.utf8_error().valid_up_to()))?;
            Ok(Cow::Owned(text))
        }
    }
}

/// Pages and documents in tags, which a download or `Export-Clixml` leaves where a roster is expected.
fn not_markup(text: &str) -> Result<(), Problem> {
    let start: String = text.trim_start().chars().take(16).collect::<String>().to_ascii_lowercase();
    let (kind, fix) = if start.starts_with("#< clixml") || start.starts_with("<objs") {
        ("CLIXML, which Export-Clixml writes", "Write it with Export-Csv or ConvertTo-Json instead.")
    } else if start.starts_with("<!doctype") || start.starts_with("<html") {
        ("a web page", "Check the download: it may be a page that asks to sign in.")
    } else if start.starts_with("<?xml") {
        ("XML", "Save it as \"CSV UTF-8\".")
    } else {
        return Ok(());
    };
    Err(unreadable(format!("The file is {kind}, not a roster."), fix))
}
