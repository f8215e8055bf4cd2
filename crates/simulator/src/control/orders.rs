//! Changes that Graph and Entra do not have: faults, void tokens, decisions of people, certificates, consent, policies.

use super::{Ordered, Refused, order, wrong};
use crate::directory::Directory;
use crate::entra::{Policy, read_certificate};
use crate::filled::filled;
use crate::options::{PolicyOptions, person};
use crate::{Network, Planned, ids};
use agentuser_core::{Now, ObjectId};
use serde::Deserialize;
use serde_json::json;

fn user(directory: &Directory, name: Option<&str>) -> Result<Option<ObjectId>, Refused> {
    name.map(|name| person(directory, name).map_err(wrong)).transpose()
}

/// Adds scripted faults, which count requests from now on.
pub(crate) fn script(network: &mut Network, _: Now, json: &[u8]) -> Ordered {
    let planned: Vec<Planned> = order(json)?;
    let added = planned.len();
    network.add_faults(planned);
    Ok(json!({"added": added}))
}

/// The token that is to be revoked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Revoke {
    token: String,
}

/// Makes a token void.
pub(crate) fn revoke(network: &mut Network, _: Now, json: &[u8]) -> Ordered {
    let Revoke { token } = order(json)?;
    let directory = network.directory_mut();
    let was_entras = directory.entra_mut().forget(&token);
    if directory.remove_token(&token) || was_entras {
        return Ok(json!({"revoked": true}));
    }
    Err(Refused {
        status: 404,
        code: "TokenUnknown",
        message: "The simulator accepts no such token.".to_owned(),
    })
}

/// The user who signs in at the page without being asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Approver {
    user: Option<String>,
}

/// Sets who signs in at the page without being asked; null shows the page.
pub(crate) fn approver(network: &mut Network, _: Now, json: &[u8]) -> Ordered {
    let Approver { user: name } = order(json)?;
    let user = user(network.directory(), name.as_deref())?;
    network.directory_mut().entra_mut().set_approver(user);
    Ok(json!({"approver": name}))
}

/// The certificates of an application.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Certificate {
    client_id: ObjectId,
    /// The certificate, as PEM or base64; without one, all are taken away.
    certificate: Option<String>,
    /// Whether earlier certificates stay.
    #[serde(default)]
    keep: bool,
    /// The number with which it is refused.
    refused: Option<u32>,
}

/// Puts a certificate in the place of those of an application.
pub(crate) fn certificate(network: &mut Network, _: Now, json: &[u8]) -> Ordered {
    let Certificate { client_id, certificate, keep, refused } = order(json)?;
    let der = certificate.as_deref().map(|text| read_certificate(text).ok_or(()));
    let der = der.transpose().map_err(|()| wrong("The certificate is neither PEM nor base64 of one."))?;
    network.directory_mut().entra_mut().change(client_id, |one| {
        let one = if keep { one } else { one.without_certificates() };
        match (der, refused) {
            (Some(der), Some(number)) => one.refused_certificate(&der, number),
            (Some(der), None) => one.certificate(&der),
            (None, _) => one,
        }
    });
    Ok(json!({"clientId": client_id.to_string()}))
}

/// Consent to a client, for a user or for all.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Consent {
    /// The appId, or the object id of the principal.
    client: ObjectId,
    user: Option<String>,
    /// The scopes; without them, all consent is taken back.
    scope: Option<String>,
}

/// Grants scopes of Graph, or takes them back.
pub(crate) fn consent(network: &mut Network, _: Now, json: &[u8]) -> Ordered {
    let Consent { client, user: name, scope } = order(json)?;
    let directory = network.directory_mut();
    let user = user(directory, name.as_deref())?;
    let Some(scope) = scope else {
        let revoked = directory.revoke_consent(client, user);
        return Ok(json!({"revoked": revoked}));
    };
    let by_app = directory.principals_of_app(client).next().map(|one| one.id);
    let principal = by_app.or_else(|| directory.find_principal(client).map(|one| one.id));
    let principal = principal.ok_or_else(|| wrong("The tenant has no such client."))?;
    let scopes = filled(scope.split_whitespace().map(str::to_owned));
    directory.add_grant(principal, user, ids::graph_principal(), &scopes);
    Ok(json!({"granted": scope}))
}

/// A person's decision about the code of a device.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DeviceCode {
    user_code: String,
    /// The user who approves; null declines.
    user: Option<String>,
}

/// Approves the code of a device, or declines it.
pub(crate) fn device_code(network: &mut Network, now: Now, json: &[u8]) -> Ordered {
    let DeviceCode { user_code, user: name } = order(json)?;
    let directory = network.directory_mut();
    let is_done = match user(directory, name.as_deref())? {
        Some(user) => directory.approve_device_code(now, &user_code, user),
        None => directory.decline_device_code(now, &user_code),
    };
    if is_done {
        return Ok(json!({"approved": name.is_some()}));
    }
    let message = "The code is not pending, or the person may not consent to what it asks for.".to_owned();
    Err(Refused { status: 404, code: "CodeUnknown", message })
}

/// All policies.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Policies {
    policies: Vec<PolicyOptions>,
}

/// Puts policies in the place of those of before.
pub(crate) fn policies(network: &mut Network, _: Now, json: &[u8]) -> Ordered {
    let Policies { policies } = order(json)?;
    let read = policies.iter().map(|one| one.policy(network.directory()));
    let read: Vec<Policy> = read.collect::<Result<_, _>>().map_err(wrong)?;
    let entra = network.directory_mut().entra_mut();
    entra.clear_policies();
    let count = read.len();
    read.into_iter().for_each(|policy| entra.add_policy(policy));
    Ok(json!({"policies": count}))
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
pub(crate) fn user_token(network: &mut Network, now: Now, json: &[u8]) -> Ordered {
    let UserToken { user: name, audience, client_id } = order(json)?;
    let directory = network.directory_mut();
    let user = person(directory, &name).map_err(wrong)?;
    let program = client_id.unwrap_or(ids::plain_app(2));
    let token = directory.person_token(now, user, audience, program);
    Ok(json!({"token": token}))
}
