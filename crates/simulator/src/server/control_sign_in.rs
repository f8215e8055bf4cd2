//! Requests that Entra does not have: decisions of people, certificates, consent, policies, and time.

use super::Shared;
use super::control::{Refused, order};
use super::graph::as_json;
use super::simulator::{PolicyOptions, person};
use crate::directory::Directory;
use crate::entra::{Policy, read_certificate};
use crate::filled::filled;
use crate::ids;
use agentuser_core::ObjectId;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, Response, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

type Answer = Result<Response<Body>, Refused>;

fn wrong(message: impl Into<String>) -> Refused {
    Refused(StatusCode::BAD_REQUEST, "BadRequest", message.into())
}

fn done(body: &Value) -> Response<Body> {
    as_json(StatusCode::OK, body)
}

fn user(directory: &Directory, name: Option<&str>) -> Result<Option<ObjectId>, Refused> {
    name.map(|name| person(directory, name).map_err(wrong)).transpose()
}

/// How much later it is to be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: u64,
}

/// Moves the clock.
pub(super) async fn advance(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Answer {
    let Advance { seconds } = order(request).await?;
    if seconds > 10 * 366 * 24 * 3_600 {
        return Err(wrong("The clock moves by ten years at most."));
    }
    shared.clock.advance(Duration::from_secs(seconds));
    drop(shared.network_now());
    Ok(done(&json!({"advancedSeconds": seconds})))
}

/// Who signs in at the page without being asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Approver {
    user: Option<String>,
}

/// Sets who signs in at the page without being asked; null shows the page.
pub(super) async fn approver(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Answer {
    let Approver { user: name } = order(request).await?;
    let mut network = shared.network();
    let user = user(network.directory(), name.as_deref())?;
    network.directory_mut().entra_mut().set_approver(user);
    Ok(done(&json!({"approver": name})))
}

/// The certificates of an application.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Certificate {
    client_id: ObjectId,
    /// None takes all away.
    certificate: Option<String>,
    /// Those of before stay.
    #[serde(default)]
    keep: bool,
    /// The number with which it is refused.
    refused: Option<u32>,
}

/// Puts a certificate in the place of those of an application.
pub(super) async fn certificate(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Answer {
    let Certificate { client_id, certificate, keep, refused } = order(request).await?;
    let der = certificate.as_deref().map(|text| read_certificate(text).ok_or(()));
    let der = der.transpose().map_err(|()| wrong("The certificate is neither PEM nor base64 of one."))?;
    let mut network = shared.network();
    network.directory_mut().entra_mut().change(client_id, |one| {
        let one = if keep { one } else { one.without_certificates() };
        match (der, refused) {
            (Some(der), Some(number)) => one.refused_certificate(&der, number),
            (Some(der), None) => one.certificate(&der),
            (None, _) => one,
        }
    });
    Ok(done(&json!({"clientId": client_id.to_string()})))
}

/// Consent to a client, for a user or for all.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Consent {
    /// The appId, or the object id of the principal.
    client: ObjectId,
    user: Option<String>,
    /// None takes all consent back.
    scope: Option<String>,
}

/// Grants scopes of Graph, or takes them back.
pub(super) async fn consent(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Answer {
    let Consent { client, user: name, scope } = order(request).await?;
    let mut network = shared.network();
    let directory = network.directory_mut();
    let user = user(directory, name.as_deref())?;
    let Some(scope) = scope else {
        let revoked = directory.revoke_consent(client, user);
        return Ok(done(&json!({"revoked": revoked})));
    };
    let by_app = directory.principals_of_app(client).next().map(|one| one.id);
    let principal = by_app.or_else(|| directory.find_principal(client).map(|one| one.id));
    let principal = principal.ok_or_else(|| wrong("The tenant has no such client."))?;
    let scopes = filled(scope.split_whitespace().map(str::to_owned));
    directory.add_grant(principal, user, ids::graph_principal(), &scopes);
    Ok(done(&json!({"granted": scope})))
}

/// A person's decision about the code of a device.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DeviceCode {
    user_code: String,
    /// Who approves; null declines.
    user: Option<String>,
}

/// Approves the code of a device, or declines it.
pub(super) async fn device_code(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Answer {
    let DeviceCode { user_code, user: name } = order(request).await?;
    let now = shared.now();
    let mut network = shared.network();
    let directory = network.directory_mut();
    let is_done = match user(directory, name.as_deref())? {
        Some(user) => directory.approve_device_code(now, &user_code, user),
        None => directory.decline_device_code(now, &user_code),
    };
    if is_done {
        return Ok(done(&json!({"approved": name.is_some()})));
    }
    let message = "The code is not pending, or the person may not consent to what it asks for.".to_owned();
    Err(Refused(StatusCode::NOT_FOUND, "CodeUnknown", message))
}

/// All policies.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Policies {
    policies: Vec<PolicyOptions>,
}

/// Puts policies in the place of those of before.
pub(super) async fn policies(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Answer {
    let Policies { policies } = order(request).await?;
    let mut network = shared.network();
    let read = policies.iter().map(|one| one.policy(network.directory()));
    let read: Vec<Policy> = read.collect::<Result<_, _>>().map_err(wrong)?;
    let entra = network.directory_mut().entra_mut();
    entra.clear_policies();
    let count = read.len();
    read.into_iter().for_each(|policy| entra.add_policy(policy));
    Ok(done(&json!({"policies": count})))
}

/// The token of a person for the API of a blueprint.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct UserToken {
    user: String,
    /// The blueprint, by client id.
    audience: ObjectId,
    /// The person's program, by client id.
    client_id: Option<ObjectId>,
}

/// Makes the token of a person for the API of a blueprint: what an agent shows to act on that person's behalf.
pub(super) async fn user_token(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Answer {
    let UserToken { user: name, audience, client_id } = order(request).await?;
    let now = shared.now();
    let mut network = shared.network();
    let directory = network.directory_mut();
    let user = person(directory, &name).map_err(wrong)?;
    let program = client_id.unwrap_or(ids::plain_app(2));
    let token = directory.person_token(now, user, audience, program);
    Ok(done(&json!({"token": token})))
}
