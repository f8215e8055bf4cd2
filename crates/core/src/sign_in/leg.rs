//! One request of Entra's token endpoint, or of its endpoint for device codes.

use super::answer::{self, Reply};
use super::login::Login;
use super::names::{AgentIdentityId, ClientId, UserOf};
use super::scopes::Scopes;
use super::secret::Secret;
use super::tenant::Tenant;
use crate::http::{Headers, Method, Request, Response};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};

/// The kind of every client assertion (docs/sign-in.md#every-leg).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The proof of a confidential client's identity. The host gives it, anew for each leg.
#[derive(Debug, Clone)]
pub enum Proof {
    /// A client secret.
    Secret(Secret),
    /// A client assertion: signed with a certificate, or a token of a managed identity, of Kubernetes or of a pipeline.
    Assertion(Secret),
}

/// A request of a sign-in. Its answer is read by [`Leg::read`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Leg {
    /// An application's own token (docs/sign-in.md#application-token).
    Application {
        /// The application.
        client_id: ClientId,
        /// Its proof.
        proof: Proof,
        /// The scopes to ask for.
        scopes: Scopes,
    },
    /// The exchange token T1: the blueprint vouches for one of its agent identities (docs/sign-in.md#exchange-token).
    Exchange {
        /// The blueprint.
        blueprint: ClientId,
        /// The blueprint's proof.
        proof: Proof,
        /// The agent identity.
        identity: AgentIdentityId,
    },
    /// An agent identity's own token, by T1 (docs/sign-in.md#agent-identity).
    AgentIdentity {
        /// The agent identity.
        identity: AgentIdentityId,
        /// The exchange token.
        t1: Secret,
        /// The scopes to ask for.
        scopes: Scopes,
    },
    /// The exchange token T2, by T1: the agent identity vouches for its agent user (docs/sign-in.md#agent-user).
    UserExchange {
        /// The agent identity.
        identity: AgentIdentityId,
        /// The exchange token of the blueprint.
        t1: Secret,
    },
    /// An agent user's token, by T1 and T2 (docs/sign-in.md#agent-user).
    AgentUser {
        /// The agent identity.
        identity: AgentIdentityId,
        /// The exchange token of the blueprint, by which the agent identity proves who it is.
        t1: Secret,
        /// The exchange token of the agent identity, which stands for the agent user.
        t2: Secret,
        /// The agent user.
        user: UserOf,
        /// The scopes to ask for.
        scopes: Scopes,
    },
    /// A token of a person who signed in elsewhere, for the agent identity to use (docs/sign-in.md#on-behalf-of).
    OnBehalfOf {
        /// The agent identity.
        identity: AgentIdentityId,
        /// The exchange token.
        t1: Secret,
        /// The person's token for the blueprint.
        user_token: Secret,
        /// The scopes to ask for.
        scopes: Scopes,
    },
    /// The next such token (docs/sign-in.md#on-behalf-of).
    OnBehalfOfAgain {
        /// The agent identity.
        identity: AgentIdentityId,
        /// The exchange token.
        t1: Secret,
        /// The refresh token that came with the last one.
        refresh_token: Secret,
        /// The scopes to ask for.
        scopes: Scopes,
    },
    /// A code for a person to type in a browser (docs/sign-in.md#device-code).
    DeviceCode {
        /// The app registration.
        client_id: ClientId,
        /// The scopes to ask for.
        scopes: Scopes,
    },
    /// Whether the person has signed in by that code (docs/sign-in.md#device-code).
    DeviceToken {
        /// The app registration.
        client_id: ClientId,
        /// The code that the person does not see.
        device_code: Secret,
    },
    /// The token for the code that the browser brought back (docs/sign-in.md#browser).
    Code {
        /// The app registration.
        client_id: ClientId,
        /// The code.
        code: Secret,
        /// The verifier of the challenge that the browser was sent with.
        verifier: Secret,
        /// The address to which the browser came back, as it was sent.
        redirect_uri: String,
        /// The scopes to ask for.
        scopes: Scopes,
    },
    /// A person's next token (docs/sign-in.md#people).
    Refresh {
        /// The app registration.
        client_id: ClientId,
        /// The refresh token that came with the last one.
        refresh_token: Secret,
        /// The scopes to ask for.
        scopes: Scopes,
    },
}

