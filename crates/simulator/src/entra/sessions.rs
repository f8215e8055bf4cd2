//! Answers with the token of a user, and the refresh tokens in them.

use super::call::Call;
use super::client::{Client, Proof};
use super::refused::{Refused, as_json};
use super::resource::{Resource, Scopes};
use super::state::What;
use super::tokens::{encode, word};
use crate::directory::{Directory, Token};
use agentuser_core::ObjectId;
use agentuser_core::http::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// How long a refresh token lives without use (<https://learn.microsoft.com/entra/identity-platform/refresh-tokens>).
const INACTIVE: Duration = Duration::from_secs(90 * 24 * 3_600);
/// How long one of a single-page application lives.
const PAGE: Duration = Duration::from_secs(24 * 3_600);

/// The kind of client that may use a refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A client without a secret.
    Public,
    /// A page, for 24 hours.
    Page,
    /// A client with a secret.
    Confidential,
    /// An agent identity, with a token of its blueprint.
    Agent,
}

/// A client that acts for a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Subject {
    pub(super) client: Client,
    pub(super) user: ObjectId,
    pub(super) kind: Kind,
}

/// A refresh token.
#[derive(Debug, Clone)]
pub(super) struct Session {
    subject: Subject,
    resource: Resource,
    /// When it was given, on the monotonic clock.
    since: Duration,
    /// When the person signed in.
    began: Duration,
    /// How often the user's sessions had been revoked then.
    revocations: u32,
}

