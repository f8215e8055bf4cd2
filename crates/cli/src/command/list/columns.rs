//! The columns of a list.

use crate::output;
use agentuser::ListedMember;
use agentuser::core::report::{ROSTER_COLUMNS, heading};

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Column {
    /// A member that lists read.
    Member(ListedMember),
    /// When it was deleted, which the recycle bin alone tells.
    Deleted,
    /// The names of the licenses, direct and inherited.
    Licenses,
}

impl Column {
    /// The column of this name.
    pub(super) fn parse(name: &str) -> Result<Self, String> {
        let name = name.trim();
        if name.eq_ignore_ascii_case(Self::Licenses.name()) {
            return Ok(Self::Licenses);
        }
        if name.eq_ignore_ascii_case(Self::Deleted.name()) {
            return Ok(Self::Deleted);
        }
        ListedMember::find(name).map(Self::Member).ok_or_else(|| match ListedMember::nearest(name) {
            Some(nearest) => format!("There is no column {name:?}. Did you mean {}?", nearest.name()),
            None => {
                let all: Vec<_> = ListedMember::all().map(|member| member.name().to_owned()).collect();
                format!(
                    "There is no column {name:?}. Use licenses, extension_{{application id}}_{{name}}, \
                     customSecurityAttributes.SET.ATTRIBUTE, or one of {}.",
                    all.join(", ")
                )
            }
        })
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::Member(member) => member.name(),
            Self::Deleted => "deletedDateTime",
            Self::Licenses => "licenses",
        }
    }

    pub(super) fn member(&self) -> Option<ListedMember> {
        match self {
            Self::Member(member) => Some(member.clone()),
            Self::Deleted => None,
            Self::Licenses => ListedMember::find("assignedLicenses"),
        }
    }
}

/// The columns of a list, in their order.
#[derive(Debug)]
pub(super) struct Columns {
    shown: Vec<Column>,
    /// They were asked for, so that a narrow terminal keeps them.
    chosen: bool,
}

impl Columns {
    /// These columns, or the usual ones: of data for programs, or of a table for people.
    pub(super) fn new(chosen: Vec<Column>, deleted: bool, data: bool) -> Self {
        let is_chosen = !chosen.is_empty();
        let usual = |names: &[&str]| names.iter().filter_map(|name| Column::parse(name).ok()).collect();
        let shown = if is_chosen {
            chosen
        } else if deleted {
            usual(&["userPrincipalName", "id", "deletedDateTime", "displayName", "identityParentId"])
        } else if data {
            usual(&ROSTER_COLUMNS)
        } else {
            usual(&["userPrincipalName", "displayName", "accountEnabled", "id", "identityParentId"])
        };
        Self { shown, chosen: is_chosen }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Column> {
        self.shown.iter()
    }

    pub(super) fn need_skus(&self) -> bool {
        self.shown.contains(&Column::Licenses)
    }

    /// The members that they show.
    pub(super) fn members(&self) -> impl Iterator<Item = ListedMember> {
        self.iter().filter_map(Column::member)
    }

    /// The columns of a table. `restore` and `purge` take the id of what is deleted, so that one stays.
    pub(super) fn of_table(&self, deleted: bool) -> Vec<output::Column> {
        let column = |column: &Column| {
            let name = heading(column.name());
            match (column.name(), self.chosen, deleted) {
                (_, true, _) | ("userPrincipalName", ..) | ("id", _, true) => output::Column::needed(&name),
                ("displayName", ..) => output::Column::optional(&name, 1),
                ("accountEnabled" | "deletedDateTime", ..) => output::Column::optional(&name, 2),
                ("id", ..) => output::Column::optional(&name, 3),
                _ => output::Column::optional(&name, 4),
            }
        };
        self.iter().map(column).collect()
    }
}
