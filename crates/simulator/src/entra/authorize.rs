//! Sign-in in a browser: the authorization code with its proof key
//! (<https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>).

use super::application::Redirect;
use super::call::{Call, Fields, Place};
use super::certificate::sha256;
use super::client::Client;
use super::refused::{Refused, as_page};
use super::resource::{Resource, Scopes};
use super::sessions::{Kind, Subject};
use crate::directory::Directory;
use agentuser_core::http::{Headers, Response};
use agentuser_core::{Now, ObjectId};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::net::IpAddr;
use std::time::Duration;

/// How long a code is good. *Assumption*: the page says that it is short, about ten minutes.
const LIVES: Duration = Duration::from_secs(600);

/// A code that was given to a redirect address.
#[derive(Debug, Clone)]
pub(super) struct Code {
    subject: Subject,
    scope: String,
    redirect: String,
    challenge: Option<(bool, String)>,
    nonce: Option<String>,
    ends: Duration,
    /// It was redeemed.
    used: bool,
}

/// The parameters of the page's address, once it is known where the answer goes.
struct Wanted {
    client: Client,
    kind: Kind,
    redirect: String,
    state: Option<String>,
    mode: String,
}

pub(super) fn escape(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

pub(super) fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// `GET /{tenant}/oauth2/v2.0/authorize`.
pub(super) fn answer(directory: &mut Directory, now: Now, place: &Place<'_>) -> Response {
    let wanted = place.parameters().and_then(|fields| Ok((wanted(directory, place, &fields)?, fields)));
    let (wanted, fields) = match wanted {
        Ok(wanted) => wanted,
        // Nothing is known of the address that the client gave: the person sees it.
        Err(refused) => {
            let text = escape_html(&refused.description());
            let page =
                format!("<!doctype html><title>Simulated sign-in</title><h1>Sign-in failed</h1><p>{text}");
            return as_page(400, &page);
        }
    };
    match decide(directory, now, &wanted, &fields) {
        Ok(Outcome::Code(code)) => wanted.redirect(&[("code", &code)]),
        Ok(Outcome::Page(html)) => as_page(200, &html),
        Err(refused) => {
            wanted.redirect(&[("error", refused.error()), ("error_description", &refused.description())])
        }
    }
}

enum Outcome {
    Code(String),
    Page(String),
}

fn wanted(directory: &Directory, place: &Place<'_>, fields: &Fields) -> Result<Wanted, Refused> {
    let field = |name: &str| fields.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let required = |name: &str| field(name).ok_or_else(|| Refused::required(name));
    let any = super::discovery::ANY.contains(&place.tenant);
    if !any && directory.tenant_named(place.tenant) != Some(directory.tenant_id()) {
        return Err(Refused::tenant("invalid_request", place.tenant));
    }
    let client = directory.client_named(required("client_id")?)?;
    if matches!(client, Client::Identity { .. }) {
        // https://learn.microsoft.com/entra/agent-id/interactive-agent-authentication-authorization-flow
        let text = "Agent identities can't ask for consent or sign users in interactively.";
        return Err(Refused::new("invalid_request", 82_014, text));
    }
    directory.check_enabled(client, false)?;
    let redirect = field("redirect_uri")
        .ok_or_else(|| Refused::new("invalid_request", 900_971, "No reply address provided."))?;
    let kind = directory.redirect_kind(client.app(), redirect).ok_or_else(|| {
        let text = format!("The redirect URI '{redirect}' is not one of the application '{}'.", client.app());
        Refused::new("invalid_request", 50_011, text)
    })?;
    let kind = match kind {
        Redirect::Public => Kind::Public,
        Redirect::SinglePage => Kind::Page,
        Redirect::Web => Kind::Confidential,
    };
    let mode = field("response_mode").unwrap_or("query").to_owned();
    let state = field("state").map(str::to_owned);
    Ok(Wanted { client, kind, redirect: redirect.to_owned(), state, mode })
}

fn decide(directory: &mut Directory, now: Now, wanted: &Wanted, fields: &Fields) -> Result<Outcome, Refused> {
    let field = |name: &str| fields.get(name).map(String::as_str).filter(|value| !value.is_empty());
    if field("response_type") != Some("code") {
        let text = "The simulator knows the response type 'code' only.";
        return Err(Refused::new("unsupported_response_type", 70_005, text));
    }
    if !["query", "form_post", "fragment"].contains(&wanted.mode.as_str()) {
        return Err(Refused::new("invalid_request", 70_007, "The response mode is not supported."));
    }
    let scope = field("scope").ok_or_else(|| Refused::required("scope"))?;
    let scopes = directory.scopes(scope)?;
    let challenge = challenge(field("code_challenge"), field("code_challenge_method"), wanted.kind)?;
    let user = match field("simulator_decision") {
        Some("deny") => {
            return Err(Refused::new("access_denied", 65_004, "The person declined to consent."));
        }
        Some(_) => field("simulator_user").and_then(|name| directory.person_named(name)),
        None => {
            let hinted = field("login_hint").and_then(|name| directory.person_named(name));
            directory.entra.approver.map(|approver| hinted.unwrap_or(approver))
        }
    };
    let Some(user) = user else {
        if field("prompt") == Some("none") {
            let text = "Session information is not sufficient for single-sign-on.";
            return Err(Refused::new("login_required", 50_058, text));
        }
        return Ok(Outcome::Page(page(directory, wanted, fields, scope)));
    };
    let person = directory.find_user(user).filter(|one| one.life.is_live());
    if !person.is_some_and(|one| one.account_enabled) {
        return Err(Refused::new("access_denied", 50_057, "The user account is disabled."));
    }
    directory.consent_of_person(wanted.client, user, &scopes)?;
    let text = format!("1.{}", directory.entra.secret_text("authorization code"));
    let ends = now.mono.saturating_add(directory.entra.scaled(LIVES));
    let subject = Subject { client: wanted.client, user, kind: wanted.kind };
    let code = Code {
        subject,
        scope: scope.to_owned(),
        redirect: wanted.redirect.clone(),
        challenge,
        nonce: field("nonce").map(str::to_owned),
        ends,
        used: false,
    };
    directory.entra.codes.insert(text.clone(), code);
    Ok(Outcome::Code(text))
}

/// The proof key: whether it is a digest, and its text.
fn challenge(
    text: Option<&str>,
    method: Option<&str>,
    kind: Kind,
) -> Result<Option<(bool, String)>, Refused> {
    let Some(text) = text else {
        if kind == Kind::Page {
            let text =
                "Proof Key for Code Exchange is required for cross-origin authorization code redemption.";
            return Err(Refused::new("invalid_request", 9_002_325, text));
        }
        return Ok(None);
    };
    if !(43..=128).contains(&text.len()) {
        let text = "The size of the Code_Challenge parameter is not valid.";
        return Err(Refused::new("invalid_request", 501_491, text));
    }
    match method {
        Some("S256") => Ok(Some((true, text.to_owned()))),
        Some("plain") | None => Ok(Some((false, text.to_owned()))),
        Some(_) => Err(Refused::own("invalid_request", "The 'code_challenge_method' is S256 or plain.")),
    }
}

impl Wanted {
    /// The way back to the client, with this answer.
    fn redirect(&self, answer: &[(&str, &str)]) -> Response {
        let state = self.state.as_deref().map(|state| ("state", state));
        let answer = answer.iter().copied().chain(state);
        if self.mode == "form_post" {
            let mut inputs = String::new();
            for (name, value) in answer {
                let value = escape_html(value);
                let _ = write!(inputs, "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
            }
            let action = escape_html(&self.redirect);
            return as_page(
                200,
                &format!(
                    "<!doctype html><title>Simulated sign-in</title><form method=\"post\" action=\"{action}\">{inputs}\
                     <button>Continue</button></form><script>document.forms[0].submit()</script>"
                ),
            );
        }
        let join = match self.mode.as_str() {
            "fragment" => '#',
            _ if self.redirect.contains('?') => '&',
            _ => '?',
        };
        let pairs: Vec<String> = answer.map(|(name, value)| format!("{name}={}", escape(value))).collect();
        let mut headers = Headers::new();
        headers.push("Location", format!("{}{join}{}", self.redirect, pairs.join("&")));
        headers.push("Cache-Control", "no-store, no-cache");
        Response { status: 302, headers, body: Vec::new() }
    }
}

/// The page with the people of the tenant. Each button asks for the same address again, with a decision.
fn page(directory: &Directory, wanted: &Wanted, fields: &Fields, scope: &str) -> String {
    let mut hidden = String::new();
    for (name, value) in fields {
        let (name, value) = (escape_html(name), escape_html(value));
        let _ = write!(hidden, "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
    }
    let (app, scope, people) = (wanted.client.app(), escape_html(scope), directory.people_options());
    format!(
        "<!doctype html><html lang=\"en\"><title>Simulated sign-in</title><h1>Simulated sign-in</h1>\
         <p>This page is a simulator's. It asks for no password.<p>The application {app} asks for: {scope}\
         <form>{hidden}<label>Person <select name=\"simulator_user\">{people}</select></label> \
         <button name=\"simulator_decision\" value=\"approve\">Sign in and consent</button> \
         <button name=\"simulator_decision\" value=\"deny\">Decline</button></form></html>"
    )
}

impl Directory {
    /// The people of the tenant, for a choice on a page.
    pub(super) fn people_options(&self) -> String {
        let people = self.all_users().filter(|user| !user.is_agent() && user.life.is_live());
        let names = people.take(50).map(|user| escape_html(&user.user_principal_name));
        names.map(|name| format!("<option>{name}</option>")).collect()
    }

    /// A person by name or id.
    pub(crate) fn person_named(&self, name: &str) -> Option<ObjectId> {
        let by_id = || self.find_user(name.parse().ok()?).filter(|user| user.life.is_live());
        self.user_by_name(name).or_else(by_id).map(|user| user.id)
    }

    /// The kind of a redirect address, when it is registered. Its port does not matter on this machine
    /// (<https://learn.microsoft.com/entra/identity-platform/reply-url>); addresses elsewhere are never redirected to.
    fn redirect_kind(&self, app: ObjectId, uri: &str) -> Option<Redirect> {
        let (plain, is_here) = without_port(uri)?;
        let registered = &self.entra.applications.get(&app)?.redirects;
        let fits = |known: &str| known == uri || without_port(known).is_some_and(|(known, _)| known == plain);
        registered.iter().find(|(_, known)| is_here && fits(known)).map(|(kind, _)| *kind)
    }

    /// Whether the page of an admin's consent may lead back to this address: one of this machine, or that of Microsoft's page
    /// (<https://learn.microsoft.com/entra/agent-id/autonomous-agent-authentication-authorization-flow>).
    pub(super) fn may_go_back_to(&self, app: ObjectId, uri: &str) -> bool {
        uri == "https://entra.microsoft.com/TokenAuthorize"
            || self.redirect_kind(app, uri).is_some()
            || without_port(uri).is_some_and(|(_, is_here)| is_here)
    }

    /// A person consents to what is asked for, where an admin is not needed.
    pub(super) fn consent_of_person(
        &mut self,
        client: Client,
        user: ObjectId,
        scopes: &Scopes,
    ) -> Result<(), Refused> {
        if scopes.resource != Resource::Graph {
            return Ok(());
        }
        let granted = self.granted(client, user);
        let missing: BTreeSet<String> =
            scopes.named.iter().flatten().filter(|name| !granted.contains(*name)).cloned().collect();
        let for_admin = missing.iter().find(|name| self.needs_admin(name));
        if let Some(name) = for_admin.filter(|_| !self.entra.admins.contains(&user)) {
            let text = format!("Admin consent is required for the permission '{name}'.");
            return Err(Refused::new("access_denied", 90_094, text));
        }
        if !missing.is_empty() {
            self.consent(client, user, &missing);
        }
        Ok(())
    }
}

/// An address without its port, and whether it is on this machine.
fn without_port(uri: &str) -> Option<(String, bool)> {
    let (scheme, rest) = uri.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end)?;
    let (host, _) = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port),
        _ => (authority, ""),
    };
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let is_here = host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    Some((format!("{scheme}://{host}{}", if path == "/" { "" } else { path }), is_here))
}

