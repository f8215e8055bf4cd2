//! The page on which an admin consents to a blueprint's permissions, without network: JSON in, JSON out.

use super::members::{FromMembers, Members};
use super::permission_parameters::permission_name;
use crate::graph::{Cloud, Endpoint};
use crate::model::PermissionName;
use crate::problem::{Code, Problem};
use crate::sign_in::{AgentIdentityId, ClientId, ConsentFor, Login, Tenant, admin_consent_url};
use crate::validate::{RuleCode, Violation, Violations};
use serde::Serialize;
use serde_json::Error;

/// The blueprint, and the permissions that an admin is to consent to.
#[derive(Debug, Clone)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename_all = "camelCase", deny_unknown_fields)
)]
pub struct ConsentUrlRequest {
    /// The tenant: a GUID or a domain.
    tenant_id: String,
    /// The blueprint's application (client) id.
    #[cfg_attr(feature = "schema", schemars(default))]
    client_id: Option<String>,
    /// In place of a blueprint, an agent identity: to that nobody can consent in a browser, and the problem says what to do.
    #[cfg_attr(feature = "schema", schemars(default))]
    agent_identity_id: Option<String>,
    /// The names of delegated permissions, such as `User.Read`.
    #[cfg_attr(feature = "schema", schemars(default))]
    scopes: Vec<String>,
    /// The names of app roles, such as `AgentIdUser.ReadWrite.IdentityParentedBy`.
    #[cfg_attr(feature = "schema", schemars(default))]
    app_roles: Vec<String>,
    /// Where Entra sends the admin afterwards, which the blueprint must have registered; Microsoft's own page, unless given.
    #[cfg_attr(feature = "schema", schemars(default))]
    redirect_uri: Option<String>,
    /// A text that comes back with the admin.
    #[cfg_attr(feature = "schema", schemars(default))]
    state: Option<String>,
    /// `global`, `usgov`, `usgovdod` or `china`; `global`, unless given.
    #[cfg_attr(feature = "schema", schemars(default))]
    cloud: Option<String>,
    /// Another sign-in endpoint in place of the cloud's.
    #[cfg_attr(feature = "schema", schemars(default))]
    login_endpoint: Option<String>,
}

impl FromMembers for ConsentUrlRequest {
    fn read(members: &mut Members) -> Result<Self, Error> {
        Ok(Self {
            tenant_id: members.need("tenantId")?,
            client_id: members.take("clientId")?,
            agent_identity_id: members.take("agentIdentityId")?,
            scopes: members.or_default("scopes")?,
            app_roles: members.or_default("appRoles")?,
            redirect_uri: members.take("redirectUri")?,
            state: members.take("state")?,
            cloud: members.take("cloud")?,
            login_endpoint: members.take("loginEndpoint")?,
        })
    }
}

/// The page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ConsentUrl {
    /// Its address, for an admin's browser.
    url: String,
}

/// Makes the address of the page on which an admin consents: a `ConsentUrlRequest` in, a `ConsentUrl` out.
///
/// # Errors
/// When the request is not such JSON; every broken rule; [`Code::SignInNoInteractiveConsent`] for an agent identity.
pub fn consent_url(json: &[u8]) -> Result<String, Problem> {
    let request: ConsentUrlRequest = super::text::read("consent", json)?;
    let mut broken = Violations::default();
    let tenant = broken.keep(Tenant::parse(&request.tenant_id).map_err(|violation| vec![violation]));
    let wanted = consent_for(&request, &mut broken);
    let scopes = names("scopes", &request.scopes, &mut broken);
    let roles = names("appRoles", &request.app_roles, &mut broken);
    if request.scopes.is_empty() && request.app_roles.is_empty() {
        broken.push(Violation::new(
            RuleCode::Required,
            "scopes",
            "No permission is named.",
            "Name at least one of the scopes or appRoles that the admin is to consent to.",
        ));
    }
    if let Some(uri) = request.redirect_uri.as_deref().filter(|uri| !is_redirect(uri)) {
        let message = format!("{uri:?} is not an address over https, or over http on this machine.");
        let fix = "Give a redirect URI that is registered on the blueprint, or leave it out.";
        broken.push(Violation::new(RuleCode::WrongKind, "redirectUri", message, fix));
    }
    let (tenant, wanted) = broken.finish(tenant.zip(wanted)).map_err(Problem::from_violations)?;
    let cloud = request.cloud.as_deref().map(str::parse::<Cloud>).transpose();
    let cloud =
        cloud.map_err(|unknown| Problem::new(Code::Invalid, format!("{unknown}.")).with_field("cloud"))?;
    let login = Login::chosen(cloud, None, request.login_endpoint.as_deref())?;
    let texts = |names: &[PermissionName]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    let (roles, scopes) = (texts(&roles), texts(&scopes));
    let url = admin_consent_url(
        &login,
        &tenant,
        wanted,
        &roles.iter().map(String::as_str).collect::<Vec<_>>(),
        &scopes.iter().map(String::as_str).collect::<Vec<_>>(),
        request.redirect_uri.as_deref(),
        request.state.as_deref(),
    );
    let url = url.map_err(|problem| match wanted {
        ConsentFor::AgentIdentity(identity) => for_identity(problem, identity),
        ConsentFor::Blueprint(_) => problem,
    })?;
    Ok(super::text::write(&ConsentUrl { url }))
}

/// Why nobody can consent to an agent identity, and the way that there is.
fn for_identity(problem: Problem, identity: AgentIdentityId) -> Problem {
    problem
        .with_cause(
            "Entra refuses to ask for consent to an agent identity in a browser (AADSTS82014). One page of Microsoft prints the \
             address with an agent identity's id all the same, which users report not to work.",
        )
        .with_fix(format!(
            "Grant the permissions through Graph: the operation grantPermission with agentIdentityId {identity}, or `agentuser \
             permission grant --identity {identity}`; or have an admin consent for its blueprint, from which it inherits."
        ))
}

