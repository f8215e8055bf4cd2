//! The client of a token request, and its proof.

use super::application::{Federated, HOUR, Key};
use super::call::Call;
use super::refused::Refused;
use super::state::What;
use crate::directory::{Directory, PrincipalKind, ServicePrincipal, Token};
use agentuser_core::ObjectId;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::time::Duration;

/// The assertion's type (RFC 7523).
pub(super) const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A client of Entra.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Client {
    /// An application, by its appId.
    Application(ObjectId),
    /// A blueprint, by its appId.
    Blueprint(ObjectId),
    /// An agent identity.
    Identity { object: ObjectId, app: ObjectId, blueprint: ObjectId },
}

/// The proof of a client's identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    Secret,
    Certificate {
        /// The whole certificate came with it.
        with_chain: bool,
    },
    Federated,
    /// The token of its blueprint.
    Exchange,
}

impl Client {
    pub(super) const fn app(self) -> ObjectId {
        match self {
            Self::Application(app) | Self::Blueprint(app) | Self::Identity { app, .. } => app,
        }
    }
}

impl Directory {
    /// The agent identity that this id names: the object's, or the application's.
    pub(super) fn identity_named(&self, id: &str) -> Option<Client> {
        let id: ObjectId = id.parse().ok()?;
        let by_app = || self.principals_of_app(id).next();
        let principal = self.find_principal(id).filter(|one| one.life.is_live()).or_else(by_app)?;
        match principal.kind {
            PrincipalKind::AgentIdentity(blueprint) => {
                Some(Client::Identity { object: principal.id, app: principal.app_id, blueprint })
            }
            PrincipalKind::BlueprintPrincipal | PrincipalKind::Plain => None,
        }
    }

    /// The client that this id names.
    pub(super) fn client_named(&self, id: &str) -> Result<Client, Refused> {
        let app: Option<ObjectId> = id.parse().ok();
        if let Some(app) = app {
            if self.blueprint_of_app(app).is_some() {
                return Ok(Client::Blueprint(app));
            }
            if self.entra.applications.contains_key(&app) {
                return Ok(Client::Application(app));
            }
        }
        self.identity_named(id).ok_or_else(|| {
            let text = format!("Application with identifier '{id}' was not found in the directory.");
            Refused::new("unauthorized_client", 700_016, text)
        })
    }

    /// A client that may not sign in although it is there. That a blueprint's principal speaks `for_identities` although it is
    /// disabled is one reading, that it stops them all the other.
    pub(super) fn check_enabled(&self, client: Client, for_identities: bool) -> Result<(), Refused> {
        let stops = self.switches.disabled_principal_stops_users;
        let disabled = |one: &ServicePrincipal| !one.account_enabled || one.disabled_by_microsoft;
        let own =
            self.principal_of_client(client).and_then(|id| self.find_principal(id)).is_some_and(disabled);
        let above = match client {
            Client::Identity { blueprint, .. } => self.blueprint_principal(blueprint).is_some_and(disabled),
            _ => false,
        };
        let spared = for_identities && matches!(client, Client::Blueprint(_)) && !stops;
        if own && !spared || above && stops {
            let text = format!("The application '{}' is disabled.", client.app());
            return Err(Refused::new("unauthorized_client", 7_000_112, text));
        }
        Ok(())
    }

    /// The service principal of a client.
    pub(super) fn principal_of_client(&self, client: Client) -> Option<ObjectId> {
        match client {
            Client::Identity { object, .. } => Some(object),
            Client::Blueprint(app) => self.blueprint_principal(app).map(|one| one.id),
            Client::Application(app) => self.principals_of_app(app).next().map(|one| one.id),
        }
    }

    /// How long the tokens of a client live.
    pub(crate) fn lifetime(&self, app: ObjectId) -> Duration {
        self.entra.applications.get(&app).map_or(HOUR, |one| one.expires_in)
    }

    /// The permissions of a client's own tokens at Graph.
    pub(super) fn own_token(&self, client: Client) -> Result<Token, Refused> {
        let app = client.app();
        if let Some(token) = self.entra.applications.get(&app).and_then(|one| one.token.clone()) {
            return Ok(token);
        }
        let Some(principal) = self.principal_of_client(client) else {
            let text = format!("The application '{app}' is missing its service principal in the tenant.");
            return Err(Refused::new("unauthorized_client", 7_000_229, text));
        };
        let mut roles = self.roles_on_graph(principal);
        if let Client::Identity { blueprint, .. } = client {
            roles.extend(self.inherited_roles(blueprint));
        }
        let token = Token::application(roles.iter().map(String::as_str));
        Ok(match client {
            Client::Blueprint(app) => token.blueprint(app),
            Client::Application(_) | Client::Identity { .. } => token,
        })
    }

