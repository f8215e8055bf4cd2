//! `agentuser access`.

use crate::context::Context;
use crate::exit::{CommandResult, Exit};
use crate::options::User;
use crate::output::{Column, Table, paragraph, plain, width};
use agentuser::{Access, AccessRole, AccessSource, AccessSourceKind, ObjectId, Read, Sourced};
use clap::Args;

const EXAMPLES: &str = "\
Examples:
  agentuser access ada@contoso.com
  agentuser access ada@contoso.com --json | jq .roles

A part that may not be read is named with the reason: it is unknown, not empty. Graph shows what an agent identity may inherit from its blueprint, not what it has inherited.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    user: User,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    let user = arguments.user.get()?;
    let access = context.finish(context.client()?.access(user)).await?;
    if context.output.is_json() {
        context.output.json([&access])?;
        return Ok(Exit::Done);
    }
    let (table, rows) = table(&access);
    if rows > 0 {
        context.output.text(&table.to_text());
    } else if access.unread().is_empty() {
        context.output.remark("It has access to nothing of its own.");
    }
    let unread: String = access.unread().into_iter().map(|(part, why)| not_read(part, why)).collect();
    if !unread.is_empty() {
        context.output.text(&unread);
    }
    Ok(Exit::Done)
}

fn not_read(part: &str, why: &agentuser::Unread) -> String {
    let mut line = format!("{part}: not read, because: {}", plain(&why.message));
    if !why.permissions.is_empty() {
        line.push_str(&format!(" Any of these permissions allows it: {}.", why.permissions.join(", ")));
    }
    if let Some(license) = &why.license {
        line.push_str(&format!(" It needs {license}."));
    }
    paragraph(&line, width::stdout(), "  ")
}

fn source(source: &AccessSource) -> String {
    let name = || match (&source.display_name, source.id) {
        (Some(name), _) => format!(" {name}"),
        (None, Some(id)) => format!(" {id}"),
        (None, None) => String::new(),
    };
    match source.kind {
        AccessSourceKind::Itself => "itself".to_owned(),
        AccessSourceKind::Group if source.id.is_none() => "another group".to_owned(),
        AccessSourceKind::Group => format!("group{}", name()),
        AccessSourceKind::AllUsers => "all users".to_owned(),
        AccessSourceKind::Blueprint => format!("blueprint{}", name()),
        _ => name().trim_start().to_owned(),
    }
}

fn known<T>(part: &Read<Vec<T>>) -> &[T] {
    part.get().map_or(&[][..], Vec::as_slice)
}

/// Everything that was read, a line each, and how many these are.
fn table(access: &Access) -> (Table, usize) {
    let id = |id: Option<ObjectId>| id.map(|id| id.to_string()).unwrap_or_default();
    let named = |name: &Option<String>, of| name.clone().unwrap_or_else(|| id(of));
    let mut rows: Vec<[String; 4]> = Vec::new();
    for one in known(&access.groups) {
        let group = &one.access;
        let name = named(&group.display_name, Some(group.id));
        rows.push(["group".to_owned(), name, String::new(), source(&one.source)]);
    }
    let mut roles = |kind: &str, part: &[Sourced<AccessRole>]| {
        for one in part {
            let role = &one.access;
            let scope = match role.directory_scope_id.as_deref() {
                Some("/") | None => String::new(),
                Some(scope) => scope.to_owned(),
            };
            let name = named(&role.display_name, role.role_definition_id);
            rows.push([kind.to_owned(), name, scope, source(&one.source)]);
        }
    };
    roles("role", known(&access.roles));
    roles("eligible role", known(&access.eligible_roles));
    for one in known(&access.delegated) {
        let resource = named(&one.access.resource_display_name, one.access.resource_id);
        for scope in &one.access.scopes {
            rows.push(["delegated".to_owned(), scope.clone(), resource.clone(), source(&one.source)]);
        }
    }
    for one in known(&access.app_roles) {
        let role = named(&one.access.app_role, one.access.app_role_id);
        let resource = named(&one.access.resource_display_name, one.access.resource_id);
        rows.push(["app role".to_owned(), role, resource, source(&one.source)]);
    }
    for one in known(&access.inheritable) {
        let kind = |kind: &Option<String>| kind.clone().unwrap_or_else(|| "none".to_owned());
        let what = format!(
            "scopes: {}, app roles: {}",
            kind(&one.access.inheritable_scopes),
            kind(&one.access.inheritable_roles)
        );
        rows.push(["inheritable".to_owned(), what, id(one.access.resource_app_id), source(&one.source)]);
    }
    let mut table = Table::new([
        Column::needed("Kind"),
        Column::needed("Access"),
        Column::optional("Of", 1),
        Column::needed("From"),
    ]);
    let count = rows.len();
    rows.into_iter().for_each(|row| table.row(row));
    (table, count)
}