impl Call<'_> {
    /// `grant_type=authorization_code`.
    pub(super) fn redeem_code(&mut self) -> Result<Response, Refused> {
        let client = self.client()?;
        let text = self.required("code")?.to_owned();
        let known =
            self.directory.entra.codes.get(&text).filter(|code| code.subject.client == client).cloned();
        let code = known.ok_or_else(|| Refused::grant(70_000, "The authorization code is not valid."))?;
        self.prove_again(client, code.subject.kind)?;
        if code.used {
            let text = "OAuth2 Authorization code was already redeemed, please retry with a new valid code.";
            return Err(Refused::grant(54_005, text));
        }
        if code.ends <= self.now.mono {
            return Err(Refused::grant(70_008, "The authorization code has expired."));
        }
        if self.required("redirect_uri")? != code.redirect {
            let text = "The redirect URI is not the one that the code was given to.";
            return Err(Refused::new("invalid_client", 50_011, text).status(400));
        }
        self.check_verifier(code.challenge.as_ref())?;
        if let Some(code) = self.directory.entra.codes.get_mut(&text) {
            code.used = true;
        }
        if let Some(nonce) = code.nonce {
            self.form.insert("nonce".to_owned(), nonce);
        }
        let scopes = self.directory.scopes(self.field("scope").unwrap_or(&code.scope))?;
        self.user_answer(code.subject, &scopes, None)
    }

    fn check_verifier(&self, challenge: Option<&(bool, String)>) -> Result<(), Refused> {
        let Some((is_digest, challenge)) = challenge else { return Ok(()) };
        let verifier = self.required("code_verifier")?;
        let shown = if *is_digest {
            let digest = sha256(verifier.as_bytes());
            digest.map(|digest| URL_SAFE_NO_PAD.encode(digest))
        } else {
            Some(verifier.to_owned())
        };
        let Some(shown) = shown else {
            return Err(Refused::not_simulated("how to check proof keys in this build"));
        };
        if shown == *challenge {
            return Ok(());
        }
        let text =
            "The Code_Verifier doesn't match the code_challenge supplied in the authorization request.";
        Err(Refused::grant(501_481, text))
    }
}
