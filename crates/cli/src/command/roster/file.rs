//! A roster's bytes.

use crate::input;
use agentuser::{Code, Problem};
use std::path::Path;

/// The file; `-` is stdin.
pub(in crate::command) fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    input::read(path).map_err(|message| {
        Problem::new(Code::RosterUnreadable, message)
            .with_cause("The file does not exist, is a folder, or may not be read.")
            .with_fix("Check the path, and who may read the file.")
    })
}
