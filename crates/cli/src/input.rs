//! Reading files.

use agentuser::{Code, Problem};
use std::io::{self, Read as _};
use std::path::Path;

/// The bytes of a file; `-` is stdin. The error is a sentence with the file's name.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, String> {
    let unreadable = |name: String, error: io::Error| format!("{name} can't be read: {error}.");
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        let read = io::stdin().read_to_end(&mut bytes);
        return read.map(|_| bytes).map_err(|error| unreadable("stdin".to_owned(), error));
    }
    std::fs::read(path).map_err(|error| unreadable(path.display().to_string(), error))
}

/// The values, with the lines of stdin in the place of `-`. Blank lines, and those that begin with `#`, are left out.
pub(crate) fn values(values: &[String]) -> Result<Vec<String>, Problem> {
    let mut all = Vec::new();
    for value in values {
        if value != "-" {
            all.push(value.clone());
            continue;
        }
        let unreadable = |message: String| {
            Problem::new(Code::Invalid, message)
                .with_cause("Standard input is not text with a value on each line.")
                .with_fix("Give one value on each line, in UTF-8.")
        };
        let bytes = read(Path::new("-")).map_err(unreadable)?;
        let text = String::from_utf8(bytes).map_err(|_| unreadable("stdin is not UTF-8.".to_owned()))?;
        let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
        all.extend(lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned));
    }
    Ok(all)
}

/// The bytes of a roster.
pub(crate) fn roster(path: &Path) -> Result<Vec<u8>, Problem> {
    read(path).map_err(|message| {
        Problem::new(Code::RosterUnreadable, message)
            .with_cause("The file does not exist, is a folder, or may not be read.")
            .with_fix("Check the path, and who may read the file.")
    })
}
