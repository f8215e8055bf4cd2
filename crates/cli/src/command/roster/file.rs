//! A roster's bytes.

use agentuser::{Code, Problem};
use std::io::Read as _;
use std::path::Path;

/// The file; `-` is stdin.
pub(in crate::command) fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    let (name, read) = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        ("stdin".to_owned(), std::io::stdin().read_to_end(&mut bytes).map(|_| bytes))
    } else {
        (path.display().to_string(), std::fs::read(path))
    };
    read.map_err(|error| {
        Problem::new(Code::RosterUnreadable, format!("{name} can't be read: {error}"))
            .with_cause("The file does not exist, is a folder, or may not be read.")
            .with_fix("Check the path, and who may read the file.")
    })
}
