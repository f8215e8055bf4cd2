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

/// The bytes of a roster.
pub(crate) fn roster(path: &Path) -> Result<Vec<u8>, Problem> {
    read(path).map_err(|message| {
        Problem::new(Code::RosterUnreadable, message)
            .with_cause("The file does not exist, is a folder, or may not be read.")
            .with_fix("Check the path, and who may read the file.")
    })
}
