//! Conditional Access, as far as it refuses or asks for claims
//! (<https://learn.microsoft.com/entra/identity-platform/claims-challenge>).

use super::call::Call;
use super::client::Client;
use super::refused::Refused;
use agentuser_core::ObjectId;
use serde_json::Value;
use std::collections::BTreeSet;

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its name, which the claims that it asks for have as their value.
    pub name: String,
    /// The user to whom it applies; none: every user, and every application that signs in as itself.
    pub user: Option<ObjectId>,
    /// The application to which it applies, by client id; none: every application.
    pub client: Option<ObjectId>,
    /// The effect on a sign-in.
    pub effect: Effect,
}

/// The effect of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// No token: this number, such as 53003.
    Block(u32),
    /// No token until a request carries the claims: `interaction_required`, with this number, such as 50076.
    ClaimsAtSignIn(u32),
    /// Graph refuses tokens that were not asked for with the claims.
    ClaimsAtGraph,
}

impl Policy {
    pub(crate) fn applies(&self, client: ObjectId, user: Option<ObjectId>) -> bool {
        self.user.is_none_or(|wanted| user == Some(wanted))
            && self.client.is_none_or(|wanted| client == wanted)
    }

    /// The claims that a later request must carry, as JSON.
    pub(crate) fn claims(&self) -> String {
        let (name, value) = (self.claim(), Value::from(self.name.as_str()));
        format!(r#"{{"access_token":{{"{name}":{{"essential":true,"values":[{value}]}}}}}}"#)
    }

    const fn claim(&self) -> &'static str {
        match self.effect {
            Effect::ClaimsAtGraph => "acrs",
            Effect::Block(_) | Effect::ClaimsAtSignIn(_) => "polids",
        }
    }

    /// Whether these claims have what it asks for.
    fn is_satisfied(&self, claims: &Value) -> bool {
        let wanted = claims.get("access_token").and_then(|members| members.get(self.claim()));
        wanted.is_some_and(|wanted| {
            let one = wanted.get("value").into_iter();
            let all = one.chain(wanted.get("values").and_then(Value::as_array).into_iter().flatten());
            all.filter_map(Value::as_str).any(|value| value == self.name)
        })
    }
}

impl Call<'_> {
    /// The policies at Graph that the claims of this request satisfy.
    pub(super) fn satisfied(&self) -> BTreeSet<String> {
        let claims = self.claims();
        let all = self.directory.entra.policies.iter();
        all.filter(|one| one.is_satisfied(&claims)).map(|one| one.name.clone()).collect()
    }

    fn claims(&self) -> Value {
        self.field("claims").and_then(|claims| serde_json::from_str(claims).ok()).unwrap_or_default()
    }

    /// Refuses what a policy refuses.
    pub(super) fn check_policies(&self, client: Client, user: Option<ObjectId>) -> Result<(), Refused> {
        if let Some(claims) = self.field("claims")
            && !serde_json::from_str::<Value>(claims).is_ok_and(|claims| claims.is_object())
        {
            // The number is an assumption.
            return Err(Refused::own("invalid_request", "The value of 'claims' is not a JSON object."));
        }
        let claims = self.claims();
        for policy in &self.directory.entra.policies {
            if !policy.applies(client.app(), user) {
                continue;
            }
            match policy.effect {
                Effect::Block(number) => {
                    let text = "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.";
                    return Err(Refused::grant(number, text).suberror("message_only"));
                }
                Effect::ClaimsAtSignIn(number) if !policy.is_satisfied(&claims) => {
                    let text = "Due to a configuration change made by your administrator, you must use multi-factor authentication.";
                    let refused = Refused::new("interaction_required", number, text);
                    return Err(refused.suberror("basic_action").claims(policy.claims()));
                }
                Effect::ClaimsAtSignIn(_) | Effect::ClaimsAtGraph => {}
            }
        }
        Ok(())
    }
}