impl Leg {
    /// Its name, for records and messages.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Application { .. } => "application",
            Self::Exchange { .. } => "exchange",
            Self::AgentIdentity { .. } => "agentIdentity",
            Self::UserExchange { .. } => "userExchange",
            Self::AgentUser { .. } => "agentUser",
            Self::OnBehalfOf { .. } => "onBehalfOf",
            Self::OnBehalfOfAgain { .. } => "onBehalfOfAgain",
            Self::DeviceCode { .. } => "deviceCode",
            Self::DeviceToken { .. } => "deviceToken",
            Self::Code { .. } => "code",
            Self::Refresh { .. } => "refresh",
        }
    }

    /// The request, with the claims challenge that a former token met, where there was one.
    #[must_use]
    pub fn request(&self, login: &Login, tenant: &Tenant, claims: Option<&str>) -> Request {
        let mut fields = self.fields(login);
        fields.extend(claims.map(|claims| Field("claims", claims.to_owned().into())));
        let url = match self {
            Self::DeviceCode { .. } => format!("{}/{tenant}/oauth2/v2.0/devicecode", login.origin()),
            _ => login.token_endpoint(tenant),
        };
        let mut headers = Headers::new();
        headers.push("Content-Type", "application/x-www-form-urlencoded");
        headers.push("Accept", "application/json");
        Request { method: Method::Post, url, headers, body: form(&fields) }
    }

    /// The secrets that it sends. A server may repeat what it was sent, so they are taken out of its answer before
    /// anybody reads that.
    #[must_use]
    pub fn secrets(&self) -> Vec<&Secret> {
        match self {
            Self::Application { proof, .. } | Self::Exchange { proof, .. } => match proof {
                Proof::Secret(secret) | Proof::Assertion(secret) => vec![secret],
            },
            Self::AgentIdentity { t1, .. } | Self::UserExchange { t1, .. } => vec![t1],
            Self::AgentUser { t1, t2, .. } => vec![t1, t2],
            Self::OnBehalfOf { t1, user_token, .. } => vec![t1, user_token],
            Self::OnBehalfOfAgain { t1, refresh_token, .. } => vec![t1, refresh_token],
            Self::DeviceCode { .. } => Vec::new(),
            Self::DeviceToken { device_code, .. } => vec![device_code],
            Self::Code { code, verifier, .. } => vec![code, verifier],
            Self::Refresh { refresh_token, .. } => vec![refresh_token],
        }
    }

    /// Reads its answer.
    #[must_use]
    pub fn read(&self, response: &Response) -> Reply {
        answer::read(response, matches!(self, Self::DeviceCode { .. }), self.has_assertion())
    }

    /// Whether it proves something by an assertion, which may have become too old meanwhile.
    const fn has_assertion(&self) -> bool {
        match self {
            Self::Application { proof, .. } | Self::Exchange { proof, .. } => {
                matches!(proof, Proof::Assertion(_))
            }
            Self::AgentIdentity { .. }
            | Self::UserExchange { .. }
            | Self::AgentUser { .. }
            | Self::OnBehalfOf { .. }
            | Self::OnBehalfOfAgain { .. } => true,
            Self::DeviceCode { .. } | Self::DeviceToken { .. } | Self::Code { .. } | Self::Refresh { .. } => {
                false
            }
        }
    }

    fn fields(&self, login: &Login) -> Vec<Field> {
        let mut fields = Vec::new();
        let mut add = |name, value: String| fields.push(Field(name, value.into()));
        match self {
            Self::Application { client_id, proof, scopes } => {
                add("client_id", client_id.to_string());
                add("scope", scopes.to_string());
                add("grant_type", "client_credentials".to_owned());
                prove(proof, add);
            }
            Self::Exchange { blueprint, proof, identity } => {
                add("client_id", blueprint.to_string());
                add("scope", login.audience().scope().to_string());
                add("grant_type", "client_credentials".to_owned());
                add("fmi_path", identity.to_string());
                prove(proof, add);
            }
            Self::AgentIdentity { identity, t1, scopes } => {
                add("client_id", identity.to_string());
                add("scope", scopes.to_string());
                add("grant_type", "client_credentials".to_owned());
                assert(t1, add);
            }
            Self::UserExchange { identity, t1 } => {
                add("client_id", identity.to_string());
                add("scope", login.audience().scope().to_string());
                add("grant_type", "client_credentials".to_owned());
                assert(t1, add);
            }
            Self::AgentUser { identity, t1, t2, user, scopes } => {
                add("client_id", identity.to_string());
                add("scope", scopes.to_string());
                add("grant_type", "user_fic".to_owned());
                add("user_federated_identity_credential", t2.expose().to_owned());
                match user {
                    UserOf::Id(id) => add("user_id", id.to_string()),
                    UserOf::Name(name) => add("username", name.to_string()),
                }
                assert(t1, add);
            }
            Self::OnBehalfOf { identity, t1, user_token, scopes } => {
                add("client_id", identity.to_string());
                add("scope", format!("offline_access {scopes}"));
                add("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer".to_owned());
                add("requested_token_use", "on_behalf_of".to_owned());
                add("assertion", user_token.expose().to_owned());
                assert(t1, add);
            }
            Self::OnBehalfOfAgain { identity, t1, refresh_token, scopes } => {
                add("client_id", identity.to_string());
                add("scope", format!("offline_access {scopes}"));
                add("grant_type", "refresh_token".to_owned());
                add("refresh_token", refresh_token.expose().to_owned());
                assert(t1, add);
            }
            Self::DeviceCode { client_id, scopes } => {
                add("client_id", client_id.to_string());
                add("scope", scopes.with_person());
            }
            Self::DeviceToken { client_id, device_code } => {
                add("client_id", client_id.to_string());
                add("grant_type", "urn:ietf:params:oauth:grant-type:device_code".to_owned());
                add("device_code", device_code.expose().to_owned());
            }
            Self::Code { client_id, code, verifier, redirect_uri, scopes } => {
                add("client_id", client_id.to_string());
                add("scope", scopes.with_person());
                add("grant_type", "authorization_code".to_owned());
                add("redirect_uri", redirect_uri.clone());
                add("code", code.expose().to_owned());
                add("code_verifier", verifier.expose().to_owned());
            }
            Self::Refresh { client_id, refresh_token, scopes } => {
                add("client_id", client_id.to_string());
                add("scope", scopes.with_person());
                add("grant_type", "refresh_token".to_owned());
                add("refresh_token", refresh_token.expose().to_owned());
            }
        }
        fields
    }
}

/// A field of a form. Many of them are secrets, so all are overwritten.
struct Field(&'static str, Secret);

fn prove(proof: &Proof, mut add: impl FnMut(&'static str, String)) {
    match proof {
        Proof::Secret(secret) => add("client_secret", secret.expose().to_owned()),
        Proof::Assertion(assertion) => assert(assertion, add),
    }
}

fn assert(assertion: &Secret, mut add: impl FnMut(&'static str, String)) {
    add("client_assertion_type", JWT_BEARER.to_owned());
    add("client_assertion", assertion.expose().to_owned());
}

/// The body, in one piece of memory from the beginning: a buffer that grows leaves copies behind.
fn form(fields: &[Field]) -> Vec<u8> {
    let most = fields.iter().map(|Field(name, value)| name.len() + 3 * value.expose().len() + 2).sum();
    let mut body = Vec::with_capacity(most);
    for Field(name, value) in fields {
        if !body.is_empty() {
            body.push(b'&');
        }
        body.extend_from_slice(name.as_bytes());
        body.push(b'=');
        for piece in percent_encode(value.expose().as_bytes(), NON_ALPHANUMERIC) {
            body.extend_from_slice(piece.as_bytes());
        }
    }
    body
}