fn consent_for(request: &ConsentUrlRequest, broken: &mut Violations) -> Option<ConsentFor> {
    let one = |violation| vec![violation];
    match (&request.client_id, &request.agent_identity_id) {
        (Some(id), None) => {
            broken.keep(ClientId::parse("clientId", id).map_err(one)).map(ConsentFor::Blueprint)
        }
        (None, Some(id)) => broken
            .keep(AgentIdentityId::parse("agentIdentityId", id).map_err(one))
            .map(ConsentFor::AgentIdentity),
        (None, None) => {
            broken.push(Violation::required("clientId"));
            None
        }
        (Some(_), Some(_)) => {
            let message = "It is given beside clientId.";
            let fix = "Leave out clientId or agentIdentityId.";
            broken.push(Violation::new(RuleCode::Contradiction, "agentIdentityId", message, fix));
            None
        }
    }
}

fn names(field: &'static str, texts: &[String], broken: &mut Violations) -> Vec<PermissionName> {
    texts.iter().filter_map(|text| permission_name(field, text, broken)).collect()
}

/// An absolute address over https; over http on this machine alone. Entra compares it with those that are registered.
fn is_redirect(uri: &str) -> bool {
    let is_plain = !uri.chars().any(|c| c.is_whitespace() || c.is_control() || c == '#');
    let host_at = uri.find("://").map_or(0, |scheme| scheme + "://".len());
    let host_end = uri.get(host_at..).and_then(|rest| rest.find(['/', '?'])).map(|length| host_at + length);
    let origin = uri.get(..host_end.unwrap_or(uri.len())).unwrap_or_default();
    is_plain && Endpoint::new(origin).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use percent_encoding::percent_decode_str;
    use serde_json::{Value, json};

    const BLUEPRINT: &str = "b1a00000-0000-4000-8000-000000000001";
    const IDENTITY: &str = "a1d00000-0000-4000-8000-000000000001";

    fn url(request: &Value) -> Result<Value, Problem> {
        consent_url(request.to_string().as_bytes()).map(|text| serde_json::from_str(&text).unwrap())
    }

    #[test]
    fn the_page_of_a_blueprint_has_its_permissions() {
        let request = json!({
            "tenantId": "Contoso.com",
            "clientId": BLUEPRINT,
            "scopes": ["User.Read", "Mail.Send"],
            "appRoles": ["AgentIdUser.ReadWrite.IdentityParentedBy"],
            "state": "a b&c",
        });
        let page = url(&request).unwrap();
        let page = percent_decode_str(page["url"].as_str().unwrap()).decode_utf8().unwrap().into_owned();
        let expected = "https://login.microsoftonline.com/contoso.com/v2.0/adminconsent?client_id=b1a00000-0000-4000-8000-\
            000000000001&role=AgentIdUser.ReadWrite.IdentityParentedBy&scope=User.Read Mail.Send&redirect_uri=https://\
            entra.microsoft.com/TokenAuthorize&state=a b&c";
        assert_eq!(page, expected);
        let elsewhere = json!({
            "tenantId": "contoso.com", "clientId": BLUEPRINT, "scopes": ["User.Read"], "cloud": "china",
            "redirectUri": "http://localhost:8080/done",
        });
        let url = url(&elsewhere).unwrap()["url"].to_string();
        assert!(url.contains(Cloud::China.login()), "{url}");
        assert!(url.contains("redirect_uri=http%3A%2F%2Flocalhost%3A8080%2Fdone"), "{url}");
    }

    #[test]
    fn an_agent_identity_is_refused_with_the_way_that_there_is() {
        let request =
            json!({"tenantId": "contoso.com", "agentIdentityId": IDENTITY, "scopes": ["User.Read"]});
        let problem = url(&request).unwrap_err();
        assert_eq!(problem.code(), Code::SignInNoInteractiveConsent);
        assert!(problem.cause().contains("AADSTS82014"), "{problem:?}");
        assert!(problem.fix().contains(&format!("--identity {IDENTITY}")), "{problem:?}");
    }

    #[test]
    fn every_error_is_told_at_once() {
        let request = json!({
            "tenantId": "common", "clientId": "x", "scopes": ["User.Read Mail.Send"], "appRoles": [""],
            "redirectUri": "http://contoso.com/",
        });
        let problem = url(&request).unwrap_err();
        let fields: Vec<&str> = problem.violations().iter().map(|one| one.field.as_ref()).collect();
        assert_eq!(fields, ["tenantId", "clientId", "scopes", "appRoles", "redirectUri"]);
        let nothing = url(&json!({"tenantId": "contoso.com"})).unwrap_err();
        let fields: Vec<&str> = nothing.violations().iter().map(|one| one.field.as_ref()).collect();
        assert_eq!(fields, ["clientId", "scopes"]);
    }

    #[test]
    fn redirects_go_over_https_or_stay_on_this_machine() {
        for uri in [
            "https://entra.microsoft.com/TokenAuthorize",
            "http://localhost",
            "http://127.0.0.1:1/x",
            "http://[::1]:2/",
        ] {
            assert!(is_redirect(uri), "{uri}");
        }
        for uri in [
            "",
            "https://",
            "https:///x",
            "http://localhost.contoso.com/",
            "http://localhost:x@contoso.com/",
            "http://[::1].contoso.com/",
            "ftp://x",
            "https://a b",
            "https://a#b",
        ] {
            assert!(!is_redirect(uri), "{uri}");
        }
    }
}
