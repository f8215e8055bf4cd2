//! Resources, and the permissions that they define, found by the names that people write.

use crate::ObjectId;
use crate::flow::pages::all;
use crate::graph;
use crate::model::{PermissionName, Resource};
use crate::operation::Graph;
use crate::problem::{Code, Problem};
use crate::validate::nearest_name;

/// A resource of the tenant.
#[derive(Debug, Clone)]
pub(super) struct FoundResource {
    pub(super) id: ObjectId,
    pub(super) app_id: ObjectId,
    /// Its display name; its application id where it has none.
    pub(super) name: String,
    resource: Resource,
}

impl FoundResource {
    /// # Errors
    /// [`Code::ResourceNotFound`], and refusals of Graph.
    pub(super) async fn find(graph: &Graph, app_id: ObjectId) -> Result<Self, Problem> {
        let found = all(graph, graph::find_resource(graph.endpoint(), app_id)).await?;
        let own = found.into_iter().find(|one| one.app_id() == Some(app_id));
        let found = own.and_then(|resource| Some((resource.id()?, resource))).ok_or_else(|| {
            let message = format!("The tenant has no service principal of the application {app_id}.");
            Problem::new(Code::ResourceNotFound, message)
        });
        let (id, resource) = found?;
        let name = resource.display_name().map_or_else(|| app_id.to_string(), str::to_owned);
        Ok(Self { id, app_id, name, resource })
    }

    fn scopes(&self) -> impl Iterator<Item = &str> {
        let enabled = self.resource.scopes().iter().filter(|scope| scope.is_enabled != Some(false));
        enabled.filter_map(|scope| scope.value.as_deref().filter(|value| !value.is_empty()))
    }

    fn app_roles(&self) -> impl Iterator<Item = &str> {
        let enabled = self.resource.app_roles().iter().filter(|role| role.is_enabled != Some(false));
        enabled.filter_map(|role| role.value.as_deref().filter(|value| !value.is_empty()))
    }

    /// Delegated permissions, as the resource writes their names.
    ///
    /// # Errors
    /// [`Code::ScopeNotFound`], which names all that the resource does not have.
    pub(super) fn find_scopes<'a>(
        &self,
        wanted: impl IntoIterator<Item = &'a PermissionName>,
    ) -> Result<Vec<String>, Problem> {
        let (mut found, mut unknown): (Vec<String>, Vec<&str>) = (Vec::new(), Vec::new());
        for wanted in wanted {
            match self.scopes().find(|scope| scope.eq_ignore_ascii_case(wanted.as_str())) {
                Some(scope) if found.iter().any(|other| other == scope) => {}
                Some(scope) => found.push(scope.to_owned()),
                None if unknown.contains(&wanted.as_str()) => {}
                None => unknown.push(wanted.as_str()),
            }
        }
        if unknown.is_empty() {
            return Ok(found);
        }
        let fixes = unknown.iter().map(|name| self.meant_scope(name));
        let fix = fixes.collect::<Vec<_>>().join(" ");
        let message = match unknown.as_slice() {
            [one] => format!("{} has no delegated permission {one}.", self.name),
            several => format!("{} has none of the delegated permissions {}.", self.name, several.join(", ")),
        };
        Err(Problem::new(Code::ScopeNotFound, message).with_fix(fix))
    }

    fn meant_scope(&self, name: &str) -> String {
        let nearest = nearest_name(name, self.scopes());
        let role = self.app_roles().find(|role| role.eq_ignore_ascii_case(name));
        match (nearest, role) {
            (_, Some(role)) => {
                format!(
                    "{role} is an app role, an application permission: assign it as such (assignAppRole, --app-role)."
                )
            }
            (Some(nearest), None) => format!("Did you mean {nearest} for {name}?"),
            (None, None) => {
                format!("Look up {name} among the delegated permissions that {} defines.", self.name)
            }
        }
    }

    /// An app role for users, or for service principals: its id, and its name as the resource writes it.
    ///
    /// # Errors
    /// [`Code::AppRoleNotFound`], [`Code::AppRoleNotAssignable`].
    pub(super) fn find_app_role(
        &self,
        wanted: &PermissionName,
        for_user: bool,
    ) -> Result<(ObjectId, String), Problem> {
        let mut enabled = self.resource.app_roles().iter().filter(|role| role.is_enabled != Some(false));
        let found = enabled.find(|role| {
            role.value.as_deref().is_some_and(|value| value.eq_ignore_ascii_case(wanted.as_str()))
        });
        let found = found.and_then(|role| Some((role.id?, role.value.clone()?, &role.allowed_member_types)));
        let Some((id, value, allowed)) = found else { return Err(self.unknown_app_role(wanted.as_str())) };
        let needed = if for_user { "User" } else { "Application" };
        if !allowed.is_empty() && !allowed.iter().any(|kind| kind.eq_ignore_ascii_case(needed)) {
            let (can, cannot) = if for_user { ("applications", "users") } else { ("users", "applications") };
            let message = format!("{} lets {can} have the app role {value}, and no {cannot}.", self.name);
            let problem = Problem::new(Code::AppRoleNotAssignable, message);
            return Err(if for_user {
                problem.with_fix(
                    "Assign it to the agent identity (agentIdentityId, --identity), or grant the agent user a delegated permission \
                     (grantPermission, --scope).",
                )
            } else {
                problem
            });
        }
        Ok((id, value))
    }

    fn unknown_app_role(&self, name: &str) -> Problem {
        let problem = Problem::new(Code::AppRoleNotFound, format!("{} has no app role {name}.", self.name));
        let scope = self.scopes().find(|scope| scope.eq_ignore_ascii_case(name));
        match (scope, nearest_name(name, self.app_roles())) {
            (Some(scope), _) => problem.with_fix(format!(
                "{scope} is a delegated permission: grant it as such (grantPermission, --scope)."
            )),
            (None, Some(nearest)) => problem.with_fix(format!("Did you mean {nearest}?")),
            (None, None) => problem,
        }
    }
}
