//! The sign-in that a simulator begins with, beside that of the demo tenant.

use crate::directory::{Directory, PrincipalKind};
use crate::entra::{Application, Effect, Entra, Policy, Redirect, Workload, read_certificate};
use crate::hash::Hash;
use crate::{Tenant, ids};
use agentuser_core::ObjectId;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// The audience of a federated identity credential, unless another one is named.
const AUDIENCE: &str = "api://AzureADTokenExchange";
/// The platforms whose tokens blueprints may trust.
const PLATFORMS: [&str; 3] = ["gitHubActions", "azurePipelines", "kubernetes"];

/// Applications, people, consent, and policies.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SignInOptions {
    /// Applications, and credentials of blueprints.
    pub applications: Vec<ApplicationOptions>,
    /// People beside those of the demo tenant.
    pub people: Vec<PersonOptions>,
    /// The consents that were given.
    pub consent: Vec<ConsentOptions>,
    /// Conditional Access.
    pub policies: Vec<PolicyOptions>,
    /// The user who signs in at the page of a browser without being asked, by user principal name; without
    /// one the page asks.
    pub approves: Option<String>,
    /// Let only admins consent.
    pub only_admins_consent: bool,
    /// How long after a sign-in refresh tokens of people's own programs are good, in seconds of its own clock.
    pub sign_in_frequency_seconds: Option<u64>,
    /// The workloads that other issuers vouch for, by platform: `gitHubActions`, `azurePipelines`,
    /// `kubernetes`.
    pub workloads: BTreeMap<String, WorkloadOptions>,
}

/// An application that may sign in. One that is there already, a blueprint for example, gets these beside what it has.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApplicationOptions {
    /// The client id.
    pub client_id: ObjectId,
    /// A secret.
    #[serde(default)]
    pub client_secret: Option<String>,
    /// A secret that is over.
    #[serde(default)]
    pub expired_secret: Option<String>,
    /// A certificate, as PEM or as base64.
    #[serde(default)]
    pub certificate: Option<String>,
    /// The number with which the certificate is refused, such as 7000214 (it was revoked).
    #[serde(default)]
    pub certificate_refused: Option<u32>,
    /// Federated identity credentials.
    #[serde(default)]
    pub federated: Vec<FederatedOptions>,
    /// Redirect addresses of programs on a person's machine, such as `http://localhost`. Ports don't matter.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// Redirect addresses of pages.
    #[serde(default)]
    pub page_redirect_uris: Vec<String>,
    /// Redirect addresses of servers with a secret.
    #[serde(default)]
    pub web_redirect_uris: Vec<String>,
    /// Allow public client flows.
    #[serde(default)]
    pub public_client: bool,
    /// App roles of Graph that its principal has, such as `User.Read.All`.
    #[serde(default)]
    pub roles: Vec<String>,
    /// How long its tokens live, in real time.
    #[serde(default)]
    pub expires_in_seconds: Option<u64>,
}

/// A federated identity credential.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FederatedOptions {
    /// The issuer.
    pub issuer: String,
    /// The subject.
    pub subject: String,
    /// The audience, if it is not `api://AzureADTokenExchange`.
    #[serde(default)]
    pub audience: Option<String>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PersonOptions {
    /// The user principal name.
    pub user_principal_name: String,
    /// The display name, if it is not the first part of that.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Whether the person may consent to everything.
    #[serde(default)]
    pub admin: bool,
}

/// A delegated permission grant of Graph.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsentOptions {
    /// The client: the appId of an application, or the object id of an agent identity or a blueprint's principal.
    pub client: ObjectId,
    /// The user, by user principal name; all, where none is named.
    #[serde(default)]
    pub user: Option<String>,
    /// The scopes, with blanks between.
    pub scope: String,
}

/// A Conditional Access policy. It has one of `block`, `claimsAtSignIn` and `claimsAtGraph`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PolicyOptions {
    /// The name, which the claims that it asks for have as their value.
    pub name: String,
    /// The user, by user principal name.
    #[serde(default)]
    pub user: Option<String>,
    /// The application, by client id.
    #[serde(default)]
    pub client_id: Option<ObjectId>,
    /// No token, with this number, such as 53003.
    #[serde(default)]
    pub block: Option<u32>,
    /// No token without claims, with this number, such as 50076.
    #[serde(default)]
    pub claims_at_sign_in: Option<u32>,
    /// Graph refuses tokens that were not asked for with claims.
    #[serde(default)]
    pub claims_at_graph: bool,
}

/// A workload that another issuer vouches for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkloadOptions {
    /// The issuer, if it is not the usual one of the platform.
    #[serde(default)]
    pub issuer: Option<String>,
    /// The subject.
    pub subject: String,
}

impl fmt::Debug for ApplicationOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApplicationOptions").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

impl PolicyOptions {
    /// The policy, in a directory that knows the user.
    pub(crate) fn policy(&self, directory: &Directory) -> Result<Policy, String> {
        let effect = match (self.block, self.claims_at_sign_in, self.claims_at_graph) {
            (Some(number), None, false) => Effect::Block(number),
            (None, Some(number), false) => Effect::ClaimsAtSignIn(number),
            (None, None, true) => Effect::ClaimsAtGraph,
            _ => return Err("a policy has one of block, claimsAtSignIn and claimsAtGraph".to_owned()),
        };
        let user = self.user.as_deref().map(|name| person(directory, name)).transpose()?;
        Ok(Policy { name: self.name.clone(), user, client: self.client_id, effect })
    }
}

