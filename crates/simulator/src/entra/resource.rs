//! The resource and the scopes of a token.

use super::refused::Refused;
use crate::directory::Directory;
use crate::spelling::GRAPH;
use agentuser_core::ObjectId;
use agentuser_core::graph::Cloud;
use std::collections::BTreeSet;

/// Graph's application id, which names the resource as well.
const GRAPH_ID: &str = "00000003-0000-0000-c000-000000000000";
/// Ends of the hosts of resources that every tenant has.
const MICROSOFTS: [&str; 8] = [
    "microsoft.com",
    "microsoft.us",
    "azure.com",
    "azure.net",
    "windows.net",
    "office.com",
    "office365.com",
    "botframework.com",
];
/// The resource of exchange tokens: that of the global cloud, which any address that is not a cloud's has, too.
pub(super) const EXCHANGE: &str = "api://AzureADTokenExchange";

/// A service that takes tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Resource {
    Graph,
    /// Entra itself, which takes the token as an assertion.
    Exchange,
    /// The API of the application, or blueprint, with this appId.
    Api(ObjectId),
    /// Another one of Microsoft's.
    Microsofts(String),
}

/// The resource and the scopes that a user's token is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scopes {
    pub(super) resource: Resource,
    /// The named scopes; `None` for all that was consented to.
    pub(super) named: Option<BTreeSet<String>>,
    /// The resource as it was written before `/.default`.
    pub(super) all_of: Option<String>,
    pub(super) openid: bool,
    pub(super) offline: bool,
}

impl Directory {
    /// Whether it names Graph: by Microsoft's address or this tenant's, or by its application id.
    pub(crate) fn is_graph(&self, resource: &str) -> bool {
        let resource = resource.trim_end_matches('/');
        let address = self.entra.address.as_deref().unwrap_or(GRAPH);
        // The same port speaks both.
        let plain = address.replacen("https://", "http://", 1);
        let known = [self.root(), self.login(), address, &plain, GRAPH, GRAPH_ID];
        known.iter().any(|known| known.eq_ignore_ascii_case(resource))
    }

    /// The resource of exchange tokens in this cloud (<https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity>).
    pub(super) fn exchange(&self) -> String {
        let login = self.login();
        let end = match () {
            () if login == Cloud::UsGovernment.login() => "USGov",
            () if login == Cloud::China.login() => "China",
            () => "",
        };
        format!("{EXCHANGE}{end}")
    }

    pub(super) fn is_exchange(&self, resource: &str) -> bool {
        resource.trim_end_matches('/').eq_ignore_ascii_case(&self.exchange())
    }

    pub(super) fn resource(&self, name: &str) -> Result<Resource, Refused> {
        if self.is_graph(name) {
            return Ok(Resource::Graph);
        }
        if self.is_exchange(name) {
            return Ok(Resource::Exchange);
        }
        let app = name.strip_prefix("api://").unwrap_or(name).trim_end_matches('/').parse().ok();
        if let Some(app) = app
            && (self.blueprint_of_app(app).is_some() || self.entra.applications.contains_key(&app))
        {
            return Ok(Resource::Api(app));
        }
        let host = name.split_once("://").map_or(name, |(_, rest)| rest).trim_end_matches('/');
        if name.starts_with("https://") && MICROSOFTS.iter().any(|end| host.ends_with(end)) {
            return Ok(Resource::Microsofts(name.to_owned()));
        }
        let text = format!("The resource principal named '{name}' was not found in the tenant.");
        Err(Refused::new("invalid_resource", 500_011, text))
    }

    /// The resource of an application's own scope, which ends in `/.default`.
    pub(super) fn own_scope(&self, scope: &str) -> Result<Resource, Refused> {
        let invalid = |number, text| Err(Refused::new("invalid_scope", number, text));
        if scope.split_whitespace().count() != 1 {
            return invalid(70_011, "This grant takes one scope.".to_owned());
        }
        match scope.trim().strip_suffix("/.default") {
            Some(resource) => self.resource(resource),
            None => invalid(1_002_012, format!("The scope '{scope}' does not end in /.default.")),
        }
    }

    /// The scopes of a user's token: `{resource}/.default`, or names of one resource; those without a resource are Graph's.
    pub(super) fn scopes(&self, text: &str) -> Result<Scopes, Refused> {
        let mut scopes =
            Scopes { resource: Resource::Graph, named: None, all_of: None, openid: false, offline: false };
        let (mut resources, mut named) = (Vec::new(), BTreeSet::new());
        for scope in text.split_whitespace() {
            match scope {
                "openid" => scopes.openid = true,
                "offline_access" => scopes.offline = true,
                "profile" | "email" => {}
                _ => {
                    let (written, name) = scope.rsplit_once('/').map_or((GRAPH, scope), |both| both);
                    let resource = self.resource(written)?;
                    if !resources.contains(&resource) {
                        resources.push(resource);
                    }
                    if name == ".default" {
                        scopes.all_of = Some(written.to_owned());
                    } else {
                        named.insert(name.to_owned());
                    }
                }
            }
        }
        if resources.len() > 1 {
            let text = "The scope names more than one resource.";
            return Err(Refused::new("invalid_scope", 700_022, text));
        }
        if scopes.all_of.is_some() && !named.is_empty() {
            let text = "'.default' can't be combined with scopes of the same resource.";
            return Err(Refused::new("invalid_scope", 70_011, text));
        }
        scopes.resource = resources.into_iter().next().unwrap_or(Resource::Graph);
        if scopes.resource == Resource::Graph
            && let Some(unknown) = named.iter().find(|name| !self.graph_has_scope(name))
        {
            let text = format!("The scope '{unknown}' is not one of Microsoft Graph's.");
            return Err(Refused::new("invalid_scope", 70_011, text));
        }
        scopes.named = scopes.all_of.is_none().then_some(named);
        Ok(scopes)
    }
}
