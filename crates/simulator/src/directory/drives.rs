//! OneDrives.

use super::errors::{Answer, Refusal, Reply};
use super::permissions::GET_DRIVE;
use super::query::{Options, Query};
use super::route::Endpoint;
use super::{Call, Directory};
use crate::behaviours::Label::Documented;
use crate::hash::Hash;
use agentuser_core::http::Method::Get;
use serde_json::json;

/// The endpoint of users' drives.
pub(super) const ROUTES: &[Endpoint] =
    &[Endpoint::new(Get, "/users/{id}/drive", Documented("api/drive-get"), |d, c, r| {
        d.get_drive(c, r.key(), r.is_agent_cast())
    })];

impl Directory {
    /// The drive of a user. Without one, the words are observed (docs/graph.md#licenses-and-readiness).
    fn get_drive(&mut self, call: &Call<'_>, key: &str, cast: bool) -> Answer {
        self.require(call, GET_DRIVE)?;
        let query = Query::parse(call.raw_query, Options::OBJECT)?;
        let view = self.readable(call, key, cast)?;
        let user = self.shown(call, key, view)?;
        if !self.has_drive(user, call.now) {
            return Err(Refusal::new(404, "ResourceNotFound", "User's mysite not found."));
        }
        let id = format!("b!{}", Hash::new(self.seed).text("drive").id(user.id).guid());
        let name = user.user_principal_name.to_lowercase().replace(['@', '.'], "_");
        let web_url = format!("https://contoso-my.sharepoint.com/personal/{name}/Documents");
        let select = query.select.as_deref();
        let mut object = serde_json::Map::new();
        for (name, value) in [("id", id), ("driveType", "business".to_owned()), ("webUrl", web_url)] {
            if Query::wants(select, name, true) {
                object.insert(name.into(), json!(value));
            }
        }
        Ok(Reply::ok(self.entity(call.version, "drives", select, object)))
    }
}
