//! The columns of a list.

use crate::command::get::sku_name;
use crate::output;
use agentuser::{AgentUser, ListedMember, SubscribedSku};
use serde_json::Value;

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

    /// Its value of an agent user. Several values are separated by semicolons, as in a roster.
    pub(super) fn text(&self, user: &AgentUser, members: &Value, skus: &[SubscribedSku]) -> String {
        if *self == Self::Licenses {
            let ids = user.assigned_licenses().iter().filter_map(|license| license.sku_id);
            return ids.map(|id| sku_name(skus, id)).collect::<Vec<_>>().join(";");
        }
        let value = match self {
            Self::Member(member) => members.as_object().and_then(|members| member.of(members)),
            _ => members.get(self.name()),
        };
        match value {
            Some(Value::Array(values)) => values.iter().map(output::compact).collect::<Vec<_>>().join(";"),
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => String::new(),
            Some(value) => output::compact(value),
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
    /// These columns, or the usual ones.
    pub(super) fn new(chosen: Vec<Column>, deleted: bool, csv: bool) -> Self {
        let is_chosen = !chosen.is_empty();
        let usual = |names: &[&str]| names.iter().filter_map(|name| Column::parse(name).ok()).collect();
        let shown = if is_chosen {
            chosen
        } else if deleted {
            usual(&["userPrincipalName", "id", "deletedDateTime", "displayName", "identityParentId"])
        } else if csv {
            // The first of them make a roster.
            let names = "identityParentId,displayName,userPrincipalName,mailNickname,accountEnabled,usageLocation,\
                jobTitle,department,licenses,id,mail,userType,createdDateTime";
            usual(&names.split(',').collect::<Vec<_>>())
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

/// A member's name in words.
fn heading(name: &str) -> String {
    match name {
        "identityParentId" => "Parent".to_owned(),
        "accountEnabled" => "Enabled".to_owned(),
        "deletedDateTime" => "Deleted".to_owned(),
        name => {
            let split = |c: char| if c.is_ascii_uppercase() { vec![' ', c] } else { vec![c] };
            name.chars().flat_map(split).collect()
        }
    }
}
