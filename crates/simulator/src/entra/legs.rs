//! Tokens of applications, blueprints and agent identities themselves (docs/sign-in.md#application-token).

use super::call::{Call, Endpoint};
use super::client::{Client, Proof};
use super::refused::{Refused, as_json};
use super::resource::Resource;
use super::state::What;
use super::tokens::fmi_path;
use agentuser_core::ObjectId;
use agentuser_core::http::Response;
use serde_json::{Value, json};
use std::time::Duration;

impl Call<'_> {
    /// `grant_type=client_credentials`.
    pub(super) fn client_credentials(&mut self) -> Result<Response, Refused> {
        if self.place.is_page() {
            let text = "Cross-origin requests are for clients of the type 'Single-Page Application' only.";
            return Err(Refused::new("invalid_request", 9_002_326, text));
        }
        let client = self.client()?;
        let proof = self.prove(client)?;
        if let (Client::Identity { .. }, Proof::Secret) = (client, proof) {
            return Err(Refused::client(7_000_215, "Agent identities have no secrets."));
        }
        let resource = match self.place.endpoint {
            Endpoint::TokenV1 => self.directory.resource(self.required("resource")?)?,
            _ => self.directory.own_scope(self.required("scope")?)?,
        };
        self.check_policies(client, None)?;
        let path = self.form.get("fmi_path").cloned();
        let expires_in = self.directory.lifetime(client.app());
        let token = match (client, path) {
            (Client::Blueprint(app), Some(path)) => self.exchange_token(app, &path, &resource, proof)?,
            (_, Some(_)) => {
                let text = "'fmi_path' is for agent identity blueprints only.";
                return Err(Refused::own("invalid_request", text));
            }
            (_, None) => self.own_token(client, &resource, expires_in)?,
        };
        Ok(self.app_answer(&token, expires_in))
    }

    /// The token with which a blueprint speaks for its agent identity: T1.
    fn exchange_token(
        &mut self,
        app: ObjectId,
        path: &str,
        resource: &Resource,
        proof: Proof,
    ) -> Result<String, Refused> {
        if *resource != Resource::Exchange {
            let scope = format!("{}/.default", self.directory.exchange());
            let text = format!("With 'fmi_path' the scope is '{scope}'.");
            return Err(Refused::new("invalid_scope", 70_011, text));
        }
        if self.directory.switches.certificate_chain_needed
            && proof == (Proof::Certificate { with_chain: false })
        {
            return Err(Refused::client(700_027, "The assertion must have the certificate in 'x5c'."));
        }
        let identity = match self.directory.identity_named(path) {
            Some(Client::Identity { object, blueprint, .. }) if blueprint == app => object,
            _ => {
                // Neither number nor words are known.
                let text = format!("'{path}' is not an agent identity of the blueprint '{app}'.");
                return Err(Refused::own("invalid_request", text));
            }
        };
        if self.directory.blueprint_principal(app).is_none() {
            let text = format!("The application '{app}' is missing its service principal in the tenant.");
            return Err(Refused::new("unauthorized_client", 7_000_229, text));
        }
        let tenant = self.tenant();
        let claims = [
            ("aud", self.directory.exchange().into()),
            ("azp", app.to_string().into()),
            ("sub", fmi_path(tenant, app, &path.to_lowercase()).into()),
            ("oid", super::tokens::principal_of(self.directory, app).to_string().into()),
            ("idtyp", "app".into()),
        ];
        let what = What::Exchange { blueprint: app, identity };
        let lives = self.directory.lifetime(app);
        Ok(self.directory.other_token(self.now, (tenant, what), lives, &claims))
    }

    fn own_token(
        &mut self,
        client: Client,
        resource: &Resource,
        expires_in: Duration,
    ) -> Result<String, Refused> {
        let refuse =
            |what: &str| Err(Refused::not_simulated(&format!("the resource '{what}' for this client")));
        match (client, resource) {
            (_, Resource::Graph) => {
                let token = self.directory.own_token(client)?;
                let object = self.directory.principal_of_client(client);
                let object =
                    object.unwrap_or_else(|| super::tokens::principal_of(self.directory, client.app()));
                let token = token.given_by(self.origin(client, None));
                let extras = crate::directory::Directory::agent_claims(client, None);
                let given = (token, expires_in);
                Ok(self.directory.graph_token(self.now, client.app(), object, given, &extras))
            }
            (Client::Identity { object, app, .. }, Resource::Exchange) => {
                let tenant = self.tenant();
                let mut claims: Vec<(&str, Value)> = vec![
                    ("aud", self.directory.exchange().into()),
                    ("azp", app.to_string().into()),
                    ("sub", object.to_string().into()),
                    ("oid", object.to_string().into()),
                    ("idtyp", "app".into()),
                ];
                claims.extend(crate::directory::Directory::agent_claims(client, None));
                let what = What::Identity(object);
                Ok(self.directory.other_token(self.now, (tenant, what), expires_in, &claims))
            }
            // Community pages: an agentic application gets tokens of its own for Graph alone.
            (Client::Blueprint(app), Resource::Microsofts(_) | Resource::Api(_)) => {
                let text = format!(
                    "The agentic application '{app}' may not request app-only tokens for this resource."
                );
                Err(Refused::new("invalid_request", 82_001, text))
            }
            (_, Resource::Exchange) => refuse(&self.directory.exchange()),
            (_, Resource::Microsofts(name)) => refuse(name),
            (_, Resource::Api(app)) => refuse(&app.to_string()),
        }
    }

    fn app_answer(&self, token: &str, expires_in: Duration) -> Response {
        let seconds = expires_in.as_secs();
        let body = match self.place.endpoint {
            Endpoint::TokenV1 => {
                let now = self.place.unix_ms.div_euclid(1000);
                json!({
                    "token_type": "Bearer",
                    "expires_in": seconds.to_string(),
                    "ext_expires_in": seconds.to_string(),
                    "expires_on": now.saturating_add_unsigned(seconds).to_string(),
                    "not_before": now.to_string(),
                    "resource": self.field("resource"),
                    "access_token": token,
                })
            }
            _ => json!({
                "token_type": "Bearer",
                "expires_in": seconds,
                "ext_expires_in": seconds,
                "access_token": token,
            }),
        };
        as_json(200, &body)
    }
}
