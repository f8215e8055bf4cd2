//! Files that commands read.

use std::io::{self, Read as _};
use std::path::Path;

/// The bytes of a file; `-` is stdin. An error says which of them can't be read, and why.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, String> {
    let unreadable = |name: String, error: io::Error| format!("{name} can't be read: {error}");
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        let read = io::stdin().read_to_end(&mut bytes);
        return read.map(|_| bytes).map_err(|error| unreadable("stdin".to_owned(), error));
    }
    std::fs::read(path).map_err(|error| unreadable(path.display().to_string(), error))
}
