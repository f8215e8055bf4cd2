//! One demand of a sign-in, as a call shows it.

use ::agentuser_client::sign_in::{Missing, SignInDemand, SignInPrompt};
use ::agentuser_client::{Problem, TokenRequest};
use serde::Serialize;

/// A demand, as a call's DEMAND shows it.
#[derive(Debug, Serialize)]
pub(crate) struct Demand {
    /// The same in every call that shows this demand.
    #[serde(rename = "demandId")]
    id: u64,
    #[serde(flatten)]
    message: Message,
    /// The bytes to sign.
    #[serde(skip)]
    body: Option<Vec<u8>>,
    /// The answer that is missing where the host does not give one.
    #[serde(skip)]
    missing: Missing,
}

#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Message {
    Token {
        scope: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        claims: Option<String>,
        refused: bool,
    },
    Assertion {
        client_id: String,
        audience: String,
    },
    Signature {
        client_id: String,
        algorithm: &'static str,
    },
    UserToken {
        client_id: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        claims: Option<String>,
    },
    Authorize {
        url: String,
    },
    DeviceCode {
        user_code: String,
        verification_uri: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        expires_in_s: u64,
    },
}

impl Demand {
    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    /// The bytes that go beside the JSON.
    pub(crate) fn body(&self) -> Option<&[u8]> {
        self.body.as_deref()
    }

    /// The answer that is missing where the host does not give one.
    pub(crate) fn missing(&self) -> Missing {
        self.missing
    }

    #[cfg(test)]
    pub(crate) fn of_id(id: u64) -> Self {
        let demand = SignInDemand::Assertion { client_id: String::new(), audience: String::new() };
        Self::new(id, demand).unwrap()
    }

    pub(crate) fn new(id: u64, demand: SignInDemand) -> Result<Self, Problem> {
        let mut body = None;
        let missing = demand.missing();
        let message = match demand {
            SignInDemand::Token(TokenRequest { scope, claims, refused, .. }) => {
                Message::Token { scope, claims, refused }
            }
            SignInDemand::Assertion { client_id, audience } => Message::Assertion { client_id, audience },
            SignInDemand::Signature { client_id, input } => {
                body = Some(input);
                Message::Signature { client_id, algorithm: "PS256" }
            }
            SignInDemand::UserToken { blueprint, claims } => {
                Message::UserToken { client_id: blueprint, claims }
            }
            SignInDemand::Prompt(SignInPrompt::Browser { url }) => Message::Authorize { url },
            SignInDemand::Prompt(SignInPrompt::DeviceCode {
                user_code,
                verification_uri,
                message,
                expires_in,
            }) => Message::DeviceCode {
                user_code,
                verification_uri,
                message,
                expires_in_s: expires_in.as_secs(),
            },
            other => return Err(other.unmet()),
        };
        Ok(Self { id, message, body, missing })
    }

    /// A person is to see it, and the sign-in goes on by itself.
    pub(crate) fn is_prompt(&self) -> bool {
        matches!(self.message, Message::Authorize { .. } | Message::DeviceCode { .. })
    }

    /// Whether a token answers it.
    pub(crate) fn is_for_token(&self) -> bool {
        matches!(self.message, Message::Token { .. })
    }

    /// Whether a token that nobody asked for answers it.
    pub(crate) fn takes_any_token(&self) -> bool {
        matches!(self.message, Message::Token { claims: None, refused: false, .. })
    }
}
