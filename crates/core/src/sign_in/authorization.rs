//! A person's sign-in in a browser: where it is sent, and what it brings back (docs/sign-in.md#browser).

use super::leg::Leg;
use super::login::Login;
use super::names::ClientId;
use super::query::{self, Query};
use super::scopes::Scopes;
use super::secret::Secret;
use super::tenant::Tenant;
use crate::problem::{self, Code, Problem};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// A sign-in in a browser that is under way: one code, for one token.
#[derive(Debug, Clone)]
pub struct Authorization {
    client_id: ClientId,
    scopes: Scopes,
    redirect_uri: String,
    state: Secret,
    verifier: Secret,
}

impl Authorization {
    /// The sign-in to an app registration. The browser comes back to `redirect_uri`, a port of this machine. `random` is
    /// from a source that nobody can guess: the first half ties the code to this sign-in, the second one the redirect.
    #[must_use]
    pub fn new(client_id: ClientId, scopes: Scopes, redirect_uri: String, random: &[u8; 64]) -> Self {
        let (verifier, state) = random.split_at(32);
        let text = |bytes: &[u8]| Secret::from(URL_SAFE_NO_PAD.encode(bytes));
        Self { client_id, scopes, redirect_uri, state: text(state), verifier: text(verifier) }
    }

    /// The page to open. `claims` is the challenge that a former token met.
    #[must_use]
    pub fn url(&self, login: &Login, tenant: &Tenant, claims: Option<&str>) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.expose()));
        let scope = self.scopes.with_person();
        let client_id = self.client_id.to_string();
        let mut query = vec![
            ("client_id", client_id.as_str()),
            ("response_type", "code"),
            ("redirect_uri", &self.redirect_uri),
            ("response_mode", "query"),
            ("scope", &scope),
            ("state", self.state.expose()),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            // Admins have accounts of their own for such work, and the one that is signed in is often another.
            ("prompt", "select_account"),
        ];
        query.extend(claims.map(|claims| ("claims", claims)));
        format!("{}/{tenant}/oauth2/v2.0/authorize?{}", login.origin(), query::write(&query))
    }

    /// Reads the query with which a browser came to the redirect address, and gives the leg that gets the token. None
    /// where it belongs to another sign-in: any page can send a browser to a port of this machine.
    ///
    /// # Errors
    /// Why there is no code, in Entra's words.
    pub fn leg(&self, query: &str) -> Result<Option<Leg>, Problem> {
        let query = Query::read(query);
        if query.get("state") != Some(self.state.expose()) {
            return Ok(None);
        }
        if let Some(error) = query.get("error") {
            let cancelled = query.get("error_subcode") == Some("cancel");
            return Err(problem::sign_in_redirect(error, query.get("error_description"), cancelled));
        }
        let code = query.get("code").filter(|code| !code.is_empty()).ok_or_else(|| {
            Problem::new(Code::BadAnswer, "The browser came back from the sign-in without a code.")
        })?;
        Ok(Some(Leg::Code {
            client_id: self.client_id,
            code: code.to_owned().into(),
            verifier: self.verifier.clone(),
            redirect_uri: self.redirect_uri.clone(),
            scopes: self.scopes.clone(),
        }))
    }
}