    /// The certificates of an application: those that were registered here, and those that Graph has.
    pub(super) fn keys(&self, app: ObjectId) -> Vec<Key> {
        let registered = self.entra.applications.get(&app).into_iter().flat_map(|one| one.keys.clone());
        let extras = self.blueprint_of_app(app).and_then(|one| one.extras.get("keyCredentials"));
        let of_graph = extras.and_then(Value::as_array).into_iter().flatten().filter_map(|one| {
            let der = STANDARD.decode(one.get("key")?.as_str()?).ok()?;
            Some(Key { der, refused: None })
        });
        registered.chain(of_graph).collect()
    }

    /// The federated identity credentials of an application.
    pub(super) fn federated_of(&self, app: ObjectId) -> Vec<Federated> {
        let registered = self.entra.applications.get(&app).into_iter().flat_map(|one| one.federated.clone());
        let of_graph = self.blueprint_of_app(app).into_iter().flat_map(|one| one.federated.values());
        let of_graph = of_graph.filter_map(|one| {
            let text = |name: &str| one.get(name).and_then(Value::as_str).map(str::to_owned);
            let audience = one.get("audiences")?.as_array()?.first()?.as_str()?.to_owned();
            Some(Federated { issuer: text("issuer")?, subject: text("subject")?, audience })
        });
        registered.chain(of_graph).collect()
    }

    fn check_secret(&self, app: ObjectId, secret: &str, unix_ms: i64) -> Result<(), Refused> {
        let registered = self.entra.applications.get(&app).into_iter().flat_map(|one| &one.secrets);
        let registered = registered.map(|(text, end)| (text.as_str(), i64::MIN..end.unwrap_or(i64::MAX)));
        let of_graph = self.blueprint_of_app(app).into_iter().flat_map(|one| &one.secrets);
        let of_graph = of_graph.map(|one| (one.text.as_str(), one.start_ms..one.end_ms));
        match registered.chain(of_graph).find(|(text, _)| *text == secret) {
            Some((_, good)) if good.contains(&unix_ms) => Ok(()),
            Some(_) => {
                let text =
                    format!("The provided client secret keys for the application '{app}' are expired.");
                Err(Refused::client(7_000_222, text))
            }
            None => {
                let text = format!("Invalid client secret provided for the application '{app}'.");
                Err(Refused::client(7_000_215, text))
            }
        }
    }
}

impl Call<'_> {
    /// The client that the form names.
    pub(super) fn client(&self) -> Result<Client, Refused> {
        let client = self.directory.client_named(self.required("client_id")?)?;
        self.directory.check_enabled(client, self.field("fmi_path").is_some())?;
        // A blueprint may be of another tenant; its agent identities are of this one.
        if self.tenant() != self.directory.tenant_id() && !matches!(client, Client::Blueprint(_)) {
            let text =
                format!("Application with identifier '{}' was not found in the directory.", client.app());
            return Err(Refused::new("unauthorized_client", 700_016, text));
        }
        Ok(client)
    }

    pub(super) fn tenant(&self) -> ObjectId {
        let named = self.directory.tenant_named(self.place.tenant);
        named.unwrap_or_else(|| self.directory.tenant_id())
    }

    /// Whether the form has any credential of a client.
    pub(super) fn has_credential(&self) -> bool {
        self.field("client_secret").is_some() || self.field("client_assertion").is_some()
    }

    /// Checks the credential of a confidential client.
    pub(super) fn prove(&mut self, client: Client) -> Result<Proof, Refused> {
        if let Some(assertion) = self.field("client_assertion").map(str::to_owned) {
            if self.field("client_assertion_type") != Some(JWT_BEARER) {
                return Err(Refused::required("client_assertion_type"));
            }
            return match client {
                Client::Identity { object, .. } => self.check_exchange(&assertion, object),
                Client::Application(app) | Client::Blueprint(app) => self.check_assertion(&assertion, app),
            };
        }
        let Some(secret) = self.field("client_secret") else {
            let text = "The form must have 'client_assertion' or 'client_secret'.";
            return Err(Refused::client(7_000_216, text));
        };
        // Agent identities have no secrets: each is wrong.
        self.directory.check_secret(client.app(), secret, self.now.unix_ms)?;
        Ok(Proof::Secret)
    }

    /// The token of the blueprint, as the assertion of its agent identity.
    fn check_exchange(&self, assertion: &str, identity: ObjectId) -> Result<Proof, Refused> {
        let issued = self.entra_assertion(assertion)?;
        match issued.what {
            What::Exchange { identity: of, .. } if of == identity => Ok(Proof::Exchange),
            _ => {
                let text = "No matching federated identity record found for presented assertion subject.";
                Err(Refused::client(700_213, text))
            }
        }
    }
}