impl Call<'_> {
    /// `grant_type=refresh_token`.
    pub(super) fn refresh(&mut self) -> Result<Response, Refused> {
        let client = self.client()?;
        let text = self.required("refresh_token")?.to_owned();
        let known = self.directory.entra.sessions.get(&text).cloned();
        let session = known
            .filter(|one| one.subject.client == client)
            .ok_or_else(|| Refused::grant(70_000, "The refresh token is not valid.").suberror("bad_token"))?;
        self.prove_again(client, session.subject.kind)?;
        self.check_session(&session)?;
        let scopes = match self.field("scope") {
            Some(scope) => self.directory.scopes(scope)?,
            None => {
                Scopes { resource: session.resource, named: None, all_of: None, openid: true, offline: true }
            }
        };
        // A refresh token is always answered with another; the old one stays good (documented with refresh tokens).
        let scopes = Scopes { offline: true, ..scopes };
        self.user_answer(session.subject, &scopes, Some(session.began))
    }

    /// A public client proves nothing; any other proves itself each time.
    pub(super) fn prove_again(&mut self, client: Client, kind: Kind) -> Result<(), Refused> {
        match kind {
            Kind::Public => self.check_public(client),
            Kind::Page if self.place.is_page() => Ok(()),
            Kind::Page => {
                let text = "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.";
                Err(Refused::new("invalid_request", 9_002_327, text))
            }
            Kind::Confidential | Kind::Agent if self.place.is_page() => {
                let text =
                    "Cross-origin requests are for clients of the type 'Single-Page Application' only.";
                Err(Refused::new("invalid_request", 9_002_326, text))
            }
            Kind::Confidential if !self.has_credential() => Err(public_flows_off()),
            Kind::Confidential => self.prove(client).map(drop),
            Kind::Agent => match self.prove(client)? {
                Proof::Exchange => Ok(()),
                _ => Err(Refused::client(7_000_216, "The form must have 'client_assertion'.")),
            },
        }
    }

    /// A client of a person's own program: its application must allow that, and it must show no secret.
    pub(super) fn check_public(&self, client: Client) -> Result<(), Refused> {
        if self.place.is_page() {
            let text = "Cross-origin requests are for clients of the type 'Single-Page Application' only.";
            return Err(Refused::new("invalid_request", 9_002_326, text));
        }
        if self.has_credential() {
            let text =
                "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.";
            return Err(Refused::client(700_025, text));
        }
        match client {
            Client::Application(app)
                if self.directory.entra.applications.get(&app).is_some_and(|one| one.public) =>
            {
                Ok(())
            }
            _ => Err(public_flows_off()),
        }
    }

    fn check_session(&self, session: &Session) -> Result<(), Refused> {
        let now = self.now.mono;
        let after = |since: Duration, lives: Duration| now >= since.saturating_add(lives);
        if session.subject.kind == Kind::Page && after(session.began, PAGE) {
            let text = "The refresh token was issued to a single page app, and is expired.";
            return Err(Refused::grant(700_084, text).suberror("bad_token"));
        }
        if after(session.since, INACTIVE) {
            let text = "The refresh token has expired due to inactivity.";
            return Err(Refused::grant(700_082, text).suberror("bad_token"));
        }
        if session.subject.kind == Kind::Public
            && let Some(limit) = self.directory.entra.sign_in_frequency
            && after(session.began, limit)
        {
            let text = "The refresh token has expired or is invalid due to sign-in frequency checks by Conditional Access.";
            return Err(Refused::grant(70_043, text).suberror("bad_token"));
        }
        let user = self.directory.find_user(session.subject.user).filter(|one| one.life.is_live());
        let user =
            user.ok_or_else(|| Refused::grant(50_034, "The user account does not exist in the directory."))?;
        if !user.account_enabled {
            return Err(Refused::grant(50_057, "The user account is disabled."));
        }
        if user.revocations != session.revocations {
            let text =
                "The provided grant has expired due to it being revoked, and a fresh auth token is needed.";
            return Err(Refused::grant(50_173, text).suberror("bad_token"));
        }
        Ok(())
    }

    /// The answer with a token of a user. `began` is when the person signed in, where that was before.
    pub(super) fn user_answer(
        &mut self,
        subject: Subject,
        scopes: &Scopes,
        began: Option<Duration>,
    ) -> Result<Response, Refused> {
        let Subject { client, user, kind } = subject;
        self.check_policies(client, Some(user))?;
        let app = client.app();
        let expires_in = self.directory.lifetime(app);
        let (token, scope) = match &scopes.resource {
            Resource::Graph => {
                let granted = self.consented(client, user, scopes.named.as_ref())?;
                (self.graph_token_of(subject, &granted, expires_in), told(&granted, scopes.all_of.as_deref()))
            }
            Resource::Api(audience) => {
                let named = scopes.named.iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ");
                (self.directory.user_token(self.now, client, user, *audience), named)
            }
            Resource::Exchange => return Err(Refused::not_simulated("exchange tokens of users")),
            Resource::Microsofts(name) => {
                return Err(Refused::not_simulated(&format!("the resource '{name}' for users")));
            }
        };
        let seconds = expires_in.as_secs();
        let mut body = Map::new();
        body.insert("token_type".into(), "Bearer".into());
        body.insert("scope".into(), scope.into());
        body.insert("expires_in".into(), seconds.into());
        body.insert("ext_expires_in".into(), seconds.into());
        body.insert("access_token".into(), token.into());
        if scopes.offline && (kind != Kind::Agent || self.gives_refresh_token()) {
            let revocations = self.directory.find_user(user).map_or(0, |user| user.revocations);
            let now = self.now.mono;
            let (resource, began) = (scopes.resource.clone(), began.unwrap_or(now));
            let session = Session { subject, resource, since: now, began, revocations };
            let text = format!("1.{}", self.directory.entra.secret_text("refresh token"));
            self.directory.entra.sessions.insert(text.clone(), session);
            body.insert("refresh_token".into(), text.into());
        }
        if scopes.openid {
            body.insert("id_token".into(), self.id_token(client, user).into());
        }
        if self.field("client_info").is_some() {
            let (uid, utid) = (user.to_string(), self.directory.tenant_id().to_string());
            let info = json!({"uid": uid, "utid": utid}).to_string();
            body.insert("client_info".into(), URL_SAFE_NO_PAD.encode(info).into());
        }
        Ok(as_json(200, &body.into()))
    }

    /// No answer of `user_fic` was found that says it; on-behalf-of always does.
    fn gives_refresh_token(&self) -> bool {
        self.field("grant_type") != Some("user_fic") || self.directory.switches.user_fic_refresh_token
    }

    fn graph_token_of(&mut self, subject: Subject, granted: &[String], expires_in: Duration) -> String {
        let Subject { client, user, .. } = subject;
        let token = Token::delegated(Some(user), granted.iter().map(String::as_str));
        let token = token.given_by(self.origin(client, Some(user)));
        let account = self.directory.find_user(user);
        let is_agent = account.is_some_and(crate::directory::User::is_agent);
        let name = account.map(|user| user.user_principal_name.clone()).unwrap_or_default();
        let mut extras = Directory::agent_claims(client, Some(is_agent));
        extras.push(("upn", name.into()));
        self.directory.graph_token(self.now, client.app(), user, (token, expires_in), &extras)
    }

    fn id_token(&mut self, client: Client, user: ObjectId) -> String {
        let account = self.directory.find_user(user);
        let (name, display) = account
            .map(|user| (user.user_principal_name.clone(), user.display_name.clone()))
            .unwrap_or_default();
        let tenant = self.directory.tenant_id();
        let seconds = self.place.unix_ms.div_euclid(1000);
        let nonce = self.field("nonce").map(str::to_owned);
        let mut payload = json!({
            "aud": client.app().to_string(),
            "iss": format!("{}/{tenant}/v2.0", self.place.base),
            "iat": seconds,
            "nbf": seconds,
            "exp": seconds.saturating_add(3_600),
            "name": display,
            "oid": user.to_string(),
            "preferred_username": name,
            "sub": URL_SAFE_NO_PAD.encode(word(crate::hash::Hash::new(0).id(user).id(client.app())).to_be_bytes()),
            "tid": tenant.to_string(),
            "ver": "2.0",
        });
        if let Some(nonce) = nonce {
            super::tokens::put(&mut payload, "nonce", nonce.into());
        }
        encode(&payload)
    }
}

