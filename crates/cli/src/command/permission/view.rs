//! Permissions as text.

use crate::output::{Column, Table, change, note, paragraph, plain, width};
use agentuser::{Outcome, PermissionReport, Permissions, TokenPermission, TokenState};

/// A report: a line for the one whose permissions they are, and one for each change.
pub(super) fn report(report: &PermissionReport) -> String {
    let name = report.display_name.as_deref().map(plain).unwrap_or_default();
    let of = report.user_principal_name.as_deref().map(|user| format!(" for {}", plain(user)));
    let outcome = match report.outcome {
        Outcome::Unchanged => "nothing to change",
        Outcome::Planned => "would be changed",
        _ => "changed",
    };
    let line = format!("{name} ({}){}: {outcome}", report.id, of.unwrap_or_default());
    let mut text = paragraph(line.trim_start(), width::stdout(), "  ");
    for one in &report.changes {
        text.push_str(&change(one, report.outcome));
    }
    report.remarks.iter().for_each(|remark| text.push_str(&note(remark)));
    text
}

/// Whether there is nothing to list.
pub(super) fn is_empty(permissions: &Permissions) -> bool {
    let Permissions { delegated, app_roles, inheritable, .. } = permissions;
    delegated.is_empty() && app_roles.is_empty() && inheritable.is_empty()
}

/// Every permission, a line each; then what is inherited.
pub(super) fn permissions(permissions: &Permissions) -> String {
    let id = |id: Option<agentuser::ObjectId>| id.map(|id| id.to_string()).unwrap_or_default();
    let mut table = Table::new([
        Column::needed("Permission"),
        Column::needed("Kind"),
        Column::needed("For"),
        Column::optional("Resource", 1),
        Column::optional("Acts", 2),
    ]);
    for grant in &permissions.delegated {
        let user = match grant.principal_id {
            Some(user) => user.to_string(),
            None => "all users".to_owned(),
        };
        let resource = grant.resource_display_name.clone().unwrap_or_else(|| id(grant.resource_id));
        for scope in &grant.scopes {
            let acts = id(grant.client_id);
            table.row([scope.clone(), "delegated".to_owned(), user.clone(), resource.clone(), acts]);
        }
    }
    for role in &permissions.app_roles {
        table.row([
            role.app_role.clone().unwrap_or_else(|| id(role.app_role_id)),
            "app role".to_owned(),
            "itself".to_owned(),
            role.resource_display_name.clone().unwrap_or_else(|| id(role.resource_id)),
            permissions.id.to_string(),
        ]);
    }
    let has_rows = !permissions.app_roles.is_empty()
        || permissions.delegated.iter().any(|grant| !grant.scopes.is_empty());
    let mut text = if has_rows { table.to_text() } else { String::new() };
    if !permissions.inheritable.is_empty() {
        let mut inherited = Table::new([
            Column::needed("Inherited of"),
            Column::needed("Scopes"),
            Column::needed("App roles"),
        ]);
        for one in &permissions.inheritable {
            let kind = |kind: &Option<String>| kind.clone().unwrap_or_default();
            inherited.row([
                id(one.resource_app_id),
                kind(&one.inheritable_scopes),
                kind(&one.inheritable_roles),
            ]);
        }
        if has_rows {
            text.push('\n');
        }
        text.push_str(&inherited.to_text());
    }
    text
}

/// The end of a wait.
pub(super) fn token(ended: &TokenPermission) -> String {
    let state = match ended.state {
        TokenState::Carried => "the token carries it",
        _ => "not known: the token does not show its permissions",
    };
    paragraph(&format!("{}: {state}", plain(&ended.permission)), width::stdout(), "  ")
}
