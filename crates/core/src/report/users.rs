//! A list of agent users as a document.

use super::document::{Column, Document, Head, Kind, Sheet};
use super::portal::Link;

/// The columns of a list as data, unless others are asked for. The first of them make a roster.
pub const ROSTER_COLUMNS: [&str; 13] = [
    "identityParentId",
    "displayName",
    "userPrincipalName",
    "mailNickname",
    "accountEnabled",
    "usageLocation",
    "jobTitle",
    "department",
    "licenses",
    "id",
    "mail",
    "userType",
    "createdDateTime",
];

/// The document of a list with these columns, by Graph's names of members.
#[must_use]
pub fn users(columns: impl IntoIterator<Item = impl AsRef<str>>, head: Head) -> Document {
    let title = if head.title.is_empty() { "Agent users".to_owned() } else { head.title.clone() };
    Document {
        head: Head { title, ..head },
        counts: Vec::new(),
        figures: Vec::new(),
        gaps: Vec::new(),
        sheets: Vec::new(),
        main: Sheet {
            name: "Agent users",
            group: None,
            columns: columns.into_iter().map(|name| column(name.as_ref())).collect(),
        },
        spare: usize::MAX,
        envelope: None,
    }
}

fn column(name: &str) -> Column {
    let width = match name {
        "accountEnabled" | "usageLocation" | "userType" | "preferredLanguage" => 10,
        "id" | "identityParentId" | "userPrincipalName" | "mail" => 37,
        name if name.ends_with("DateTime") || name.ends_with("Date") => 21,
        _ => 24,
    };
    let column = Column::new(name, &heading(name), width);
    match name {
        "userPrincipalName" | "displayName" => column.linked(Link::User("/id")),
        name if name.ends_with("DateTime") || name.ends_with("Date") => column.of(Kind::Moment),
        _ => column,
    }
}

/// A member's name in words.
#[must_use]
pub fn heading(name: &str) -> String {
    match name {
        "id" => "Id".to_owned(),
        "identityParentId" => "Parent".to_owned(),
        "accountEnabled" => "Enabled".to_owned(),
        "deletedDateTime" => "Deleted".to_owned(),
        "createdDateTime" => "Created".to_owned(),
        name if name.contains(['.', '_']) => name.to_owned(),
        name => {
            let mut words = String::new();
            for (at, c) in name.chars().enumerate() {
                match c {
                    c if at == 0 => words.push(c.to_ascii_uppercase()),
                    c if c.is_ascii_uppercase() => words.extend([' ', c.to_ascii_lowercase()]),
                    c => words.push(c),
                }
            }
            words
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words() {
        for (name, words) in [
            ("userPrincipalName", "User principal name"),
            ("accountEnabled", "Enabled"),
            ("employeeOrgData.costCenter", "employeeOrgData.costCenter"),
            ("id", "Id"),
        ] {
            assert_eq!(heading(name), words);
        }
    }
}
