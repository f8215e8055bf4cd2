//! Where the subjects of findings stand in a file: a roster's row, or a snapshot's line.

use std::collections::BTreeMap;

/// A file, and the line in which each id and each name of it stands first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    uri: String,
    lines: BTreeMap<String, usize>,
}

impl Places {
    /// Reads a file, under the address by which a report names it.
    #[must_use]
    pub fn of(uri: &str, file: &[u8]) -> Self {
        let text = String::from_utf8_lossy(file);
        let mut lines = BTreeMap::new();
        for (at, line) in text.lines().enumerate() {
            // No id and no user principal name has one of these, nor an apostrophe before its first character but as a guard.
            let words = line.split(['"', ',', ';', '\t', ' ', '=', '<', '>', '[', ']', '{', '}']);
            for word in words.filter(|word| is_name(word)) {
                lines.entry(word.to_ascii_lowercase()).or_insert(at + 1);
            }
        }
        Self { uri: uri.replace('\\', "/"), lines }
    }

    /// The address of the file.
    pub(super) fn uri(&self) -> &str {
        &self.uri
    }

    /// The line of the first of these names that the file has.
    pub(super) fn line<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Option<usize> {
        names.into_iter().find_map(|name| self.lines.get(&name.to_ascii_lowercase()).copied())
    }
}

/// Whether a word may be a user principal name or an object id.
fn is_name(word: &str) -> bool {
    word.contains('@')
        || word.len() == 36 && word.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_ids_have_their_first_line() {
        let id = "a1d00000-0000-4000-8000-00000000000a";
        let roster = format!(
            "identityParentId,userPrincipalName\r\n{id},Ada@contoso.com\r\nx,eve@contoso.com\r\n{id},\r\n"
        );
        let places = Places::of("rosters\\a.csv", roster.as_bytes());
        assert_eq!(places.uri(), "rosters/a.csv");
        assert_eq!(places.line([id]), Some(2));
        assert_eq!(places.line(["nobody@contoso.com", "EVE@contoso.com"]), Some(3));
        let snapshot =
            format!("{{\"users\":[\n{{\"id\":\"{id}\",\"userPrincipalName\":\"ada@contoso.com\"}}]}}");
        assert_eq!(Places::of("s.json", snapshot.as_bytes()).line(["ada@contoso.com"]), Some(2));
        assert_eq!(places.line(["x"]), None);
    }
}
