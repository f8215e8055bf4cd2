//! Tokens as programs expect them: JSON Web Tokens whose claims can be read (docs/sign-in.md#claims). They are not signed;
//! nothing but this simulator takes them.

use super::call::Call;
use super::client::Client;
use super::state::{Issued, What};
use crate::directory::{Directory, Token, TokenOrigin};
use crate::hash::Hash;
use crate::spelling::GRAPH;
use agentuser_core::{Now, ObjectId};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::time::Duration;

/// In the place of a signature.
const SIGNATURE: &str = "simulated";

/// The content of a token for Graph.
pub(crate) struct Claims<'a> {
    pub(crate) tenant: ObjectId,
    pub(crate) app: ObjectId,
    /// The service principal of the application.
    pub(crate) object: ObjectId,
    pub(crate) token: &'a Token,
    pub(crate) unix_ms: i64,
    pub(crate) expires_in: Duration,
    /// Makes it unlike any other.
    pub(crate) drawn: u128,
}

/// A token for Graph with these claims.
#[cfg(feature = "options")]
pub(crate) fn token_of(claims: &Claims<'_>) -> String {
    encode(&payload(claims))
}

fn payload(claims: &Claims<'_>) -> Value {
    let seconds = claims.unix_ms.div_euclid(1000);
    let lives = i64::try_from(claims.expires_in.as_secs()).unwrap_or(i64::MAX);
    let mut payload = json!({
        "aud": GRAPH,
        "iss": format!("https://sts.windows.net/{}/", claims.tenant),
        "iat": seconds,
        "nbf": seconds,
        "exp": seconds.saturating_add(lives),
        "appid": claims.app.to_string(),
        "oid": claims.object.to_string(),
        "sub": claims.object.to_string(),
        "tid": claims.tenant.to_string(),
        "uti": URL_SAFE_NO_PAD.encode(claims.drawn.to_be_bytes()),
        "ver": "1.0",
    });
    let permissions: Vec<&str> = claims.token.permissions().collect();
    if claims.token.is_app_only() {
        put(&mut payload, "idtyp", "app".into());
        put(&mut payload, "roles", permissions.into());
    } else {
        let user = claims.token.user().unwrap_or(claims.object).to_string();
        put(&mut payload, "idtyp", "user".into());
        put(&mut payload, "scp", permissions.join(" ").into());
        put(&mut payload, "oid", user.as_str().into());
        put(&mut payload, "sub", user.into());
    }
    payload
}

pub(super) fn put(payload: &mut Value, name: &str, value: Value) {
    if let Some(payload) = payload.as_object_mut() {
        payload.insert(name.to_owned(), value);
    }
}

pub(super) fn encode(payload: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = json!({"typ": "JWT", "alg": "none"});
    format!("{}.{}.{}", part(&header), part(payload), URL_SAFE_NO_PAD.encode(SIGNATURE))
}

/// The service principal of an application, or the application's own id where there is none.
pub(crate) fn principal_of(directory: &Directory, app: ObjectId) -> ObjectId {
    directory.principals_of_app(app).next().map_or(app, |principal| principal.id)
}

pub(super) fn word(drawn: Hash) -> u128 {
    drawn.guid().as_u128()
}

/// The path of an agent identity below its blueprint, as `sub` has it (observed:
/// https://github.com/AzureAD/microsoft-authentication-library-for-dotnet/pull/5110).
pub(super) fn fmi_path(tenant: ObjectId, blueprint: ObjectId, path: &str) -> String {
    // The bytes of a GUID are in .NET's order there.
    let id = |id: ObjectId| {
        let bytes = id.as_u128().to_be_bytes();
        let [a, b, c, d, e, f, g, h, rest @ ..] = bytes;
        let mut mixed = vec![d, c, b, a, f, e, h, g];
        mixed.extend(rest);
        URL_SAFE_NO_PAD.encode(mixed)
    };
    format!("/eid1/c/pub/t/{}/a/{}/{path}", id(tenant), id(blueprint))
}

impl Directory {
    /// A token for Graph, which takes it from now on.
    pub(crate) fn graph_token(
        &mut self,
        now: Now,
        app: ObjectId,
        object: ObjectId,
        (token, expires_in): (Token, Duration),
        extras: &[(&str, Value)],
    ) -> String {
        let drawn = word(self.entra.draw("token"));
        let (tenant, unix_ms) = (self.tenant_id(), self.server_ms(now));
        let claims = Claims { tenant, app, object, token: &token, unix_ms, expires_in, drawn };
        let mut payload = payload(&claims);
        for (name, value) in extras {
            put(&mut payload, name, value.clone());
        }
        let text = encode(&payload);
        let ends = now.mono.saturating_add(self.entra.scaled(expires_in));
        self.add_token(&text, token.expires_at(ends));
        self.entra.for_graph.push(text.clone());
        text
    }

    /// A token that is for Entra, or for an API of the tenant.
    pub(super) fn other_token(
        &mut self,
        now: Now,
        (tenant, what): (ObjectId, What),
        expires_in: Duration,
        claims: &[(&str, Value)],
    ) -> String {
        let seconds = self.server_ms(now).div_euclid(1000);
        let lives = i64::try_from(expires_in.as_secs()).unwrap_or(i64::MAX);
        let drawn = word(self.entra.draw("token"));
        let mut payload = json!({
            "iss": format!("{}/{tenant}/v2.0", self.login()),
            "iat": seconds,
            "nbf": seconds,
            "exp": seconds.saturating_add(lives),
            "tid": tenant.to_string(),
            "uti": URL_SAFE_NO_PAD.encode(drawn.to_be_bytes()),
            "ver": "2.0",
        });
        for (name, value) in claims {
            put(&mut payload, name, value.clone());
        }
        let text = encode(&payload);
        let ends = now.mono.saturating_add(self.entra.scaled(expires_in));
        self.entra.remember(now, &text, Issued { what, tenant, ends });
        text
    }

    /// The claims by which a token of an agent is known (<https://learn.microsoft.com/entra/agent-id/agent-token-claims>).
    pub(super) fn agent_claims(
        client: Client,
        subject_is_agent_user: Option<bool>,
    ) -> Vec<(&'static str, Value)> {
        let Client::Identity { blueprint, .. } = client else { return Vec::new() };
        let mut claims =
            vec![("xms_act_fct", Value::from("9 3 11")), ("xms_par_app_azp", blueprint.to_string().into())];
        match subject_is_agent_user {
            None => {
                claims.push(("xms_sub_fct", "9 3 11".into()));
                claims.push(("xms_idrel", "7".into()));
            }
            Some(true) => claims.push(("xms_sub_fct", "1 13".into())),
            Some(false) => {}
        }
        claims
    }
}

impl Call<'_> {
    /// The policies at Graph that the claims of this request satisfy, with who asks.
    pub(super) fn origin(&self, client: Client, user: Option<ObjectId>) -> TokenOrigin {
        let revocations = user.and_then(|user| self.directory.find_user(user)).map(|user| user.revocations);
        TokenOrigin {
            client: client.app(),
            user,
            revocations: revocations.unwrap_or_default(),
            satisfied: self.satisfied(),
        }
    }
}