pub(crate) fn person(directory: &Directory, name: &str) -> Result<ObjectId, String> {
    directory.person_named(name).ok_or_else(|| format!("the tenant has no user '{name}'"))
}

impl SignInOptions {
    /// The tenant with all this.
    pub(super) fn add(&self, mut tenant: Tenant) -> Result<Tenant, String> {
        for (n, one) in self.people.iter().enumerate() {
            if !one.user_principal_name.contains('@') {
                return Err(format!("signIn.people[{n}].userPrincipalName: it has no '@'"));
            }
            // Numbers of the demo tenant's humans come first.
            let number = 1_000 + u32::try_from(n).unwrap_or_default();
            tenant = tenant.person(number, &one.user_principal_name, one.display_name.as_deref());
            if one.admin {
                tenant = tenant.sign_in(|entra| entra.add_admin(ids::human(number)));
            }
        }
        for (n, one) in self.applications.iter().enumerate() {
            tenant = one.add(tenant).map_err(|why| format!("signIn.applications[{n}].{why}"))?;
        }
        for (n, one) in self.consent.iter().enumerate() {
            tenant = one.add(tenant).map_err(|why| format!("signIn.consent[{n}].{why}"))?;
        }
        for (n, one) in self.policies.iter().enumerate() {
            let policy = one.policy(tenant.directory());
            let policy = policy.map_err(|why| format!("signIn.policies[{n}]: {why}"))?;
            tenant = tenant.sign_in(|entra| entra.add_policy(policy));
        }
        let approver = self.approves.as_deref().map(|name| person(tenant.directory(), name)).transpose();
        let approver = approver.map_err(|why| format!("signIn.approves: {why}"))?;
        if let Some(unknown) = self.workloads.keys().find(|name| !PLATFORMS.contains(&name.as_str())) {
            return Err(format!("signIn.workloads.{unknown}: it is one of {}", PLATFORMS.join(", ")));
        }
        Ok(tenant.sign_in(|entra| self.set(entra, approver)))
    }

    fn set(&self, entra: &mut Entra, approver: Option<ObjectId>) {
        entra.set_approver(approver);
        entra.set_user_consent(!self.only_admins_consent);
        entra.set_sign_in_frequency(self.sign_in_frequency_seconds.map(Duration::from_secs));
        for (platform, one) in &self.workloads {
            let usual = entra.workload(platform);
            let issuer = one.issuer.clone().unwrap_or(usual.issuer);
            entra.set_workload(platform, Workload { issuer, subject: one.subject.clone() });
        }
    }
}

impl ApplicationOptions {
    fn add(&self, mut tenant: Tenant) -> Result<Tenant, String> {
        let certificate = self.certificate.as_deref().map(|text| {
            read_certificate(text).ok_or("certificate: it is neither PEM nor base64 of a certificate")
        });
        let certificate = certificate.transpose()?;
        if self.certificate_refused.is_some() && certificate.is_none() {
            return Err("certificateRefused: without a certificate nothing is refused".to_owned());
        }
        let id = self.client_id;
        let directory = tenant.directory();
        if directory.blueprint_of_app(id).is_none() && directory.principals_of_app(id).next().is_none() {
            let object = Hash::new(0).text("principal").id(id).guid();
            tenant = tenant.principal_of(object, id, PrincipalKind::Plain, "Application");
        }
        let principal = tenant.directory().principals_of_app(id).next().map(|one| one.id);
        for role in &self.roles {
            if let Some(principal) = principal {
                tenant = tenant.app_role(principal, role);
            }
        }
        Ok(tenant.sign_in(|entra| entra.change(id, |one| self.change(one, certificate.as_deref()))))
    }

    fn change(&self, mut one: Application, certificate: Option<&[u8]>) -> Application {
        if let Some(secret) = &self.client_secret {
            one = one.secret(secret);
        }
        if let Some(secret) = &self.expired_secret {
            one = one.secret_until(secret, 0);
        }
        if let Some(der) = certificate {
            one = match self.certificate_refused {
                Some(number) => one.refused_certificate(der, number),
                None => one.certificate(der),
            };
        }
        for FederatedOptions { issuer, subject, audience } in &self.federated {
            one = one.federated(issuer, subject, audience.as_deref().unwrap_or(AUDIENCE));
        }
        let redirects = [
            (Redirect::Public, &self.redirect_uris),
            (Redirect::SinglePage, &self.page_redirect_uris),
            (Redirect::Web, &self.web_redirect_uris),
        ];
        for (kind, uris) in redirects {
            for uri in uris {
                one = one.redirect(kind, uri);
            }
        }
        if self.public_client {
            one = one.public_flows();
        }
        if !self.roles.is_empty() {
            one = one.own_roles();
        }
        match self.expires_in_seconds {
            Some(seconds) => one.expires_in(Duration::from_secs(seconds)),
            None => one,
        }
    }
}

impl ConsentOptions {
    fn add(&self, tenant: Tenant) -> Result<Tenant, String> {
        let directory = tenant.directory();
        let by_app = || directory.principals_of_app(self.client).next();
        let principal = directory.find_principal(self.client).or_else(by_app).map(|one| one.id);
        let principal =
            principal.ok_or_else(|| format!("client: no service principal is '{}'", self.client))?;
        let user = self.user.as_deref().map(|name| person(directory, name)).transpose();
        let user = user.map_err(|why| format!("user: {why}"))?;
        Ok(tenant.consent(principal, user, &self.scope))
    }
}
