//! Changes that others make to the tenant meanwhile, past the network and at once.

use crate::draw::Draw;
use agentuser_core::http::{Headers, Method, Request};
use agentuser_core::{Now, ObjectId};
use agentuser_simulator::{Directory, User, ids, tenant};
use serde_json::{Value, json};

/// A change before the request of that number leaves.
#[derive(Debug, Clone)]
pub(crate) struct Intervention {
    pub(crate) when: u32,
    pub(crate) act: Act,
}

/// A change by others. Rows go by their place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Rename(usize),
    SetJob(usize),
    Disable(usize),
    License(usize),
    ClearManager(usize),
    Delete(usize),
    Purge(usize),
    Restore(usize),
    /// Another agent user of the row's parent, with the row's name or one of its own.
    CreateAtParent(usize, bool),
    /// An agent user of another parent with the row's name.
    CreateAtName(usize),
    DisableParent(usize),
    EnableParent(usize),
    DeleteParent(usize),
    DeleteHuman(u32),
    /// The clients lose permissions.
    Permissions(Loss),
    /// The clients have all their permissions again.
    PermissionsReturn,
    /// Every token that is in use has expired.
    TokensExpire,
    /// Conditional Access asks for more: every token that is in use is refused with a claims challenge, and so is each
    /// that is issued without these claims.
    ClaimsDemanded,
}

/// Permissions that the clients no longer have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loss {
    Writes,
    Licenses,
    Reads,
    Everything,
}

impl Act {
    pub(crate) fn draw(draw: Draw, rows: usize) -> Self {
        let row = draw.below("row", u32::try_from(rows).unwrap_or(1)) as usize;
        match draw.below("act", 24) {
            0 | 1 => Self::Rename(row),
            2 => Self::SetJob(row),
            3 => Self::Disable(row),
            4 => Self::License(row),
            5 => Self::ClearManager(row),
            6 | 7 => Self::Delete(row),
            8 => Self::Purge(row),
            9 | 10 => Self::Restore(row),
            11 | 12 => Self::CreateAtParent(row, draw.one_in("same name", 2)),
            13 | 14 => Self::CreateAtName(row),
            15 => Self::DisableParent(row),
            16 => Self::EnableParent(row),
            17 => Self::DeleteParent(row),
            18 => Self::DeleteHuman(1 + draw.below("human", 4)),
            19 | 20 => Self::Permissions(match draw.below("loss", 4) {
                0 => Loss::Writes,
                1 => Loss::Licenses,
                2 => Loss::Reads,
                _ => Loss::Everything,
            }),
            21 => Self::PermissionsReturn,
            _ if draw.one_in("claims", 2) => Self::ClaimsDemanded,
            _ => Self::TokensExpire,
        }
    }

    /// The row it is about.
    pub(crate) const fn row(self) -> Option<usize> {
        match self {
            Self::Rename(row)
            | Self::SetJob(row)
            | Self::Disable(row)
            | Self::License(row)
            | Self::ClearManager(row)
            | Self::Delete(row)
            | Self::Purge(row)
            | Self::Restore(row)
            | Self::CreateAtParent(row, _)
            | Self::CreateAtName(row)
            | Self::DisableParent(row)
            | Self::EnableParent(row)
            | Self::DeleteParent(row) => Some(row),
            Self::DeleteHuman(_)
            | Self::Permissions(_)
            | Self::PermissionsReturn
            | Self::TokensExpire
            | Self::ClaimsDemanded => None,
        }
    }

    /// The request that does it. None: the object is not there, or the tenant does not change.
    pub(crate) fn request(self, directory: &Directory, parent: ObjectId, upn: &str) -> Option<Request> {
        let child = || directory.children_of(parent).next();
        let deleted = || directory.deleted_users().find(|user| user.parent == Some(parent));
        let user = |user: &User| format!("users/{}", user.id);
        let patch = |path: String, body: Value| Some((Method::Patch, path, Some(body)));
        let number = parent.as_u128() as u32;
        let (method, path, body) = match self {
            Self::Rename(_) => {
                patch(user(child()?), json!({"userPrincipalName": format!("renamed.{number}@contoso.com")}))
            }
            Self::SetJob(_) => patch(user(child()?), json!({"jobTitle": "Somebody else's choice"})),
            Self::Disable(_) => patch(user(child()?), json!({"accountEnabled": false})),
            Self::License(_) => {
                let sku = ids::sku(tenant::FULL_SKU).to_string();
                let body = json!({"addLicenses": [{"skuId": sku}], "removeLicenses": []});
                Some((Method::Post, format!("{}/assignLicense", user(child()?)), Some(body)))
            }
            Self::ClearManager(_) => Some((Method::Delete, format!("{}/manager/$ref", user(child()?)), None)),
            Self::Delete(_) => Some((Method::Delete, user(child()?), None)),
            Self::Purge(_) => {
                Some((Method::Delete, format!("directory/deletedItems/{}", deleted()?.id), None))
            }
            Self::Restore(_) => {
                Some((Method::Post, format!("directory/deletedItems/{}/restore", deleted()?.id), None))
            }
            Self::CreateAtParent(_, same) => {
                let other = format!("theirs.{number}@contoso.com");
                create(parent, if same { upn } else { &other })
            }
            Self::CreateAtName(_) => create(ids::identity(OTHERS + number), upn),
            Self::DisableParent(_) => {
                patch(format!("servicePrincipals/{parent}"), json!({"accountEnabled": false}))
            }
            Self::EnableParent(_) => {
                patch(format!("servicePrincipals/{parent}"), json!({"accountEnabled": true}))
            }
            Self::DeleteParent(_) => Some((Method::Delete, format!("servicePrincipals/{parent}"), None)),
            Self::DeleteHuman(human) => Some((Method::Delete, format!("users/{}", ids::human(human)), None)),
            Self::Permissions(_) | Self::PermissionsReturn | Self::TokensExpire | Self::ClaimsDemanded => {
                None
            }
        }?;
        let mut headers = Headers::new();
        headers.push("Content-Type", "application/json");
        let body = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        Some(Request { method, url: format!("{}/v1.0/{path}", directory.root()), headers, body })
    }
}

/// The number of the first agent identity that belongs to others.
pub(crate) const OTHERS: u32 = 500;

fn create(parent: ObjectId, upn: &str) -> Option<(Method, String, Option<Value>)> {
    let nickname = format!("theirs-{}", parent.as_u128() as u32);
    let body = json!({
        "@odata.type": "#microsoft.graph.agentUser",
        "accountEnabled": true,
        "displayName": "Theirs",
        "mailNickname": nickname,
        "userPrincipalName": upn,
        "identityParentId": parent.to_string(),
    });
    Some((Method::Post, "users/microsoft.graph.agentUser".to_owned(), Some(body)))
}

/// Sends the request as an administrator who may do everything; the status of the answer.
pub(crate) fn act(directory: &mut Directory, now: Now, request: &Request) -> u16 {
    directory.handle(now, Some(tenant::ADMIN), request).status
}
