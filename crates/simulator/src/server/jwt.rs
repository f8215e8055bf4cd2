//! Tokens as programs expect them: a JSON Web Token whose claims can be read. They are not signed; nothing but this simulator
//! takes them.

use crate::directory::{Directory, Token};
use agentuser_core::{Now, ObjectId};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::io;
use std::time::Duration;

/// In the place of a signature.
const SIGNATURE: &str = "simulated";

/// The content of a token.
pub(super) struct Claims<'a> {
    pub(super) audience: &'a str,
    pub(super) tenant: ObjectId,
    pub(super) app: ObjectId,
    /// The service principal of the application.
    pub(super) object: ObjectId,
    pub(super) token: &'a Token,
    pub(super) now: Now,
    pub(super) expires_in: Duration,
}

/// A number that nobody can guess.
pub(super) fn random() -> io::Result<u128> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(u128::from_ne_bytes(bytes))
}

/// A new token with these claims (docs/sign-in.md#claims).
pub(super) fn token(claims: &Claims<'_>) -> io::Result<String> {
    let seconds = claims.now.unix_ms.div_euclid(1000);
    let lives = i64::try_from(claims.expires_in.as_secs()).unwrap_or(i64::MAX);
    let mut payload = json!({
        "aud": claims.audience,
        "iss": format!("https://sts.windows.net/{}/", claims.tenant),
        "iat": seconds,
        "nbf": seconds,
        "exp": seconds.saturating_add(lives),
        "appid": claims.app.to_string(),
        "oid": claims.object.to_string(),
        "sub": claims.object.to_string(),
        "tid": claims.tenant.to_string(),
        "uti": URL_SAFE_NO_PAD.encode(random()?.to_be_bytes()),
        "ver": "1.0",
    });
    if let Some(payload) = payload.as_object_mut() {
        let permissions: Vec<&str> = claims.token.permissions().collect();
        if claims.token.is_app_only() {
            payload.insert("idtyp".into(), "app".into());
            payload.insert("roles".into(), permissions.into());
        } else {
            let user = claims.token.user().unwrap_or(claims.object).to_string();
            payload.insert("idtyp".into(), "user".into());
            payload.insert("scp".into(), permissions.join(" ").into());
            payload.insert("oid".into(), user.as_str().into());
            payload.insert("sub".into(), user.into());
        }
    }
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = json!({"typ": "JWT", "alg": "none"});
    Ok(format!("{}.{}.{}", part(&header), part(&payload), URL_SAFE_NO_PAD.encode(SIGNATURE)))
}

/// The service principal of an application, or the application's own id where there is none.
pub(super) fn principal_of(directory: &Directory, app: ObjectId) -> ObjectId {
    let its = directory.all_principals().find(|principal| principal.app_id == app);
    its.map_or(app, |principal| principal.id)
}