impl Directory {
    /// A user's token for an API of the tenant, a blueprint's for example.
    pub(super) fn user_token(
        &mut self,
        now: agentuser_core::Now,
        client: Client,
        user: ObjectId,
        audience: ObjectId,
    ) -> String {
        let account = self.find_user(user);
        let revocations = account.map_or(0, |user| user.revocations);
        let name = account.map(|user| user.user_principal_name.clone()).unwrap_or_default();
        let claims: [(&str, Value); 6] = [
            ("aud", audience.to_string().into()),
            ("azp", client.app().to_string().into()),
            ("oid", user.to_string().into()),
            ("sub", user.to_string().into()),
            ("preferred_username", name.into()),
            ("scp", "access_agent".into()),
        ];
        let what = What::User { user, audience, revocations };
        let (tenant, lives) = (self.tenant_id(), self.lifetime(client.app()));
        self.other_token(now, (tenant, what), lives, &claims)
    }
}

/// Documented: https://learn.microsoft.com/entra/identity-platform/reference-error-codes.
fn public_flows_off() -> Refused {
    let text =
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
    Refused::client(7_000_218, text)
}

/// The granted scopes, as the answer lists them. Where all scopes of a resource were asked for, each has its
/// resource, and `/.default` is among them, by which MSAL finds the token in its cache (observed: the README
/// of ForgeRock's "Microsoft Intune Node" shows an answer).
fn told(granted: &[String], all_of: Option<&str>) -> String {
    let Some(resource) = all_of else { return granted.join(" ") };
    let names = granted.iter().map(String::as_str).chain([".default"]);
    names.map(|name| format!("{resource}/{name}")).collect::<Vec<_>>().join(" ")
}
