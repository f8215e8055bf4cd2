//! The published quotas of one application in one tenant, and what a request costs (docs/graph.md#throttling).

use super::route::Route;
use agentuser_core::http::Method;

/// The quotas of one application in one tenant. Without quotas, nothing is ever throttled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotas {
    /// Writes in any 150 seconds.
    pub writes: u32,
    /// Resource units in any 10 seconds; none goes by the number of users.
    pub units: Option<u32>,
}

impl Quotas {
    /// The quotas that Microsoft publishes.
    pub const PUBLISHED: Self = Self { writes: 3_000, units: None };

    pub(super) fn units_for(&self, users: usize) -> u32 {
        self.units.unwrap_or(match users {
            0..50 => 3_500,
            50..=500 => 5_000,
            _ => 8_000,
        })
    }
}

/// A limit besides those of identity and access (docs/graph.md#throttling).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Special {
    /// Reports of audit and sign-in: 5 requests in 10 seconds.
    Reports,
    /// Identity Protection: one request in a second, without `Retry-After`.
    Risk,
}

/// The limit of its own that a path has.
pub(super) fn special(route: Option<&Route>) -> Option<Special> {
    let path = route?.pattern();
    if path.starts_with("/auditLogs/") {
        Some(Special::Reports)
    } else if path.starts_with("/identityProtection/") {
        Some(Special::Risk)
    } else {
        None
    }
}

/// The resource units of a request; it is charged one write besides when it is not a GET.
pub(super) fn units(method: Method, route: Option<&Route>, raw_query: &str) -> u32 {
    if method != Method::Get {
        return 1;
    }
    let base: u32 = match route.map(Route::pattern) {
        Some("/users" | "/users/{id}/licenseDetails" | "/users/{id}/memberOf") => 2,
        Some("/subscribedSkus") => 3,
        _ => 1,
    };
    let mut options = raw_query.split('&');
    let has = |name: &str| raw_query.split('&').any(|pair| pair.starts_with(name));
    let small_page = options
        .find_map(|pair| pair.strip_prefix("$top="))
        .is_some_and(|top| top.parse::<u32>().is_ok_and(|top| top < 20));
    let base = base + u32::from(has("$expand="));
    base.saturating_sub(u32::from(has("$select=")) + u32::from(small_page)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_costs() {
        let route = |path| Route::parse(path).unwrap();
        let users = route("/users/microsoft.graph.agentUser");
        let get = |route: &Route, query| units(Method::Get, Some(route), query);
        assert_eq!(get(&users, ""), 2);
        assert_eq!(get(&users, "$select=id"), 1);
        assert_eq!(get(&users, "$top=10&$select=id"), 1);
        assert_eq!(get(&users, "$expand=manager"), 3);
        assert_eq!(get(&users, "$top=20"), 2);
        assert_eq!(get(&route("/subscribedSkus"), ""), 3);
        assert_eq!(get(&route("/organization"), "$select=id"), 1);
        assert_eq!(units(Method::Post, Some(&users), ""), 1);
    }
}
