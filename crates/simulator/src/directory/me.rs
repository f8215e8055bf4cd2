//! `/me`: the signed-in user of a delegated token.

use super::Call;
use super::errors::Refusal;
use super::permissions::{GET_GROUPS, GET_OWNED, GET_SPONSORED};
use super::route::Endpoint;
use crate::behaviours::Label::Documented;
use agentuser_core::http::Method::{Delete, Get, Patch, Put};

/// The endpoints of the signed-in user.
pub(super) const ROUTES: &[Endpoint] = &[
    Endpoint::new(Get, "/me", Documented("api/user-get"), |d, c, _| d.get_user(c, &signed_in(c)?, false)),
    Endpoint::new(Patch, "/me", Documented("api/user-update"), |d, c, _| {
        d.update_user(c, &signed_in(c)?, false)
    }),
    Endpoint::new(Get, "/me/manager", Documented("api/user-list-manager"), |d, c, _| {
        d.get_manager(c, &signed_in(c)?, false)
    }),
    Endpoint::new(Put, "/me/manager/$ref", Documented("api/user-post-manager"), |d, c, _| {
        d.set_manager(c, &signed_in(c)?, false)
    }),
    Endpoint::new(Delete, "/me/manager/$ref", Documented("api/user-delete-manager"), |d, c, _| {
        d.remove_manager(c, &signed_in(c)?, false)
    }),
    Endpoint::new(Get, "/me/directReports", Documented("api/user-list-directreports"), |d, c, _| {
        d.list_reports(c, &signed_in(c)?, false)
    }),
    Endpoint::new(Get, "/me/memberOf", Documented("api/user-list-memberof"), |d, c, r| {
        let id = d.seen_user(c, &signed_in(c)?, false, GET_GROUPS)?;
        d.member_of(c, id, false, r.narrowed)
    })
    .narrowing(),
    Endpoint::new(
        Get,
        "/me/transitiveMemberOf",
        Documented("api/user-list-transitivememberof"),
        |d, c, r| {
            let id = d.seen_user(c, &signed_in(c)?, false, GET_GROUPS)?;
            d.member_of(c, id, true, r.narrowed)
        },
    )
    .narrowing(),
    Endpoint::new(Get, "/me/ownedObjects", Documented("api/user-list-ownedobjects"), |d, c, r| {
        let id = d.seen_user(c, &signed_in(c)?, false, GET_OWNED)?;
        d.owned_objects(c, id, r.narrowed)
    })
    .narrowing(),
    Endpoint::new(Get, "/me/sponsorOf", Documented("api/user-list-sponsorof"), |d, c, r| {
        let id = d.seen_user(c, &signed_in(c)?, false, GET_SPONSORED)?;
        d.sponsor_of(c, id, r.narrowed)
    })
    .narrowing(),
    Endpoint::new(Get, "/me/licenseDetails", Documented("api/user-list-licensedetails"), |d, c, _| {
        d.license_details(c, &signed_in(c)?, false)
    }),
];

/// The id of the signed-in user. An application is refused before anything else is looked at, in Graph's words
/// (docs/graph.md#error-codes).
pub(super) fn signed_in(call: &Call<'_>) -> Result<String, Refusal> {
    if call.token.is_app_only() {
        let message = "/me request is only valid with delegated authentication flow.";
        return Err(Refusal::new(400, "BadRequest", message));
    }
    let user = call.token.user();
    user.map(|id| id.to_string()).ok_or_else(|| Refusal::not_simulated(501, "who signed in with this token"))
}
