//! Reading files, to a limit: a path may name a device or a pipe without an end.

use agentuser::{Code, PlanLimits, Problem, RosterLimits, plain_reason};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The most bytes of a file with options, and of a list of names.
const OPTIONS: usize = 1 << 20;

/// The most bytes of a file with reports.
const REPORTS: usize = 128 << 20;

/// The most bytes of a snapshot.
const SNAPSHOT: usize = 512 << 20;

/// The bytes of a file.
pub(crate) enum Content {
    /// All of them.
    Whole(Vec<u8>),
    /// The file has more bytes than the limit.
    TooLarge,
}

/// The bytes of a file; `-` is stdin. The error is a sentence with the file's name.
pub(crate) fn read(path: &Path, most: usize) -> Result<Content, String> {
    let read = if is_stdin(path) { to_limit(io::stdin().lock(), most) } else { to_limit_of(path, most) };
    read.map_err(|error| format!("{} can't be read: {}.", name(path), plain_reason(&error)))
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The name of a file in a message.
fn name(path: &Path) -> String {
    if is_stdin(path) { "Standard input".to_owned() } else { path.display().to_string() }
}

/// The bytes of the file at a path.
pub(crate) fn to_limit_of(path: &Path, most: usize) -> io::Result<Content> {
    File::open(path).and_then(|file| to_limit(file, most))
}

fn to_limit(reader: impl Read, most: usize) -> io::Result<Content> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    reader.take(limit).read_to_end(&mut bytes)?;
    Ok(if bytes.len() > most { Content::TooLarge } else { Content::Whole(bytes) })
}

/// The values, with the lines of stdin in the place of `-`.
pub(crate) fn values(values: &[String]) -> Result<Vec<String>, Problem> {
    let mut all = Vec::new();
    for value in values {
        if value == "-" {
            all.extend(lines_of(Path::new("-"))?);
        } else {
            all.push(value.clone());
        }
    }
    Ok(all)
}

/// The lines of a file; `-` is stdin. Blank lines, and those that begin with `#`, are left out.
pub(crate) fn lines_of(path: &Path) -> Result<Vec<String>, Problem> {
    let mut lines = all_lines_of(path)?;
    lines.retain(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(lines)
}

/// All lines of a file, so that each has its number.
pub(crate) fn all_lines_of(path: &Path) -> Result<Vec<String>, Problem> {
    let unreadable = |message: String| {
        Problem::new(Code::Invalid, message)
            .with_cause(format!("{} is not text with a value on each line.", name(path)))
            .with_fix("Give one value on each line, in UTF-8.")
    };
    let bytes = options(path).map_err(unreadable)?;
    let text = String::from_utf8(bytes).map_err(|_| unreadable(format!("{} is not UTF-8.", name(path))))?;
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    Ok(lines.map(str::to_owned).collect())
}

/// The bytes of a roster.
pub(crate) fn roster(path: &Path, limits: &RosterLimits) -> Result<Vec<u8>, Problem> {
    document(path, limits.bytes, Code::RosterUnreadable)?.ok_or_else(|| limits.too_large())
}

/// The bytes of reports.
pub(crate) fn reports(path: &Path) -> Result<Vec<u8>, Problem> {
    let unreadable = |message: String| Problem::new(Code::ReportUnreadable, message);
    match read(path, REPORTS).map_err(unreadable)? {
        Content::Whole(bytes) => Ok(bytes),
        Content::TooLarge => Err(unreadable(format!("{} has more than {REPORTS} bytes.", name(path)))),
    }
}

/// The bytes of a snapshot.
pub(crate) fn snapshot(path: &Path) -> Result<Vec<u8>, Problem> {
    of_audit(path, Code::SnapshotUnreadable, SNAPSHOT)
}

/// The bytes of a file of accepted findings.
pub(crate) fn accepted(path: &Path) -> Result<Vec<u8>, Problem> {
    of_audit(path, Code::AcceptanceUnreadable, OPTIONS)
}

/// The bytes of an older report or snapshot.
pub(crate) fn older_audit(path: &Path) -> Result<Vec<u8>, Problem> {
    of_audit(path, Code::ComparisonUnreadable, SNAPSHOT)
}

fn of_audit(path: &Path, code: Code, most: usize) -> Result<Vec<u8>, Problem> {
    let unreadable = |message: String| Problem::new(code, message);
    match read(path, most).map_err(unreadable)? {
        Content::Whole(bytes) => Ok(bytes),
        Content::TooLarge => Err(unreadable(format!("{} has more than {most} bytes.", name(path)))),
    }
}

/// The bytes of a file with the findings of an audit.
pub(crate) fn findings(path: &Path) -> Result<Vec<u8>, Problem> {
    let unreadable = |message: String| Problem::new(Code::FindingsUnreadable, message);
    match read(path, REPORTS).map_err(unreadable)? {
        Content::Whole(bytes) => Ok(bytes),
        Content::TooLarge => Err(unreadable(format!("{} has more than {REPORTS} bytes.", name(path)))),
    }
}

/// The bytes of a plan.
pub(crate) fn plan(path: &Path, limits: &PlanLimits) -> Result<Vec<u8>, Problem> {
    document(path, limits.bytes, Code::PlanUnreadable)?.ok_or_else(|| limits.too_large())
}

/// The bytes of a file that is read whole; none where it has more than `most`.
fn document(path: &Path, most: usize, unreadable: Code) -> Result<Option<Vec<u8>>, Problem> {
    let content = read(path, most).map_err(|message| {
        Problem::new(unreadable, message)
            .with_cause("The file does not exist, is a folder, or may not be read.")
            .with_fix("Check the path, and who may read the file.")
    })?;
    Ok(match content {
        Content::Whole(bytes) => Some(bytes),
        Content::TooLarge => None,
    })
}

/// The bytes of a file with options, or of a list of names.
pub(crate) fn options(path: &Path) -> Result<Vec<u8>, String> {
    match read(path, OPTIONS)? {
        Content::Whole(bytes) => Ok(bytes),
        Content::TooLarge => Err(format!("{} has more than {OPTIONS} bytes.", name(path))),
    }
}
